"""The event that takes an event back, given what the plan holds now."""

from typing import Literal, NamedTuple, assert_never

from msgspec.structs import replace

from sessions.plan.anatomy import solid_of
from sessions.plan.events import (
    CaseOpened,
    CutAdjusted,
    CutApplied,
    CutPlaced,
    CutRemoved,
    CutReverted,
    DistanceMeasured,
    FragmentMoved,
    MeasurementRemoved,
    MemberAdmitted,
    NoteEdited,
    NotePinned,
    NoteRemoved,
    PlanEvent,
    SegmentAdded,
)
from sessions.plan.naming import next_cut_name, next_measurement_name
from sessions.plan.records import Anchor, Cut, Measurement, Plan, SolidId


class Key(NamedTuple):
    """A record that operations stand on."""

    kind: Literal["note", "measurement", "cut", "solid"]
    record_id: str


class Blocked(NamedTuple):
    """An event cannot be taken back for what has become of this record."""

    key: Key


def keys_of(event: PlanEvent) -> tuple[Key, ...]:  # noqa: PLR0911 (one per event)
    """Return the records that an event changes; none for what cannot be taken back."""
    match event:
        case NotePinned(note=note) | NoteRemoved(note=note):
            return (Key("note", note.note_id),)
        case NoteEdited(note_id=note_id):
            return (Key("note", note_id),)
        case DistanceMeasured(measurement=it) | MeasurementRemoved(measurement=it):
            return (Key("measurement", it.measurement_id),)
        case CutPlaced(cut=cut) | CutRemoved(cut=cut):
            return (Key("cut", cut.cut_id),)
        case CutAdjusted(cut_id=cut_id):
            return (Key("cut", cut_id),)
        case (
            CutApplied(cut_id=cut_id, fragments=pieces)
            | CutReverted(cut_id=cut_id, fragments=pieces)
        ):
            solids = {key for piece in pieces for key in (piece.parent_id, piece.fragment_id)}
            return (Key("cut", cut_id), *(Key("solid", key) for key in sorted(solids)))
        case FragmentMoved(fragment_id=fragment_id):
            return (Key("solid", fragment_id),)
        case CaseOpened() | SegmentAdded() | MemberAdmitted():
            return ()
        case _:
            assert_never(event)


def inverse_of(plan: Plan, event: PlanEvent) -> PlanEvent | Blocked:  # noqa: PLR0911 (one per event)
    """Return the event that takes `event` back; what it changed is still as it left it."""
    match event:
        case NotePinned(note=note):
            return NoteRemoved(note=plan.notes[note.note_id])
        case NoteEdited(note_id=note_id, before=before, after=after):
            return NoteEdited(note_id=note_id, before=after, after=before)
        case NoteRemoved(note=note):
            return _missing(plan, note.anchor) or NotePinned(note=note)
        case DistanceMeasured(measurement=it):
            return MeasurementRemoved(measurement=plan.measurements[it.measurement_id])
        case MeasurementRemoved(measurement=it):
            return _missing(plan, it.start, it.end) or _measured_again(plan, it)
        case CutPlaced() | CutAdjusted() | CutRemoved() | CutApplied() | CutReverted():
            return _inverse_of_cut(plan, event)
        case FragmentMoved(fragment_id=fragment_id, before=before, after=after):
            return FragmentMoved(fragment_id=fragment_id, before=after, after=before)
        case CaseOpened() | SegmentAdded() | MemberAdmitted():
            raise TypeError(f"{type(event).__name__} is never taken back")
        case _:
            assert_never(event)


def _inverse_of_cut(
    plan: Plan, event: CutPlaced | CutAdjusted | CutRemoved | CutApplied | CutReverted
) -> PlanEvent | Blocked:
    match event:
        case CutPlaced(cut=cut):
            return CutRemoved(cut=plan.cuts[cut.cut_id])
        case CutAdjusted(cut_id=cut_id, before=before, after=after):
            return CutAdjusted(cut_id=cut_id, before=after, after=before)
        case CutRemoved(cut=cut):
            if solid_of(plan, cut.target_id) is None:
                return Blocked(Key("solid", cut.target_id))
            return _placed_again(plan, cut)
        case CutApplied(cut_id=cut_id, fragments=pieces):
            return _plane_on(plan, event) or CutReverted(cut_id=cut_id, fragments=pieces)
        case CutReverted(cut_id=cut_id, fragments=pieces):
            return CutApplied(cut_id=cut_id, fragments=pieces)
        case _:
            assert_never(event)


def _missing(plan: Plan, *anchors: Anchor) -> Blocked | None:
    """Return the first solid of `anchors` that is gone."""
    gone = [it.solid_id for it in anchors if solid_of(plan, it.solid_id) is None]
    return Blocked(Key("solid", gone[0])) if gone else None


def _plane_on(plan: Plan, event: CutApplied) -> Blocked | None:
    """Return a plane that was placed on a piece, and would be left without a solid."""
    pieces = {SolidId(piece.fragment_id) for piece in event.fragments}
    cut_ids = sorted(cut.cut_id for cut in plan.cuts.values() if cut.target_id in pieces)
    return Blocked(Key("cut", cut_ids[0])) if cut_ids else None


def _placed_again(plan: Plan, cut: Cut) -> CutPlaced:
    """Return the plane as it was, under another name where a younger one has taken its own."""
    taken = any(cut.name == other.name for other in plan.cuts.values())
    return CutPlaced(cut=replace(cut, name=next_cut_name(plan)) if taken else cut)


def _measured_again(plan: Plan, it: Measurement) -> DistanceMeasured:
    """Return the measurement as it was, under another name where its own has been taken."""
    taken = any(it.name == other.name for other in plan.measurements.values())
    name = next_measurement_name(plan) if taken else it.name
    return DistanceMeasured(measurement=replace(it, name=name))
