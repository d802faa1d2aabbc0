"""A study of the catalogue, put together from its rows."""

import json
from collections.abc import Iterator
from typing import Final

import apsw

from imaging.catalog.database import rows_of
from imaging.catalog.notes import notes_about
from imaging.catalog.records import (
    CatalogedPatient,
    CatalogedSeries,
    CatalogedStudy,
    CatalogedVolume,
    Link,
    PlacedFrame,
    Subject,
    VolumeFacts,
)
from imaging.catalog.subjects import frame_from


def read_study(connection: apsw.Connection, study_row: int, *, removed: bool) -> CatalogedStudy:
    """Return a study with its volumes, or with those that were removed from it."""
    patient_row, uid, study_id, date, description, accession_number, source = rows_of(
        connection,
        "SELECT patient_row, study_uid, study_id, study_date, description, accession_number, "
        "source_group_id FROM study WHERE study_row = ?",
        (study_row,),
    )[0]
    return CatalogedStudy(
        patient=_patient(connection, patient_row),
        study_uid=uid,
        study_id=study_id,
        study_date=date,
        description=description,
        accession_number=accession_number,
        source_group_id=source,
        series=tuple(_series(connection, study_row, removed=removed)),
        subjects=tuple(_subjects(connection, study_row)),
        links=tuple(Link(*link) for link in rows_of(connection, _LINKS, {"study": study_row})),
        warnings=tuple(notes_about(connection, patient_row, study_row)),
    )


def _patient(connection: apsw.Connection, patient_row: int) -> CatalogedPatient:
    pseudonym, patient_id, issuer, name, birth_date, sex = rows_of(
        connection,
        "SELECT pseudonym, patient_id, issuer, name, birth_date, sex FROM patient "
        "WHERE patient_row = ?",
        (patient_row,),
    )[0]
    others = rows_of(
        connection,
        "SELECT field, value FROM patient_also WHERE patient_row = ? ORDER BY seen_at, value",
        (patient_row,),
    )
    return CatalogedPatient(
        pseudonym=pseudonym,
        patient_id=patient_id,
        issuer_of_patient_id=issuer,
        name=name,
        birth_date=birth_date,
        sex=sex,
        others=tuple((field, value) for field, value in others),
    )


def _series(
    connection: apsw.Connection, study_row: int, *, removed: bool
) -> Iterator[CatalogedSeries]:
    rows = rows_of(
        connection,
        "SELECT series_row, series_uid, series_number, series_date, description, modality, "
        "body_part, manufacturer, patient_position FROM series WHERE study_row = ? "
        "ORDER BY CAST(series_number AS INTEGER), series_row",
        (study_row,),
    )
    for series_row, uid, number, date, description, modality, part, maker, position in rows:
        if volumes := tuple(_volumes(connection, series_row, removed=removed)):
            yield CatalogedSeries(
                series_uid=uid,
                series_number=number,
                series_date=date,
                description=description,
                modality=modality,
                body_part=part,
                manufacturer=maker,
                patient_position=position,
                volumes=volumes,
            )


def _volumes(
    connection: apsw.Connection, series_row: int, *, removed: bool
) -> Iterator[CatalogedVolume]:
    rows = rows_of(
        connection,
        "SELECT volume_id, store_key, modality, description, layout, frame_of_reference_uid, hu, "
        "acquired_on, imported_at, removed_at FROM volume "
        "WHERE series_row = ? AND (removed_at <> '') = ? ORDER BY volume_row",
        (series_row, removed),
    )
    for volume_id, store_key, modality, description, kept, frame, hu, day, *moments in rows:
        layout = json.loads(kept)
        facts = VolumeFacts(
            volume_id=volume_id,
            store_key=store_key,
            modality=modality,
            description=description,
            shape_kji=tuple(layout["shape_kji"]),
            spacing_mm=tuple(layout["spacing_mm"]),
            affine_lps=tuple(tuple(row) for row in layout["affine_lps"]),
            frame_of_reference_uid=frame,
            hu=bool(hu),
            warnings=tuple((code, message) for code, message in layout["warnings"]),
            acquired_on=day,
        )
        yield CatalogedVolume(facts, *moments)


def _subjects(connection: apsw.Connection, study_row: int) -> Iterator[Subject]:
    rows = rows_of(
        connection,
        "SELECT subject_row, label, patient_id, issuer, relative_position FROM shown_in "
        "JOIN subject USING (subject_row) WHERE study_row = ? ORDER BY subject_row",
        (study_row,),
    )
    for subject_row, label, patient_id, issuer, relative_position in rows:
        frames = rows_of(
            connection,
            "SELECT space, axes, basis, disputed FROM anatomical_frame "
            "WHERE study_row = ? AND subject_row = ? ORDER BY space",
            (study_row, subject_row),
        )
        placed = tuple(
            PlacedFrame(space, frame_from(label, axes, basis), bool(disputed))
            for space, axes, basis, disputed in frames
        )
        yield Subject(label, patient_id, issuer, relative_position, placed)


_LINKS: Final = """
WITH this AS (
    SELECT study_row, source_group_id, issuer, patient_id
    FROM study JOIN patient USING (patient_row) WHERE study_row = :study
),
linked (relation, study_row) AS (
    -- the group that this subject was cut out of
    SELECT 'group', study.study_row FROM this
        JOIN patient ON patient.patient_id = this.source_group_id
        JOIN study USING (patient_row)
        WHERE this.source_group_id <> ''
        AND (patient.issuer = this.issuer OR patient.issuer = '' OR this.issuer = '')
    -- a group that this subject is said to be one of
    UNION SELECT 'group', shown_in.study_row FROM this
        JOIN subject ON subject.patient_id = this.patient_id AND subject.issuer = this.issuer
        JOIN shown_in USING (subject_row)
        WHERE this.patient_id <> ''
    -- single subjects that were cut out of this group
    UNION SELECT 'single_subject', study.study_row FROM this
        JOIN study ON study.source_group_id = this.patient_id AND study.source_group_id <> ''
        JOIN patient USING (patient_row)
        WHERE (patient.issuer = this.issuer OR patient.issuer = '' OR this.issuer = '')
    -- studies of one who is a subject of this group
    UNION SELECT 'single_subject', study.study_row FROM shown_in
        JOIN subject USING (subject_row)
        JOIN patient ON patient.patient_id = subject.patient_id AND patient.issuer = subject.issuer
        JOIN study USING (patient_row)
        WHERE shown_in.study_row = :study
)
SELECT relation, pseudonym, study_uid
FROM linked JOIN study USING (study_row) JOIN patient USING (patient_row)
WHERE study_row <> :study AND EXISTS (
    SELECT 1 FROM series JOIN volume USING (series_row)
    WHERE series.study_row = linked.study_row AND removed_at = ''
)
ORDER BY relation, pseudonym, study_uid
"""
"""Issuers must be equal, or one of them unknown: the reference to a group may name none."""
