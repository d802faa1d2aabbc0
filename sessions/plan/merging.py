"""Take chosen records over from a version: the events that make them as they are there.

What was chosen is taken down first (notes, cuts from the leaves upwards), then built as it is in
the version (cuts from the segments downwards, what is pinned last). Every step is decided on the
plan as the one before leaves it, and each is an event that undo knows how to take back.
"""

from typing import Final, get_args

from sessions.errors import RejectedCommandError
from sessions.plan.codec import MAX_ENTRY_BYTES, canonical
from sessions.plan.commands import MergeRecords
from sessions.plan.events import Merged, PlanEvent, SegmentEdited, SegmentField
from sessions.plan.marking import MAX_CONTROL_POINTS, MAX_MARKUPS, points_in
from sessions.plan.merging_cuts import (
    build_cuts,
    move_fragments,
    rename_all,
    require_decided,
    take_down_cuts,
)
from sessions.plan.merging_pins import edit_pins, pin_again, take_down_pins
from sessions.plan.merging_work import Work
from sessions.plan.records import Plan, RecordKind, RecordRef
from sessions.plan.references import KINDS, as_agreed, find_record, records_of
from sessions.plan.requirements import MAX_RECORDS

SEGMENT_FIELDS: Final[tuple[SegmentField, ...]] = get_args(SegmentField)

MAX_MERGE_BYTES: Final = MAX_ENTRY_BYTES // 2
"""Of the events; with the rest of its entry it must be one that a log can be read with."""


def merge(ours: Plan, theirs: Plan, command: MergeRecords) -> tuple[PlanEvent, ...]:
    """Return the events that make the chosen records of `ours` as they are in `theirs`.

    Parameters
    ----------
    theirs : Plan
        What a version holds.

    Returns
    -------
    tuple of PlanEvent
        `Merged`, then what it did; none where nothing would change.

    Raises
    ------
    RejectedCommandError
        A choice cannot be taken over by itself; the sentence names what else to choose.
    """
    work = Work(ours, theirs, frozenset(command.choices))
    require_decided(work)
    take_down_pins(work)
    take_down_cuts(work)
    rename_all(work)
    move_fragments(work)
    build_cuts(work)
    _edit_segments(work)
    edit_pins(work)
    pin_again(work)
    if not work.events:
        return ()
    _require_small(work)
    choices = tuple(sorted(work.chosen, key=_place))
    return (Merged(version_id=command.version_id, choices=choices), *work.events)


def choices_between(ours: Plan, theirs: Plan) -> tuple[RecordRef, ...]:
    """Return everything that can be taken over: what differs, by kind and id.

    A segment that came in since the version was saved is not among it: segments stay.
    """
    return tuple(
        ref
        for kind in KINDS
        for ref in _refs(kind, ours, theirs)
        if as_agreed(find_record(ours, ref)) != as_agreed(find_record(theirs, ref))
        and not (kind == "segment" and find_record(theirs, ref) is None)
    )


def _refs(kind: RecordKind, ours: Plan, theirs: Plan) -> list[RecordRef]:
    ids = records_of(ours, kind).keys() | records_of(theirs, kind).keys()
    return [RecordRef(kind=kind, record_id=it) for it in sorted(ids)]


def _edit_segments(work: Work) -> None:
    """Give each chosen segment the properties that it has in the version."""
    for segment_id in work.chosen_ids("segment"):
        now = work.plan.segments.get(segment_id)
        there = work.theirs.segments.get(segment_id)
        if now is None and there is None:
            continue
        if now is None or there is None:
            name = (now or there).name  # type: ignore[union-attr]  # one of them is there
            raise RejectedCommandError(
                f"{name} came in after this version was saved, and segments stay; "
                "choose the rest without it"
            )
        for field in SEGMENT_FIELDS:
            before, after = getattr(now, field), getattr(there, field)
            if before != after:
                work.do(
                    SegmentEdited(segment_id=segment_id, field=field, before=before, after=after)
                )


def _require_small(work: Work) -> None:
    """Refuse a merge that a plan, or an entry of the log, has no room for."""
    for kind in KINDS:
        most = MAX_MARKUPS if kind == "markup" else MAX_RECORDS
        if len(records_of(work.plan, kind)) > most:
            raise RejectedCommandError(
                f"the plan would hold more than {most} {kind}s; remove some first"
            )
    if points_in(work.plan) > MAX_CONTROL_POINTS:
        raise RejectedCommandError(
            f"the markups of the plan would have over {MAX_CONTROL_POINTS} points in all; "
            "choose fewer drawings"
        )
    if len(canonical(work.events)) > MAX_MERGE_BYTES:
        raise RejectedCommandError("that is too much for one merge; choose less, then the rest")


def _place(ref: RecordRef) -> tuple[int, str]:
    return KINDS.index(ref.kind), ref.record_id
