"""What a markup measures now, with standard uncertainties: what every screen and export shows."""

from collections.abc import Mapping, Sequence
from typing import Final, Literal

import msgspec

from imaging.space import Vector, add, distance_mm, subtract
from sessions.plan.anatomy import AppliedCuts, applied_cuts
from sessions.plan.carrying import basis_of, leaf_under, leaves_of, world_point
from sessions.plan.findings import Findings
from sessions.plan.records import Markup, Plan, SolidId
from sessions.plan.shapes import (
    Quantity,
    angle_deg,
    box_volume_ml,
    crosses_itself,
    direction_of,
    ellipse_area_mm2,
    flat_axis,
    perimeter_mm,
    polygon_area_mm2,
    polyline_length_mm,
    rectangle_area_mm2,
)
from sessions.plan.uncertainty import Spread, propagated, spread_on, spreads_on

Extent = Literal["length", "angle", "area", "perimeter", "volume", "distance"]
GreyValue = Literal["mean", "sd", "minimum", "maximum", "voxels"]
FigureName = Extent | GreyValue
FigureUnit = Literal["mm", "deg", "mm2", "mL", "HU", ""]

COMPUTED: Final = frozenset({"surface_path", "roi_ellipse", "roi_box", "gap"})
"""Kinds of which the server has to compute something beside the room."""

CLOSED: Final = "both sides of the gap are one piece now; measure it anew once they are apart"
CROSSING: Final = "the curve crosses itself, so it has no single area; draw it anew"


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One measured value."""

    name: FigureName
    value: float
    unit: FigureUnit
    uncertainty: float | None = None
    """Standard uncertainty (k = 1), in the same unit; None: it is not known."""


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """What a markup measures now."""

    figures: tuple[Figure, ...] = ()
    pending: bool = False
    """The server has yet to compute it."""
    problem: str = ""
    """Why something is missing; a sentence for members."""


def is_awaited(markup: Markup) -> bool:
    """Say whether the server computes something of markups like this one."""
    return markup.kind in COMPUTED


def is_current(plan: Plan, markup: Markup, applied: AppliedCuts | None = None) -> bool:
    """Say whether what was computed of a markup still holds, or nothing has to be."""
    applied = applied_cuts(plan) if applied is None else applied
    if not is_awaited(markup) or _is_closed(markup, applied):
        return True
    return markup.findings is not None and markup.findings.basis == basis_of(plan, markup, applied)


def awaited(plan: Plan) -> tuple[Markup, ...]:
    """Return the markups of which the server has yet to compute something."""
    applied = applied_cuts(plan)
    return tuple(it for it in plan.markups.values() if not is_current(plan, it, applied))


def measured(plan: Plan, markup: Markup, applied: AppliedCuts | None = None) -> Measured:
    """Return what a markup measures as things stand."""
    applied = applied_cuts(plan) if applied is None else applied
    points = tuple(world_point(plan, it, applied) for it in markup.points)
    spreads = spreads_on(plan, (leaf_under(it, applied) for it in markup.points))
    figures = _drawn(markup, points, spreads)
    if not is_awaited(markup):
        crossing = markup.kind == "closed_curve" and crosses_itself(points)
        return Measured(figures=figures, problem=CROSSING if crossing else "")
    if _is_closed(markup, applied):
        return Measured(problem=CLOSED)
    if markup.findings is None or not is_current(plan, markup, applied):
        return Measured(figures=figures, pending=True)
    found = markup.findings
    sides = (_roughest(plan, leaves_of(it, applied)) for it in markup.solid_ids)
    spreads += sides
    figures = (*figures, *_found(markup, points, spreads), *_grey_values(found))
    return Measured(figures=figures, problem=found.problem)


def _is_closed(markup: Markup, applied: AppliedCuts) -> bool:
    """Say whether both sides of a gap are one piece, as when the cut between them is undone."""
    if markup.kind != "gap":
        return False
    one, *others = (set(leaves_of(it, applied)) for it in markup.solid_ids)
    return any(one & other for other in others)


def _drawn(  # noqa: PLR0911 (one per kind)
    markup: Markup, points: tuple[Vector, ...], spreads: Sequence[Spread | None]
) -> tuple[Figure, ...]:
    """Return what follows from the points alone."""
    match markup.kind:
        case "line" | "freehand":
            return (_figure("length", "mm", polyline_length_mm(points), spreads),)
        case "angle":
            return (_figure("angle", "deg", angle_deg(*points), spreads),)
        case "closed_curve":
            around = _figure("perimeter", "mm", perimeter_mm(points), spreads)
            if crosses_itself(points):
                return (around,)
            return (_figure("area", "mm2", polygon_area_mm2(points), spreads), around)
        case "roi_ellipse":
            return (_figure("area", "mm2", ellipse_area_mm2(*points), spreads),)
        case "roi_box":
            flat = flat_axis(*points)
            if flat is not None:
                return (_figure("area", "mm2", rectangle_area_mm2(points, flat), spreads),)
            return (_figure("volume", "mL", box_volume_ml(*points), spreads),)
        case _:
            return ()


def _found(
    markup: Markup, points: tuple[Vector, ...], spreads: Sequence[Spread | None]
) -> tuple[Figure, ...]:
    """Return what was computed along a surface or between two."""
    found = markup.findings
    if found is None or found.length_mm is None:
        return ()
    if markup.kind == "surface_path":
        quantity = Quantity(found.length_mm, _pulled(found.path_mm, points))
        return (_figure("length", "mm", quantity, spreads),)
    if markup.kind == "gap":
        quantity = Quantity(found.length_mm, _pulled(found.path_mm, found.path_mm))
        return (_figure("distance", "mm", quantity, spreads),)
    return ()


def _grey_values(found: Findings) -> tuple[Figure, ...]:
    known: Mapping[FigureName, float | None] = {
        "mean": found.mean,
        "sd": found.sd,
        "minimum": found.minimum,
        "maximum": found.maximum,
    }
    figures = [
        Figure(name=name, value=value, unit=found.unit)
        for name, value in known.items()
        if value is not None
    ]
    if found.voxels is not None:
        figures.append(Figure(name="voxels", value=found.voxels, unit=""))
    return tuple(figures)


def _figure(
    name: FigureName, unit: FigureUnit, quantity: Quantity, spreads: Sequence[Spread | None]
) -> Figure:
    known = None if quantity.gradients is None else propagated(quantity.gradients, spreads)
    return Figure(name=name, value=quantity.value, unit=unit, uncertainty=known)


def _pulled(path: Sequence[Vector], points: Sequence[Vector]) -> tuple[Vector, ...] | None:
    """Return how the length of a shortest way changes with the points that it is through.

    It grows by as much as a point is pulled along it (the first variation of length).
    """
    if len(path) < 2:  # noqa: PLR2004 (a way has two ends)
        return None
    gradients = []
    for point in points:
        at = min(range(len(path)), key=lambda n: distance_mm(path[n], point))
        before, after = path[max(at - 1, 0)], path[min(at + 1, len(path) - 1)]
        comes, goes = (direction_of(subtract(path[at], it)) for it in (before, after))
        gradients.append(add(comes, goes))
    return tuple(gradients)


def _roughest(plan: Plan, leaves: Sequence[SolidId]) -> Spread | None:
    """Return how uncertain a point on one of several pieces is, at most."""
    spreads = [it for leaf in leaves if (it := spread_on(plan, leaf)) is not None]
    return max(spreads, key=lambda it: it.surface_mm, default=None)
