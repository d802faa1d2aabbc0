"""The shortest way along a closed surface between two places on it.

Exact on the triangles: the way runs straight within each, and bends nowhere that it could be
shorter. It is found by flipping edges around the shortest way along edges.

References
----------
N. Sharp and K. Crane, "You can find geodesic paths in triangle meshes by just flipping edges",
ACM Transactions on Graphics 39(6), 2020, doi:10.1145/3414685.3417839.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from workspace.errors import PlanningError
from workspace.planning.closest import Points
from workspace.planning.placing import Mesh, Spot, inserted, spot_on

NO_WAY: Final = (
    "The points lie on parts of the surface that do not hang together; place them on one part"
)
FAILED: Final = "The way along the surface could not be computed; move a point a little"

ROUNDING_MM: Final = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Terrain:
    """A surface, prepared for ways along it."""

    mesh: Mesh
    edges: csr_array
    """Length of each edge, by its two vertices."""

    @classmethod
    def of(cls, vertices: Points, triangles: NDArray[np.int64]) -> "Terrain":
        """Prepare a surface: seconds are saved for the next way along it."""
        start, end = triangles.ravel(), np.roll(triangles, -1, axis=1).ravel()
        lengths = np.maximum(np.linalg.norm(vertices[start] - vertices[end], axis=1), ROUNDING_MM)
        one_way = start < end  # of a closed surface each edge is there both ways
        shape = (len(vertices), len(vertices))
        edges = coo_array((lengths[one_way], (start[one_way], end[one_way])), shape=shape)
        return cls(Mesh.of(vertices, triangles), edges.tocsr())


def shortest_way(terrain: Terrain, start: Points, end: Points) -> Points:
    """Return the corners of the shortest way between two places on a surface, mm.

    Raises
    ------
    PlanningError
        A place is not on the surface, or no way leads from one to the other.
    """
    first, last = spot_on(terrain.mesh, start), spot_on(terrain.mesh, end)
    if first.triangle == last.triangle:
        return np.stack([first.place, last.place])
    bound_mm = _bound_mm(terrain, first, last)
    for wider in (1.0, math.inf):  # the whole surface, where a part of it is no whole
        part = _part(terrain.mesh, first, last, bound_mm * wider)
        way = _flipped(part, first, last)
        if way is not None:
            return way
    raise PlanningError(FAILED)


def length_mm(way: Points) -> float:
    """Return the length of a way."""
    return float(np.linalg.norm(np.diff(way, axis=0), axis=1).sum())


def thinned(way: Points, most: int) -> Points:
    """Return a way with at most so many corners, its ends among them, evenly along it."""
    if len(way) <= most:
        return way
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(way, axis=0), axis=1))])
    chosen = np.searchsorted(along, np.linspace(0, along[-1], most)).clip(0, len(way) - 1)
    chosen[0], chosen[-1] = 0, len(way) - 1
    return np.asarray(way[np.unique(chosen)])


def _bound_mm(terrain: Terrain, first: Spot, last: Spot) -> float:
    """Return the length of a way along edges: no shortest way is longer."""
    mesh = terrain.mesh
    limit = 2 * float(np.linalg.norm(first.place - last.place)) + 10.0
    ends = mesh.triangles[last.triangle]
    after = np.linalg.norm(mesh.vertices[ends] - last.place, axis=1)
    begins = mesh.triangles[first.triangle]
    before = np.linalg.norm(mesh.vertices[begins] - first.place, axis=1)
    while True:
        between = dijkstra(terrain.edges, directed=False, indices=begins, limit=limit)[:, ends]
        bound = float((before[:, None] + between + after).min())
        if math.isfinite(bound):
            return bound
        if math.isinf(limit):
            raise PlanningError(NO_WAY)
        limit = limit * 4 if limit < mesh.extent_mm * 4 else math.inf


def _part(mesh: Mesh, first: Spot, last: Spot, bound_mm: float) -> Mesh:
    """Return the triangles that a way of this length can touch; the rest only costs time.

    Every point of such a way is no further from its two ends, added up, than it is long.
    """
    detour = sum(np.linalg.norm(mesh.vertices - it.place, axis=1) for it in (first, last))
    reach = detour[mesh.triangles].min(axis=1) - 2 * mesh.longest_edge
    return _manifold(mesh.vertices, mesh.triangles[reach <= bound_mm + ROUNDING_MM])


def _manifold(vertices: Points, triangles: NDArray[np.int64]) -> Mesh:
    """Return a mesh in which pieces that touch in a vertex only each have one of their own."""
    count, corners = len(triangles), np.arange(triangles.size).reshape(-1, 3)
    start, end = triangles.ravel(), np.roll(triangles, -1, axis=1).ravel()
    at_start, at_end = corners.ravel(), np.roll(corners, -1, axis=1).ravel()
    key = np.minimum(start, end) * len(vertices) + np.maximum(start, end)
    order = np.argsort(key, kind="stable")
    same = (
        order[:-1][key[order[:-1]] == key[order[1:]]],
        order[1:][key[order[:-1]] == key[order[1:]]],
    )
    # Across an edge the corner that starts one side is the corner that ends the other.
    one = np.concatenate([at_start[same[0]], at_end[same[0]]])
    other = np.concatenate([at_end[same[1]], at_start[same[1]]])
    links = coo_array((np.ones(len(one), bool), (one, other)), shape=(3 * count, 3 * count))
    total, fan = connected_components(links, directed=False)
    places = np.empty((total, 3))
    places[fan] = vertices[triangles.ravel()]
    return Mesh.of(places, fan.reshape(-1, 3).astype(np.int64))


def _flipped(part: Mesh, first: Spot, last: Spot) -> Points | None:
    """Return the way within a part of a surface; None where the part does not hold one."""
    import potpourri3d

    split, start = inserted(part, first.place)
    split, end = inserted(split, last.place)
    piece = _piece_with(split.triangles, start)
    used, renumbered = np.unique(piece, return_inverse=True)
    if end not in used:
        return None
    ends = [int(np.searchsorted(used, vertex)) for vertex in (start, end)]
    try:
        solver = potpourri3d.EdgeFlipGeodesicSolver(
            split.vertices[used], renumbered.reshape(-1, 3).astype(np.int32)
        )
        way = np.asarray(solver.find_geodesic_path(*ends), np.float64)
    except (RuntimeError, ValueError):
        return None
    return way if np.isfinite(way).all() else None


def _piece_with(triangles: NDArray[np.int64], vertex: int) -> NDArray[np.int64]:
    """Return the triangles that hang together with a vertex."""
    start, end = triangles.ravel(), np.roll(triangles, -1, axis=1).ravel()
    count = int(triangles.max()) + 1
    links = coo_array((np.ones(len(start), bool), (start, end)), shape=(count, count))
    _, label = connected_components(links, directed=False)
    return np.asarray(triangles[label[triangles[:, 0]] == label[vertex]])
