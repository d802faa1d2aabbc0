"""Which solids stand, where they are now, and which one carries a point."""

import math
from collections.abc import Mapping

from imaging.space import RigidTransform, Vector, cross, dot, require_finite
from sessions.plan.records import (
    Anchor,
    Cut,
    Fragment,
    FragmentId,
    MemberId,
    Plan,
    Segment,
    SegmentId,
    SolidId,
)

AS_SCANNED = RigidTransform()
"""Where a segment is, and a fragment that nobody moved."""

AppliedCuts = Mapping[SolidId, Cut]
"""The applied cut of every solid that has been replaced by fragments."""


def applied_cuts(plan: Plan) -> AppliedCuts:
    """Return the applied cut of every solid that has one."""
    return {cut.target_id: cut for cut in plan.cuts.values() if cut.applied}


def solid_of(plan: Plan, solid_id: SolidId) -> Segment | Fragment | None:
    """Return the segment or fragment of that id, or None."""
    return plan.segments.get(SegmentId(solid_id)) or plan.fragments.get(FragmentId(solid_id))


def fragment_ids(cut: Cut) -> tuple[SolidId, SolidId]:
    """Return the ids of the pieces on the positive and the negative side."""
    return SolidId(f"{cut.cut_id}+"), SolidId(f"{cut.cut_id}-")


def pieces_of(plan: Plan, cut: Cut) -> tuple[Fragment, Fragment] | None:
    """Return the fragments of a cut, or None where it has none."""
    positive, negative = (plan.fragments.get(FragmentId(it)) for it in fragment_ids(cut))
    return None if positive is None or negative is None else (positive, negative)


def leaf_of(anchor: Anchor, applied: AppliedCuts) -> SolidId:
    """Return the solid that carries `anchor` now: down the cuts, on the point's side of each."""
    solid_id = anchor.solid_id
    for _ in applied:  # a chain is never longer than there are cuts, also in a damaged plan
        cut = applied.get(solid_id)
        if cut is None:
            break
        positive, negative = fragment_ids(cut)
        solid_id = positive if cut.plane.signed_distance_mm(anchor.point_mm) >= 0 else negative
    return solid_id


def root_of(plan: Plan, solid_id: SolidId) -> SolidId:
    """Return the segment that a solid was cut from."""
    for _ in plan.fragments:
        fragment = plan.fragments.get(FragmentId(solid_id))
        if fragment is None:
            break
        solid_id = fragment.parent_id
    return solid_id


def transform_of(plan: Plan, solid_id: SolidId) -> RigidTransform:
    """Return the motion from a solid's place as scanned to its place now."""
    fragment = plan.fragments.get(FragmentId(solid_id))
    return AS_SCANNED if fragment is None else fragment.transform


def centre_of_bounds(solid: Segment | Fragment) -> Vector:
    """Return the centre of a solid's bounds as scanned, mm."""
    x0, x1, y0, y1, z0, z1 = solid.surface.bounds_mm
    return ((x0 + x1) / 2, (y0 + y1) / 2, (z0 + z1) / 2)


def angle_between_deg(one: Vector, other: Vector) -> float:
    """Return the angle between two directions, 0 to 180 degrees; exact for small ones, too."""
    return math.degrees(math.atan2(math.hypot(*cross(one, other)), dot(one, other)))


def corners_of_bounds(solid: Segment | Fragment) -> tuple[Vector, ...]:
    """Return the eight corners of a solid's bounds as scanned, mm."""
    x0, x1, y0, y1, z0, z1 = solid.surface.bounds_mm
    return tuple((x, y, z) for x in (x0, x1) for y in (y0, y1) for z in (z0, z1))


def is_within_bounds(solid: Segment | Fragment, point: Vector, margin_mm: float) -> bool:
    """Say whether a finite point lies in a solid's bounds, grown by `margin_mm`."""
    require_finite(point, "the point")
    bounds = solid.surface.bounds_mm
    return all(
        bounds[2 * axis] - margin_mm <= point[axis] <= bounds[2 * axis + 1] + margin_mm
        for axis in range(3)
    )


def surfaces_of(plan: Plan) -> set[str]:
    """Return the hashes of all surfaces that a branch names."""
    solids: tuple[Segment | Fragment, ...] = (*plan.segments.values(), *plan.fragments.values())
    return {solid.surface.sha256 for solid in solids}


def leaf_surfaces(plan: Plan) -> tuple[str, ...]:
    """Return the digests of the surfaces that are shown: of what no cut has replaced."""
    applied = applied_cuts(plan)
    solids: tuple[tuple[str, Segment | Fragment], ...] = (
        *plan.segments.items(),
        *plan.fragments.items(),
    )
    return tuple(it.surface.sha256 for key, it in solids if SolidId(key) not in applied)


def member_name(plan: Plan, member_id: MemberId) -> str:
    """Return a member's name for a sentence; a plan without that member says "somebody"."""
    member = plan.members.get(member_id)
    return "somebody" if member is None else member.name
