"""Grey values of a volume at the pixels of any plane: trilinear, and slabs of such planes.

numpy only: this runs in threads of the web process, and numpy lets the others run meanwhile.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from imaging.space import Vector, add, cross, scale
from imaging.volume import VolumeGeometry

Mode = Literal["single", "max", "min", "mean"]

ROWS_AT_ONCE: Final = 64
"""Of a picture: what belongs to them stays in a core's cache."""

STILL: Final = 1e-7
"""Voxels per pixel below which an index does not change along a picture's axis: a thousandth of a
voxel over ten thousand pixels."""

HALF: Final = 0.5
"""Of a voxel lies before the centre of the first one."""

MOST_PLANES: Final = 64
"""Of a slab. A thicker one takes planes further apart, and so a coarser level."""


@dataclass(frozen=True, slots=True)
class PicturePlane:
    """Where the pixels of a picture lie."""

    centre: Vector
    """Of the picture, LPS, mm."""
    right: Vector
    """Unit vector along a row."""
    down: Vector
    """Unit vector along a column, at right angles to `right`."""
    width: int
    height: int
    mm_per_pixel: float

    def moved(self, distance_mm: float) -> "PicturePlane":
        """Return the plane, moved along its normal."""
        normal = cross(self.right, self.down)
        return replace(self, centre=add(self.centre, scale(normal, distance_mm)))

    def places(self) -> NDArray[np.float64]:
        """Return where the pixel centres lie, (height, width, 3), LPS, mm."""
        x = (np.arange(self.width) - (self.width - 1) / 2) * self.mm_per_pixel
        y = (np.arange(self.height) - (self.height - 1) / 2) * self.mm_per_pixel
        along = x[None, :, None] * np.array(self.right) + y[:, None, None] * np.array(self.down)
        return np.asarray(along + np.array(self.centre))


@dataclass(frozen=True, slots=True)
class _Steps:
    """How the index (i, j, k) runs over a picture."""

    first: NDArray[np.float64]
    """Of the first pixel."""
    along: NDArray[np.float64]
    """From a pixel to the next one in its row."""
    down: NDArray[np.float64]

    @classmethod
    def of(cls, plane: PicturePlane, geometry: VolumeGeometry) -> "_Steps":
        inverse = np.linalg.inv(geometry.affine_lps[:3, :3])
        along = inverse @ np.array(plane.right) * plane.mm_per_pixel
        down = inverse @ np.array(plane.down) * plane.mm_per_pixel
        centre = geometry.world_to_index(plane.centre)
        first = centre - along * (plane.width - 1) / 2 - down * (plane.height - 1) / 2
        return cls(first, along, down)


def plane_values(
    voxels: NDArray[Any], geometry: VolumeGeometry, plane: PicturePlane
) -> NDArray[np.float32]:
    """Return the values at the pixel centres.

    Between voxel centres they are trilinear; in the outer half of the outermost voxels they are
    those of the nearest centres.

    Parameters
    ----------
    voxels : (slices, rows, columns) array
    geometry : VolumeGeometry
        Of these voxels; may be sheared.

    Returns
    -------
    (height, width) float32 array
        NaN outside the volume.
    """
    steps = _Steps.of(plane, geometry)
    axes = _straight_axes(steps)
    if axes is not None:
        return _straight(voxels, steps, plane, axes)
    picture = np.empty((plane.height, plane.width), np.float32)
    for row in range(0, plane.height, ROWS_AT_ONCE):
        rows = slice(row, min(row + ROWS_AT_ONCE, plane.height))
        picture[rows] = _oblique(voxels, steps, rows, plane.width)
    return picture


def slab_values(
    voxels: NDArray[Any],
    geometry: VolumeGeometry,
    plane: PicturePlane,
    mode: Mode,
    slab_mm: float,
) -> NDArray[np.float32]:
    """Return the largest, least or mean value along the normal, within a slab about the plane.

    Returns
    -------
    (height, width) float32 array
        Of what lies inside the volume; NaN where nothing does.
    """
    if mode == "single" or slab_mm <= 0:
        return plane_values(voxels, geometry, plane)
    total = np.full((plane.height, plane.width), np.nan, np.float32)
    count = np.zeros(total.shape, np.float32)
    for moved in _planes(plane, geometry, slab_mm):
        values = plane_values(voxels, geometry, moved)
        if mode == "max":
            np.fmax(total, values, out=total)
        elif mode == "min":
            np.fmin(total, values, out=total)
        else:
            inside = ~np.isnan(values)
            count += inside
            total = np.where(inside, np.nan_to_num(total) + np.nan_to_num(values), total)
    return np.asarray(total / np.fmax(count, 1) if mode == "mean" else total, np.float32)


