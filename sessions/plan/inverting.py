"""The event that takes an event back, given what the plan holds now."""

from collections.abc import Mapping
from typing import NamedTuple, assert_never

from msgspec.structs import replace

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
    PlanningEvent,
    RecordLocked,
    RecordUnlocked,
    Renamed,
    SegmentEdited,
    is_planning,
)
from sessions.plan.markup_events import (
    FindingsRecorded,
    MarkupPlaced,
    MarkupRemoved,
    MarkupReshaped,
    MarkupReworded,
    Outline,
)
from sessions.plan.naming import MARKUP_WORDS, free_name, word_of
from sessions.plan.records import Anchor, Cut, Markup, Measurement, Plan, RecordRef, SolidId
from sessions.plan.repinning import repinned


class Key(NamedTuple):
    """A record that operations stand on."""

    kind: str
    """"note", "measurement", "markup", "cut" or "solid"; with a property of it after a dot."""
    record_id: str


class Blocked(NamedTuple):
    """An event cannot be taken back for what has become of this record."""

    key: Key


Parents = Mapping[SolidId, SolidId]
"""What every fragment was cut from that there ever was."""


def parents_in(event: PlanEvent) -> dict[SolidId, SolidId]:
    """Return what the fragments were cut from that an event makes."""
    if not isinstance(event, CutApplied):
        return {}
    return {SolidId(piece.fragment_id): piece.parent_id for piece in event.fragments}


def parents_on(plan: Plan) -> dict[SolidId, SolidId]:
    """Return what the fragments that are there were cut from."""
    return {SolidId(key): piece.parent_id for key, piece in plan.fragments.items()}


def keys_of(event: PlanEvent) -> tuple[Key, ...]:
    """Return the records that an event changes; none for what cannot be taken back."""
    return _keys_of(event) if is_planning(event) else ()


def _keys_of(event: PlanningEvent) -> tuple[Key, ...]:  # noqa: C901, PLR0911, PLR0912 (one per event)
    match event:
        case NotePinned(note=note) | NoteRemoved(note=note):
            return (Key("note", note.note_id),)
        case NoteEdited(note_id=note_id):
            return (Key("note", note_id),)
        case DistanceMeasured(measurement=it) | MeasurementRemoved(measurement=it):
            return _whole("measurement", it.measurement_id)
        case MarkupPlaced(markup=markup) | MarkupRemoved(markup=markup):
            parts = (Key(f"markup.{part}", markup.markup_id) for part in ("points", "text"))
            return (*_whole("markup", markup.markup_id), *parts)
        case MarkupReshaped(markup_id=markup_id):
            return (Key("markup.points", markup_id),)
        case MarkupReworded(markup_id=markup_id):
            return (Key("markup.text", markup_id),)
        case CutPlaced(cut=cut) | CutRemoved(cut=cut):
            return _whole("cut", cut.cut_id)
        case CutAdjusted(cut_id=cut_id):
            return (Key("cut", cut_id),)
        case (
            CutApplied(cut_id=cut_id, fragments=pieces)
            | CutReverted(cut_id=cut_id, fragments=pieces)
        ):
            parents = sorted({piece.parent_id for piece in pieces})
            own = (key for piece in pieces for key in _whole("solid", piece.fragment_id))
            return (Key("cut", cut_id), *(Key("solid", key) for key in parents), *own)
        case FragmentMoved(fragment_id=fragment_id):
            return (Key("solid", fragment_id),)
        case SegmentEdited(segment_id=segment_id, field=field):
            return (Key(f"solid.{field}", segment_id),)
        case Renamed(ref=ref):
            kind = "solid" if ref.kind == "fragment" else ref.kind
            return (Key(f"{kind}.name", ref.record_id),)
        case RecordLocked() | RecordUnlocked() | Merged() | FindingsRecorded():
            return ()
        case _:
            assert_never(event)


def _whole(kind: str, record_id: str) -> tuple[Key, ...]:
    """Return the keys of a record that comes or goes: whoever renamed it has built on it."""
    return (Key(kind, record_id), Key(f"{kind}.name", record_id))


def inverse_of(  # noqa: C901, PLR0911 (one per event)
    plan: Plan, event: PlanningEvent, parents: Parents
) -> PlanningEvent | Blocked:
    """Return the event that takes `event` back; what it changed is still as it left it.

    Parameters
    ----------
    parents : Parents
        What comes back to a fragment that is gone comes back to what that was cut from.
    """
    match event:
        case NotePinned(note=note):
            return NoteRemoved(note=plan.notes[note.note_id])
        case NoteEdited(note_id=note_id, before=before, after=after):
            return NoteEdited(note_id=note_id, before=after, after=before)
        case NoteRemoved(note=note):
            return NotePinned(note=replace(note, anchor=_carried(plan, note.anchor, parents)))
        case DistanceMeasured(measurement=it):
            return MeasurementRemoved(measurement=plan.measurements[it.measurement_id])
        case MeasurementRemoved(measurement=it):
            return _measured_again(plan, it, parents)
        case MarkupPlaced() | MarkupReshaped() | MarkupReworded() | MarkupRemoved():
            return _inverse_of_markup(plan, event, parents)
        case CutPlaced() | CutAdjusted() | CutRemoved() | CutApplied() | CutReverted():
            return _inverse_of_cut(plan, event, parents)
        case FragmentMoved(fragment_id=fragment_id, before=before, after=after):
            return FragmentMoved(fragment_id=fragment_id, before=after, after=before)
        case SegmentEdited(before=before_value, after=after_value):
            return replace(event, before=after_value, after=before_value)
        case Renamed(ref=ref, before=before_name, after=after_name):
            name = free_name(plan, ref, before_name, word_of(ref, plan))
            return replace(event, before=after_name, after=name)
        case RecordLocked() | RecordUnlocked() | Merged() | FindingsRecorded():
            raise TypeError(f"{type(event).__name__} is never taken back")
        case _:
            assert_never(event)


