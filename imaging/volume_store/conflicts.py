"""Two instances of one name with different pixels: never both, and never one over the other."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imaging.errors import ConflictError
from imaging.volume import Volume
from imaging.volume_store.originals import Original
from imaging.volume_store.reading import OpenedVolume

_Pair = tuple[int, int]
"""A slice of the new volume, and the slice of the stored one that is to be the same."""


def require_no_conflict(
    volume: Volume, originals: Sequence[Original], stored: Iterable[OpenedVolume]
) -> None:
    """Raise where a stored instance has the UID of a new one and other pixels.

    Files may differ while the pixels are the same: archives rewrite headers and transcode. So
    values are compared, where it is known which slices a file became; where it is not known, the
    files must be the same.

    Raises
    ------
    ConflictError
        Names the number of instances, and one of the slices.
    """
    by_uid = {one.sop_instance_uid: one for one in originals if one.sop_instance_uid}
    for other in stored if by_uid else ():
        pairs: list[_Pair] = []
        for theirs in other.description.originals:
            mine = by_uid.get(theirs.sop_instance_uid)
            if mine is None or mine.sha256 == theirs.sha256:
                continue
            if not mine.slices or len(mine.slices) != len(theirs.slices):
                raise _conflict(1)
            pairs += zip(mine.slices, theirs.slices, strict=True)
        if different := _different(volume.voxels, other, pairs):
            raise _conflict(different)


def _different(voxels: NDArray[Any], other: OpenedVolume, pairs: Sequence[_Pair]) -> int:
    """Return how many slices differ; a slab of the stored volume is in memory at a time."""
    _, rows, columns = other.levels[0].shape_kji
    if pairs and voxels.shape[1:] != (rows, columns):
        return len(pairs)
    depth = other.levels[0].brick_kji[0]
    different = 0
    for slab in sorted({theirs // depth for _, theirs in pairs}):
        start = slab * depth
        end = min(start + depth, other.levels[0].shape_kji[0])
        values = other.read(0, ((start, end), (0, rows), (0, columns)))
        different += sum(
            not np.array_equal(voxels[mine], values[theirs - start], equal_nan=True)
            for mine, theirs in pairs
            if start <= theirs < end
        )
    return different


def _conflict(count: int) -> ConflictError:
    return ConflictError(
        f"{count} of these images have the SOPInstanceUID of an image that was imported before, "
        "and other pixels; ask the sender which are right, and remove the others",
        "conflicting_instance",
    )
