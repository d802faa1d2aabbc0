"""How far off a measured value may be: the standard uncertainty of its points, propagated.

A point was clicked somewhere in a voxel: each of its coordinates along the grid is uniform within
half a voxel, so that its standard uncertainty is the spacing over the square root of 12 (JCGM
100:2008, 4.3.7). On a surface there is the surface's own error beside it. Points are independent,
and a value is taken to change with them as its first derivatives say (JCGM 100:2008, 5.1.2).
"""

import math
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from imaging.space import RigidTransform, Vector, dot, scale
from sessions.plan.anatomy import AS_SCANNED, solid_of, transform_of
from sessions.plan.records import CaseSource, Plan, SolidId

P95_IN_SIGMA: Final = 1.645
"""How many standard deviations 95 of 100 errors stay below."""

SPAN_IN_SIGMA: Final = math.sqrt(12)
"""How many standard deviations a uniform distribution is wide."""

LPS_AXES: Final[tuple[Vector, Vector, Vector]] = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
"""Of the grid, where a case does not tell them."""


class Spread(msgspec.Struct, frozen=True):
    """How uncertain one point is."""

    voxel_mm: tuple[Vector, Vector, Vector]
    """The standard uncertainty along each axis of the grid, as that axis points in the world."""
    surface_mm: float = 0.0
    """Standard deviation of the surface that the point is on, each way."""

    def variance_along(self, gradient: Vector) -> float:
        """Return the variance of what changes with the point by `gradient`."""
        voxel = sum(dot(axis, gradient) ** 2 for axis in self.voxel_mm)
        return voxel + self.surface_mm**2 * dot(gradient, gradient)


def spread_on(plan: Plan, solid_id: SolidId | None) -> Spread | None:
    """Return how uncertain a point on a solid is, or one in the images.

    None where nobody knows which images it is in.
    """
    if plan.source is None:
        return None
    solid = None if solid_id is None else solid_of(plan, solid_id)
    if solid is None or solid_id is None:
        return Spread(_voxel_mm(plan.source, AS_SCANNED))
    surface_mm = solid.surface.error_p95_mm / P95_IN_SIGMA
    return Spread(_voxel_mm(plan.source, transform_of(plan, solid_id)), surface_mm)


def spreads_on(plan: Plan, solid_ids: Iterable[SolidId | None]) -> list[Spread | None]:
    """Return how uncertain points on these solids are, in the same order."""
    solid_ids = tuple(solid_ids)
    known = {it: spread_on(plan, it) for it in set(solid_ids)}
    return [known[it] for it in solid_ids]


def _voxel_mm(source: CaseSource, moved: RigidTransform) -> tuple[Vector, Vector, Vector]:
    axes = LPS_AXES if isinstance(source.axes, msgspec.UnsetType) else source.axes
    i, j, k = (
        scale(moved.apply_direction(axis), spacing / SPAN_IN_SIGMA)
        for axis, spacing in zip(axes, source.spacing_mm, strict=True)
    )
    return i, j, k


def propagated(gradients: Iterable[Vector], spreads: Sequence[Spread | None]) -> float | None:
    """Return the standard uncertainty of a value with these derivatives by its points.

    Parameters
    ----------
    gradients : iterable of Vector
        For each point, how the value changes with it, by mm along x, y and z.
    spreads : sequence of Spread or None
        For each point; with one that is not known, neither is the value's.
    """
    total = 0.0
    for gradient, spread in zip(gradients, spreads, strict=True):
        if spread is None:
            return None
        total += spread.variance_along(gradient)
    return math.sqrt(total)
