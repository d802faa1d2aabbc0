"""What an event makes of a plan: pure, and never fails, for what was recorded has happened."""

from collections.abc import Iterable, Mapping
from functools import reduce
from typing import Final, TypeVar, assert_never

from msgspec.structs import replace

from sessions.plan.events import (
    ClippingShared,
    CutAdjusted,
    CutApplied,
    CutPlaced,
    CutRemoved,
    CutReverted,
    DistanceMeasured,
    FragmentMoved,
    FramesRecorded,
    MeasurementRemoved,
    MemberAdmitted,
    MemberDismissed,
    Merged,
    NoteEdited,
    NotePinned,
    NoteRemoved,
    PlanEvent,
    PlanningEvent,
    RecordLocked,
    RecordUnlocked,
    Renamed,
    RoleChanged,
    SegmentEdited,
    is_about_the_case,
    is_about_versions,
    is_planning,
    is_talk,
)
from sessions.plan.evolving_room import changed, evolve_case, evolve_talk, evolve_versions
from sessions.plan.markup_events import (
    FindingsRecorded,
    MarkupPlaced,
    MarkupRemoved,
    MarkupReshaped,
    MarkupReworded,
)
from sessions.plan.records import (
    Anchor,
    CutId,
    FragmentId,
    MarkupId,
    MeasurementId,
    Plan,
    SolidId,
)
from sessions.plan.references import find_record, lock_key
from sessions.plan.repinning import repinned

Key = TypeVar("Key")
Value = TypeVar("Value")

_LOCKS: Final = frozenset({RecordLocked, RecordUnlocked, Merged})
_NO_EDITS: Final = _LOCKS | {
    *(MemberAdmitted, RoleChanged, MemberDismissed),
    *(FindingsRecorded, ClippingShared, FramesRecorded),
}
"""They leave what the branch holds as it is."""


def evolve_all(plan: Plan, events: Iterable[PlanEvent]) -> Plan:
    """Return the plan after all `events`."""
    return reduce(evolve, events, plan)


def evolve(plan: Plan, event: PlanEvent) -> Plan:
    """Return the plan after `event`; one about a record that is not there changes nothing."""
    if is_talk(event):
        return evolve_talk(plan, event)
    if is_about_versions(event):
        return evolve_versions(plan, event)
    evolved = plan
    if is_about_the_case(event):
        evolved = evolve_case(plan, event)
    elif is_planning(event):
        evolved = _evolve_branch(plan, event)
        if plan.locks and type(event) not in _LOCKS:
            evolved = _with_locks_on_what_is_there(evolved)
    if plan.edited or plan.base_version_id is None or type(event) in _NO_EDITS:
        return evolved
    return replace(evolved, edited=True)


def _with_locks_on_what_is_there(plan: Plan) -> Plan:
    """Let go of the locks on what has gone: if it comes back, it comes back free."""
    locks = {key: lock for key, lock in plan.locks.items() if find_record(plan, lock.ref)}
    return plan if len(locks) == len(plan.locks) else replace(plan, locks=locks)


