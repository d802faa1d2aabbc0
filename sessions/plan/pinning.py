"""Rules for what is pinned to the anatomy: notes and measurements."""

from sessions.errors import RejectedCommandError
from sessions.plan.commands import (
    EditNote,
    MeasureDistance,
    PinNote,
    RemoveMeasurement,
    RemoveNote,
)
from sessions.plan.events import (
    DistanceMeasured,
    MeasurementRemoved,
    NoteEdited,
    NotePinned,
    NoteRemoved,
    PlanEvent,
)
from sessions.plan.naming import next_measurement_name
from sessions.plan.records import Measurement, MemberId, Note, Plan
from sessions.plan.requirements import (
    require_anchor,
    require_id,
    require_note_text,
    require_own,
    require_room_for_one,
)


def pin_note(plan: Plan, command: PinNote, by: MemberId, at: str) -> tuple[PlanEvent, ...]:
    """Decide on a new note."""
    require_id(command.note_id, "note")
    require_note_text(command.text)
    require_anchor(plan, command.anchor)
    known = plan.notes.get(command.note_id)
    if known is None:
        require_room_for_one(plan.notes, "notes")
        note = Note(
            note_id=command.note_id,
            anchor=command.anchor,
            text=command.text,
            author_id=by,
            created_at=at,
        )
        return (NotePinned(note=note),)
    if (known.anchor, known.text, known.author_id) == (command.anchor, command.text, by):
        return ()
    raise RejectedCommandError("a note of that id exists already; pin it under another id")


def edit_note(plan: Plan, command: EditNote, by: MemberId) -> tuple[PlanEvent, ...]:
    """Decide on another text."""
    require_note_text(command.text)
    note = plan.notes.get(command.note_id)
    if note is None:
        raise RejectedCommandError("the note is gone; pin it again")
    require_own(plan, note.author_id, by, "note")
    if note.text == command.text:
        return ()
    return (NoteEdited(note_id=note.note_id, before=note.text, after=command.text),)


def remove_note(plan: Plan, command: RemoveNote, by: MemberId) -> tuple[PlanEvent, ...]:
    """Decide on taking a note away."""
    note = plan.notes.get(command.note_id)
    if note is None:
        return ()
    require_own(plan, note.author_id, by, "note")
    return (NoteRemoved(note=note),)


def measure_distance(
    plan: Plan, command: MeasureDistance, by: MemberId, at: str
) -> tuple[PlanEvent, ...]:
    """Decide on a new measurement."""
    require_id(command.measurement_id, "measurement")
    require_anchor(plan, command.start)
    require_anchor(plan, command.end)
    known = plan.measurements.get(command.measurement_id)
    if known is None:
        require_room_for_one(plan.measurements, "measurements")
        measurement = Measurement(
            measurement_id=command.measurement_id,
            name=next_measurement_name(plan),
            start=command.start,
            end=command.end,
            author_id=by,
            created_at=at,
        )
        return (DistanceMeasured(measurement=measurement),)
    if (known.start, known.end, known.author_id) == (command.start, command.end, by):
        return ()
    raise RejectedCommandError("a measurement of that id exists already; use another id")


def remove_measurement(
    plan: Plan, command: RemoveMeasurement, by: MemberId
) -> tuple[PlanEvent, ...]:
    """Decide on taking a measurement away."""
    measurement = plan.measurements.get(command.measurement_id)
    if measurement is None:
        return ()
    require_own(plan, measurement.author_id, by, "measurement")
    return (MeasurementRemoved(measurement=measurement),)
