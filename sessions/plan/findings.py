"""What the server found out about a markup, and what it was computed from.

A markup's own geometry is worked out wherever it is shown (`sessions.plan.figures`). What needs a
surface or the images (a path along a surface, the grey values in a region, the gap between two
solids) is computed beside the room and recorded; it holds as long as its basis does.
"""

from typing import Literal

import msgspec

from imaging.space import RigidTransform, Vector


class Basis(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What findings follow from; with another basis they are another's."""

    world_mm: tuple[Vector, ...] = ()
    """The control points, where they are now."""
    solid_ids: tuple[str, ...] = ()
    """The solids that take part now: what carries each point, empty for a place in the images; of
    a gap, the pieces of both sides."""
    transforms: tuple[RigidTransform, ...] = ()
    """Where each of them is."""


class Findings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was computed; what a kind of markup does not have is None."""

    basis: Basis
    length_mm: float | None = None
    """Along the surface; of a gap, the least distance."""
    area_mm2: float | None = None
    volume_ml: float | None = None
    mean: float | None = None
    """Of the grey values inside; so in the next three."""
    sd: float | None = None
    minimum: float | None = None
    maximum: float | None = None
    voxels: int | None = None
    unit: Literal["HU", ""] = ""
    """Of the grey values."""
    path_mm: tuple[Vector, ...] = ()
    """World: the way along the surface; of a gap, the two points that are nearest."""
    problem: str = ""
    """Why there is nothing else; a sentence for members."""
