"""Places on a surface: which triangle they lie in, and how they become corners of it."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from workspace.errors import PlanningError
from workspace.planning.closest import Points, nearest_in_triangles

FARTHEST_MM: Final = 2.0
"""A point of a drawing may be this far off the surface: the form that a browser draws is 0.01 mm
off, an outline on a slice a fraction of a pixel."""

AT_CORNER: Final = 1e-6
"""Share of a triangle within which a place is one of its corners, or on one of its edges."""


@dataclass(frozen=True, slots=True, eq=False)
class Mesh:
    """Triangles, and what is looked up in them again and again."""

    vertices: Points
    triangles: NDArray[np.int64]
    centres: Points
    longest_edge: NDArray[np.float64]
    """Of each triangle: no point of it is further from its centre."""

    @classmethod
    def of(cls, vertices: Points, triangles: NDArray[np.int64]) -> "Mesh":
        """Return a mesh."""
        corners = vertices[triangles]
        edges = np.linalg.norm(corners - np.roll(corners, 1, axis=1), axis=2)
        return cls(vertices, triangles, corners.mean(axis=1), edges.max(axis=1))

    @property
    def extent_mm(self) -> float:
        """Diagonal of the box around it."""
        return float(np.linalg.norm(np.ptp(self.vertices, axis=0)))


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """A place on a surface."""

    triangle: int
    place: NDArray[np.float64]


def spot_on(mesh: Mesh, point: NDArray[np.float64]) -> Spot:
    """Return the place on a surface that is nearest to a point.

    Raises
    ------
    PlanningError
        It is not near at all.
    """
    apart = np.linalg.norm(mesh.centres - point, axis=1)
    near = np.flatnonzero(apart - mesh.longest_edge <= apart.min())
    places = nearest_in_triangles(np.broadcast_to(point, (len(near), 3)), _corners(mesh, near))
    distances = np.linalg.norm(places - point, axis=1)
    best = int(distances.argmin())
    if distances[best] > FARTHEST_MM:
        raise PlanningError(
            f"A point lies {distances[best]:.1f} mm off the surface; move it onto the surface"
        )
    return Spot(int(near[best]), places[best])


def inserted(mesh: Mesh, place: NDArray[np.float64]) -> tuple[Mesh, int]:
    """Return a mesh with a corner at a place on it, and which one that is."""
    spot = spot_on(mesh, place)
    a, b, c = mesh.triangles[spot.triangle].tolist()
    shares = _shares(mesh.vertices[[a, b, c]], spot.place)
    if shares.max() > 1 - AT_CORNER:
        return mesh, (a, b, c)[int(shares.argmax())]
    new = len(mesh.vertices)
    vertices = np.concatenate([mesh.vertices, spot.place[None]])
    if shares.min() >= AT_CORNER:
        split, halved = [[a, b, new], [b, c, new], [c, a, new]], np.array([spot.triangle])
    else:
        opposite = int(shares.argmin())
        edge = [vertex for corner, vertex in enumerate((a, b, c)) if corner != opposite]
        halved = np.flatnonzero(np.isin(mesh.triangles, edge).sum(axis=1) == len(edge))
        split = [half for it in halved for half in _halves(mesh.triangles[it].tolist(), edge, new)]
    kept = np.delete(mesh.triangles, halved, axis=0)
    return Mesh.of(vertices, np.concatenate([kept, np.array(split, np.int64)])), new


def _halves(triangle: list[int], edge: list[int], new: int) -> list[list[int]]:
    """Return both halves of a triangle, one of whose edges got a corner in its middle."""
    return [[new if vertex == end else vertex for vertex in triangle] for end in edge]


def _corners(mesh: Mesh, triangles: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.asarray(mesh.vertices[mesh.triangles[triangles]])


def _shares(corners: NDArray[np.float64], place: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the barycentric coordinates of a place in a triangle."""
    a, b, c = corners
    normal = np.cross(b - a, c - a)
    size = max(float(normal @ normal), 1e-30)
    v = float(np.cross(place - a, c - a) @ normal) / size
    w = float(np.cross(b - a, place - a) @ normal) / size
    return np.array([1 - v - w, v, w])
