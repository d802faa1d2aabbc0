"""Solid shapes as signed distances, so that a voxel's share of a shape can be computed."""

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from imaging.space import Plane, Vector, add, subtract

Floats = NDArray[np.float64]

Bounds = tuple[Vector, Vector]
"""Lowest and highest corner of an upright box, mm; infinite where a shape has no end."""


class Shape(Protocol):
    """A solid, known by how far a point lies from its surface."""

    @property
    def bounds(self) -> Bounds:
        """An upright box around the shape, mm."""
        ...

    def signed_distance_mm(self, points: Floats) -> Floats:
        """Return the distance to the surface, negative inside.

        Its sign is exact; its size is right to second order near the surface, and farther away
        never so large that a voxel which the surface crosses would be overlooked.

        Parameters
        ----------
        points : (..., 3) float64 array
            mm, in the scene's frame.

        Returns
        -------
        (...) float64 array
            mm.
        """
        ...


@dataclass(frozen=True, slots=True)
class Ball:
    """All points within a radius."""

    centre: Vector
    radius_mm: float

    @property
    def bounds(self) -> Bounds:
        """An upright box around the shape, mm."""
        return box_around(self.centre, (self.radius_mm,) * 3)

    def signed_distance_mm(self, points: Floats) -> Floats:
        """Return the exact distance."""
        return length_mm(points - self.centre) - self.radius_mm


@dataclass(frozen=True, slots=True)
class Spheroid:
    """An ellipsoid of revolution about z."""

    centre: Vector
    radius_mm: float
    """Semi-axis along x and y."""
    half_height_mm: float
    """Semi-axis along z."""

    @property
    def bounds(self) -> Bounds:
        """An upright box around the shape, mm."""
        return box_around(self.centre, (self.radius_mm, self.radius_mm, self.half_height_mm))

    def signed_distance_mm(self, points: Floats) -> Floats:
        """Return the implicit function over its gradient: the distance to first order.

        With f = |p/r|, f (f - 1) / |p/r²| has the sign of f - 1 and slope one on the surface.
        """
        across2 = (points[..., 0] - self.centre[0]) ** 2 + (points[..., 1] - self.centre[1]) ** 2
        along2 = (points[..., 2] - self.centre[2]) ** 2
        a2, c2 = self.radius_mm**2, self.half_height_mm**2
        level = np.sqrt(across2 / a2 + along2 / c2)
        slope = np.sqrt(across2 / a2**2 + along2 / c2**2)
        smallest = np.full_like(level, min(self.radius_mm, self.half_height_mm))
        size = np.divide(level, slope, out=smallest, where=slope > 0)
        return np.asarray(size * (level - 1))


@dataclass(frozen=True, slots=True)
class Box:
    """An upright box."""

    centre: Vector
    half_size_mm: Vector

    @property
    def bounds(self) -> Bounds:
        """An upright box around the shape, mm: itself."""
        return box_around(self.centre, self.half_size_mm)

    def signed_distance_mm(self, points: Floats) -> Floats:
        """Return the exact distance."""
        excess = np.abs(points - self.centre) - self.half_size_mm
        inside = np.minimum(excess.max(axis=-1), 0)
        return np.asarray(length_mm(np.maximum(excess, 0)) + inside)


@dataclass(frozen=True, slots=True)
class HalfSpace:
    """Everything on the negative side of a plane."""

    plane: Plane

    @property
    def bounds(self) -> Bounds:
        """No bounds."""
        return (-math.inf,) * 3, (math.inf,) * 3

    def signed_distance_mm(self, points: Floats) -> Floats:
        """Return the exact distance."""
        return np.asarray((points - self.plane.origin) @ np.array(self.plane.normal))


@dataclass(frozen=True, slots=True)
class Union:
    """What lies in any of the shapes."""

    shapes: tuple[Shape, ...]

    @property
    def bounds(self) -> Bounds:
        """An upright box around the shapes, mm."""
        corners = np.array([shape.bounds for shape in self.shapes])
        return _bounds(corners[:, 0].min(axis=0), corners[:, 1].max(axis=0))

    def signed_distance_mm(self, points: Floats) -> Floats:
        """Return the exact distance outside, at most the distance inside."""
        distance = self.shapes[0].signed_distance_mm(points)
        for shape in self.shapes[1:]:
            distance = np.minimum(distance, shape.signed_distance_mm(points))
        return distance


@dataclass(frozen=True, slots=True)
class Intersection:
    """What lies in all of the shapes."""

    shapes: tuple[Shape, ...]

    @property
    def bounds(self) -> Bounds:
        """An upright box around what the shapes' boxes share, mm."""
        corners = np.array([shape.bounds for shape in self.shapes])
        return _bounds(corners[:, 0].max(axis=0), corners[:, 1].min(axis=0))

    def signed_distance_mm(self, points: Floats) -> Floats:
        """Return the exact distance inside, at most the distance outside."""
        distance = self.shapes[0].signed_distance_mm(points)
        for shape in self.shapes[1:]:
            distance = np.maximum(distance, shape.signed_distance_mm(points))
        return distance


@dataclass(frozen=True, slots=True)
class Difference:
    """What lies in one shape but not in another."""

    whole: Shape
    removed: Shape

    @property
    def bounds(self) -> Bounds:
        """An upright box around the whole, mm."""
        return self.whole.bounds

    def signed_distance_mm(self, points: Floats) -> Floats:
        """Return at most the distance; exact near the surface, away from edges."""
        return np.maximum(
            self.whole.signed_distance_mm(points), -self.removed.signed_distance_mm(points)
        )


def length_mm(vectors: Floats) -> Floats:
    """Return the lengths (...) of vectors (..., 3), mm."""
    return np.sqrt(vectors[..., 0] ** 2 + vectors[..., 1] ** 2 + vectors[..., 2] ** 2)


def _bounds(low: Floats, high: Floats) -> Bounds:
    return (float(low[0]), float(low[1]), float(low[2])), (
        float(high[0]),
        float(high[1]),
        float(high[2]),
    )


def corners_of(bounds: Bounds) -> list[Vector]:
    """Return the eight corners of an upright box, mm."""
    (x0, y0, z0), (x1, y1, z1) = bounds
    return [(x, y, z) for x in (x0, x1) for y in (y0, y1) for z in (z0, z1)]


def box_around(centre: Vector, half_size: Vector) -> Bounds:
    """Return the upright box of that half size, mm."""
    return subtract(centre, half_size), add(centre, half_size)
