"""What a log adds up to: the plan, who can undo what, and where the chain of hashes ends."""

from collections.abc import Iterable

import msgspec

from sessions.members import require_allowed
from sessions.plan.codec import FIRST_PREVIOUS_HASH, seal
from sessions.plan.commands import AnyCommand, Redo, Undo
from sessions.plan.events import Entry, PlanEvent
from sessions.plan.evolving import evolve_all
from sessions.plan.records import MemberId, OperationId, Plan
from sessions.plan.rules import decide
from sessions.plan.summaries import summary_of
from sessions.plan.undo import Ledger, after, redo, undo
from sessions.protocol import Activity


class State(msgspec.Struct, frozen=True):
    """Everything that follows from a log."""

    plan: Plan = Plan()
    ledger: Ledger = Ledger()
    revision: int = 0
    head_hash: str = FIRST_PREVIOUS_HASH


class Step(msgspec.Struct, frozen=True):
    """An entry, and the state after it."""

    entry: Entry
    state: State
    activity: Activity


def advance(state: State, entry: Entry) -> Step:
    """Return the state after `entry`, which must be the next one."""
    summary = _summary(state, entry)
    activity = Activity(
        revision=entry.revision, member_id=entry.member_id, at=entry.at, summary=summary
    )
    return Step(
        entry,
        State(
            plan=evolve_all(state.plan, entry.events),
            ledger=after(state.ledger, entry, summary),
            revision=entry.revision,
            head_hash=entry.hash,
        ),
        activity,
    )


def replay(entries: Iterable[Entry]) -> State:
    """Return the state after all `entries`."""
    state = State()
    for entry in entries:
        state = advance(state, entry).state
    return state


def propose(
    state: State, member_id: MemberId, operation_id: OperationId, command: AnyCommand, at: str
) -> Step | None:
    """Return the entry that a command leads to with the state after it; None: nothing changes.

    Raises
    ------
    RejectedCommandError
        A rule refuses.
    """
    undoes = redoes = None
    events: tuple[PlanEvent, ...]
    if isinstance(command, Undo):
        reversal = undo(state.plan, state.ledger, member_id)
        undoes, events = reversal.operation_id, reversal.events
    elif isinstance(command, Redo):
        reversal = redo(state.plan, state.ledger, member_id)
        redoes, events = reversal.operation_id, reversal.events
    else:
        events = decide(state.plan, command, by=member_id, at=at)
    if not events:
        return None
    entry = Entry(
        revision=state.revision + 1,
        operation_id=operation_id,
        member_id=member_id,
        at=at,
        events=events,
        undoes=undoes,
        redoes=redoes,
        previous_hash=state.head_hash,
        hash="",
    )
    return advance(state, seal(entry))


def require_possible(state: State, member_id: MemberId, command: AnyCommand) -> None:
    """Refuse what a member may not ask, or what the rules refuse as things stand.

    Raises
    ------
    RejectedCommandError
        The sentence is for the member.
    """
    require_allowed(state.plan, member_id, command)
    if isinstance(command, Undo):
        undo(state.plan, state.ledger, member_id)
    elif isinstance(command, Redo):
        redo(state.plan, state.ledger, member_id)
    else:
        decide(state.plan, command, by=member_id, at="")


def _summary(state: State, entry: Entry) -> str:
    """Return what an entry did, in plain words; of an undo: what it took back."""
    done = summary_of(state.plan, entry.events)
    if entry.undoes is not None:
        operation = state.ledger.undone_by(entry)
        return f"took back: {operation.summary if operation else done}"
    if entry.redoes is not None:
        undone = state.ledger.redone_by(entry)
        return f"did again: {undone.operation.summary if undone else done}"
    return done
