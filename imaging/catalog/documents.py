"""A study of the catalogue as plain values for JSON, with and without what says who it is."""

from dataclasses import asdict
from typing import Any

from imaging.catalog.records import (
    CatalogedSeries,
    CatalogedStudy,
    CatalogedVolume,
    Note,
    PlacedFrame,
)


def document_of(study: CatalogedStudy) -> dict[str, Any]:
    """Return what may be seen by all: pseudonym, what was imaged and when, volumes, frames."""
    return {
        "case": study.patient.pseudonym,
        "study_uid": study.study_uid,
        "study_date": study.study_date,
        "description": study.description,
        "series": [_series(series) for series in study.series],
        "subjects": [
            {
                "label": subject.label,
                "relative_position": subject.relative_position,
                "frames": [_frame(placed) for placed in subject.frames],
            }
            for subject in study.subjects
        ],
        "links": [
            {"relation": link.relation, "case": link.pseudonym, "study_uid": link.study_uid}
            for link in study.links
        ],
        "warnings": _notes(study.warnings),
    }


def identifying(study: CatalogedStudy) -> dict[str, Any]:
    """Return what says who it is; the keys are none of those of `document_of`."""
    patient = study.patient
    return {
        "patient": {
            "patient_id": patient.patient_id,
            "issuer_of_patient_id": patient.issuer_of_patient_id,
            "name": patient.name,
            "birth_date": patient.birth_date,
            "sex": patient.sex,
            "others": [{"field": field, "value": value} for field, value in patient.others],
        },
        "study_id": study.study_id,
        "accession_number": study.accession_number,
        "source_group_id": study.source_group_id,
        "subject_ids": {
            subject.label: {
                "patient_id": subject.patient_id,
                "issuer_of_patient_id": subject.issuer_of_patient_id,
            }
            for subject in study.subjects
        },
    }


def _series(series: CatalogedSeries) -> dict[str, Any]:
    return {
        "series_uid": series.series_uid,
        "series_number": series.series_number,
        "series_date": series.series_date,
        "description": series.description,
        "modality": series.modality,
        "body_part": series.body_part,
        "manufacturer": series.manufacturer,
        "patient_position": series.patient_position,
        "volumes": [_volume(volume) for volume in series.volumes],
    }


def _volume(volume: CatalogedVolume) -> dict[str, Any]:
    facts = asdict(volume.facts)
    return {
        "id": facts.pop("volume_id"),
        **facts,
        "warnings": _notes(volume.facts.warnings),
        "imported_at": volume.imported_at,
        "removed_at": volume.removed_at,
    }


def _frame(placed: PlacedFrame) -> dict[str, Any]:
    return {
        "space": placed.space,
        "left": placed.frame.left,
        "posterior": placed.frame.posterior,
        "superior": placed.frame.superior,
        "basis": placed.frame.basis,
        "disputed": placed.disputed,
    }


def _notes(notes: tuple[Note, ...]) -> list[dict[str, str]]:
    return [{"code": code, "message": message} for code, message in notes]
