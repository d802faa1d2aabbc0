"""A volume and whose it is, as rows: what is known is found again, what differs is kept beside it.

A patient is an id of an issuer. Ids of different issuers are different patients, and a blank issuer
is one of its own: taking two for one would put a stranger's images into a plan, taking one for two
costs a search. A patient without id is that of one study, and never merged with another.
"""

import json
from collections.abc import Sequence
from typing import Final

import apsw

from imaging.catalog.database import rows_of
from imaging.catalog.pseudonyms import NewCode, new_pseudonym
from imaging.catalog.records import VolumeFacts
from imaging.catalog.subjects import record_subjects
from imaging.catalog.words import index_of
from imaging.identity import SourceIdentity

PATIENT_FIELDS: Final = ("name", "birth_date", "sex")
STUDY_FIELDS: Final = (
    "study_id",
    "study_date",
    "description",
    "accession_number",
    "source_group_id",
)


def record_volume(
    connection: apsw.Connection,
    identity: SourceIdentity,
    facts: VolumeFacts,
    imported_at: str,
    new_code: NewCode,
) -> tuple[int, bool]:
    """Record a volume; return the row of its study, and whether it is new."""
    patient_row, changed = _patient(connection, identity, facts, imported_at, new_code)
    study_row = _study(connection, patient_row, identity, facts, imported_at)
    series_row = _series(connection, study_row, identity, facts)
    new = _volume(connection, series_row, facts, space_of(identity, facts), imported_at)
    record_subjects(connection, patient_row, study_row, identity, space_of(identity, facts))
    index_study(connection, study_row)
    if changed:
        others = "SELECT study_row FROM study WHERE patient_row = ? AND study_row <> ?"
        for (row,) in rows_of(connection, others, (patient_row, study_row)):
            index_study(connection, row)
    return study_row, new


def space_of(identity: SourceIdentity, facts: VolumeFacts) -> str:
    """Return what tells whether two volumes' coordinates are the same ones.

    Without a frame of reference nothing is known to be in one place with another series.
    """
    return facts.frame_of_reference_uid or f"series {_series_uid(identity, facts)}"


def index_study(connection: apsw.Connection, study_row: int) -> None:
    """Let a study be found by what is known of it now."""
    texts = connection.execute(_TEXTS_OF_STUDY, {"study": study_row})
    words = index_of(*(text for (text,) in texts if text))
    connection.execute("DELETE FROM study_words WHERE rowid = ?", (study_row,))
    connection.execute("INSERT INTO study_words (rowid, words) VALUES (?, ?)", (study_row, words))


def _patient(
    connection: apsw.Connection,
    identity: SourceIdentity,
    facts: VolumeFacts,
    imported_at: str,
    new_code: NewCode,
) -> tuple[int, bool]:
    """Find or make the patient; return the row, and whether more is known of him now."""
    patient = identity.patient
    patient_id, issuer = clean(patient.patient_id), clean(patient.issuer_of_patient_id)
    nameless_of = "" if patient_id else _study_uid(identity, facts)
    told = [clean(text) for text in (patient.name, patient.birth_date, patient.sex)]
    key = (issuer if patient_id else "", patient_id, nameless_of)
    known = connection.execute(
        "SELECT patient_row, name, birth_date, sex FROM patient "
        "WHERE issuer = ? AND patient_id = ? AND nameless_of = ?",
        key,
    ).fetchone()
    if known is None:
        pseudonym = new_pseudonym(connection, new_code)
        row = (*key, pseudonym, *told)
        connection.execute(
            "INSERT INTO patient (issuer, patient_id, nameless_of, pseudonym, name, birth_date, "
            "sex) VALUES (?, ?, ?, ?, ?, ?, ?)",
            row,
        )
        return connection.last_insert_rowid(), False
    patient_row, *before = known
    kept, others = merged(before, told, PATIENT_FIELDS)
    connection.execute(
        "UPDATE patient SET name = ?, birth_date = ?, sex = ? WHERE patient_row = ?",
        (*kept, patient_row),
    )
    connection.executemany(
        "INSERT OR IGNORE INTO patient_also VALUES (?, ?, ?, ?)",
        [(patient_row, field, value, imported_at) for field, value in others],
    )
    return int(patient_row), bool(others) or kept != before


def _study(
    connection: apsw.Connection,
    patient_row: int,
    identity: SourceIdentity,
    facts: VolumeFacts,
    imported_at: str,
) -> int:
    key = (patient_row, _study_uid(identity, facts))
    texts = (
        identity.study_id,
        identity.study_date,
        identity.study_description,
        identity.accession_number,
        identity.source_group_id,
    )
    told = [clean(text) for text in texts]
    known = connection.execute(
        "SELECT study_row, study_id, study_date, description, accession_number, source_group_id "
        "FROM study WHERE patient_row = ? AND study_uid = ?",
        key,
    ).fetchone()
    if known is None:
        connection.execute(
            "INSERT INTO study (patient_row, study_uid, study_id, study_date, description, "
            "accession_number, source_group_id) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (*key, *told),
        )
        return connection.last_insert_rowid()
    study_row, *before = known
    kept, others = merged(before, told, STUDY_FIELDS)
    connection.execute(
        "UPDATE study SET study_id = ?, study_date = ?, description = ?, accession_number = ?, "
        "source_group_id = ? WHERE study_row = ?",
        (*kept, study_row),
    )
    connection.executemany(
        "INSERT OR IGNORE INTO study_also VALUES (?, ?, ?, ?)",
        [(study_row, field, value, imported_at) for field, value in others],
    )
    return int(study_row)


