"""Own undo and redo, derived from the log: who did what last, and whether it still stands.

For each record the ledger keeps the stack of operations that stand on it. An operation may be
taken back only while it is on top of all of its stacks, so that nobody takes back somebody else's
later change; and done again only while its stacks are as taking it back left them. Each member's
latest `UNDO_DEPTH` operations can be taken back; older ones are forgotten, so that the ledger grows
with the plan and not with its history.
"""

from typing import Final, NoReturn

import msgspec
from msgspec.structs import replace

from sessions.errors import RejectedCommandError
from sessions.plan.anatomy import member_name
from sessions.plan.events import Entry, PlanningEvent, is_planning
from sessions.plan.evolving import evolve
from sessions.plan.inverting import Blocked, Key, inverse_of, keys_of, parents_in
from sessions.plan.records import MemberId, OperationId, Plan, SolidId

UNDO_DEPTH: Final = 200
"""Operations of each member; what came before is edited, not undone."""

STACK_DEPTH: Final = 64
"""Operations that are remembered on one record: nobody gets below so many of others'."""


class Standing(msgspec.Struct, frozen=True):
    """An operation in the stack of a record."""

    operation_id: OperationId
    member_id: MemberId
    summary: str


class Touch(msgspec.Struct, frozen=True):
    """The last that anybody did to a record."""

    member_id: MemberId
    summary: str
    revision: int


class Operation(msgspec.Struct, frozen=True):
    """Something that a member did and that stands."""

    operation_id: OperationId
    member_id: MemberId
    summary: str
    events: tuple[PlanningEvent, ...]
    """As they were done last: by the operation itself or by its redo."""
    keys: tuple[Key, ...]


class Undone(msgspec.Struct, frozen=True):
    """An operation that was taken back."""

    operation: Operation
    events: tuple[PlanningEvent, ...]
    """Those that took it back."""
    below: tuple[tuple[Key, OperationId | None], ...]
    """What stood on its records afterwards."""


class Reversal(msgspec.Struct, frozen=True):
    """What an undo or a redo is made of."""

    operation_id: OperationId
    """The operation that is taken back or done again."""
    events: tuple[PlanningEvent, ...]


class Ledger(msgspec.Struct, frozen=True):
    """What each member can take back or do again."""

    standing: dict[Key, tuple[Standing, ...]] = {}
    latest: dict[Key, Touch] = {}
    """Who touched a record last, and how; also by taking something back."""
    undoable: dict[MemberId, tuple[Operation, ...]] = {}
    redoable: dict[MemberId, tuple[Undone, ...]] = {}
    parents: dict[SolidId, SolidId] = {}
    """What every fragment was cut from that there ever was."""

    def undone_by(self, entry: Entry) -> Operation | None:
        """Return the operation that `entry`, the next one, takes back."""
        own = self.undoable.get(entry.member_id, ())
        return next((it for it in own if it.operation_id == entry.undoes), None)

    def redone_by(self, entry: Entry) -> Undone | None:
        """Return the undone operation that `entry`, the next one, does again."""
        own = self.redoable.get(entry.member_id, ())
        return next((it for it in own if it.operation.operation_id == entry.redoes), None)

    def top(self, key: Key) -> OperationId | None:
        """Return the operation that stands on a record last."""
        stack = self.standing.get(key, ())
        return stack[-1].operation_id if stack else None


def undo(plan: Plan, ledger: Ledger, member_id: MemberId) -> Reversal:
    """Return what takes back the member's latest operation.

    Raises
    ------
    RejectedCommandError
        There is none, or somebody changed what it did; the sentence says who and what.
    """
    own = ledger.undoable.get(member_id, ())
    if not own:
        raise RejectedCommandError("there is nothing of yours to take back")
    operation = own[-1]
    for key in operation.keys:
        if ledger.top(key) != operation.operation_id:
            stack = ledger.standing.get(key, ())
            _refuse(plan, operation, stack[-1] if stack else ledger.latest[key], "taken back")
    return _reversal(plan, ledger, operation, operation.events, "taken back")


def redo(plan: Plan, ledger: Ledger, member_id: MemberId) -> Reversal:
    """Return what does the member's latest undone operation again.

    Raises
    ------
    RejectedCommandError
        There is none, or somebody changed what it did; the sentence says who and what.
    """
    own = ledger.redoable.get(member_id, ())
    if not own:
        raise RejectedCommandError("there is nothing of yours to do again")
    undone = own[-1]
    for key, below in undone.below:
        if ledger.top(key) != below:
            _refuse(plan, undone.operation, ledger.latest[key], "done again")
    return _reversal(plan, ledger, undone.operation, undone.events, "done again")


