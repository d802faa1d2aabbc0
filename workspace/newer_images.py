"""Which images of a room's patient are newer than those that its plan was made on."""

import hashlib
from pathlib import Path
from typing import Final

from imaging.catalog.catalog import Catalog
from imaging.catalog.records import LARGEST_PAGE, CatalogedStudy, CatalogedVolume, Query
from imaging.errors import CatalogError
from sessions.plan.records import CaseSource, Imaging, ImagingId, Plan

UNKNOWN: Final = "unknown_volume"


def newer_images(catalog_path: Path, plan: Plan) -> tuple[Imaging, ...]:
    """Return the images that a room has yet to hear of, oldest first.

    Newer is what was acquired on a later day, of the same patient as the catalogue knows them (by
    their id and its issuer). Images without a date, or of a patient without an id, make nothing
    stale: nobody could say that they are newer.

    Parameters
    ----------
    catalog_path : Path
        Of the data folder's catalogue; it need not be there.
    plan : Plan
        Any branch of the room.

    Raises
    ------
    CatalogError
        The catalogue cannot be read.
    """
    source = plan.source
    if source is None or not source.acquired_on or not catalog_path.is_file():
        return ()
    with Catalog(catalog_path) as catalog:
        found = _later_volumes(catalog, source)
    known = {source.volume_id, *(it.source.volume_id for it in plan.imaging.values())}
    newer = {it.facts.volume_id: it for it in found if it.facts.volume_id not in known}
    in_order = sorted(newer.values(), key=lambda it: (it.facts.acquired_on, it.facts.volume_id))
    return tuple(_imaging(it) for it in in_order)


def _later_volumes(catalog: Catalog, source: CaseSource) -> list[CatalogedVolume]:
    try:
        own = catalog.studies_of(source.volume_id)
    except CatalogError as error:
        if error.code == UNKNOWN:
            return []
        raise
    pseudonyms = {study.patient.pseudonym for study in own if study.patient.patient_id}
    return [
        volume
        for pseudonym in sorted(pseudonyms)
        for study in _studies(catalog, pseudonym)
        for series in study.series
        for volume in series.volumes
        if not volume.removed_at and volume.facts.acquired_on > source.acquired_on
    ]


def _studies(catalog: Catalog, pseudonym: str) -> list[CatalogedStudy]:
    page = catalog.search(Query(text=pseudonym, limit=LARGEST_PAGE))
    return [study for study in page.studies if study.patient.pseudonym == pseudonym]


def _imaging(volume: CatalogedVolume) -> Imaging:
    facts = volume.facts
    return Imaging(
        imaging_id=ImagingId(hashlib.sha256(facts.volume_id.encode()).hexdigest()[:32]),
        source=CaseSource(
            volume_id=facts.volume_id,
            modality=facts.modality,
            description=facts.description,
            acquired_on=facts.acquired_on,
            spacing_mm=facts.spacing_mm,
            slice_thickness_mm=None,
            frame_of_reference_uid=facts.frame_of_reference_uid,
            warnings=facts.warnings,
        ),
        received_at=volume.imported_at,
    )
