"""What an engine says when it finds nothing, or cannot work."""

import numpy as np
from numpy.typing import NDArray

from imaging.volume import Volume
from segmentation.errors import EmptySegmentError, SegmentationError


def unit_of(volume: Volume) -> str:
    """Return the unit of the volume's values as a word for users."""
    return "HU" if volume.hu else "(the image's own values)"


def require_some(
    mask: NDArray[np.bool_], volume: Volume, lower: float, upper: float | None
) -> None:
    """Raise `EmptySegmentError` where no voxel lies between `lower` and `upper`."""
    if mask.any():
        return
    lowest, highest = float(volume.voxels.min()), float(volume.voxels.max())
    unit = unit_of(volume)
    between = f"at or above {lower:g}" if upper is None else f"between {lower:g} and {upper:g}"
    if lower > highest:
        advice = f"choose lower_hu at or below {highest:g}"
    elif upper is not None and upper < lowest:
        advice = f"choose upper_hu at or above {lowest:g}"
    else:
        advice = "widen the range"
    raise EmptySegmentError(
        f"no voxel lies {between} {unit}; "
        f"the volume's values go from {lowest:g} to {highest:g}; {advice}"
    )


def require_hu(volume: Volume, engine: str) -> None:
    """Raise `SegmentationError` unless the values are Hounsfield units."""
    if not volume.hu:
        raise SegmentationError(
            f"the engine {engine} needs Hounsfield units and this volume holds "
            f"{volume.modality or 'other'} intensities; use the engine threshold"
        )