def after(ledger: Ledger, entry: Entry, summary: str) -> Ledger:
    """Return the ledger after one more entry, which `summary` describes."""
    keys = tuple(sorted({key for event in entry.events for key in keys_of(event)}))
    if not keys:
        return ledger
    news = dict.fromkeys(keys, Touch(entry.member_id, summary, entry.revision))
    ledger = replace(ledger, latest={**ledger.latest, **news})
    parents = {key: value for event in entry.events for key, value in parents_in(event).items()}
    if parents:
        ledger = replace(ledger, parents={**ledger.parents, **parents})
    if entry.undoes is not None:
        operation = ledger.undone_by(entry)
        return ledger if operation is None else _taken_back(ledger, operation, planned_in(entry))
    if entry.redoes is not None:
        undone = ledger.redone_by(entry)
        return ledger if undone is None else _done_again(ledger, undone, planned_in(entry))
    events = planned_in(entry)
    operation = Operation(entry.operation_id, entry.member_id, summary, events, keys)
    redoable = {key: value for key, value in ledger.redoable.items() if key != entry.member_id}
    return replace(_pushed(ledger, operation), redoable=redoable)


def planned_in(entry: Entry) -> tuple[PlanningEvent, ...]:
    """Return the events of an entry that can be taken back."""
    return tuple(event for event in entry.events if is_planning(event) and keys_of(event))


def _pushed(ledger: Ledger, operation: Operation) -> Ledger:
    """Put an operation on top of its records' stacks and of its member's."""
    member_id = operation.member_id
    top = Standing(operation.operation_id, member_id, operation.summary)
    standing = ledger.standing.copy()
    for key in operation.keys:
        standing[key] = (*standing.get(key, ()), top)[-STACK_DEPTH:]
    own = (*ledger.undoable.get(member_id, ()), operation)
    while len(own) > UNDO_DEPTH:
        _forget(standing, own[0])
        own = own[1:]
    return replace(ledger, standing=standing, undoable={**ledger.undoable, member_id: own})


def _forget(standing: dict[Key, tuple[Standing, ...]], operation: Operation) -> None:
    """Take an operation out of the stacks; on top it stays, to tell who was last."""
    for key in operation.keys:
        if stack := standing.get(key, ()):
            older = (it for it in stack[:-1] if it.operation_id != operation.operation_id)
            standing[key] = (*older, stack[-1])


def _taken_back(ledger: Ledger, operation: Operation, events: tuple[PlanningEvent, ...]) -> Ledger:
    """Take an operation off all stacks and remember it for a redo."""
    member_id = operation.member_id
    stacks = {
        key: tuple(
            it for it in ledger.standing.get(key, ()) if it.operation_id != operation.operation_id
        )
        for key in operation.keys
    }
    own = tuple(it for it in ledger.undoable[member_id] if it is not operation)
    popped = replace(
        ledger,
        standing={**ledger.standing, **stacks},
        undoable={**ledger.undoable, member_id: own},
    )
    undone = Undone(operation, events, tuple((key, popped.top(key)) for key in operation.keys))
    redoable = (*ledger.redoable.get(member_id, ()), undone)
    return replace(popped, redoable={**ledger.redoable, member_id: redoable})


def _done_again(ledger: Ledger, undone: Undone, events: tuple[PlanningEvent, ...]) -> Ledger:
    """Put an undone operation back on its stacks."""
    member_id = undone.operation.member_id
    rest = tuple(it for it in ledger.redoable[member_id] if it is not undone)
    operation = replace(undone.operation, events=events)
    return replace(_pushed(ledger, operation), redoable={**ledger.redoable, member_id: rest})


def _reversal(
    plan: Plan, ledger: Ledger, operation: Operation, events: tuple[PlanningEvent, ...], what: str
) -> Reversal:
    """Return the inverse of each event, the last one first."""
    inverses: list[PlanningEvent] = []
    for event in reversed(events):
        inverse = inverse_of(plan, event, ledger.parents)
        if isinstance(inverse, Blocked):
            _refuse(plan, operation, ledger.latest[inverse.key], what)
        plan = evolve(plan, inverse)
        inverses.append(inverse)
    return Reversal(operation.operation_id, tuple(inverses))


def _refuse(plan: Plan, operation: Operation, later: Standing | Touch, what: str) -> NoReturn:
    """Say whose later change is in the way."""
    name = member_name(plan, later.member_id)
    raise RejectedCommandError(
        f'"{operation.summary}" cannot be {what}: {name} {later.summary} since; ask {name} to '
        "take that back first"
    )
