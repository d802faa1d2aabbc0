"""What a markup must be drawn through: how many points, and where."""

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Final, NamedTuple

from imaging.space import Vector, distance_mm, dot, subtract
from sessions.errors import RejectedCommandError
from sessions.plan.anatomy import applied_cuts
from sessions.plan.carrying import leaf_under, leaves_of, world_points
from sessions.plan.records import Anchor, ControlPoint, Markup, MarkupKind, Plan
from sessions.plan.requirements import require_anchor, require_numbers, require_solid


class Count(NamedTuple):
    """How many points a kind of markup has."""

    least: int
    most: int

    def __str__(self) -> str:
        """Say it in a sentence."""
        if self.least != self.most:
            return f"{self.least} to {self.most} points"
        return "1 point" if self.most == 1 else f"{self.most or 'no'} points"


POINTS: Final[Mapping[MarkupKind, Count]] = {
    "point": Count(1, 1),
    "line": Count(2, 2),
    "surface_path": Count(2, 64),
    "angle": Count(3, 3),
    "closed_curve": Count(3, 512),
    "freehand": Count(2, 2048),
    "arrow": Count(2, 2),
    "text": Count(1, 1),
    "roi_ellipse": Count(3, 3),
    "roi_box": Count(2, 2),
    "gap": Count(0, 0),
}

WORDS: Final[Mapping[MarkupKind, str]] = {
    "point": "a point",
    "line": "a line",
    "surface_path": "a path along a surface",
    "angle": "an angle",
    "closed_curve": "a closed curve",
    "freehand": "a freehand line",
    "arrow": "an arrow",
    "text": "a text",
    "roi_ellipse": "an ellipse",
    "roi_box": "a box",
    "gap": "a gap",
}
"""What people call each kind, for sentences."""

IN_IMAGES: Final = frozenset({"roi_ellipse", "roi_box"})
"""Grey values are read where the scanner found them, so nothing carries these along."""

FARTHEST_MM: Final = 5000.0
"""Along each axis from the origin of the images; the longest scan is 2 m."""

OFF_PLANE_MM: Final = 1.0
"""How far a point may be from the slice that it is drawn on: a click that snapped to a surface."""

APART_MM: Final = 1e-3
"""A micron: what is closer is one place, and has no direction."""

SQUARE_COSINE: Final = 0.01
"""Of the angle between the half-axes of an ellipse: half a degree, for hands and for rounding."""


def require_drawable(plan: Plan, markup: Markup) -> None:
    """Refuse points, a slice or solids that a markup of its kind cannot have.

    Raises
    ------
    RejectedCommandError
        The sentence says what was found and what to do.
    """
    _require_count(markup)
    for point in markup.points:
        _require_point(plan, markup, point)
    points = world_points(plan, markup.points)
    if markup.plane is not None:
        _require_on_plane(markup, points)
    match markup.kind:
        case "line" | "arrow" | "angle" | "roi_box":
            _require_apart(markup, points)
        case "roi_ellipse":
            _require_ellipse(markup, points)
        case "surface_path":
            _require_one_solid(plan, markup)
        case "gap":
            _require_two_solids(plan, markup)
        case _:
            pass


def _require_count(markup: Markup) -> None:
    count = POINTS[markup.kind]
    given = len(markup.points)
    if not count.least <= given <= count.most:
        raise RejectedCommandError(f"{WORDS[markup.kind]} has {count}, and {given} came")
    solids = 2 if markup.kind == "gap" else 0
    if len(markup.solid_ids) != solids:
        raise RejectedCommandError(
            "a gap is between two segments or fragments; choose two"
            if solids
            else f"{WORDS[markup.kind]} is drawn through points, and names no solids"
        )


def _require_point(plan: Plan, markup: Markup, point: ControlPoint) -> None:
    require_numbers(point.point_mm, "point")
    if any(abs(it) > FARTHEST_MM for it in point.point_mm):
        raise RejectedCommandError(
            f"a point lies more than {FARTHEST_MM / 1000:.0f} m from the origin of the images; "
            "click on the anatomy"
        )
    if point.solid_id is None:
        return
    if markup.kind in IN_IMAGES:
        raise RejectedCommandError(
            f"{WORDS[markup.kind]} is read in the images; place it there, not on a solid"
        )
    require_anchor(plan, Anchor(solid_id=point.solid_id, point_mm=point.point_mm))


def _require_on_plane(markup: Markup, points: tuple[Vector, ...]) -> None:
    plane = markup.plane
    require_numbers((*plane.origin, *plane.normal) if plane else (), "slice")
    off_mm = max((abs(plane.signed_distance_mm(it)) for it in points if plane), default=0.0)
    if off_mm > OFF_PLANE_MM:
        raise RejectedCommandError(
            f"a point lies {off_mm:.1f} mm off the slice; draw on the slice, or in 3D"
        )


def _require_apart(markup: Markup, points: tuple[Vector, ...]) -> None:
    """Refuse neighbours at one place: they have no direction; so have corners of a flat box."""
    for one, other in pairwise(points):
        if distance_mm(one, other) < APART_MM:
            raise RejectedCommandError(
                f"two points of {WORDS[markup.kind]} are at the same place; draw it larger"
            )


def _require_ellipse(markup: Markup, points: tuple[Vector, ...]) -> None:
    if markup.plane is None:
        raise RejectedCommandError("an ellipse lies on a slice; draw it on one")
    centre, *ends = points
    first, second = (subtract(it, centre) for it in ends)
    lengths = math.hypot(*first), math.hypot(*second)
    if min(lengths) < APART_MM:
        raise RejectedCommandError("the ellipse has no width; draw it larger")
    if abs(dot(first, second)) > SQUARE_COSINE * lengths[0] * lengths[1]:
        raise RejectedCommandError("the half-axes of the ellipse are not at right angles")


def _require_one_solid(plan: Plan, markup: Markup) -> None:
    applied = applied_cuts(plan)
    leaves = {leaf_under(it, applied) for it in markup.points}
    if len(leaves) != 1 or None in leaves:
        raise RejectedCommandError(
            "a path runs along one surface; place all its points on the same segment or fragment"
        )


def _require_two_solids(plan: Plan, markup: Markup) -> None:
    one, other = (require_solid(plan, it) for it in markup.solid_ids)
    applied = applied_cuts(plan)
    first, second = (set(leaves_of(it, applied)) for it in markup.solid_ids)
    if first & second:
        same = one is other
        raise RejectedCommandError(
            f"a gap is between two solids, and {one.name} came twice; choose another one"
            if same
            else f"{one.name} and {other.name} have a piece in common; choose two that are apart"
        )
