"""What a ledger no longer needs: so that it grows with the plan and not with its history."""

from collections.abc import Iterator
from typing import Final

from msgspec.structs import replace

from sessions.plan.anatomy import solid_of
from sessions.plan.carrying import solids_in
from sessions.plan.events import (
    CutPlaced,
    CutRemoved,
    DistanceMeasured,
    MeasurementRemoved,
    NotePinned,
    NoteRemoved,
    PlanningEvent,
)
from sessions.plan.inverting import Key
from sessions.plan.markup_events import MarkupPlaced, MarkupRemoved, MarkupReshaped
from sessions.plan.records import Plan, SolidId
from sessions.plan.undo import Ledger, Operation

FORGET_EVERY: Final = 256
"""Revisions. At fixed ones, so that a replay forgets what the room forgot."""


def without_the_forgotten(ledger: Ledger, plan: Plan) -> Ledger:
    """Return the ledger without what is about records that nobody can bring back."""
    operations = tuple(_operations(ledger))
    wanted = {key for operation in operations for key in operation.keys}

    def matters(key: Key) -> bool:
        return key in wanted or _is_there(plan, key)

    return replace(
        ledger,
        standing={key: it for key, it in ledger.standing.items() if it and matters(key)},
        latest={key: it for key, it in ledger.latest.items() if matters(key)},
        parents=_parents(ledger, plan, operations),
    )


def _operations(ledger: Ledger) -> Iterator[Operation]:
    """Yield what somebody can still take back or do again."""
    for own in ledger.undoable.values():
        yield from own
    for undone in ledger.redoable.values():
        yield from (it.operation for it in undone)


def _is_there(plan: Plan, key: Key) -> bool:
    match key.kind.partition(".")[0]:
        case "solid":
            return solid_of(plan, SolidId(key.record_id)) is not None
        case "note":
            return key.record_id in plan.notes
        case "measurement":
            return key.record_id in plan.measurements
        case "markup":
            return key.record_id in plan.markups
        case _:
            return key.record_id in plan.cuts


def _parents(
    ledger: Ledger, plan: Plan, operations: tuple[Operation, ...]
) -> dict[SolidId, SolidId]:
    """Keep the way up from every fragment that is there, or that something may come back to."""
    wanted = {SolidId(key) for key in plan.fragments}
    for operation in operations:
        wanted.update(SolidId(it.record_id) for it in operation.keys if it.kind == "solid")
        wanted.update(solid for event in operation.events for solid in _pinned_to(event))
    kept: dict[SolidId, SolidId] = {}
    while wanted:
        solid_id = wanted.pop()
        parent_id = ledger.parents.get(solid_id)
        if parent_id is not None and solid_id not in kept:
            kept[solid_id] = parent_id
            wanted.add(parent_id)
    return {key: value for key, value in ledger.parents.items() if key in kept}


def _pinned_to(event: PlanningEvent) -> tuple[SolidId, ...]:
    match event:
        case NotePinned(note=note) | NoteRemoved(note=note):
            return (note.anchor.solid_id,)
        case DistanceMeasured(measurement=it) | MeasurementRemoved(measurement=it):
            return (it.start.solid_id, it.end.solid_id)
        case MarkupPlaced(markup=markup) | MarkupRemoved(markup=markup):
            return tuple(solids_in(markup))
        case MarkupReshaped(before=before, after=after):
            points = (*before.points, *after.points)
            return tuple(it.solid_id for it in points if it.solid_id is not None)
        case CutPlaced(cut=cut) | CutRemoved(cut=cut):
            return (cut.target_id,)
        case _:
            return ()
