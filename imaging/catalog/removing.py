"""Out of the catalogue: first out of sight, which can be taken back, and then for good."""

from typing import Final

import apsw

from imaging.catalog.database import rows_of
from imaging.catalog.recording import index_study
from imaging.errors import CatalogError


def remove_volume(connection: apsw.Connection, volume_id: str, removed_at: str) -> None:
    """Take a volume out of sight.

    Raises
    ------
    CatalogError
        There is none, or it was removed before.
    """
    connection.execute(
        "UPDATE volume SET removed_at = ? WHERE volume_id = ? AND removed_at = ''",
        (removed_at, volume_id),
    )
    _require_one(connection)


def restore_volume(connection: apsw.Connection, volume_id: str) -> None:
    """Take a removal back.

    Raises
    ------
    CatalogError
        No volume of that id was removed.
    """
    connection.execute(
        "UPDATE volume SET removed_at = '' WHERE volume_id = ? AND removed_at <> ''", (volume_id,)
    )
    _require_one(connection)


def erase_volume(connection: apsw.Connection, volume_id: str) -> tuple[str, ...]:
    """Delete a volume, and whatever holds none any more; return the store keys that are free now.

    Raises
    ------
    CatalogError
        There is no such volume.
    """
    touched = rows_of(connection, _STUDIES_OF, (volume_id,))
    freed = rows_of(
        connection, "DELETE FROM volume WHERE volume_id = ? RETURNING store_key", (volume_id,)
    )
    if not freed:
        raise _unknown()
    connection.execute(_WITHOUT_VOLUMES)
    for (study_row,) in touched:
        if connection.execute("SELECT 1 FROM study WHERE study_row = ?", (study_row,)).get:
            index_study(connection, study_row)
    in_use = {key for (key,) in rows_of(connection, "SELECT store_key FROM volume")}
    return tuple(sorted({key for (key,) in freed if key and key not in in_use}))


def _require_one(connection: apsw.Connection) -> None:
    if not connection.changes():
        raise _unknown()


def _unknown() -> CatalogError:
    return CatalogError(
        "the catalogue has no such volume, or not in that state; see `commissure catalog list`, "
        "with --removed for those that were removed",
        "unknown_volume",
    )


_STUDIES_OF: Final = """
SELECT DISTINCT study_row FROM volume JOIN series USING (series_row) WHERE volume_id = ?
"""

_WITHOUT_VOLUMES: Final = """
DELETE FROM series WHERE NOT EXISTS (
    SELECT 1 FROM volume WHERE volume.series_row = series.series_row
);
DELETE FROM study_words WHERE rowid IN (
    SELECT study_row FROM study WHERE NOT EXISTS (
        SELECT 1 FROM series WHERE series.study_row = study.study_row
    )
);
DELETE FROM study WHERE NOT EXISTS (
    SELECT 1 FROM series WHERE series.study_row = study.study_row
);
DELETE FROM patient WHERE NOT EXISTS (
    SELECT 1 FROM study WHERE study.patient_row = patient.patient_row
);
"""
"""Delete from the leaves up; what hangs on a row goes with it."""
