"""Where a search for a registration may begin."""

import itertools
from typing import Final, Literal

import numpy as np

from imaging.registration.alignment import Scan
from imaging.registration.body import Body
from imaging.registration.landmarks import LandmarkPair, fit_landmarks
from imaging.space import RigidTransform, Vector, cross, subtract
from imaging.volume import VolumeGeometry

StartName = Literal["identity", "geometry", "moments", "landmarks", "given"]

ALIKE: Final = 0.15
"""Principal moments that differ by less, relatively, do not tell their axes apart."""

TURN_DEG: Final = 24.0
"""Between the turns that are tried about an axis which the moments leave open: as far as a search
finds its way."""


def by_geometry(fixed: VolumeGeometry, moving: VolumeGeometry) -> RigidTransform:
    """Return moving_from_fixed that brings the middles of the grids together, unturned."""
    return RigidTransform(translation_mm=subtract(_middle(moving), _middle(fixed)))


def by_landmarks(pairs: tuple[LandmarkPair, ...]) -> RigidTransform:
    """Return moving_from_fixed of the pairs' fit."""
    return fit_landmarks(pairs).fixed_from_moving.inverse()


def by_moments(fixed: Scan, moving: Scan) -> tuple[RigidTransform, ...]:
    """Return all ways to lay the bodies' middles and principal axes over each other.

    An axis has no sign: four of the eight combinations are rotations. Axes whose moments are
    alike have no direction either: turns about the third are tried. First of all comes the way
    that turns nothing, for patients lie down much the same every time.
    """
    middle = subtract(moving.body.centre, fixed.body.centre)
    ways = [RigidTransform(translation_mm=middle)]
    for signs in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
        axes = _with_signs(moving.body.axes, signs)
        turn = _rotation(fixed.body.axes, axes)
        for extra in _open_turns(fixed.body):
            rotation = (turn @ extra).rotation
            moved = RigidTransform(rotation).apply(fixed.body.centre)
            ways.append(RigidTransform(rotation, subtract(moving.body.centre, moved)))
    return tuple(ways)


def _with_signs(
    axes: tuple[Vector, Vector, Vector], signs: tuple[int, int]
) -> tuple[Vector, Vector, Vector]:
    a, b = (
        (axis[0] * sign, axis[1] * sign, axis[2] * sign)
        for axis, sign in zip(axes[:2], signs, strict=True)
    )
    return a, b, cross(a, b)


def _rotation(
    fixed: tuple[Vector, Vector, Vector], moving: tuple[Vector, Vector, Vector]
) -> RigidTransform:
    """Return the rotation that takes one right-handed set of unit axes to another."""
    pairs = [LandmarkPair(_far(m), _far(f)) for f, m in zip(fixed, moving, strict=True)]
    pairs += [LandmarkPair(_far(m, -1), _far(f, -1)) for f, m in zip(fixed, moving, strict=True)]
    return RigidTransform(fit_landmarks(pairs).fixed_from_moving.rotation)


def _far(axis: Vector, sign: int = 1) -> Vector:
    return (100.0 * sign * axis[0], 100.0 * sign * axis[1], 100.0 * sign * axis[2])


def _open_turns(body: Body) -> tuple[RigidTransform, ...]:
    low, middle, high = body.moments_mm2
    open_axes: list[Vector] = []
    if middle - low < ALIKE * middle:
        open_axes.append(body.axes[2])
    if high - middle < ALIKE * high:
        open_axes.append(body.axes[0])
    angles = np.arange(TURN_DEG, 360.0 - TURN_DEG / 2, TURN_DEG).tolist()
    turns = itertools.product(open_axes, angles)
    return (RigidTransform(), *(RigidTransform.about_axis(axis, angle) for axis, angle in turns))


def _middle(grid: VolumeGeometry) -> Vector:
    k, j, i = grid.shape_kji
    x, y, z = grid.index_to_world(((i - 1) / 2, (j - 1) / 2, (k - 1) / 2)).tolist()
    return (x, y, z)
