"""What others are shown of a member's presence: only what can be."""

import math
import re
from collections.abc import Iterable
from typing import Final

from msgspec.structs import replace

from imaging.space import Vector
from sessions.members import may_change_plan
from sessions.plan.anatomy import solid_of
from sessions.plan.records import MemberId, Plan, RecordRef
from sessions.plan.references import find_record
from sessions.plan.requirements import MAX_CLIP_PLANES
from sessions.plan.surroundings import Clipping
from sessions.protocol import Camera, Cursor, DraggedFragment, DraggedPlane, Panes, Presence

FARTHEST_MM: Final = 100_000.0
"""Nothing that concerns a patient is a hundred metres away."""

LONGEST_LAG_MS: Final = 60_000.0

WORD: Final = re.compile(r"[a-z0-9_-]{0,32}")
"""What a page calls a tool, a pane or a layout; the server does not know them."""


def plausible(presence: Presence, plan: Plan, member_id: MemberId) -> Presence:
    """Return a member's presence without what is not in the plan, or not theirs to do.

    A page may be a moment behind the plan, so nobody is refused for what they seem to do; what
    others could not show is left out.
    """
    shown = {
        "cursor": _cursor(presence.cursor, plan),
        "camera": _camera(presence.camera),
        "crosshair": _place(presence.crosshair),
        "panes": _panes(presence.panes),
        "clipping": _clipping(presence.clipping),
        "tool": presence.tool if WORD.fullmatch(presence.tool) else "select",
        "dragging": _dragged(presence.dragging, plan, member_id),
        "selection": _record(presence.selection, plan),
        "editing": _record(presence.editing, plan),
        "lag_ms": _lag_ms(presence.lag_ms),
        "following": _other_member(presence.following, plan, member_id),
    }
    impossible = {name: it for name, it in shown.items() if it is not getattr(presence, name)}
    return replace(presence, **impossible) if impossible else presence


def _cursor(cursor: Cursor | None, plan: Plan) -> Cursor | None:
    if cursor is None or not _are_near(cursor.point_mm) or not WORD.fullmatch(cursor.pane):
        return None
    if cursor.solid_id is None or solid_of(plan, cursor.solid_id) is not None:
        return cursor
    return None


def _camera(camera: Camera | None) -> Camera | None:
    if camera is None or not _are_near((*camera.position, *camera.focal_point, *camera.view_up)):
        return None
    return camera


def _place(point: Vector | None) -> Vector | None:
    return None if point is None or not _are_near(point) else point


def _panes(panes: Panes | None) -> Panes | None:
    if panes is None or not WORD.fullmatch(panes.layout):
        return None
    return None if panes.maximised and not WORD.fullmatch(panes.maximised) else panes


def _clipping(clipping: Clipping | None) -> Clipping | None:
    if clipping is None or len(clipping.planes) > MAX_CLIP_PLANES:
        return None
    numbers = [it for plane in clipping.planes for it in (*plane.origin, *plane.normal)]
    if clipping.box is not None:
        numbers += (*clipping.box.low, *clipping.box.high)
    return clipping if _are_near(numbers) else None


def _dragged(
    dragged: DraggedFragment | DraggedPlane | None, plan: Plan, member_id: MemberId
) -> DraggedFragment | DraggedPlane | None:
    if dragged is None:
        return None
    member = plan.members.get(member_id)
    if member is None or not may_change_plan(member.role):
        return None
    match dragged:
        case DraggedFragment(fragment_id=fragment_id, transform=transform):
            is_there = fragment_id in plan.fragments
            numbers: tuple[float, ...] = (*transform.rotation, *transform.translation_mm)
        case DraggedPlane(cut_id=cut_id, plane=plane):
            is_there = cut_id in plan.cuts
            numbers = (*plane.origin, *plane.normal)
    return dragged if is_there and _are_near(numbers) else None


def _record(ref: RecordRef | None, plan: Plan) -> RecordRef | None:
    return None if ref is None or find_record(plan, ref) is None else ref


def _lag_ms(lag_ms: float | None) -> float | None:
    return None if lag_ms is None or not 0 <= lag_ms <= LONGEST_LAG_MS else lag_ms


def _other_member(followed: MemberId | None, plan: Plan, member_id: MemberId) -> MemberId | None:
    return followed if followed in plan.members and followed != member_id else None


def _are_near(numbers: Iterable[float] | Vector) -> bool:
    return all(math.isfinite(it) and abs(it) <= FARTHEST_MM for it in numbers)