def _evolve_branch(plan: Plan, event: PlanningEvent) -> Plan:  # noqa: C901, PLR0911, PLR0912 (one line per event)
    match event:
        case NotePinned(note=note):
            return replace(plan, notes={**plan.notes, note.note_id: note})
        case NoteEdited(note_id=note_id, after=text):
            return replace(plan, notes=changed(plan.notes, note_id, text=text))
        case NoteRemoved(note=note):
            return replace(plan, notes=_without(plan.notes, note.note_id))
        case DistanceMeasured(measurement=it):
            return replace(plan, measurements={**plan.measurements, it.measurement_id: it})
        case MeasurementRemoved(measurement=it):
            return replace(plan, measurements=_without(plan.measurements, it.measurement_id))
        case MarkupPlaced(markup=markup):
            return replace(plan, markups={**plan.markups, markup.markup_id: markup})
        case MarkupReshaped(markup_id=markup_id, after=outline):
            news = {"points": outline.points, "plane": outline.plane, "findings": None}
            return replace(plan, markups=changed(plan.markups, markup_id, **news))
        case MarkupReworded(markup_id=markup_id, after=text):
            return replace(plan, markups=changed(plan.markups, markup_id, text=text))
        case MarkupRemoved(markup=markup):
            return replace(plan, markups=_without(plan.markups, markup.markup_id))
        case FindingsRecorded(markup_id=markup_id, findings=findings):
            return replace(plan, markups=changed(plan.markups, markup_id, findings=findings))
        case CutPlaced(cut=cut):
            return replace(plan, cuts={**plan.cuts, cut.cut_id: cut})
        case CutAdjusted(cut_id=cut_id, after=plane):
            return replace(plan, cuts=changed(plan.cuts, cut_id, plane=plane))
        case CutRemoved(cut=cut):
            return replace(plan, cuts=_without(plan.cuts, cut.cut_id))
        case CutApplied(cut_id=cut_id, fragments=pieces):
            fragments = {**plan.fragments, **{piece.fragment_id: piece for piece in pieces}}
            return replace(plan, fragments=fragments, cuts=changed(plan.cuts, cut_id, applied=True))
        case CutReverted():
            return _revert(plan, event)
        case FragmentMoved(fragment_id=fragment_id, after=transform):
            return replace(
                plan, fragments=changed(plan.fragments, fragment_id, transform=transform)
            )
        case SegmentEdited(segment_id=segment_id, field=field, after=value):
            return replace(plan, segments=changed(plan.segments, segment_id, **{field: value}))
        case Renamed():
            return _renamed(plan, event)
        case RecordLocked(lock=lock):
            return replace(plan, locks={**plan.locks, lock_key(lock.ref): lock})
        case RecordUnlocked(lock=lock):
            return replace(plan, locks=_without(plan.locks, lock_key(lock.ref)))
        case Merged():
            return plan
        case _:
            assert_never(event)


def _renamed(plan: Plan, event: Renamed) -> Plan:
    record_id, name = event.ref.record_id, event.after
    match event.ref.kind:
        case "cut":
            return replace(plan, cuts=changed(plan.cuts, CutId(record_id), name=name))
        case "fragment":
            pieces = changed(plan.fragments, FragmentId(record_id), name=name)
            return replace(plan, fragments=pieces)
        case "measurement":
            measurements = changed(plan.measurements, MeasurementId(record_id), name=name)
            return replace(plan, measurements=measurements)
        case "markup":
            return replace(plan, markups=changed(plan.markups, MarkupId(record_id), name=name))
        case _:
            return plan


def _revert(plan: Plan, event: CutReverted) -> Plan:
    """Join the pieces again; what was pinned to them is pinned to what they came from."""
    parents = {SolidId(piece.fragment_id): piece.parent_id for piece in event.fragments}
    gone = {piece.fragment_id for piece in event.fragments}
    return replace(
        plan,
        cuts=changed(plan.cuts, event.cut_id, applied=False),
        fragments={key: piece for key, piece in plan.fragments.items() if key not in gone},
        notes={
            key: replace(note, anchor=_pinned(note.anchor, parents))
            if note.anchor.solid_id in parents
            else note
            for key, note in plan.notes.items()
        },
        measurements={
            key: replace(it, start=_pinned(it.start, parents), end=_pinned(it.end, parents))
            if it.start.solid_id in parents or it.end.solid_id in parents
            else it
            for key, it in plan.measurements.items()
        },
        markups={key: repinned(it, parents) for key, it in plan.markups.items()},
    )


def _pinned(anchor: Anchor, parents: Mapping[SolidId, SolidId]) -> Anchor:
    """Return the anchor on what its solid came from, where its solid is gone."""
    return replace(anchor, solid_id=parents.get(anchor.solid_id, anchor.solid_id))


def _without(records: dict[Key, Value], key: Key) -> dict[Key, Value]:
    """Return the records without one."""
    rest = records.copy()  # ten times as quick as leaving one out while going through all
    rest.pop(key, None)
    return rest
