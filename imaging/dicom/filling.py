"""Fill one array with the rescaled values of a volume's slices, by several threads."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from imaging.dicom.assembling import Blend, Layout
from imaging.dicom.decoding import PixelReader
from imaging.dicom.frame import Frame
from imaging.dicom.padding import settle_padding
from imaging.dicom.rescaling import (
    DoesNotFitError,
    is_integral,
    rescale_to_float32,
    rescale_to_int16,
    signed_values,
)
from imaging.progress import Progress
from imaging.voxel_sink import PlainArray, VoxelSink

_THREADS: Final = min(8, (os.cpu_count() or 1) + 1)


@dataclass(frozen=True, slots=True)
class _Found:
    """What was done to one slice besides rescaling."""

    high_bits_ignored: bool
    padding_lowered: bool
    padding_replaced: int
    padding_kept: int


def fill(
    layout: Layout, sink: VoxelSink, progress: Progress
) -> tuple[NDArray[Any], tuple[tuple[str, str], ...]]:
    """Return the voxels of a volume, and what a user should know of them.

    Parameters
    ----------
    layout : Layout
        The slices, in the order of k.
    sink : VoxelSink
        Gives the array, and hears of each slice that is final.
    progress : Progress
        Told of slices.

    Returns
    -------
    voxels : (slices, rows, columns) array
        int16 where the rescaled values are whole and fit, else float32.
    warnings : tuple of (code, message)

    Raises
    ------
    RefusedFileError
        A file is cut short or damaged.
    """
    measured = PlainArray() if layout.blends else sink
    if any(not is_integral(one.rescale) for one in layout.slices):
        voxels, found = _filled(layout.slices, np.dtype(np.float32), measured, progress)
    else:
        try:
            voxels, found = _filled(layout.slices, np.dtype(np.int16), measured, progress)
        except DoesNotFitError:
            voxels, found = _filled(layout.slices, np.dtype(np.float32), measured, progress)
    if layout.blends:
        voxels = _blended(voxels, layout.blends, sink)
    return voxels, _notes(found)


def _filled(
    slices: Sequence[Frame], dtype: np.dtype[Any], sink: VoxelSink, progress: Progress
) -> tuple[NDArray[Any], list[_Found]]:
    first = slices[0].pixels
    voxels = sink.begin((len(slices), first.rows, first.columns), dtype)
    fill_slice = _fill_int16 if dtype == np.int16 else _fill_float32
    reader = PixelReader()

    def fill_one(k: int) -> _Found:
        found = fill_slice(reader, slices[k], voxels[k])
        sink.filled(k)
        return found

    return voxels, _in_threads(fill_one, len(slices), progress)


def _fill_int16(reader: PixelReader, frame: Frame, into: NDArray[Any]) -> _Found:
    stored = into.view(np.uint16)
    reader.read(frame, stored)
    values, findings = signed_values(stored, frame.pixels, frame.padding)
    rescale_to_int16(values, frame.rescale, into)
    settled = settle_padding(into, frame)
    return _Found(findings.high_bits_ignored, findings.padding_lowered, *settled)


def _fill_float32(reader: PixelReader, frame: Frame, into: NDArray[Any]) -> _Found:
    stored = np.empty(into.shape, np.uint16)
    reader.read(frame, stored)
    values, findings = signed_values(stored, frame.pixels, frame.padding)
    rescale_to_float32(values, frame.rescale, into)
    settled = settle_padding(into, frame)
    return _Found(findings.high_bits_ignored, findings.padding_lowered, *settled)


def _in_threads(work: Callable[[int], _Found], count: int, progress: Progress) -> list[_Found]:
    found = []
    with ThreadPoolExecutor(_THREADS) as pool:
        try:
            for done, one in enumerate(pool.map(work, range(count))):
                found.append(one)
                progress("Reading slices", done + 1, count)
        finally:
            pool.shutdown(cancel_futures=True)
    return found


def _blended(measured: NDArray[Any], blends: Sequence[Blend], sink: VoxelSink) -> NDArray[Any]:
    """Return the slices of the even grid, each between two measured ones."""
    voxels = sink.begin((len(blends), *measured.shape[1:]), measured.dtype)
    for k, blend in enumerate(blends):
        lower = measured[blend.lower].astype(np.float32)
        mixed = lower + np.float32(blend.weight) * (measured[blend.upper] - lower)
        voxels[k] = np.rint(mixed) if measured.dtype.kind == "i" else mixed
        sink.filled(k)
    return voxels


def _notes(found: Sequence[_Found]) -> tuple[tuple[str, str], ...]:
    notes = []
    replaced = sum(one.padding_replaced for one in found)
    kept = sum(one.padding_kept for one in found)
    if any(one.high_bits_ignored for one in found):
        notes.append(("high_bits", "bits above the stored ones were ignored (an old overlay)"))
    if any(one.padding_lowered for one in found):
        notes.append(("padding_replaced", "padding was set to the lowest value"))
    if replaced:
        notes.append(("padding_replaced", f"{replaced} padding voxels were set to air"))
    if kept:
        notes.append(("padding_kept", f"{kept} voxels equal the padding value, amid other values"))
    return tuple(notes)
