"""Surfaces as solids of manifold3d, which keeps them closed whatever is done to them."""

from typing import TYPE_CHECKING

import numpy as np

from segmentation.errors import SurfaceError
from segmentation.surface.mesh import Surface

if TYPE_CHECKING:
    from manifold3d import Manifold


def solid_of(surface: Surface) -> "Manifold":
    """Return the solid inside `surface`.

    Raises
    ------
    SurfaceError
        If the surface is open or its triangles do not agree on what is outside.

    Notes
    -----
    The 64-bit mesh is used for its tolerance: the 32-bit one lets every later step move vertices
    by some 1e-5 of the surface's size.
    """
    import manifold3d

    mesh = manifold3d.Mesh64(
        vert_properties=surface.vertices.astype(np.float64),
        tri_verts=surface.triangles.astype(np.uint64),
    )
    solid = manifold3d.Manifold(mesh)
    if solid.status() != manifold3d.Error.NoError:
        raise SurfaceError(
            f"the surface of {len(surface.triangles)} triangles is open or folded onto itself "
            f"({solid.status().name}), so that it encloses nothing; make it anew"
        )
    return solid


def surface_of_solid(solid: "Manifold") -> Surface:
    """Return the closed surface around `solid`; vertices are rounded to float32."""
    mesh = solid.to_mesh64()
    vertices = np.asarray(mesh.vert_properties)[:, :3].astype(np.float32)
    triangles = np.asarray(mesh.tri_verts).astype(np.int64)
    if len(mesh.merge_from_vert):
        target = np.arange(len(vertices))
        target[np.asarray(mesh.merge_from_vert)] = np.asarray(mesh.merge_to_vert)
        triangles = target[triangles]
    used, compact = np.unique(triangles, return_inverse=True)
    return Surface(vertices[used], compact.reshape(-1, 3).astype(np.int32))
