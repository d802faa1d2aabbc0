"""Read a volume: survey the headers, choose one series, fill one array by several threads."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from imaging.dicom.decoding import read_stored
from imaging.dicom.frame import Frame
from imaging.dicom.padding import settle_padding
from imaging.dicom.rescaling import (
    DoesNotFitError,
    Findings,
    is_integral,
    rescale_to_float32,
    rescale_to_int16,
    signed_values,
)
from imaging.dicom.surveying import Candidate, Survey, survey
from imaging.errors import ImagingError, RefusedSeriesError, SourceError
from imaging.progress import Progress, no_progress
from imaging.volume import Volume

Allocate = Callable[[tuple[int, int, int], np.dtype[Any]], NDArray[Any]]
"""Returns an array for a shape and a type; its values may be anything."""

MAX_VOLUME_BYTES: Final = 4 * 2**30
"""Refused beyond: 8,000 slices of 512 x 512 at 16 bits."""

_THREADS: Final = min(8, (os.cpu_count() or 1) + 1)


def read_volume(
    paths: Sequence[Path],
    volume_id: str | None = None,
    progress: Progress = no_progress,
    allocate: Allocate = np.empty,
) -> Volume:
    """Read one volume, in this process.

    Parameters
    ----------
    paths : sequence of Path
        Files or folders.
    volume_id : str, optional
        The id that `inspect` prints; needed where there are several volumes.
    progress : Progress, optional
        Told of headers and slices.
    allocate : callable, optional
        Makes the array that is filled.

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
    found = survey(paths, progress)
    chosen = _choose(found, volume_id)
    slices = chosen.layout.slices
    shape = chosen.layout.geometry.shape_kji
    _require_room(shape)
    voxels, findings = _voxels(slices, shape, progress, allocate)
    notes = (*chosen.warnings, *_notes(findings), *settle_padding(voxels, slices))
    first = slices[0]
    return Volume(
        volume_id=chosen.series.volume_id,
        voxels=voxels,
        geometry=chosen.layout.geometry,
        modality=first.modality,
        hu=chosen.hu,
        description=first.description,
        study_uid=first.study_uid,
        series_uid=first.series_uid,
        frame_of_reference_uid=first.frame_of_reference_uid,
        slice_thickness_mm=first.slice_thickness_mm,
        acquired_on=first.acquired_on,
        warnings=(*notes, *_refused_beside(found)),
    )


def require_volume(
    paths: Sequence[Path], volume_id: str | None = None, progress: Progress = no_progress
) -> None:
    """Refuse, after the headers alone, what `read_volume` would refuse.

    Raises
    ------
    imaging.errors.ImagingError
        As `read_volume`, unless the fault is in the pixels.
    """
    _require_room(_choose(survey(paths, progress), volume_id).layout.geometry.shape_kji)


def _choose(found: Survey, volume_id: str | None) -> Candidate:
    candidates = found.candidates
    if volume_id is not None:
        for candidate in candidates:
            if volume_id in {candidate.series.volume_id, candidate.series.series_uid}:
                return candidate
        raise SourceError(
            f"there is no volume {volume_id!r} here; {_choices(candidates)}", "unknown_volume"
        )
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
        f"{one.series.volume_id} ({' x '.join(str(n) for n in one.layout.geometry.shape_kji)})"
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


def _voxels(
    slices: Sequence[Frame],
    shape: tuple[int, int, int],
    progress: Progress,
    allocate: Allocate,
) -> tuple[NDArray[Any], list[Findings]]:
    """Return the rescaled values; int16 first, float32 where that proves too narrow."""
    if all(is_integral(one.rescale) for one in slices):
        narrow = allocate(shape, np.dtype(np.int16))

        def fill(k: int) -> Findings:
            stored = narrow[k].view(np.uint16)
            read_stored(slices[k], stored)
            values, findings = signed_values(stored, slices[k].pixels, slices[k].padding)
            rescale_to_int16(values, slices[k].rescale, narrow[k])
            return findings

        try:
            return narrow, _fill_all(fill, len(slices), progress)
        except DoesNotFitError:
            pass
    wide = allocate(shape, np.dtype(np.float32))

    def fill_wide(k: int) -> Findings:
        stored = np.empty(shape[1:], np.uint16)
        read_stored(slices[k], stored)
        values, findings = signed_values(stored, slices[k].pixels, slices[k].padding)
        rescale_to_float32(values, slices[k].rescale, wide[k])
        return findings

    return wide, _fill_all(fill_wide, len(slices), progress)


def _fill_all(fill: Callable[[int], Findings], count: int, progress: Progress) -> list[Findings]:
    findings = []
    with ThreadPoolExecutor(_THREADS) as pool:
        try:
            for done, one in enumerate(pool.map(fill, range(count))):
                findings.append(one)
                progress("Reading slices", done + 1, count)
        finally:
            pool.shutdown(cancel_futures=True)
    return findings


def _notes(findings: Sequence[Findings]) -> list[tuple[str, str]]:
    notes = []
    if any(one.high_bits_ignored for one in findings):
        notes.append(("high_bits", "bits above the stored ones were ignored (an old overlay)"))
    if any(one.padding_lowered for one in findings):
        notes.append(("padding_replaced", "padding was set to the lowest value"))
    return notes
