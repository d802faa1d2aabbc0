"""Voxels outside of the scanner's field of view: left as they are, unless they pass for anatomy."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from imaging.dicom.frame import Frame

AIR_HU: Final = -1000
"""Padding at or below air does no harm in CT and stays, so that values equal other readers'."""


def settle_padding(values: NDArray[Any], frame: Frame) -> tuple[int, int]:
    """Set padding that is the highest value of its slice to air.

    Parameters
    ----------
    values : (rows, columns) array
        Rescaled values of one slice; changed in place.
    frame : Frame
        Where they come from.

    Returns
    -------
    replaced, kept : int
        Voxels that were set to air (in MR to the least value of the slice), and voxels that equal
        the padding amid other values and so may be anatomy; none where padding is no higher than
        air.
    """
    padded = _padded(values, frame)
    if padded is None:
        return 0, 0
    count = int(padded.sum())
    others = values[~padded]
    if count == 0 or others.size == 0:
        return 0, 0
    if values[padded].min() <= others.max():
        return 0, count
    least = others.min()
    values[padded] = min(least, AIR_HU) if frame.modality == "CT" else least
    return count, 0


def _padded(values: NDArray[Any], frame: Frame) -> NDArray[np.bool_] | None:
    """Return where `values` are padding, or None where padding would do no harm."""
    if frame.padding is None:
        return None
    rescale = frame.rescale
    ends = sorted(end * rescale.slope + rescale.intercept for end in frame.padding)
    harmless = AIR_HU if frame.modality == "CT" else 0.0
    if ends[1] <= harmless:
        return None
    low, high = (values.dtype.type(end) if values.dtype.kind == "f" else end for end in ends)
    found: NDArray[np.bool_] = (values >= low) & (values <= high)
    return found