def _series(
    connection: apsw.Connection, study_row: int, identity: SourceIdentity, facts: VolumeFacts
) -> int:
    """Find or make the series; what a new import says of it counts, for nobody else says it."""
    told = (
        identity.series_number,
        identity.series_date,
        identity.series_description,
        identity.modality or facts.modality,
        identity.body_part,
        identity.manufacturer,
        identity.patient_position,
    )
    row = (study_row, _series_uid(identity, facts), *map(clean, told))
    return int(
        connection.execute(
            "INSERT INTO series (study_row, series_uid, series_number, series_date, description, "
            "modality, body_part, manufacturer, patient_position) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) "
            "ON CONFLICT DO UPDATE SET series_number = excluded.series_number, "
            "series_date = excluded.series_date, description = excluded.description, "
            "modality = excluded.modality, body_part = excluded.body_part, "
            "manufacturer = excluded.manufacturer, patient_position = excluded.patient_position "
            "RETURNING series_row",
            row,
        ).get
    )


def _volume(
    connection: apsw.Connection, series_row: int, facts: VolumeFacts, space: str, imported_at: str
) -> bool:
    """Record the volume, also one that had been removed; return whether it is new."""
    known = connection.execute(
        "SELECT 1 FROM volume WHERE series_row = ? AND volume_id = ?", (series_row, facts.volume_id)
    ).get
    layout = {
        "shape_kji": facts.shape_kji,
        "spacing_mm": facts.spacing_mm,
        "affine_lps": facts.affine_lps,
        "warnings": facts.warnings,
    }
    connection.execute(
        "INSERT INTO volume (series_row, volume_id, store_key, modality, description, space, "
        "frame_of_reference_uid, hu, acquired_on, layout, imported_at, removed_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '') "
        "ON CONFLICT DO UPDATE SET store_key = excluded.store_key, modality = excluded.modality, "
        "description = excluded.description, space = excluded.space, "
        "frame_of_reference_uid = excluded.frame_of_reference_uid, hu = excluded.hu, "
        "acquired_on = excluded.acquired_on, layout = excluded.layout, "
        "imported_at = excluded.imported_at, removed_at = ''",
        (
            *(series_row, facts.volume_id, facts.store_key, clean(facts.modality)),
            *(clean(facts.description), space, clean(facts.frame_of_reference_uid)),
            *(int(facts.hu), clean(facts.acquired_on), json.dumps(layout), imported_at),
        ),
    )
    return not known


def merged(
    before: Sequence[str], told: Sequence[str], fields: Sequence[str]
) -> tuple[list[str], list[tuple[str, str]]]:
    """Return what stands, and (field, value) of what was told otherwise; blanks are filled."""
    kept = [old or new for old, new in zip(before, told, strict=True)]
    others = [
        (field, new)
        for field, old, new in zip(fields, kept, told, strict=True)
        if new and new != old
    ]
    return kept, others


def clean(text: str) -> str:
    """Return text without padding, and without what is no letter of UTF-8 (PS3.5, 6.2)."""
    return text.encode("utf-8", "replace").decode().strip(" \0")


def _study_uid(identity: SourceIdentity, facts: VolumeFacts) -> str:
    """Return the study's UID; volumes without are never taken for one study."""
    return clean(identity.study_uid) or f"volume {facts.volume_id}"


def _series_uid(identity: SourceIdentity, facts: VolumeFacts) -> str:
    return clean(identity.series_uid) or f"volume {facts.volume_id}"


_TEXTS_OF_STUDY: Final = """
WITH this AS (SELECT study_row, patient_row FROM study WHERE study_row = :study)
SELECT pseudonym FROM patient JOIN this USING (patient_row)
UNION ALL SELECT name FROM patient JOIN this USING (patient_row)
UNION ALL SELECT patient_id FROM patient JOIN this USING (patient_row)
UNION ALL SELECT birth_date FROM patient JOIN this USING (patient_row)
UNION ALL SELECT value FROM patient_also JOIN this USING (patient_row) WHERE field <> 'sex'
UNION ALL SELECT subject.patient_id FROM subject JOIN shown_in USING (subject_row)
    JOIN this USING (study_row)
UNION ALL SELECT study_uid FROM study JOIN this USING (study_row)
UNION ALL SELECT study_id FROM study JOIN this USING (study_row)
UNION ALL SELECT study_date FROM study JOIN this USING (study_row)
UNION ALL SELECT description FROM study JOIN this USING (study_row)
UNION ALL SELECT accession_number FROM study JOIN this USING (study_row)
UNION ALL SELECT source_group_id FROM study JOIN this USING (study_row)
UNION ALL SELECT value FROM study_also JOIN this USING (study_row)
UNION ALL SELECT series_uid FROM series JOIN this USING (study_row)
UNION ALL SELECT series_date FROM series JOIN this USING (study_row)
UNION ALL SELECT description FROM series JOIN this USING (study_row)
UNION ALL SELECT modality FROM series JOIN this USING (study_row)
UNION ALL SELECT body_part FROM series JOIN this USING (study_row)
UNION ALL SELECT volume_id FROM volume JOIN series USING (series_row) JOIN this USING (study_row)
UNION ALL SELECT volume.description FROM volume JOIN series USING (series_row)
    JOIN this USING (study_row)
"""
