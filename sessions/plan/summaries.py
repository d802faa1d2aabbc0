"""What an entry did, in plain words; the page puts the member's name before it."""

import math
from typing import assert_never

from imaging.space import distance_mm
from sessions.plan.anatomy import (
    applied_cuts,
    centre_of_bounds,
    leaf_of,
    solid_of,
    transform_of,
)
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
from sessions.plan.markup_events import (
    FindingsRecorded,
    MarkupPlaced,
    MarkupRemoved,
    MarkupReshaped,
    MarkupReworded,
)
from sessions.plan.markup_summaries import drawing_of, findings_of
from sessions.plan.records import Anchor, CutId, Measurement, NoteId, Plan, RecordRef, SolidId
from sessions.plan.references import name_of
from sessions.plan.room_summaries import room_summary
from sessions.plan.versioning import label_of


def summary_of(before: Plan, events: tuple[PlanEvent, ...]) -> str:
    """Return what `events` did to the plan `before` them, for example "pinned a note on Skull"."""
    merged = next((event for event in events if isinstance(event, Merged)), None)
    if merged is not None:
        return _merging(before, merged)
    return ", ".join(_summary(before, event) for event in events)


def length_mm(plan: Plan, measurement: Measurement) -> float:
    """Return the distance between the ends of a measurement as they are now, mm."""
    applied = applied_cuts(plan)
    start, end = (
        transform_of(plan, leaf_of(anchor, applied)).apply(anchor.point_mm)
        for anchor in (measurement.start, measurement.end)
    )
    return distance_mm(start, end)


def _summary(plan: Plan, event: PlanEvent) -> str:  # noqa: C901, PLR0911, PLR0912 (one line per event)
    if isinstance(event, RoomEvent):
        return room_summary(plan, event)
    match event:
        case NotePinned(note=note):
            return f"pinned a note on {_place(plan, note.anchor)}"
        case NoteEdited(note_id=note_id):
            return f"edited the note on {_place_of_note(plan, note_id)}"
        case NoteRemoved(note=note):
            return f"removed the note on {_place(plan, note.anchor)}"
        case DistanceMeasured(measurement=measurement):
            return f"measured {length_mm(plan, measurement):.1f} mm"
        case MeasurementRemoved(measurement=measurement):
            return f"removed {measurement.name}"
        case MarkupPlaced(markup=markup):
            return drawing_of(plan, markup)
        case MarkupReshaped(markup_id=markup_id):
            return f"reshaped {name_of(plan, RecordRef(kind='markup', record_id=markup_id))}"
        case MarkupReworded(markup_id=markup_id):
            return f"reworded {name_of(plan, RecordRef(kind='markup', record_id=markup_id))}"
        case MarkupRemoved(markup=markup):
            return f"removed {markup.name}"
        case FindingsRecorded(markup_id=markup_id, findings=findings):
            return findings_of(plan, markup_id, findings)
        case CutPlaced(cut=cut):
            return f"placed a plane on {_name(plan, cut.target_id)}"
        case CutAdjusted(cut_id=cut_id):
            return f"adjusted the plane of {_cut_name(plan, cut_id)}"
        case CutRemoved(cut=cut):
            return f"removed the plane of {cut.name}"
        case CutApplied(fragments=fragments):
            name = _name(plan, fragments[0].parent_id)
            return f"cut {name} into {len(fragments)} fragments"
        case CutReverted(fragments=fragments):
            return f"joined {_name(plan, fragments[0].parent_id)} again"
        case FragmentMoved():
            return _movement(plan, event)
        case SegmentEdited(segment_id=segment_id, field=field):
            return f"changed the {field} of {_name(plan, SolidId(segment_id))}"
        case Renamed(before=before, after=after):
            return f"renamed {before} to {after}"
        case RecordLocked(lock=lock):
            return f"locked {name_of(plan, lock.ref)}"
        case RecordUnlocked(lock=lock):
            return f"unlocked {name_of(plan, lock.ref)}"
        case Merged():
            return _merging(plan, event)
        case _:
            assert_never(event)


def _merging(plan: Plan, event: Merged) -> str:
    version = plan.versions.get(event.version_id)
    count = len(event.choices)
    things = "1 thing" if count == 1 else f"{count} things"
    return f"took {things} over from {label_of(version) if version else 'a version'}"


def _movement(plan: Plan, event: FragmentMoved) -> str:
    """Say how far the centre of a fragment went in this move, and how far it turned."""
    angle_deg = (event.after @ event.before.inverse()).angle_deg
    fragment = plan.fragments.get(event.fragment_id)
    if fragment is None:
        return f"moved {_name(plan, SolidId(event.fragment_id))}"
    centre = centre_of_bounds(fragment)
    moved_mm = math.dist(event.before.apply(centre), event.after.apply(centre))
    return f"moved {fragment.name} by {moved_mm:.1f} mm, {angle_deg:.1f}°"


def _name(plan: Plan, solid_id: SolidId) -> str:
    solid = solid_of(plan, solid_id)
    return "a solid" if solid is None else solid.name


def _place(plan: Plan, anchor: Anchor) -> str:
    return _name(plan, leaf_of(anchor, applied_cuts(plan)))


def _place_of_note(plan: Plan, note_id: NoteId) -> str:
    note = plan.notes.get(note_id)
    return "a solid" if note is None else _place(plan, note.anchor)


def _cut_name(plan: Plan, cut_id: CutId) -> str:
    cut = plan.cuts.get(cut_id)
    return "a cut" if cut is None else cut.name
