"""A merge that is being worked out: the plan so far, and the events that led to it."""

from collections.abc import Iterator
from typing import Any

from sessions.plan.anatomy import fragment_ids, pieces_of
from sessions.plan.events import PlanningEvent
from sessions.plan.evolving import evolve
from sessions.plan.records import (
    Cut,
    CutId,
    Plan,
    RecordKind,
    RecordRef,
    SolidId,
)
from sessions.plan.references import as_agreed, find_record


class Work:
    """What a merge has done so far.

    Parameters
    ----------
    ours : Plan
        The branch as it is.
    theirs : Plan
        What the version holds.
    chosen : frozenset of RecordRef
        What the member chose.
    """

    def __init__(self, ours: Plan, theirs: Plan, chosen: frozenset[RecordRef]) -> None:
        self.ours = ours
        self.theirs = theirs
        self.chosen = chosen
        self.plan = ours
        self.events: list[PlanningEvent] = []
        self.torn: dict[CutId, None] = {}
        """Cuts whose fragments go, at least for a moment: from the leaves upwards."""
        self.lifted: set[CutId] = set()
        """Cuts that are removed, at least for a moment."""

    def do(self, event: PlanningEvent) -> None:
        """Go on with the plan after an event."""
        self.plan = evolve(self.plan, event)
        self.events.append(event)

    def chosen_ids(self, kind: RecordKind) -> list[Any]:
        """Return the ids of what was chosen of a kind, sorted."""
        return sorted(ref.record_id for ref in self.chosen if ref.kind == kind)

    def is_chosen(self, kind: RecordKind, record_id: str) -> bool:
        """Say whether a record may become as it is in the version: it was chosen, or is so."""
        ref = RecordRef(kind=kind, record_id=record_id)
        ours, theirs = (as_agreed(find_record(it, ref)) for it in (self.ours, self.theirs))
        return ref in self.chosen or ours == theirs

    @property
    def going(self) -> set[SolidId]:
        """The fragments of all cuts that are torn."""
        return {
            solid_id for cut_id in self.torn for solid_id in fragment_ids(self.ours.cuts[cut_id])
        }


def cuts_on(plan: Plan, cut: Cut) -> Iterator[Cut]:
    """Yield the cuts that lie on the fragments of a cut, by id."""
    pieces = set(fragment_ids(cut))
    for cut_id in sorted(plan.cuts):
        if plan.cuts[cut_id].target_id in pieces:
            yield plan.cuts[cut_id]


def cuts_alike(one: Cut, other: Cut, plan: Plan, other_plan: Plan) -> bool:
    """Say whether a cut is the same in two plans, down to the surfaces of its fragments."""
    if _shape(one) != _shape(other):
        return False
    if not one.applied:
        return True
    return _surfaces(plan, one) == _surfaces(other_plan, other)


def _shape(cut: Cut) -> tuple[object, ...]:
    return (cut.target_id, cut.plane, cut.applied, cut.author_id)


def _surfaces(plan: Plan, cut: Cut) -> tuple[str, ...]:
    return tuple(piece.surface.sha256 for piece in pieces_of(plan, cut) or ())
