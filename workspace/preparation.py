"""From a folder of DICOM to a case: volume, segments, surfaces. Runs in a worker process."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec

from imaging.dicom.choice import Choice, Uneven
from imaging.dicom.reading import read_volume, require_volume
from imaging.image_archive import ImageArchive
from imaging.progress import Progress
from imaging.volume import Volume
from segmentation.engines.engine import Segmentation
from segmentation.engines.settings import checked_settings
from segmentation.engines.table import engine_named, run_engine
from segmentation.errors import EmptySegmentError
from segmentation.surface.encoding import to_blob
from segmentation.surface.pipeline import surface_of
from sessions.plan.records import CaseSource, Provenance, Segment, SegmentId
from workspace.blobs import BlobStore
from workspace.case_request import (
    CaseRequest,
    EngineChoice,
    PreparedCase,
    PrepareRequest,
    Stopwatch,
)
from workspace.planning.browser_encoding import encode_for_browser
from workspace.planning.measuring import refined_ref

DEFAULT_ENGINES: Final = {
    "CT": (("bone", True), ("skin", True), ("vessels", False)),
    "MR": (("skin", True), ("vessels", False)),
}
"""Modality -> engines, and whether a case without their segment makes no sense."""


def require_preparable(request: CaseRequest, progress: Progress) -> None:
    """Refuse what the headers and the settings alone show to be impossible.

    Raises
    ------
    ImagingError
        There is no regular volume here, or several.
    UnknownEngineError
        No such engine or key, or a value out of bounds.
    """
    for choice in request.engines:
        checked_settings(engine_named(choice.name), choice.settings)
    require_volume(_paths(request), _choice(request), progress)


def prepare(request: PrepareRequest, progress: Progress) -> PreparedCase:
    """Import, segment and make surfaces.

    Raises
    ------
    ImagingError
        There is no regular volume.
    SegmentationError
        An engine that was asked for finds nothing.
    OSError
        The blob store cannot be written.
    """
    clock = Stopwatch()
    with _read(request, progress) as (volume, keep):
        clock.lap("import")
        case = _case_of(volume, request, progress, clock)
        store_key = keep()
    clock.lap("keep")
    return msgspec.structs.replace(case, seconds=clock.seconds, store_key=store_key)


def _case_of(
    volume: Volume, request: PrepareRequest, progress: Progress, clock: Stopwatch
) -> PreparedCase:
    """Return the volume's segments, their surfaces made."""
    case = request.case
    engines = case.engines or default_engines(volume.modality)
    segments: list[Segment] = []
    empty: list[str] = []
    for number, choice in enumerate(engines):
        progress(f"Segmenting: {choice.name}", number, len(engines))
        try:
            segmentation = run_engine(volume, choice.name, choice.settings)
        except EmptySegmentError:
            if choice.required:
                raise
            empty.append(choice.name)
            continue
        finally:
            clock.lap("segment")
        progress(f"Making the surface: {choice.name}", number, len(engines))
        segments.append(_segment(segmentation, request, taken=[it.segment_id for it in segments]))
        clock.lap("surface")
    progress("Surfaces ready", len(engines), len(engines))
    return PreparedCase(source_of(volume), tuple(segments), tuple(empty), clock.seconds)


def _paths(case: CaseRequest) -> list[Path]:
    return [Path(path) for path in case.paths]


def _choice(case: CaseRequest) -> Choice:
    return Choice(case.volume_id, Uneven.RESAMPLE if case.resample else Uneven.REFUSE)


@contextlib.contextmanager
def _read(
    request: PrepareRequest, progress: Progress
) -> Iterator[tuple[Volume, Callable[[], str]]]:
    """Give the volume, and what keeps it, once the case is made, and returns its key."""
    case = request.case
    scratch = Path(request.blobs)
    if request.archive is None:
        volume = read_volume(_paths(case), _choice(case), progress, scratch=scratch)
        yield volume, lambda: ""
        return
    archive = ImageArchive(Path(request.archive))
    with archive.reading(_paths(case), _choice(case), progress, scratch) as pending:
        yield pending.volume, lambda: pending.keep(request.now).stored.key


def default_engines(modality: str) -> tuple[EngineChoice, ...]:
    """Return the engines that a case of this modality starts with."""
    rows = DEFAULT_ENGINES.get(modality, DEFAULT_ENGINES["CT"])
    return tuple(EngineChoice(name, {}, required) for name, required in rows)


def source_of(volume: Volume) -> CaseSource:
    """Return what the screen says of where the anatomy came from."""
    return CaseSource(
        volume_id=volume.volume_id,
        modality=volume.modality,
        description=volume.description,
        acquired_on=volume.acquired_on,
        spacing_mm=volume.geometry.spacing,
        slice_thickness_mm=volume.slice_thickness_mm,
        frame_of_reference_uid=volume.frame_of_reference_uid,
        warnings=volume.warnings,
        axes=volume.geometry.direction,
    )


def _segment(
    segmentation: Segmentation, request: PrepareRequest, taken: Sequence[SegmentId]
) -> Segment:
    blobs = BlobStore(Path(request.blobs))
    refined = surface_of(segmentation)
    sha256 = blobs.put(to_blob(refined.surface))
    encode_for_browser(blobs.folder, sha256)
    return Segment(
        segment_id=_free_id(segmentation.engine, taken),
        name=segmentation.name,
        code=segmentation.code,
        colour=segmentation.colour,
        opacity=segmentation.opacity,
        owner="undecided",
        surface=refined_ref(refined, sha256),
        provenance=Provenance(
            engine=segmentation.engine,
            version=segmentation.version,
            parameters=dict(segmentation.parameters),
            author=request.author,
            created_at=request.now,
        ),
    )


def _free_id(engine: str, taken: Sequence[SegmentId]) -> SegmentId:
    number = sum(1 for segment_id in taken if segment_id.partition("-")[0] == engine)
    return SegmentId(engine if number == 0 else f"{engine}-{number + 1}")
