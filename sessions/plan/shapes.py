"""Length, angle, area and volume of points, with their first derivatives. Plain geometry.

Each function returns the value and, for each point, how the value changes with it: what a standard
uncertainty is propagated by. A value that has no derivative there has None for all.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from imaging.space import Vector, add, cross, dot, scale, subtract

TINY: Final = 1e-12
"""Of a length in mm, or a sine: what is smaller has no direction."""

FLAT_MM: Final = 1e-3
"""A micron: a box that is no thicker was drawn on one slice."""

ORIGIN: Final[Vector] = (0.0, 0.0, 0.0)


class Quantity(NamedTuple):
    """A value and its derivatives."""

    value: float
    gradients: tuple[Vector, ...] | None
    """By each point, in units by mm; None: there is none."""


def direction_of(vector: Vector) -> Vector:
    """Return the unit vector along a vector, or zero along none."""
    length = math.hypot(*vector)
    return ORIGIN if length <= TINY else scale(vector, 1 / length)


def polyline_length_mm(points: Sequence[Vector]) -> Quantity:
    """Return the length of a line through points, mm."""
    steps = [subtract(b, a) for a, b in pairwise(points)]
    gradients = [ORIGIN for _ in points]
    for number, step in enumerate(steps):
        along = direction_of(step)
        gradients[number] = subtract(gradients[number], along)
        gradients[number + 1] = add(gradients[number + 1], along)
    return Quantity(math.fsum(math.hypot(*step) for step in steps), tuple(gradients))


def perimeter_mm(points: Sequence[Vector]) -> Quantity:
    """Return the length of a closed line through points, mm."""
    length, gradients = polyline_length_mm((*points, points[0]))
    assert gradients is not None
    return Quantity(length, (add(gradients[0], gradients[-1]), *gradients[1:-1]))


def angle_deg(one: Vector, vertex: Vector, other: Vector) -> Quantity:
    """Return the angle at `vertex`, 0 to 180 degrees; exact for small ones, too."""
    first, second = subtract(one, vertex), subtract(other, vertex)
    normal = cross(first, second)
    sine, cosine = math.hypot(*normal), dot(first, second)
    value = math.degrees(math.atan2(sine, cosine))
    lengths = math.hypot(*first), math.hypot(*second)
    if sine <= TINY * lengths[0] * lengths[1]:
        return Quantity(value, None)  # straight or folded: any move bends it, whatever the way
    turn = scale(normal, 1 / sine)
    by_one = scale(cross(first, turn), math.degrees(1) / lengths[0] ** 2)
    by_other = scale(cross(turn, second), math.degrees(1) / lengths[1] ** 2)
    return Quantity(value, (by_one, scale(add(by_one, by_other), -1), by_other))


def polygon_area_mm2(points: Sequence[Vector]) -> Quantity:
    """Return the area of a closed line on its own mean plane, mm2.

    References
    ----------
    M. E. Newell's normal, as in I. E. Sutherland et al., ACM Computing Surveys 6(1), 1974, p. 15.
    """
    middle = scale(_sum(points), 1 / len(points))
    around = [subtract(it, middle) for it in points]
    doubled = _sum([cross(a, b) for a, b in zip(around, (*around[1:], around[0]), strict=True)])
    size = math.hypot(*doubled)
    if size <= TINY:
        return Quantity(0.0, None)
    normal = scale(doubled, 1 / size)
    neighbours = zip((around[-1], *around[:-1]), (*around[1:], around[0]), strict=True)
    gradients = tuple(
        scale(cross(subtract(after, before), normal), 0.5) for before, after in neighbours
    )
    return Quantity(size / 2, gradients)


def ellipse_area_mm2(centre: Vector, first: Vector, second: Vector) -> Quantity:
    """Return the area of an ellipse by its centre and the ends of two half-axes, mm2."""
    one, other = subtract(first, centre), subtract(second, centre)
    lengths = math.hypot(*one), math.hypot(*other)
    by_first = scale(direction_of(one), math.pi * lengths[1])
    by_second = scale(direction_of(other), math.pi * lengths[0])
    by_centre = scale(add(by_first, by_second), -1)
    return Quantity(math.pi * lengths[0] * lengths[1], (by_centre, by_first, by_second))


def box_volume_ml(corner: Vector, opposite: Vector) -> Quantity:
    """Return the volume of a box along the axes, mL."""
    dx, dy, dz = subtract(opposite, corner)
    volume = dx * dy * dz
    sign = math.copysign(1e-3, volume)
    by_opposite = (sign * dy * dz, sign * dx * dz, sign * dx * dy)
    return Quantity(abs(volume) / 1000, (scale(by_opposite, -1), by_opposite))


def flat_axis(corner: Vector, opposite: Vector) -> int | None:
    """Return the axis across which a box is flat: it was drawn on one slice; None: it is solid."""
    extents = [abs(it) for it in subtract(opposite, corner)]
    axis = min(range(3), key=lambda it: extents[it])
    return axis if extents[axis] < FLAT_MM else None


def rectangle_area_mm2(corners: Sequence[Vector], flat: int) -> Quantity:
    """Return the area of a rectangle across an axis by opposite corners, mm2."""
    extents = subtract(corners[1], corners[0])
    one, other = (axis for axis in range(3) if axis != flat)
    area = extents[one] * extents[other]
    slopes = [0.0, 0.0, 0.0]
    slopes[one] = math.copysign(1.0, area) * extents[other]
    slopes[other] = math.copysign(1.0, area) * extents[one]
    by_opposite: Vector = (slopes[0], slopes[1], slopes[2])
    return Quantity(abs(area), (scale(by_opposite, -1), by_opposite))


@lru_cache(maxsize=512)
def crosses_itself(points: tuple[Vector, ...]) -> bool:
    """Say whether a closed line crosses or touches itself, seen square to its mean plane.

    Such a line has no single area. Sides are compared in the order of where they begin along one
    direction, so that of a drawn outline each meets a few others only.
    """
    apart = [
        b for a, b in zip((points[-1], *points), points, strict=False) if math.dist(a, b) > TINY
    ]
    count = len(apart)
    if count < 4:  # noqa: PLR2004 (three sides meet at their corners only)
        return False
    flat = _flattened(apart)
    sides = sorted(
        (min(flat[n][0], flat[(n + 1) % count][0]), max(flat[n][0], flat[(n + 1) % count][0]), n)
        for n in range(count)
    )
    for place, (_, end, one) in enumerate(sides):
        for begin, _, other in sides[place + 1 :]:
            if begin > end:
                break
            if (one - other) % count in {1, count - 1}:
                continue  # neighbours share a point
            if _cross(flat[one], flat[(one + 1) % count], flat[other], flat[(other + 1) % count]):
                return True
    return False


_Flat = tuple[float, float]


def _flattened(points: Sequence[Vector]) -> list[_Flat]:
    """Return points along two directions square to the mean plane's normal."""
    middle = scale(_sum(points), 1 / len(points))
    around = [subtract(it, middle) for it in points]
    normal = direction_of(
        _sum([cross(a, b) for a, b in zip(around, (*around[1:], around[0]), strict=True)])
    )
    least = min(range(3), key=lambda axis: abs(normal[axis]))
    axis: Vector = (float(least == 0), float(least == 1), float(least == 2))  # noqa: PLR2004 (z)
    right = direction_of(cross(normal, axis)) if normal != ORIGIN else (1.0, 0.0, 0.0)
    up = cross(normal, right) if normal != ORIGIN else (0.0, 1.0, 0.0)
    return [(dot(it, right), dot(it, up)) for it in around]


def _cross(a: _Flat, b: _Flat, c: _Flat, d: _Flat) -> bool:
    """Say whether the segment from a to b meets that from c to d."""
    one, other = _turn(a, b, c), _turn(a, b, d)
    third, fourth = _turn(c, d, a), _turn(c, d, b)
    if ((one > 0) != (other > 0)) and ((third > 0) != (fourth > 0)):
        return True
    return any(
        turn == 0 and _between(start, end, it)
        for turn, start, end, it in (
            (one, a, b, c),
            (other, a, b, d),
            (third, c, d, a),
            (fourth, c, d, b),
        )
    )


def _turn(a: _Flat, b: _Flat, c: _Flat) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _between(a: _Flat, b: _Flat, c: _Flat) -> bool:
    return all(min(a[n], b[n]) <= c[n] <= max(a[n], b[n]) for n in (0, 1))


def _sum(vectors: Sequence[Vector]) -> Vector:
    x, y, z = (math.fsum(it[axis] for it in vectors) for axis in range(3))
    return (x, y, z)
