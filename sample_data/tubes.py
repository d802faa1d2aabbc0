"""Round tubes, straight, in a ring and wound, as signed distances."""

import math
from dataclasses import dataclass

import numpy as np

from imaging.space import Vector, add, scale, subtract
from sample_data.shapes import Bounds, Floats, box_around, length_mm


@dataclass(frozen=True, slots=True)
class Torus:
    """A ring about z."""

    centre: Vector
    ring_radius_mm: float
    tube_radius_mm: float

    @property
    def bounds(self) -> Bounds:
        """An upright box around the shape, mm."""
        outer = self.ring_radius_mm + self.tube_radius_mm
        return box_around(self.centre, (outer, outer, self.tube_radius_mm))

    def signed_distance_mm(self, points: Floats) -> Floats:
        """Return the exact distance."""
        offset = points - self.centre
        from_ring = np.hypot(offset[..., 0], offset[..., 1]) - self.ring_radius_mm
        return np.hypot(from_ring, offset[..., 2]) - self.tube_radius_mm


@dataclass(frozen=True, slots=True)
class Cylinder:
    """A rod with flat ends."""

    start: Vector
    end: Vector
    radius_mm: float

    @property
    def bounds(self) -> Bounds:
        """An upright box around the shape, mm."""
        return _around_rod(self.start, self.end, self.radius_mm)

    def signed_distance_mm(self, points: Floats) -> Floats:
        """Return the exact distance."""
        length = math.dist(self.start, self.end)
        axis = np.subtract(self.end, self.start) / length
        offset = points - self.start
        along = offset @ axis
        beside = length_mm(offset - along[..., None] * axis) - self.radius_mm
        beyond = np.abs(along - length / 2) - length / 2
        outside = np.hypot(np.maximum(beside, 0), np.maximum(beyond, 0))
        return outside + np.minimum(np.maximum(beside, beyond), 0)


@dataclass(frozen=True, slots=True)
class Capsule:
    """A rod with round ends: all points within a radius of a segment."""

    start: Vector
    end: Vector
    radius_mm: float

    @property
    def bounds(self) -> Bounds:
        """An upright box around the shape, mm."""
        return _around_rod(self.start, self.end, self.radius_mm)

    def signed_distance_mm(self, points: Floats) -> Floats:
        """Return the exact distance."""
        rod = np.subtract(self.end, self.start)
        offset = points - self.start
        along = np.clip(offset @ rod / (rod @ rod), 0, 1)
        return length_mm(offset - along[..., None] * rod) - self.radius_mm


@dataclass(frozen=True, slots=True)
class Helix:
    """A round tube wound once about z, from azimuth -180 to 180 degrees, with round ends."""

    winding_radius_mm: float
    tube_radius_mm: float
    pitch_mm: float
    """Rise along z of the one turn, which is centred on z = 0."""

    @property
    def bounds(self) -> Bounds:
        """An upright box around the shape, mm."""
        outer = self.winding_radius_mm + self.tube_radius_mm
        return box_around((0, 0, 0), (outer, outer, self.pitch_mm / 2 + self.tube_radius_mm))

    def height_mm(self, azimuth_rad: float) -> float:
        """Return the centreline's z at an azimuth between -pi and pi."""
        return self.pitch_mm * azimuth_rad / (2 * math.pi)

    def signed_distance_mm(self, points: Floats) -> Floats:
        """Return the distance to the nearest point of the centreline, less the tube's radius.

        The nearest point is found by Newton's method from the point's own azimuth, and from the
        turn's two ends, where the nearest point may lie on the far side of the seam.
        """
        azimuth = np.arctan2(points[..., 1], points[..., 0])
        starts = (azimuth, np.full_like(azimuth, -math.pi), np.full_like(azimuth, math.pi))
        squares = [self._squared_distance(points, self._descend(points, t)) for t in starts]
        return np.asarray(np.sqrt(np.minimum.reduce(squares)) - self.tube_radius_mm)

    def _descend(self, points: Floats, start: Floats) -> Floats:
        x, y, z = points[..., 0], points[..., 1], points[..., 2]
        rise = self.pitch_mm / (2 * math.pi)
        t = start
        for _ in range(
            4
        ):  # quadratic from within a tube's radius: 4 steps leave nothing at 1e-9 mm
            along = x * np.cos(t) + y * np.sin(t)
            across = x * np.sin(t) - y * np.cos(t)
            gradient = self.winding_radius_mm * across - rise * (z - rise * t)
            curvature = np.maximum(self.winding_radius_mm * along, 0) + rise**2
            t = np.clip(t - gradient / curvature, -math.pi, math.pi)
        return t

    def _squared_distance(self, points: Floats, t: Floats) -> Floats:
        rise = self.pitch_mm / (2 * math.pi)
        dx = points[..., 0] - self.winding_radius_mm * np.cos(t)
        dy = points[..., 1] - self.winding_radius_mm * np.sin(t)
        return np.asarray(dx**2 + dy**2 + (points[..., 2] - rise * t) ** 2)


def _around_rod(start: Vector, end: Vector, radius_mm: float) -> Bounds:
    half = scale(subtract(end, start), 0.5)
    extent: Vector = (abs(half[0]) + radius_mm, abs(half[1]) + radius_mm, abs(half[2]) + radius_mm)
    return box_around(add(start, half), extent)
