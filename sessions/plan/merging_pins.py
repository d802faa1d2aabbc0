"""What is pinned, in a merge: taken off before the anatomy changes, pinned again afterwards."""

from typing import Final, Literal

from msgspec.structs import replace

from sessions.errors import RejectedCommandError
from sessions.plan.anatomy import solid_of
from sessions.plan.events import (
    DistanceMeasured,
    MeasurementRemoved,
    NoteEdited,
    NotePinned,
    NoteRemoved,
)
from sessions.plan.merging_work import Work
from sessions.plan.naming import is_taken, next_name
from sessions.plan.records import (
    Anchor,
    Fragment,
    FragmentId,
    Measurement,
    Note,
    RecordRef,
)
from sessions.plan.references import records_of
from sessions.plan.requirements import require_anchor

Pinned = Note | Measurement
PINNED: Final[tuple[Literal["note", "measurement"], ...]] = ("note", "measurement")


def take_down_pins(work: Work) -> None:
    """Take off what goes, what is pinned elsewhere in the version, and what loses its solid."""
    going = work.going
    for kind in PINNED:
        chosen = set(work.chosen_ids(kind))
        for record_id in sorted(records_of(work.ours, kind)):
            record: Pinned = records_of(work.ours, kind)[record_id]
            there: Pinned | None = records_of(work.theirs, kind).get(record_id)
            goes = record_id in chosen and (there is None or _where(record) != _where(there))
            if goes or any(anchor.solid_id in going for anchor in _anchors(record)):
                work.do(_removal(record))


def edit_pins(work: Work) -> None:
    """Give each chosen note that stays the text of the version."""
    for note_id in work.chosen_ids("note"):
        now, there = (it.notes.get(note_id) for it in (work.plan, work.theirs))
        if now is not None and there is not None and now.text != there.text:
            work.do(NoteEdited(note_id=note_id, before=now.text, after=there.text))


def pin_again(work: Work) -> None:
    """Pin what is new, and what was taken off and stays."""
    for kind in PINNED:
        chosen = set(work.chosen_ids(kind))
        here, there = records_of(work.ours, kind), records_of(work.theirs, kind)
        for record_id in sorted(chosen & there.keys() | (here.keys() - chosen)):
            if record_id in records_of(work.plan, kind):
                continue
            if record_id in chosen:
                record: Pinned = there[record_id]
                for anchor in _anchors(record):
                    _require_solid(work, anchor, kind)
            else:
                record = here[record_id]
                if record != there.get(record_id):
                    record = _moved_up(work, record)
            work.do(_pinning(work, record))


def _where(record: Pinned) -> tuple[object, ...]:
    """Return what cannot be changed of something pinned: with another of it, it is another."""
    return (*_anchors(record), record.author_id, record.created_at)


def _anchors(record: Pinned) -> tuple[Anchor, ...]:
    if isinstance(record, Note):
        return (record.anchor,)
    return (record.start, record.end)


def _removal(record: Pinned) -> NoteRemoved | MeasurementRemoved:
    if isinstance(record, Note):
        return NoteRemoved(note=record)
    return MeasurementRemoved(measurement=record)


def _pinning(work: Work, record: Pinned) -> NotePinned | DistanceMeasured:
    if isinstance(record, Note):
        return NotePinned(note=record)
    ref = RecordRef(kind="measurement", record_id=record.measurement_id)
    name = record.name
    if is_taken(work.plan, ref, name):
        plans = (work.plan, work.theirs, work.ours)
        name = next_name("Distance", [it.name for p in plans for it in p.measurements.values()])
    return DistanceMeasured(measurement=replace(record, name=name))


def _moved_up(work: Work, record: Pinned) -> Pinned:
    """Return what was not chosen, pinned to what its fragment was cut from (P21)."""
    if isinstance(record, Note):
        return replace(record, anchor=_up(work, record.anchor))
    return replace(record, start=_up(work, record.start), end=_up(work, record.end))


def _up(work: Work, anchor: Anchor) -> Anchor:
    going, solid_id = work.going, anchor.solid_id
    for _ in going:
        piece = work.ours.fragments.get(FragmentId(solid_id))
        if solid_id not in going or piece is None:
            break
        solid_id = piece.parent_id
    return replace(anchor, solid_id=solid_id)


def _require_solid(work: Work, anchor: Anchor, kind: str) -> None:
    """Refuse a point on a solid that is not here; the sentence says what brings it."""
    here, there = (solid_of(plan, anchor.solid_id) for plan in (work.plan, work.theirs))
    if here is None:
        cut = work.theirs.cuts.get(there.cut_id) if isinstance(there, Fragment) else None
        raise RejectedCommandError(
            f"the {kind} is on {there.name if there else 'a solid'}, which comes with "
            f"{cut.name if cut else 'its segment'}; choose that as well"
        )
    if there is None or here.surface != there.surface:
        require_anchor(work.plan, anchor)
