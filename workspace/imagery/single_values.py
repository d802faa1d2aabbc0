"""The value of one voxel, for pages that do not hold the voxels themselves."""

import numpy as np

from imaging.space import Vector
from imaging.volume_store.reading import OpenedVolume


def value_at(volume: OpenedVolume, world: Vector) -> float | None:
    """Return the value of the voxel in which a place lies, as the scanner gave it.

    Reads one brick.

    Parameters
    ----------
    volume : OpenedVolume
    world : Vector
        LPS of the volume, mm.

    Returns
    -------
    float or None
        None outside the volume.

    Raises
    ------
    RefusedFileError
        The volume is damaged.
    """
    finest = volume.levels[0]
    index = np.floor(finest.geometry.world_to_index(world) + 0.5).astype(int)  # as pages round
    i, j, k = (int(one) for one in index)
    if not all(0 <= at < count for at, count in zip((k, j, i), finest.shape_kji, strict=True)):
        return None
    return float(volume.read(0, ((k, k + 1), (j, j + 1), (i, i + 1)))[0, 0, 0])
