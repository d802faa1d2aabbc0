"""A surface: a closed triangle mesh in the patient, LPS, in mm."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imaging.space import RigidTransform
from segmentation.errors import SurfaceError

Vertices = NDArray[np.float32]
"""(n, 3) positions, LPS, mm."""

Triangles = NDArray[np.int32]
"""(m, 3) indices of vertices, counter-clockwise as seen from outside."""

BoundsMm = tuple[float, float, float, float, float, float]
"""xmin, xmax, ymin, ymax, zmin, zmax."""

MM3_PER_ML = 1000.0
MM2_PER_CM2 = 100.0

SMALLEST_PART_MM3 = 1e-6
"""Less than this is rounding: a cube of 10 µm, far under any voxel."""


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """Triangles around material; their normals point out of it."""

    vertices: Vertices
    """(n, 3), LPS, mm, as scanned; read-only."""
    triangles: Triangles
    """(m, 3), read-only."""

    def __post_init__(self) -> None:
        """Refuse arrays that are no triangle mesh."""
        for name, array, dtype in (
            ("vertices", self.vertices, np.float32),
            ("triangles", self.triangles, np.int32),
        ):
            if array.ndim != 2 or array.shape[1] != 3 or array.dtype != dtype:  # noqa: PLR2004
                raise SurfaceError(
                    f"{name} of shape {array.shape} and type {array.dtype} are no surface; "
                    f"give (n, 3) of {np.dtype(dtype)}"
                )
        if not len(self.triangles):
            raise SurfaceError("the surface holds no triangle; choose other parameters")
        if self.triangles.min() < 0 or self.triangles.max() >= len(self.vertices):
            raise SurfaceError("a triangle names a vertex that the surface does not have")
        if not np.isfinite(self.vertices).all():
            raise SurfaceError("a vertex of the surface is no finite number")
        self.vertices.setflags(write=False)
        self.triangles.setflags(write=False)

    def __repr__(self) -> str:
        """Return the size; the numbers themselves would fill the screen."""
        return f"Surface({len(self.vertices)} vertices, {len(self.triangles)} triangles)"

    @property
    def volume_ml(self) -> float:
        """Volume of the enclosed material, mL; cavities do not count."""
        return float(_signed_volumes_mm3(self).sum()) / MM3_PER_ML

    @property
    def area_cm2(self) -> float:
        """Area of all triangles, cm²."""
        a, b, c = _corners(self)
        return float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum()) / 2 / MM2_PER_CM2

    @property
    def bounds_mm(self) -> BoundsMm:
        """Smallest upright box around the vertices, mm, LPS."""
        low = self.vertices.min(axis=0).tolist()
        high = self.vertices.max(axis=0).tolist()
        return (low[0], high[0], low[1], high[1], low[2], high[2])

    @property
    def is_watertight(self) -> bool:
        """Whether every edge is run through exactly once each way: closed, and two-sided.

        Notes
        -----
        A vertex where two pieces touch in one point is allowed; an edge where they touch is not.
        """
        start = self.triangles.astype(np.int64)
        end = np.roll(start, -1, axis=1)
        if (start == end).any():
            return False
        count = len(self.vertices)
        forth = np.sort((start * count + end).ravel())
        back = np.sort((end * count + start).ravel())
        return bool((forth[1:] != forth[:-1]).all() and np.array_equal(forth, back))

    def parts(self) -> int:
        """Count the separate pieces of material; a cavity inside one is no piece.

        Notes
        -----
        The wall of a cavity faces inwards, so it encloses a negative volume: containment is
        decided by the triangles' orientation, without a point-in-polyhedron test.
        """
        _, volumes_mm3 = shells_of(self)
        return int((volumes_mm3 > SMALLEST_PART_MM3).sum())

    def transformed(self, transform: RigidTransform) -> "Surface":
        """Return the surface, moved."""
        matrix = np.array(transform.matrix())
        moved = self.vertices.astype(np.float64) @ matrix[:3, :3].T + matrix[:3, 3]
        return Surface(moved.astype(np.float32), self.triangles)


def shells_of(surface: Surface) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Return which connected shell each triangle (m,) belongs to, and the shells' volumes, mm³.

    The volume of a cavity's wall is negative.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    start = surface.triangles
    end = np.roll(start, -1, axis=1)
    count = len(surface.vertices)
    present = np.ones(start.size, dtype=np.int8)
    edges = coo_array((present, (start.ravel(), end.ravel())), shape=(count, count))
    shells, shell_of_vertex = connected_components(edges, directed=False)
    shell_of_triangle = shell_of_vertex[start[:, 0]]
    weights = _signed_volumes_mm3(surface)
    volumes_mm3 = np.bincount(shell_of_triangle, weights=weights, minlength=shells)
    return shell_of_triangle, volumes_mm3.astype(np.float64)


def without_crumbs(surface: Surface, crumb_mm3: float) -> Surface:
    """Return `surface` without shells that enclose less than `crumb_mm3`, cavities too.

    A surface of nothing but crumbs is returned as it is.
    """
    shell_of_triangle, volumes_mm3 = shells_of(surface)
    crumbs = np.abs(volumes_mm3) < crumb_mm3
    if not crumbs.any() or crumbs.all():
        return surface
    kept = surface.triangles[~crumbs[shell_of_triangle]]
    if not len(kept):
        return surface
    used, compact = np.unique(kept, return_inverse=True)
    return Surface(surface.vertices[used], compact.reshape(-1, 3).astype(np.int32))


def bending(surface: Surface) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return how the surface lies at each vertex.

    Returns
    -------
    normals : (n, 3) array
        Unit vectors, outward, weighted by the areas of the triangles around the vertex.
    flatness : (n,) array
        1 where these triangles lie in a plane, 0.7 on the edge of a box, towards 0 at the tip of
        a needle.
    """
    corners = surface.vertices[surface.triangles]
    facing = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    together = _sums_at_vertices(surface, facing)
    apart = _sums_at_vertices(surface, np.linalg.norm(facing, axis=1)[:, None])
    length = np.linalg.norm(together, axis=1, keepdims=True)
    least = np.finfo(np.float32).tiny
    return together / np.maximum(length, least), (length / np.maximum(apart, least))[:, 0]


def _sums_at_vertices(surface: Surface, values: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the (n, c) sums, at each vertex, of the rows (m, c) of the triangles around it."""
    corners = surface.triangles.T.ravel()
    count = len(surface.vertices)
    columns = [np.bincount(corners, np.tile(column, 3), count) for column in values.T]
    return np.stack(columns, axis=1).astype(np.float64)


def _corners(surface: Surface) -> tuple[NDArray[np.float64], ...]:
    """Return the three corners of each triangle, (m, 3) each, from the centroid of the vertices.

    A head lies up to a metre from the scanner's origin; products of such coordinates would cost
    the digits that a conserved volume needs.
    """
    vertices = surface.vertices.astype(np.float64)
    vertices -= vertices.mean(axis=0)
    return tuple(vertices[surface.triangles[:, corner]] for corner in range(3))


def _signed_volumes_mm3(surface: Surface) -> NDArray[np.float64]:
    """Return the volume between each triangle and the centroid, mm³ (divergence theorem)."""
    a, b, c = _corners(surface)
    volumes: NDArray[np.float64] = np.einsum("ij,ij->i", a, np.cross(b, c)) / 6
    return volumes
