"""The catalogue of a data folder.

It holds what a header says of people, names and dates of birth included. So its file is for its
owner only, and nothing of it goes into a log line, an error or a ``repr``.
"""

from pathlib import Path
from types import TracebackType
from typing import Self

import apsw

from imaging.anatomical_frame import AnatomicalFrame
from imaging.catalog.database import Database, rows_of
from imaging.catalog.notes import notes_about
from imaging.catalog.pseudonyms import NewCode, random_code
from imaging.catalog.reading import read_study
from imaging.catalog.recording import record_volume
from imaging.catalog.records import CatalogedStudy, Page, Query, Recorded, VolumeFacts
from imaging.catalog.removing import erase_volume, remove_volume, restore_volume
from imaging.catalog.searching import search
from imaging.catalog.subjects import set_frame
from imaging.errors import CatalogError
from imaging.identity import SourceIdentity


class Catalog:
    """Whose volumes there are. Threads may share one; other processes may have the file open too.

    Every method that changes something returns when the change is on disk.

    Raises
    ------
    CatalogError
        From any method: the file cannot be read or written; nothing was changed.
    """

    def __init__(self, path: Path, new_code: NewCode = random_code) -> None:
        self._database = Database(path)
        self._new_code = new_code

    def __enter__(self) -> Self:
        """Return the catalogue."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Let go of the file."""
        self.close()

    def record(self, identity: SourceIdentity, facts: VolumeFacts, imported_at: str) -> Recorded:
        """Record a volume and whose it is; the same one twice is one.

        Parameters
        ----------
        identity : SourceIdentity
            As the headers have it.
        facts : VolumeFacts
            Of the volume; they replace what was recorded of it before.
        imported_at : str
            Now, ISO 8601 in UTC.
        """

        def job(connection: apsw.Connection) -> Recorded:
            study_row, new = record_volume(connection, identity, facts, imported_at, self._new_code)
            patient_row, pseudonym = rows_of(
                connection,
                "SELECT patient_row, pseudonym FROM patient JOIN study USING (patient_row) "
                "WHERE study_row = ?",
                (study_row,),
            )[0]
            notes = notes_about(connection, patient_row, study_row)
            return Recorded(pseudonym, new, tuple(notes))

        return self._database.write(job)

    def search(self, query: Query) -> Page:
        """Return a page of the studies that a query finds, each with all that hangs on it."""
        return self._database.read(lambda connection: search(connection, query))

    def studies_of(self, volume_id: str) -> tuple[CatalogedStudy, ...]:
        """Return the studies that hold a volume, removed or not: one, or several at odds.

        Raises
        ------
        CatalogError
            There is no such volume.
        """

        def job(connection: apsw.Connection) -> tuple[CatalogedStudy, ...]:
            rows = rows_of(
                connection,
                "SELECT DISTINCT study_row, removed_at <> '' FROM volume "
                "JOIN series USING (series_row) WHERE volume_id = ? ORDER BY study_row",
                (volume_id,),
            )
            return tuple(read_study(connection, row, removed=bool(gone)) for row, gone in rows)

        if found := self._database.read(job):
            return found
        raise CatalogError("the catalogue has no volume of that id", "unknown_volume")

    def frames_of(self, volume_id: str) -> tuple[AnatomicalFrame, ...]:
        """Return the frames of the subjects that a volume shows, in the volume's own space.

        None for a volume of one patient: its frame is the image's. A subject of whom it is not
        known how it lies is left out; the warnings of the study say so.

        Raises
        ------
        CatalogError
            There is no such volume.
        """
        study = self.studies_of(volume_id)[0]
        spaces = {
            it.facts.frame_of_reference_uid or f"series {series.series_uid}"
            for series in study.series
            for it in series.volumes
            if it.facts.volume_id == volume_id
        }
        placed = [it for subject in study.subjects for it in subject.frames]
        return tuple(it.frame for it in placed if it.space in spaces)

    def set_frame(self, volume_id: str, frame: AnatomicalFrame) -> None:
        """Set how a subject lies in the space of a volume; no import changes it again.

        Raises
        ------
        CatalogError
            No study of the volume shows the subject.
        """
        self._database.write(lambda connection: set_frame(connection, volume_id, frame))

    def remove(self, volume_id: str, removed_at: str) -> None:
        """Take a volume out of sight, and with their last one series, study and patient.

        Raises
        ------
        CatalogError
            There is no such volume in sight.
        """
        self._database.write(lambda connection: remove_volume(connection, volume_id, removed_at))

    def restore(self, volume_id: str) -> None:
        """Take a removal back.

        Raises
        ------
        CatalogError
            No such volume was removed.
        """
        self._database.write(lambda connection: restore_volume(connection, volume_id))

    def erase(self, volume_id: str) -> tuple[str, ...]:
        """Delete a volume for good; return the store keys that nothing uses any more.

        With the last volume of a patient everything goes that is known of the patient.

        Raises
        ------
        CatalogError
            There is no such volume.
        """
        keys = self._database.write(lambda connection: erase_volume(connection, volume_id))
        self._database.forget()
        return keys

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()