def _inverse_of_markup(
    plan: Plan,
    event: MarkupPlaced | MarkupReshaped | MarkupReworded | MarkupRemoved,
    parents: Parents,
) -> PlanningEvent:
    match event:
        case MarkupPlaced(markup=markup):
            return MarkupRemoved(markup=plan.markups[markup.markup_id])
        case MarkupReshaped(markup_id=markup_id, before=before, after=after):
            known = plan.markups[markup_id]
            drawn = _standing_markup(
                plan, replace(known, points=before.points, plane=before.plane), parents
            )
            back = Outline(points=drawn.points, plane=drawn.plane)
            return MarkupReshaped(markup_id=markup_id, before=after, after=back)
        case MarkupReworded(markup_id=markup_id, before=before_text, after=after_text):
            return MarkupReworded(markup_id=markup_id, before=after_text, after=before_text)
        case MarkupRemoved(markup=markup):
            ref = RecordRef(kind="markup", record_id=markup.markup_id)
            name = free_name(plan, ref, markup.name, MARKUP_WORDS[markup.kind])
            return MarkupPlaced(markup=replace(_standing_markup(plan, markup, parents), name=name))
        case _:
            assert_never(event)


def _standing_markup(plan: Plan, markup: Markup, parents: Parents) -> Markup:
    """Return a markup on the solids that are there."""
    named = dict.fromkeys(solids_in(markup))
    return repinned(markup, {it: _standing(plan, it, parents) for it in named})


def _inverse_of_cut(
    plan: Plan,
    event: CutPlaced | CutAdjusted | CutRemoved | CutApplied | CutReverted,
    parents: Parents,
) -> PlanningEvent | Blocked:
    match event:
        case CutPlaced(cut=cut):
            return CutRemoved(cut=plan.cuts[cut.cut_id])
        case CutAdjusted(cut_id=cut_id, before=before, after=after):
            return CutAdjusted(cut_id=cut_id, before=after, after=before)
        case CutRemoved(cut=cut):
            return _placed_again(plan, cut, parents)
        case CutApplied(cut_id=cut_id, fragments=pieces):
            return _plane_on(plan, event) or CutReverted(cut_id=cut_id, fragments=pieces)
        case CutReverted(cut_id=cut_id, fragments=pieces):
            return CutApplied(cut_id=cut_id, fragments=pieces)
        case _:
            assert_never(event)


def _standing(plan: Plan, solid_id: SolidId, parents: Parents) -> SolidId:
    """Return the solid, or the nearest one that it was cut from and that is there."""
    for _ in parents:
        if solid_of(plan, solid_id) is not None or solid_id not in parents:
            break
        solid_id = parents[solid_id]
    return solid_id


def _carried(plan: Plan, anchor: Anchor, parents: Parents) -> Anchor:
    return replace(anchor, solid_id=_standing(plan, anchor.solid_id, parents))


def _plane_on(plan: Plan, event: CutApplied) -> Blocked | None:
    """Return a plane that was placed on a piece, and would be left without a solid."""
    pieces = {SolidId(piece.fragment_id) for piece in event.fragments}
    cut_ids = sorted(cut.cut_id for cut in plan.cuts.values() if cut.target_id in pieces)
    return Blocked(Key("cut", cut_ids[0])) if cut_ids else None


def _placed_again(plan: Plan, cut: Cut, parents: Parents) -> CutPlaced:
    """Return the plane as it was, under another name where a younger one has taken its own."""
    name = free_name(plan, RecordRef(kind="cut", record_id=cut.cut_id), cut.name, "Cut")
    target_id = _standing(plan, cut.target_id, parents)
    return CutPlaced(cut=replace(cut, name=name, target_id=target_id))


def _measured_again(plan: Plan, it: Measurement, parents: Parents) -> DistanceMeasured:
    """Return the measurement as it was, under another name where its own has been taken."""
    ref = RecordRef(kind="measurement", record_id=it.measurement_id)
    name = free_name(plan, ref, it.name, "Distance")
    start, end = (_carried(plan, anchor, parents) for anchor in (it.start, it.end))
    return DistanceMeasured(measurement=replace(it, name=name, start=start, end=end))
