"""Where the points of a markup are now, and what carries them there."""

from collections.abc import Iterable, Iterator

from imaging.space import Vector
from sessions.plan.anatomy import AppliedCuts, applied_cuts, fragment_ids, leaf_of, transform_of
from sessions.plan.findings import Basis
from sessions.plan.records import Anchor, ControlPoint, Markup, Plan, SolidId


def leaf_under(point: ControlPoint, applied: AppliedCuts) -> SolidId | None:
    """Return the solid that carries a point now; None where it is a place in the images."""
    if point.solid_id is None:
        return None
    return leaf_of(Anchor(solid_id=point.solid_id, point_mm=point.point_mm), applied)


def leaves_of(solid_id: SolidId, applied: AppliedCuts) -> tuple[SolidId, ...]:
    """Return the pieces that a solid is in now; itself where it was not cut."""
    leaves, waiting = [], [solid_id]
    for _ in range(2 * len(applied) + 1):  # also in a damaged plan, whose cuts go in circles
        if not waiting:
            break
        cut = applied.get(waiting[-1])
        last = waiting.pop()
        if cut is None:
            leaves.append(last)
        else:
            waiting.extend(reversed(fragment_ids(cut)))
    return tuple(leaves)


def world_point(plan: Plan, point: ControlPoint, applied: AppliedCuts) -> Vector:
    """Return where a point is now, mm."""
    leaf_id = leaf_under(point, applied)
    return point.point_mm if leaf_id is None else transform_of(plan, leaf_id).apply(point.point_mm)


def world_points(plan: Plan, points: Iterable[ControlPoint]) -> tuple[Vector, ...]:
    """Return where points are now, mm."""
    applied = applied_cuts(plan)
    return tuple(world_point(plan, it, applied) for it in points)


def basis_of(plan: Plan, markup: Markup, applied: AppliedCuts | None = None) -> Basis:
    """Return what findings about a markup would follow from now."""
    applied = applied_cuts(plan) if applied is None else applied
    carriers = [leaf_under(it, applied) or SolidId("") for it in markup.points]
    carriers += [leaf for it in markup.solid_ids for leaf in leaves_of(it, applied)]
    return Basis(
        world_mm=tuple(world_point(plan, it, applied) for it in markup.points),
        solid_ids=tuple(carriers),
        transforms=tuple(transform_of(plan, it) for it in carriers),
    )


def solids_in(markup: Markup) -> Iterator[SolidId]:
    """Yield every solid that a markup names."""
    yield from (it.solid_id for it in markup.points if it.solid_id is not None)
    yield from markup.solid_ids
