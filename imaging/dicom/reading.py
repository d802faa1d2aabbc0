"""Read a volume: survey the headers, choose one of the volumes, fill its array."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from imaging.dicom.choice import Choice
from imaging.dicom.filling import fill
from imaging.dicom.surveying import Candidate, Survey, survey
from imaging.dicom.windows import window_of_series
from imaging.errors import ImagingError, RefusedSeriesError, SourceError
from imaging.progress import Progress, no_progress
from imaging.sources.opening import opened_sources
from imaging.volume import Volume
from imaging.voxel_sink import PlainArray, VoxelSink

MAX_VOLUME_BYTES: Final = 4 * 2**30
"""Refused beyond: 8,000 slices of 512 x 512 at 16 bits."""


def read_volume(
    paths: Sequence[Path],
    choice: Choice | str | None = None,
    progress: Progress = no_progress,
    sink: VoxelSink | None = None,
    scratch: Path | None = None,
) -> Volume:
    """Read one volume, in this process.

    Parameters
    ----------
    paths : sequence of Path
        Files, folders, zip archives.
    choice : Choice or str, optional
        Which volume; a text is the id that `inspect` prints.
    progress : Progress, optional
        Told of headers and slices.
    sink : VoxelSink, optional
        Gives the array that is filled, and hears of each slice.
    scratch : Path, optional
        Where archives are unpacked meanwhile.

    Returns
    -------
    Volume
        int16 where the rescaled values are whole and fit, else float32.

    Raises
    ------
    imaging.errors.SourceError
        There is no DICOM here, no such volume, or several to choose from.
    imaging.errors.RefusedSeriesError, imaging.errors.RefusedFileError
        What is here is no regular volume.
    """
    wanted = choice if isinstance(choice, Choice) else Choice(choice)
    with opened_sources(paths, progress, scratch=scratch) as sources:
        found = survey(sources, progress, wanted.uneven)
        chosen = choose(found, wanted.volume_id)
        return read_candidate(chosen, found, progress, sink or PlainArray())


def read_candidate(chosen: Candidate, found: Survey, progress: Progress, sink: VoxelSink) -> Volume:
    """Read one of the volumes that a survey found; raises as `read_volume`."""
    layout = chosen.layout
    _require_room(layout.geometry.shape_kji)
    voxels, notes = fill(layout, sink, progress)
    first = layout.slices[0]
    return Volume(
        volume_id=chosen.volume_id,
        voxels=voxels,
        geometry=layout.geometry,
        modality=first.modality,
        hu=chosen.hu,
        description=first.description,
        study_uid=first.study_uid,
        series_uid=first.series_uid,
        frame_of_reference_uid=first.frame_of_reference_uid,
        slice_thickness_mm=first.slice_thickness_mm,
        acquired_on=first.acquired_on,
        warnings=(*chosen.warnings, *notes, *_refused_beside(found)),
        identity=first.identity,
        window=window_of_series(layout.slices),
    )


def require_volume(
    paths: Sequence[Path],
    choice: Choice | str | None = None,
    progress: Progress = no_progress,
    scratch: Path | None = None,
) -> None:
    """Refuse, after the headers alone, what `read_volume` would refuse.

    Raises
    ------
    imaging.errors.ImagingError
        As `read_volume`, unless the fault is in the pixels.
    """
    wanted = choice if isinstance(choice, Choice) else Choice(choice)
    with opened_sources(paths, progress, scratch=scratch) as sources:
        found = survey(sources, progress, wanted.uneven)
        _require_room(choose(found, wanted.volume_id).layout.geometry.shape_kji)


def choose(found: Survey, volume_id: str | None) -> Candidate:
    """Return the volume that is wanted, or the only one.

    Raises
    ------
    imaging.errors.ImagingError
        There is none, or more than one.
    """
    candidates = found.candidates
    if volume_id is not None:
        meant = [one for one in candidates if one.volume_id == volume_id]
        meant = meant or [one for one in candidates if one.layout.slices[0].series_uid == volume_id]
        if not meant:
            raise SourceError(
                f"there is no volume {volume_id!r} here; {_choices(candidates)}", "unknown_volume"
            )
        candidates = tuple(meant)
    if len(candidates) == 1:
        return candidates[0]
    if candidates:
        raise SourceError(
            f"there are {len(candidates)} volumes here; {_choices(candidates)}", "choose_volume"
        )
    raise _refusal_of(found)


def _choices(candidates: Sequence[Candidate]) -> str:
    if not candidates:
        return "all series here are refused, and `inspect` says why"
    shapes = [
        f"{one.volume_id} ({' x '.join(str(n) for n in one.layout.geometry.shape_kji)})"
        for one in candidates[:8]
    ]
    more = f" and {len(candidates) - 8} more" if len(candidates) > 8 else ""  # noqa: PLR2004
    return f"choose one with its id: {', '.join(shapes)}{more}"


def _refusal_of(found: Survey) -> ImagingError:
    if len(found.refusals) == 1:
        return found.refusals[0].error
    codes = ", ".join(sorted({refusal.error.code for refusal in found.refusals}))
    first = found.refusals[0].error
    return type(first)(
        f"none of the {len(found.refusals)} series here is a regular volume ({codes}); "
        f"the first: {first}",
        first.code,
    )


def _refused_beside(found: Survey) -> tuple[tuple[str, str], ...]:
    if not found.refusals:
        return ()
    codes = ", ".join(sorted({refusal.error.code for refusal in found.refusals}))
    return (("refused_beside", f"{len(found.refusals)} other series were refused ({codes})"),)


def _require_room(shape: tuple[int, int, int]) -> None:
    wanted = 2 * shape[0] * shape[1] * shape[2]
    if wanted > MAX_VOLUME_BYTES:
        raise RefusedSeriesError(
            f"this series would need {wanted / 2**30:.1f} GiB, more than the "
            f"{MAX_VOLUME_BYTES // 2**30} GiB that a volume may have; export fewer slices",
            "too_large",
        )
