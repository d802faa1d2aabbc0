"""What is pinned, in a merge: taken off before the anatomy changes, pinned again afterwards."""

from collections.abc import Mapping
from typing import Final, Literal, assert_never

from msgspec.structs import replace

from imaging.space import Vector
from sessions.errors import RejectedCommandError
from sessions.plan.anatomy import solid_of
from sessions.plan.carrying import solids_in
from sessions.plan.events import (
    DistanceMeasured,
    MeasurementRemoved,
    NoteEdited,
    NotePinned,
    NoteRemoved,
    PlanningEvent,
)
from sessions.plan.markup_events import (
    MarkupPlaced,
    MarkupRemoved,
    MarkupReshaped,
    MarkupReworded,
    Outline,
)
from sessions.plan.merging_work import Work
from sessions.plan.naming import is_taken, next_name, word_of
from sessions.plan.records import (
    Anchor,
    Fragment,
    FragmentId,
    Markup,
    Measurement,
    Note,
    RecordRef,
    SolidId,
)
from sessions.plan.references import as_agreed, records_of
from sessions.plan.repinning import repinned
from sessions.plan.requirements import require_anchor

Pinned = Note | Measurement | Markup
PINNED: Final[tuple[Literal["note", "measurement", "markup"], ...]] = (
    "note",
    "measurement",
    "markup",
)


def take_down_pins(work: Work) -> None:
    """Take off what goes, what is pinned elsewhere in the version, and what loses its solid."""
    going = work.going
    for kind in PINNED:
        chosen = set(work.chosen_ids(kind))
        for record_id in sorted(records_of(work.ours, kind)):
            record: Pinned = records_of(work.ours, kind)[record_id]
            there: Pinned | None = records_of(work.theirs, kind).get(record_id)
            goes = record_id in chosen and (there is None or _whose(record) != _whose(there))
            if goes or any(solid_id in going for solid_id in _solids(record)):
                work.do(_removal(record))


def edit_pins(work: Work) -> None:
    """Give each chosen note or markup that stays the text, and the points, of the version."""
    for note_id in work.chosen_ids("note"):
        now, there = (it.notes.get(note_id) for it in (work.plan, work.theirs))
        if now is not None and there is not None and now.text != there.text:
            work.do(NoteEdited(note_id=note_id, before=now.text, after=there.text))
    for markup_id in work.chosen_ids("markup"):
        drawn, wanted = (it.markups.get(markup_id) for it in (work.plan, work.theirs))
        if drawn is not None and wanted is not None:
            _edit_markup(work, drawn, wanted)


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
                _require_solids(work, record, kind)
            else:
                record = here[record_id]
                if as_agreed(record) != as_agreed(there.get(record_id)):
                    record = _moved_up(work, record)
            work.do(_pinning(work, record))


def _edit_markup(work: Work, now: Markup, there: Markup) -> None:
    before = Outline(points=now.points, plane=now.plane)
    after = Outline(points=there.points, plane=there.plane)
    if before != after:
        _require_solids(work, there, "markup")
        work.do(MarkupReshaped(markup_id=now.markup_id, before=before, after=after))
    if now.text != there.text:
        work.do(MarkupReworded(markup_id=now.markup_id, before=now.text, after=there.text))


def _whose(record: Pinned) -> tuple[object, ...]:
    """Return what cannot be changed of something pinned: with another of it, it is another."""
    own = (record.author_id, record.created_at)
    if isinstance(record, Markup):
        return (record.kind, record.solid_ids, *own)
    return (*_anchors(record), *own)


def _anchors(record: Note | Measurement) -> tuple[Anchor, ...]:
    if isinstance(record, Note):
        return (record.anchor,)
    return (record.start, record.end)


def _places(record: Pinned) -> tuple[tuple[SolidId, Vector | None], ...]:
    """Return the solids that something is pinned to, and where; a gap is anywhere on its own."""
    if isinstance(record, Markup):
        points = ((it.solid_id, it.point_mm) for it in record.points if it.solid_id is not None)
        return (*points, *((it, None) for it in record.solid_ids))
    return tuple((it.solid_id, it.point_mm) for it in _anchors(record))


def _solids(record: Pinned) -> tuple[SolidId, ...]:
    if isinstance(record, Markup):
        return tuple(solids_in(record))
    return tuple(it.solid_id for it in _anchors(record))


def _removal(record: Pinned) -> PlanningEvent:
    match record:
        case Note():
            return NoteRemoved(note=record)
        case Measurement():
            return MeasurementRemoved(measurement=record)
        case Markup():
            return MarkupRemoved(markup=record)
        case _:
            assert_never(record)


def _pinning(work: Work, record: Pinned) -> PlanningEvent:
    match record:
        case Note():
            return NotePinned(note=record)
        case Measurement():
            ref = RecordRef(kind="measurement", record_id=record.measurement_id)
            return DistanceMeasured(measurement=replace(record, name=_name(work, ref, record.name)))
        case Markup():
            ref = RecordRef(kind="markup", record_id=record.markup_id)
            return MarkupPlaced(markup=replace(record, name=_name(work, ref, record.name)))
        case _:
            assert_never(record)


def _name(work: Work, ref: RecordRef, name: str) -> str:
    """Return the name of what is pinned, or the next free one where that is taken."""
    if not is_taken(work.plan, ref, name):
        return name
    plans = (work.plan, work.theirs, work.ours)
    names = [it.name for plan in plans for it in records_of(plan, ref.kind).values()]
    return next_name(word_of(ref, *plans), names)


def _moved_up(work: Work, record: Pinned) -> Pinned:
    """Return what was not chosen, pinned to what its fragment was cut from (P21)."""
    up = {solid_id: _up(work, solid_id) for solid_id in _solids(record)}
    match record:
        case Note():
            return replace(record, anchor=_elsewhere(record.anchor, up))
        case Measurement():
            start, end = (_elsewhere(it, up) for it in (record.start, record.end))
            return replace(record, start=start, end=end)
        case Markup():
            return repinned(record, up)
        case _:
            assert_never(record)


def _elsewhere(anchor: Anchor, others: Mapping[SolidId, SolidId]) -> Anchor:
    return replace(anchor, solid_id=others[anchor.solid_id])


def _up(work: Work, solid_id: SolidId) -> SolidId:
    going = work.going
    for _ in going:
        piece = work.ours.fragments.get(FragmentId(solid_id))
        if solid_id not in going or piece is None:
            break
        solid_id = piece.parent_id
    return solid_id


def _require_solids(work: Work, record: Pinned, kind: str) -> None:
    """Refuse what is on a solid that is not here; the sentence says what brings it."""
    for solid_id, point in _places(record):
        here, there = (solid_of(plan, solid_id) for plan in (work.plan, work.theirs))
        if here is None:
            cut = work.theirs.cuts.get(there.cut_id) if isinstance(there, Fragment) else None
            raise RejectedCommandError(
                f"the {kind} is on {there.name if there else 'a solid'}, which comes with "
                f"{cut.name if cut else 'its segment'}; choose that as well"
            )
        if point is not None and (there is None or here.surface != there.surface):
            require_anchor(work.plan, Anchor(solid_id=solid_id, point_mm=point))
