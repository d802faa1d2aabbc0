"""Whether events and plans that came from elsewhere make sense; `evolve` itself takes anything."""

import re
from typing import Final, assert_never, get_args

from sessions.errors import RejectedCommandError
from sessions.plan.anatomy import solid_of
from sessions.plan.carrying import solids_in
from sessions.plan.events import (
    CutAdjusted,
    CutApplied,
    CutPlaced,
    CutRemoved,
    CutReverted,
    DistanceMeasured,
    FragmentMoved,
    MeasurementRemoved,
    Merged,
    NoteEdited,
    NotePinned,
    NoteRemoved,
    PlanEvent,
    RecordLocked,
    RecordUnlocked,
    Renamed,
    RoomEvent,
    SegmentEdited,
)
from sessions.plan.marking import require_findings
from sessions.plan.markup_events import (
    FindingsRecorded,
    MarkupPlaced,
    MarkupRemoved,
    MarkupReshaped,
    MarkupReworded,
)
from sessions.plan.outlines import POINTS
from sessions.plan.records import (
    ControlPoint,
    Fragment,
    FragmentId,
    Markup,
    Owner,
    Plan,
    SegmentStatus,
    SolidId,
)
from sessions.plan.requirements import (
    MAX_NAME_CHARACTERS,
    require_id,
    require_note_text,
    require_numbers,
    require_surface,
    require_text,
)
from sessions.plan.room_soundness import require_sound_room_event

_FRAGMENT_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}[+-]")


def require_sound_event(event: PlanEvent) -> None:  # noqa: C901, PLR0912 (one line per event)
    """Refuse an event that no rule would have let through, whatever the plan.

    Raises
    ------
    RejectedCommandError
        It holds an id, text, colour or hash that is none.
    """
    if isinstance(event, RoomEvent):
        require_sound_room_event(event)
        return
    match event:
        case NotePinned(note=note) | NoteRemoved(note=note):
            require_id(note.note_id, "note")
            require_note_text(note.text)
        case NoteEdited(after=text):
            require_note_text(text)
        case (
            DistanceMeasured(measurement=measurement) | MeasurementRemoved(measurement=measurement)
        ):
            require_id(measurement.measurement_id, "measurement")
        case MarkupPlaced(markup=markup) | MarkupRemoved(markup=markup):
            _require_sound_markup(markup)
        case MarkupReshaped(after=outline):
            _require_sound_points(outline.points)
        case MarkupReworded(after=text):
            if text:
                require_note_text(text)
        case FindingsRecorded(findings=findings):
            require_findings(findings)
        case CutPlaced(cut=cut) | CutRemoved(cut=cut):
            require_id(cut.cut_id, "cut")
        case CutApplied(fragments=pieces) | CutReverted(fragments=pieces):
            for piece in pieces:
                _require_sound_fragment(piece)
        case SegmentEdited(field="name", after=str() as name):
            require_text(name, "segment's name", MAX_NAME_CHARACTERS)
        case Renamed(after=name):
            require_text(name, "name", 2 * MAX_NAME_CHARACTERS)
        case SegmentEdited():
            _require_sound_value(event)
        case CutAdjusted() | FragmentMoved() | RecordLocked() | RecordUnlocked() | Merged():
            pass
        case _:
            assert_never(event)


def _require_sound_value(event: SegmentEdited) -> None:
    """Refuse a property that is of another kind than the segment's."""
    match event.field, event.after:
        case ("colour", (int(), int(), int())) | ("opacity", int() | float()):
            return
        case "owner", str() as owner if owner in get_args(Owner):
            return
        case "status", str() as status if status in get_args(SegmentStatus):
            return
        case (("code" | "group"), str() as text) if len(text) <= MAX_NAME_CHARACTERS:
            return
    raise RejectedCommandError(f"the {event.field} of a segment is not of its kind")


def require_whole(plan: Plan) -> None:
    """Refuse a plan whose records refer to what is not there.

    Raises
    ------
    RejectedCommandError
        A note, measurement, markup, plane or fragment has no solid, or fragments have no segment.
    """
    anchors = [note.anchor for note in plan.notes.values()]
    anchors += [end for it in plan.measurements.values() for end in (it.start, it.end)]
    used = [anchor.solid_id for anchor in anchors]
    used += [it for markup in plan.markups.values() for it in solids_in(markup)]
    used += [cut.target_id for cut in plan.cuts.values()]
    used += [piece.parent_id for piece in plan.fragments.values()]
    if any(solid_of(plan, solid_id) is None for solid_id in used):
        raise RejectedCommandError("the plan refers to a segment or fragment that is not there")
    if any(piece.cut_id not in plan.cuts for piece in plan.fragments.values()):
        raise RejectedCommandError("the plan holds a fragment of a cut that is not there")
    rooted = {SolidId(segment_id) for segment_id in plan.segments}
    for piece in plan.fragments.values():
        _require_rooted(plan, piece, rooted)


def _require_rooted(plan: Plan, piece: Fragment, rooted: set[SolidId]) -> None:
    """Refuse a fragment that was, step by step, cut from itself; extend `rooted` otherwise."""
    path: list[SolidId] = []
    solid_id = SolidId(piece.fragment_id)
    while solid_id not in rooted:
        if len(path) > len(plan.fragments):
            raise RejectedCommandError("the plan holds a fragment that was cut from itself")
        path.append(solid_id)
        solid_id = plan.fragments[FragmentId(solid_id)].parent_id
    rooted.update(path)


def _require_sound_markup(markup: Markup) -> None:
    require_id(markup.markup_id, "markup")
    require_text(markup.name, "markup's name", 2 * MAX_NAME_CHARACTERS)
    if markup.text:
        require_note_text(markup.text)
    count = POINTS[markup.kind]
    if not count.least <= len(markup.points) <= count.most:
        raise RejectedCommandError("a markup has another number of points than its kind")
    if len(markup.solid_ids) != (2 if markup.kind == "gap" else 0):
        raise RejectedCommandError("a markup names another number of solids than its kind")
    _require_sound_points(markup.points)
    if markup.findings is not None:
        require_findings(markup.findings)


def _require_sound_points(points: tuple[ControlPoint, ...]) -> None:
    for point in points:
        require_numbers(point.point_mm, "point of a markup")


def _require_sound_fragment(piece: Fragment) -> None:
    if not _FRAGMENT_ID.fullmatch(piece.fragment_id):
        raise RejectedCommandError("the id of a fragment must be its cut's, and its side")
    require_text(piece.name, "fragment's name", 2 * MAX_NAME_CHARACTERS)
    require_surface(piece.surface)
