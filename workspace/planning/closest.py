"""Nearest points of triangles, segments and each other, for many at once.

References
----------
C. Ericson, Real-Time Collision Detection, 2005, 5.1.5 (point and triangle), 5.1.9 (two segments).
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
"""(n, 3)."""
Corners = NDArray[np.float64]
"""(n, 3, 3): of triangles."""

TINY: Final = 1e-30
"""Square of a length, mm²: what is shorter has none."""

EDGES: Final = ((0, 1), (1, 2), (2, 0))


def dots(a: Points, b: Points) -> NDArray[np.float64]:
    """Return the scalar products, row by row."""
    return np.asarray(np.einsum("...i,...i->...", a, b))


def nearest_in_triangles(points: Points, corners: Corners) -> Points:
    """Return the point of each triangle that is nearest to each point."""
    a, b, c = corners[:, 0], corners[:, 1], corners[:, 2]
    normal = np.cross(b - a, c - a)
    size = np.maximum(dots(normal, normal), TINY)
    offset = points - a
    # Where the foot of the perpendicular lies within, it is the nearest; else one of the edges'.
    v = dots(np.cross(offset, c - a), normal) / size
    w = dots(np.cross(b - a, offset), normal) / size
    best = a + v[:, None] * (b - a) + w[:, None] * (c - a)
    outside = (v < 0) | (w < 0) | (v + w > 1) | (size <= TINY)
    if outside.any():
        best[outside] = _nearest_on_edges(points[outside], corners[outside])
    return best


def nearest_on_segments(points: Points, start: Points, end: Points) -> Points:
    """Return the point of each segment that is nearest to each point."""
    along = end - start
    share = dots(points - start, along) / np.maximum(dots(along, along), TINY)
    return start + np.clip(share, 0, 1)[:, None] * along


def nearest_of_segments(p0: Points, p1: Points, q0: Points, q1: Points) -> tuple[Points, Points]:
    """Return the two points, one of each segment, at which each pair is nearest."""
    d1, d2, r = p1 - p0, q1 - q0, p0 - q0
    a, e, f = dots(d1, d1), dots(d2, d2), dots(d2, r)
    b, c = dots(d1, d2), dots(d1, r)
    denominator = a * e - b * b
    skew = denominator > TINY
    s = np.where(skew, (b * f - c * e) / np.where(skew, denominator, 1), 0).clip(0, 1)
    t = ((b * s + f) / np.maximum(e, TINY)).clip(0, 1)
    s = ((b * t - c) / np.maximum(a, TINY)).clip(0, 1)
    return p0 + s[:, None] * d1, q0 + t[:, None] * d2


def nearest_of_triangles(first: Corners, second: Corners) -> tuple[Points, Points]:
    """Return the two points, one of each triangle, at which each pair is nearest.

    Triangles that run through each other meet in one point.
    """
    found: list[tuple[Points, Points]] = []
    for corner in range(3):
        found.append((first[:, corner], nearest_in_triangles(first[:, corner], second)))
        found.append((nearest_in_triangles(second[:, corner], first), second[:, corner]))
    for i, j in EDGES:
        for k, m in EDGES:
            found.append(nearest_of_segments(first[:, i], first[:, j], second[:, k], second[:, m]))
        found.append(_through(first[:, i], first[:, j], second))
        found.append(_through(second[:, i], second[:, j], first))
    ones = np.stack([one for one, _ in found])
    others = np.stack([other for _, other in found])
    best = np.linalg.norm(ones - others, axis=2).argmin(axis=0)
    rows = np.arange(len(first))
    return ones[best, rows], others[best, rows]


def _nearest_on_edges(points: Points, corners: Corners) -> Points:
    found = np.stack([nearest_on_segments(points, corners[:, i], corners[:, j]) for i, j in EDGES])
    best = np.linalg.norm(found - points, axis=2).argmin(axis=0)
    return np.asarray(found[best, np.arange(len(points))])


def _through(start: Points, end: Points, corners: Corners) -> tuple[Points, Points]:
    """Return where each segment runs through each triangle, twice; far apart where it does not."""
    a = corners[:, 0]
    ab, ac, along = corners[:, 1] - a, corners[:, 2] - a, end - start
    normal = np.cross(ab, ac)
    size = np.maximum(dots(normal, normal), TINY)
    slope = dots(along, normal)
    crossing = np.abs(slope) > TINY
    share = np.where(crossing, dots(a - start, normal) / np.where(crossing, slope, 1), -1)
    point = start + share[:, None] * along
    v = dots(np.cross(point - a, ac), normal) / size
    w = dots(np.cross(ab, point - a), normal) / size
    hit = crossing & (share >= 0) & (share <= 1) & (v >= 0) & (w >= 0) & (v + w <= 1)
    return np.where(hit[:, None], point, start), np.where(hit[:, None], point, start + 1e12)
