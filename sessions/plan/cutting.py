"""Rules for planes, for the pieces that they leave, and for where the pieces go."""

from typing import Final, Literal

from imaging.space import Plane
from sessions.errors import RejectedCommandError
from sessions.plan.anatomy import corners_of_bounds, fragment_ids, solid_of, transform_of
from sessions.plan.commands import AdjustCut, ApplyCut, MoveFragment, PlaceCut, RecordCut, RemoveCut
from sessions.plan.editing import require_free
from sessions.plan.events import (
    CutAdjusted,
    CutApplied,
    CutPlaced,
    CutRemoved,
    FragmentMoved,
    PlanEvent,
)
from sessions.plan.inverting import Key
from sessions.plan.naming import next_cut_name
from sessions.plan.records import (
    Cut,
    CutId,
    Fragment,
    FragmentId,
    MemberId,
    Plan,
    SolidId,
    SurfaceRef,
)
from sessions.plan.requirements import (
    require_id,
    require_leaf,
    require_numbers,
    require_own,
    require_room_for_one,
    require_surface,
)

MAX_TRANSLATION_MM: Final = 2000.0
"""Along each axis; further away than the longest scan nobody looks for a fragment."""


def place_cut(plan: Plan, command: PlaceCut, by: MemberId) -> tuple[PlanEvent, ...]:
    """Decide on a new plane."""
    require_id(command.cut_id, "cut")
    known = plan.cuts.get(command.cut_id)
    if known is None:
        require_room_for_one(plan.cuts, "cuts")
        _require_through(plan, command.target_id, command.plane)
        cut = Cut(
            cut_id=command.cut_id,
            name=next_cut_name(plan),
            target_id=command.target_id,
            plane=command.plane,
            applied=False,
            author_id=by,
        )
        _require_free_fragment_ids(plan, cut)
        return (CutPlaced(cut=cut),)
    asked = (command.target_id, command.plane, by, False)
    if (known.target_id, known.plane, known.author_id, known.applied) == asked:
        return ()
    raise RejectedCommandError("a cut of that id exists already; use another id")


def adjust_cut(plan: Plan, command: AdjustCut) -> tuple[PlanEvent, ...]:
    """Decide on another place for a plane; anybody who may plan may adjust it."""
    cut = _require_unapplied(plan, command.cut_id)
    if cut.plane == command.plane:
        return ()
    _require_through(plan, cut.target_id, command.plane)
    return (CutAdjusted(cut_id=cut.cut_id, before=cut.plane, after=command.plane),)


def remove_cut(plan: Plan, command: RemoveCut, by: MemberId) -> tuple[PlanEvent, ...]:
    """Decide on taking a plane away."""
    if command.cut_id not in plan.cuts:
        return ()
    cut = _require_unapplied(plan, command.cut_id)
    require_own(plan, cut.author_id, by, "cut")
    return (CutRemoved(cut=cut),)


def apply_cut(plan: Plan, command: ApplyCut, by: MemberId) -> tuple[PlanEvent, ...]:
    """Check that a cut can be made; what it makes is decided when the pieces are known."""
    cut = _require_unapplied(plan, command.cut_id)
    _require_through(plan, cut.target_id, cut.plane)
    require_free(plan, (Key("cut", cut.cut_id), Key("solid", cut.target_id)), by)
    return ()


def record_cut(plan: Plan, command: RecordCut) -> tuple[PlanEvent, ...]:
    """Decide on the pieces that were computed along a plane."""
    cut = _require_unapplied(plan, command.cut_id)
    require_leaf(plan, cut.target_id)
    if cut.plane != command.plane:
        raise RejectedCommandError(
            f"the plane of {cut.name} was moved while it was being cut; cut again"
        )
    _require_free_fragment_ids(plan, cut)
    require_surface(command.positive)
    require_surface(command.negative)
    pieces = (
        _piece(plan, cut, "positive", command.positive),
        _piece(plan, cut, "negative", command.negative),
    )
    return (CutApplied(cut_id=cut.cut_id, fragments=pieces),)


def move_fragment(plan: Plan, command: MoveFragment) -> tuple[PlanEvent, ...]:
    """Decide on another place for a fragment."""
    fragment = plan.fragments.get(command.fragment_id)
    if fragment is None:
        raise RejectedCommandError("there is no such fragment; only the pieces of a cut can move")
    require_leaf(plan, SolidId(fragment.fragment_id))
    require_numbers(command.transform.translation_mm, "translation")
    if any(abs(value) > MAX_TRANSLATION_MM for value in command.transform.translation_mm):
        raise RejectedCommandError(
            f"{fragment.name} would be moved by more than {MAX_TRANSLATION_MM:.0f} mm; "
            "keep it near the anatomy"
        )
    if fragment.transform == command.transform:
        return ()
    moved = FragmentMoved(
        fragment_id=fragment.fragment_id, before=fragment.transform, after=command.transform
    )
    return (moved,)


def _piece(
    plan: Plan, cut: Cut, side: Literal["positive", "negative"], surface: SurfaceRef
) -> Fragment:
    """Return the fragment on one side, where the solid that it is cut from is now."""
    target = require_leaf(plan, cut.target_id)
    positive, negative = fragment_ids(cut)
    return Fragment(
        fragment_id=FragmentId(positive if side == "positive" else negative),
        name=f"{target.name} {1 if side == 'positive' else 2}",
        parent_id=cut.target_id,
        cut_id=cut.cut_id,
        side=side,
        surface=surface,
        transform=transform_of(plan, cut.target_id),
    )


def _require_unapplied(plan: Plan, cut_id: CutId) -> Cut:
    """Return the cut of that id, or refuse; also when it has been made."""
    cut = plan.cuts.get(cut_id)
    if cut is None:
        raise RejectedCommandError("there is no such cut in this plan; place a plane first")
    if cut.applied:
        raise RejectedCommandError(f"{cut.name} has been applied; only undo takes it back")
    return cut


def _require_through(plan: Plan, target_id: SolidId, plane: Plane) -> None:
    """Refuse a plane that passes by the bounds of a solid, or a solid that was cut before."""
    target = require_leaf(plan, target_id)
    distances = [plane.signed_distance_mm(corner) for corner in corners_of_bounds(target)]
    if not min(distances) < 0 < max(distances):
        raise RejectedCommandError(
            f"the plane passes by {target.name}; place it so that it goes through"
        )


def _require_free_fragment_ids(plan: Plan, cut: Cut) -> None:
    """Refuse a cut whose fragments would have the id of a solid that is there already."""
    if any(solid_of(plan, solid_id) is not None for solid_id in fragment_ids(cut)):
        raise RejectedCommandError("a solid has the id of this cut's fragment; use another id")
