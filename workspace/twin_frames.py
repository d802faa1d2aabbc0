"""Whose left is where in a room of twins: as the catalogue of the data folder has it."""

from pathlib import Path
from typing import Final, get_args

from imaging.anatomical_frame import AnatomicalFrame
from imaging.catalog.catalog import Catalog
from imaging.errors import CatalogError
from sessions.plan.commands import RecordFrames
from sessions.plan.records import Plan
from sessions.plan.surroundings import Subject, SubjectFrame
from workspace.newer_images import UNKNOWN

SUBJECTS: Final[tuple[Subject, ...]] = get_args(Subject)


def frames_to_record(catalog_path: Path, plan: Plan) -> RecordFrames | None:
    """Return what a room has yet to hear of whose left is where; None: nothing.

    A room whose images the catalogue does not know, or knows no frames of, keeps what it has: it
    may have come from a server that knew.

    Parameters
    ----------
    catalog_path : Path
        Of the data folder's catalogue; it need not be there.

    Raises
    ------
    CatalogError
        The catalogue cannot be read.
    """
    if plan.source is None or not catalog_path.is_file():
        return None
    with Catalog(catalog_path) as catalog:
        frames = _frames_of(catalog, plan.source.volume_id)
    return RecordFrames(frames=frames) if frames and frames != plan.frames else None


def _frames_of(catalog: Catalog, volume_id: str) -> tuple[SubjectFrame, ...]:
    try:
        known = {it.subject: it for it in catalog.frames_of(volume_id)}
    except CatalogError as error:
        if error.code == UNKNOWN:
            return ()
        raise
    return tuple(_recorded(it, known[it]) for it in SUBJECTS if it in known)


def _recorded(subject: Subject, frame: AnatomicalFrame) -> SubjectFrame:
    return SubjectFrame(
        subject=subject,
        left=frame.left,
        posterior=frame.posterior,
        superior=frame.superior,
        basis=frame.basis,
    )