def plane_distance_mm(geometry: VolumeGeometry, slab_mm: float) -> float:
    """Return how far apart the planes of a slab are to be."""
    return max(min(geometry.spacing), slab_mm / (MOST_PLANES - 1))


def _planes(
    plane: PicturePlane, geometry: VolumeGeometry, slab_mm: float
) -> Iterator[PicturePlane]:
    """Yield planes that fill a slab evenly, its two faces among them."""
    count = max(math.ceil(slab_mm / plane_distance_mm(geometry, slab_mm)), 1) + 1
    for number in range(count):
        yield plane.moved(slab_mm * (number / (count - 1) - 0.5))


def _straight_axes(steps: _Steps) -> tuple[int, int, int] | None:
    """Return which index runs along rows, which down columns and which stands still, if so."""
    along, down = np.abs(steps.along) > STILL, np.abs(steps.down) > STILL
    if along.sum() != 1 or down.sum() != 1 or (along & down).any():
        return None
    i, j = int(along.argmax()), int(down.argmax())
    return i, j, 3 - i - j


def _straight(
    voxels: NDArray[Any], steps: _Steps, plane: PicturePlane, axes: tuple[int, int, int]
) -> NDArray[np.float32]:
    """Resample one axis after the other, for a picture along the volume's own axes."""
    along, down, still = axes
    ordered = voxels.transpose(2 - still, 2 - down, 2 - along)  # arrays are [k, j, i]
    picture = np.full((plane.height, plane.width), np.nan, np.float32)
    x = steps.first[along] + np.arange(plane.width) * steps.along[along]
    y = steps.first[down] + np.arange(plane.height) * steps.down[down]
    depth, rows, columns = ordered.shape
    (inside_x,), (inside_y,) = _inside(x, columns).nonzero(), _inside(y, rows).nonzero()
    if not (inside_x.size and inside_y.size and _inside(steps.first[still], depth).all()):
        return picture
    below, above, share = _between(np.array([steps.first[still]]), depth)
    cols = slice(*_reach(x[inside_x], columns))
    lines = slice(*_reach(y[inside_y], rows))
    first, second = ordered[below[0], lines, cols], ordered[above[0], lines, cols]
    values = _blend(first, second, share[0])
    below, above, share = _between(y[inside_y], rows)
    values = _blend(values[below - lines.start], values[above - lines.start], share[:, None])
    below, above, share = _between(x[inside_x], columns)
    values = _blend(values[:, below - cols.start], values[:, above - cols.start], share)
    picture[np.ix_(inside_y, inside_x)] = values
    return picture


def _oblique(voxels: NDArray[Any], steps: _Steps, rows: slice, width: int) -> NDArray[np.float32]:
    """Return some rows of a picture that lies across the volume's axes."""
    x = np.arange(width)[None, :]
    y = np.arange(rows.start, rows.stop)[:, None]
    slices, height, columns = voxels.shape
    counts = (columns, height, slices)
    index = [steps.first[a] + x * steps.along[a] + y * steps.down[a] for a in range(3)]
    inside = _inside(index[0], columns) & _inside(index[1], height) & _inside(index[2], slices)
    picture = np.full(inside.shape, np.nan, np.float32)
    i, j, k = (_between(one[inside], count) for one, count in zip(index, counts, strict=True))
    flat = voxels.reshape(-1)

    def line(at_k: NDArray[np.int64], at_j: NDArray[np.int64]) -> NDArray[np.float32]:
        start = (at_k * height + at_j) * columns
        return _blend(flat.take(start + i[0]), flat.take(start + i[1]), i[2])

    below = _blend(line(k[0], j[0]), line(k[0], j[1]), j[2])
    above = _blend(line(k[1], j[0]), line(k[1], j[1]), j[2])
    picture[inside] = _blend(below, above, k[2])
    return picture


def _inside(index: Any, count: int) -> NDArray[np.bool_]:  # noqa: ANN401 (array or number)
    """Return which indices lie within the voxels, not only between their centres."""
    return np.asarray((index >= -HALF) & (index <= count - 1 + HALF))


def _between(
    index: NDArray[np.float64], count: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    """Return the voxels before and after each index, and the share of the latter."""
    held = np.clip(index, 0, count - 1)
    below = held.astype(np.int64)
    above = np.minimum(below + 1, count - 1)
    return below, above, (held - below).astype(np.float32)


def _reach(index: NDArray[np.float64], count: int) -> tuple[int, int]:
    """Return the voxels, from and to, that some indices need."""
    below, above, _ = _between(np.array([index.min(), index.max()]), count)
    return int(below[0]), int(above[1]) + 1


def _blend(
    first: NDArray[Any],
    second: NDArray[Any],
    share: NDArray[np.float32] | np.float32,
) -> NDArray[np.float32]:
    start = first.astype(np.float32)
    return np.asarray(start + (second - start) * share, np.float32)
