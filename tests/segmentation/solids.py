"""Closed surfaces of known size, for tests."""

import manifold3d
import numpy as np

from segmentation.surface.mesh import Surface
from segmentation.surface.solid import surface_of_solid

Point = tuple[float, float, float]


def ball(radius_mm: float, centre: Point = (0, 0, 0), segments: int = 64) -> Surface:
    """Return a ball of flat facets: a little less than the round one."""
    return ellipsoid((radius_mm, radius_mm, radius_mm), centre, segments)


def ellipsoid(axes_mm: Point, centre: Point = (0, 0, 0), segments: int = 64) -> Surface:
    solid = manifold3d.Manifold.sphere(1, segments).scale(axes_mm).translate(centre)
    return surface_of_solid(solid)


def box(size_mm: Point, corner: Point = (0, 0, 0)) -> Surface:
    return surface_of_solid(manifold3d.Manifold.cube(size_mm).translate(corner))


def torus(ring_mm: float, tube_mm: float, segments: int = 128) -> Surface:
    circle = manifold3d.CrossSection.circle(tube_mm, segments).translate((ring_mm, 0))
    return surface_of_solid(manifold3d.Manifold.revolve(circle, segments))


def shell(outer_mm: float, inner_mm: float) -> Surface:
    """Return a hollow ball: one piece of material around a cavity."""
    return joined(ball(outer_mm), reversed_surface(ball(inner_mm)))


def joined(first: Surface, second: Surface) -> Surface:
    """Return both surfaces as one, without looking at how they lie."""
    return Surface(
        np.concatenate([first.vertices, second.vertices]),
        np.concatenate([first.triangles, second.triangles + np.int32(len(first.vertices))]),
    )


def reversed_surface(surface: Surface) -> Surface:
    """Return the same triangles, facing the other way."""
    return Surface(surface.vertices, np.ascontiguousarray(surface.triangles[:, ::-1]))


def opened(surface: Surface) -> Surface:
    """Return the surface without one of its triangles."""
    return Surface(surface.vertices, surface.triangles[:-1])
