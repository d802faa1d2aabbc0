"""What somebody must know before using a study: contradictions, and frames that are not sure."""

import unicodedata
from collections.abc import Iterator
from typing import Final

import apsw

from imaging.catalog.database import rows_of
from imaging.catalog.records import Note


def notes_about(connection: apsw.Connection, patient_row: int, study_row: int) -> Iterator[Note]:
    """Yield warnings; none of them holds a name, an id or a date."""
    yield from _about_patient(connection, patient_row)
    if connection.execute(_SHARED_STUDY, (study_row,)).get:
        message = "another patient is named in the same study; check whose images these are"
        yield ("study_of_two_patients", message)
    if connection.execute(_TURNED, {"study": study_row}).get:
        message = (
            "this subject was taken out of a group and lies otherwise than the group's images; "
            "register the two before overlaying or measuring across"
        )
        yield ("may_be_turned", message)
    yield from _about_frames(connection, study_row)


def _about_patient(connection: apsw.Connection, patient_row: int) -> Iterator[Note]:
    told: dict[str, set[str]] = {"name": set(), "birth_date": set(), "sex": set()}
    for field, value in rows_of(connection, _TOLD, {"patient": patient_row}):
        if value:
            told[field].add(_spelling(value) if field == "name" else value)
    if len(told["name"]) > 1:
        message = "images of this patient id give several names; check whose images these are"
        yield ("names_differ", message)
    if len(told["birth_date"]) > 1:
        message = "images of this patient id give several dates of birth; check whose they are"
        yield ("birth_dates_differ", message)
    if len(told["sex"]) > 1:
        message = "images of this patient id give several sexes; check whose images these are"
        yield ("sexes_differ", message)


def _spelling(name: str) -> str:
    """Return what two spellings of one name have in common: letters and their order.

    Ideographic and phonetic spellings may be there or not (PS3.5, 6.2.1.2), and case, trailing
    delimiters and doubled spaces say nothing.
    """
    first = next((group for group in name.split("=") if group.strip("^ ")), "")
    components = [" ".join(part.split()) for part in first.rstrip("^ ").split("^")]
    return unicodedata.normalize("NFC", "^".join(components)).casefold()


def _about_frames(connection: apsw.Connection, study_row: int) -> Iterator[Note]:
    for label, basis, disputed in rows_of(connection, _FRAMES, {"study": study_row}):
        if basis is None:
            message = (
                f"how subject {label} lies is not known in all series; pick landmarks before "
                "naming a side"
            )
            yield ("no_frame", message)
        elif disputed:
            message = (
                f"two series that share a space have subject {label} lie differently; pick "
                "landmarks before naming a side"
            )
            yield ("frames_differ", message)
        elif basis == "nominal":
            message = (
                f"how subject {label} lies is not told and taken to be as the image says; pick "
                "landmarks before naming a side"
            )
            yield ("frame_assumed", message)


_TOLD: Final = """
SELECT 'name', name FROM patient WHERE patient_row = :patient
UNION ALL SELECT 'birth_date', birth_date FROM patient WHERE patient_row = :patient
UNION ALL SELECT 'sex', sex FROM patient WHERE patient_row = :patient
UNION ALL SELECT field, value FROM patient_also WHERE patient_row = :patient
"""

_SHARED_STUDY: Final = """
SELECT count(*) FROM study AS this JOIN study AS other USING (study_uid)
WHERE this.study_row = ? AND other.patient_row <> this.patient_row AND EXISTS (
    SELECT 1 FROM series JOIN volume USING (series_row)
    WHERE series.study_row = other.study_row AND removed_at = ''
)
"""

_TURNED: Final = """
SELECT count(*) FROM study AS this
JOIN patient AS whole ON whole.patient_id = this.source_group_id
JOIN study AS theirs ON theirs.patient_row = whole.patient_row
JOIN series AS own ON own.study_row = this.study_row
JOIN volume AS mine ON mine.series_row = own.series_row
JOIN series AS nominal ON nominal.study_row = theirs.study_row
JOIN volume AS shared ON shared.series_row = nominal.series_row
WHERE this.study_row = :study AND this.source_group_id <> ''
    AND mine.frame_of_reference_uid <> ''
    AND mine.frame_of_reference_uid = shared.frame_of_reference_uid
    AND own.patient_position <> nominal.patient_position
    AND mine.removed_at = '' AND shared.removed_at = ''
"""
"""One frame of reference, two positions: PS3.17, VVV.1.1.3 lets the coordinates differ then."""

_FRAMES: Final = """
SELECT label, min(basis), max(disputed) FROM (
    SELECT DISTINCT subject_row, label, space FROM shown_in
    JOIN subject USING (subject_row)
    JOIN series USING (study_row) JOIN volume USING (series_row)
    WHERE shown_in.study_row = :study AND removed_at = ''
)
LEFT JOIN (SELECT * FROM anatomical_frame WHERE study_row = :study) USING (subject_row, space)
GROUP BY subject_row, basis IS NULL, basis = 'nominal'
ORDER BY subject_row
"""
