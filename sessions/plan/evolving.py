"""What an event makes of a plan: pure, and never fails, for what was recorded has happened."""

from collections.abc import Iterable, Mapping
from functools import reduce
from typing import TypeVar, assert_never

from msgspec.structs import replace

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
from sessions.plan.records import Anchor, Plan, SolidId

Key = TypeVar("Key")
Value = TypeVar("Value")


def evolve_all(plan: Plan, events: Iterable[PlanEvent]) -> Plan:
    """Return the plan after all `events`."""
    return reduce(evolve, events, plan)


def evolve(plan: Plan, event: PlanEvent) -> Plan:  # noqa: C901, PLR0911, PLR0912 (one line per event)
    """Return the plan after `event`; one about a record that is not there changes nothing."""
    match event:
        case CaseOpened(title=title, source=source):
            return replace(plan, title=title, source=source)
        case SegmentAdded(segment=segment):
            return replace(plan, segments={**plan.segments, segment.segment_id: segment})
        case MemberAdmitted(member=member):
            return replace(plan, members={**plan.members, member.member_id: member})
        case NotePinned(note=note):
            return replace(plan, notes={**plan.notes, note.note_id: note})
        case NoteEdited(note_id=note_id, after=text):
            return replace(plan, notes=_changed(plan.notes, note_id, text=text))
        case NoteRemoved(note=note):
            return replace(plan, notes=_without(plan.notes, note.note_id))
        case DistanceMeasured(measurement=it):
            return replace(plan, measurements={**plan.measurements, it.measurement_id: it})
        case MeasurementRemoved(measurement=it):
            return replace(plan, measurements=_without(plan.measurements, it.measurement_id))
        case CutPlaced(cut=cut):
            return replace(plan, cuts={**plan.cuts, cut.cut_id: cut})
        case CutAdjusted(cut_id=cut_id, after=plane):
            return replace(plan, cuts=_changed(plan.cuts, cut_id, plane=plane))
        case CutRemoved(cut=cut):
            return replace(plan, cuts=_without(plan.cuts, cut.cut_id))
        case CutApplied(cut_id=cut_id, fragments=pieces):
            fragments = {**plan.fragments, **{piece.fragment_id: piece for piece in pieces}}
            return replace(
                plan, fragments=fragments, cuts=_changed(plan.cuts, cut_id, applied=True)
            )
        case CutReverted():
            return _revert(plan, event)
        case FragmentMoved(fragment_id=fragment_id, after=transform):
            return replace(
                plan, fragments=_changed(plan.fragments, fragment_id, transform=transform)
            )
        case _:
            assert_never(event)


def _revert(plan: Plan, event: CutReverted) -> Plan:
    """Join the pieces again; what was pinned to them is pinned to what they came from."""
    parents = {SolidId(piece.fragment_id): piece.parent_id for piece in event.fragments}
    gone = {piece.fragment_id for piece in event.fragments}
    return replace(
        plan,
        cuts=_changed(plan.cuts, event.cut_id, applied=False),
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
    )


def _pinned(anchor: Anchor, parents: Mapping[SolidId, SolidId]) -> Anchor:
    """Return the anchor on what its solid came from, where its solid is gone."""
    return replace(anchor, solid_id=parents.get(anchor.solid_id, anchor.solid_id))


def _without(records: dict[Key, Value], key: Key) -> dict[Key, Value]:
    """Return the records without one."""
    return {other: record for other, record in records.items() if other != key}


def _changed(records: dict[Key, Value], key: Key, **fields: object) -> dict[Key, Value]:
    """Return the records with some fields of one changed, or as they are where it is not there."""
    if key not in records:
        return records
    return {**records, key: replace(records[key], **fields)}  # type: ignore[type-var]
