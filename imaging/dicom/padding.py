"""Voxels outside of the scanner's field of view: left as they are, unless they pass for anatomy."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imaging.dicom.frame import Frame

AIR_HU = -1000.0
"""Padding at or below air does no harm in CT and stays, so that values equal other readers'."""


def settle_padding(voxels: NDArray[Any], slices: Sequence[Frame]) -> tuple[tuple[str, str], ...]:
    """Set padding that is the highest value of its slice to the lowest; say what was found.

    Parameters
    ----------
    voxels : (slices, rows, columns) array
        Rescaled values; changed in place.
    slices : sequence of Frame
        In the order of k.

    Returns
    -------
    tuple of (code, message)
        What a user should know; empty where padding is no higher than air.
    """
    replaced = kept = 0
    for k, one in enumerate(slices):
        padded = _padded(voxels[k], one)
        if padded is None:
            continue
        count = int(padded.sum())
        others = voxels[k][~padded]
        if count == 0 or others.size == 0:
            continue
        if voxels[k][padded].min() > others.max():
            voxels[k][padded] = others.min()
            replaced += count
        else:
            kept += count
    notes = []
    if replaced:
        notes.append(
            ("padding_replaced", f"{replaced} padding voxels got their slice's least value")
        )
    if kept:
        notes.append(("padding_kept", f"{kept} voxels equal the padding value, amid other values"))
    return tuple(notes)


def _padded(values: NDArray[Any], one: Frame) -> NDArray[np.bool_] | None:
    """Return where `values` are padding, or None where padding would do no harm."""
    if one.padding is None:
        return None
    ends = sorted(end * one.rescale.slope + one.rescale.intercept for end in one.padding)
    harmless = AIR_HU if one.modality == "CT" else 0.0
    if ends[1] <= harmless:
        return None
    low, high = (values.dtype.type(end) if values.dtype.kind == "f" else end for end in ends)
    found: NDArray[np.bool_] = (values >= low) & (values <= high)
    return found
