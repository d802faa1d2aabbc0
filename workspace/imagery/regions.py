"""Grey values in a region of a volume: of whole voxels, as they were scanned, never in between."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from imaging.space import Vector
from imaging.volume import VolumeGeometry
from imaging.volume_store.reading import OpenedVolume, Window
from workspace.errors import PlanningError

SLICES_AT_ONCE: Final = 64
"""As many as a layer of bricks has."""

OUTSIDE: Final = "No voxel's centre lies in this region; make it larger or move it into the images"


@dataclass(frozen=True, slots=True)
class GreyValues:
    """What the voxels of a region hold."""

    voxels: int
    mean: float
    sd: float
    """Standard deviation of just these voxels: they are the whole of the region, no sample."""
    minimum: float
    maximum: float


def in_box(volume: OpenedVolume, corner: Vector, opposite: Vector) -> GreyValues:
    """Return the grey values of the voxels whose centres lie in a box along the patient's axes.

    Raises
    ------
    PlanningError
        There are none.
    RefusedFileError
        The volume is damaged.
    """
    low, high = np.minimum(corner, opposite), np.maximum(corner, opposite)
    geometry = volume.levels[0].geometry
    corners = np.array(np.meshgrid(*zip(low, high, strict=True))).reshape(3, -1).T
    window = _window_around(geometry, corners)

    def inside(part: Window) -> NDArray[np.bool_]:
        places = _places(geometry, part)
        return np.asarray(((places >= low) & (places <= high)).all(axis=-1))

    return _summed(volume.read(0, it)[inside(it)] for it in _layers(window))


def in_ellipse(volume: OpenedVolume, centre: Vector, first: Vector, second: Vector) -> GreyValues:
    """Return the grey values of the voxels that an elliptical disc runs through.

    In each column of voxels along the axis that is most across the disc it is the voxel nearest to
    the disc, if its centre lies straight above or below the disc: on a slice as scanned, just the
    voxels of that slice whose centres lie in the ellipse.

    Parameters
    ----------
    first, second : (3,) tuples
        The ends of two half-axes at right angles, mm.

    Raises
    ------
    PlanningError
        There are none.
    RefusedFileError
        The volume is damaged.
    """
    middle = np.array(centre, np.float64)
    axes = np.array([first, second]) - middle
    normal = np.cross(*axes)
    if not np.linalg.norm(normal) > 0:
        raise PlanningError("The region has no area; draw it anew")
    normal /= np.linalg.norm(normal)
    geometry = volume.levels[0].geometry
    reach = np.linalg.norm(axes, axis=0)
    box = middle + np.array(np.meshgrid(*zip(-reach, reach, strict=True))).reshape(3, -1).T
    window = _window_around(geometry, box, margin=1)
    index = _columns(geometry, window, middle, normal)
    offset = geometry.index_to_world(index) - middle
    shares = offset @ np.linalg.pinv(axes)
    inside = (shares**2).sum(axis=1) <= 1
    return _summed([_picked(volume, index[inside])])


def _columns(
    geometry: VolumeGeometry,
    window: Window,
    middle: NDArray[np.float64],
    normal: NDArray[np.float64],
) -> NDArray[np.int64]:
    """Return the index (i, j, k) of the voxel of each column that is nearest to a plane."""
    steps = normal @ geometry.affine_lps[:3, :3]  # mm towards the normal for one voxel of i, j, k
    across = int(np.abs(steps).argmax())
    spans = window[::-1]
    a, b = (axis for axis in range(3) if axis != across)
    index = np.zeros((spans[a][1] - spans[a][0], spans[b][1] - spans[b][0], 3))
    index[..., a] = np.arange(*spans[a])[:, None]
    index[..., b] = np.arange(*spans[b])
    before = (geometry.index_to_world(index) - middle) @ normal
    nearest = np.floor(-before / steps[across] + 0.5)
    there = (nearest >= 0) & (nearest < geometry.shape_kji[2 - across])
    index[..., across] = nearest
    return np.asarray(index[there], np.int64)


def _picked(volume: OpenedVolume, index: NDArray[np.int64]) -> NDArray[Any]:
    if not len(index):
        return np.empty(0, volume.dtype)
    low, high = index.min(axis=0), index.max(axis=0) + 1
    (i0, j0, k0), (i1, j1, k1) = low.tolist(), high.tolist()
    values = volume.read(0, ((k0, k1), (j0, j1), (i0, i1)))
    i, j, k = (index - low).T
    return np.asarray(values[k, j, i])


def _window_around(
    geometry: VolumeGeometry, corners: NDArray[np.float64], margin: int = 0
) -> Window:
    """Return the voxels about some places, as far as there are any."""
    index = geometry.world_to_index(corners)
    low = np.floor(index.min(axis=0)).astype(int) - margin
    high = np.ceil(index.max(axis=0)).astype(int) + 1 + margin
    spans = []
    for start, end, count in zip(low[::-1], high[::-1], geometry.shape_kji, strict=True):
        first, last = max(int(start), 0), min(int(end), count)
        if first >= last:
            raise PlanningError(OUTSIDE)
        spans.append((first, last))
    return spans[0], spans[1], spans[2]


def _layers(window: Window) -> Iterator[Window]:
    (start, end), rows, columns = window
    for first in range(start, end, SLICES_AT_ONCE):
        yield (first, min(first + SLICES_AT_ONCE, end)), rows, columns


def _places(geometry: VolumeGeometry, window: Window) -> NDArray[np.float64]:
    """Return where the voxel centres of a window lie, (k, j, i, 3)."""
    matrix = geometry.affine_lps
    k, j, i = (np.arange(start, end) for start, end in window)
    return np.asarray(
        i[:, None] * matrix[:3, 0]
        + (j[:, None] * matrix[:3, 1])[:, None, :]
        + (k[:, None] * matrix[:3, 2])[:, None, None, :]
        + matrix[:3, 3]
    )


def _summed(parts: Iterable[NDArray[Any]]) -> GreyValues:
    """Return what the values of all parts add up to.

    Raises
    ------
    PlanningError
        There are none.
    """
    count, mean, squares = 0, 0.0, 0.0
    least, most = math.inf, -math.inf
    for part in parts:
        if not part.size:
            continue
        values = part.astype(np.float64)
        size, middle = values.size, float(values.mean())
        # Two sets with their means and sums of squares make one (T. F. Chan et al., 1979).
        squares += float(((values - middle) ** 2).sum())
        squares += (middle - mean) ** 2 * count * size / (count + size)
        mean += (middle - mean) * size / (count + size)
        count += size
        least, most = min(least, float(values.min())), max(most, float(values.max()))
    if not count:
        raise PlanningError(OUTSIDE)
    return GreyValues(count, mean, math.sqrt(squares / count), least, most)
