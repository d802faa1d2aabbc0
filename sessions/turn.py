"""One turn of a room: what its waiting requests lead to, before any of it is recorded. Pure."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

import msgspec

from sessions.errors import RejectedCommandError, SessionError
from sessions.eventlog import Idle
from sessions.plan.commands import AnyCommand, ApplyCut
from sessions.plan.records import MemberId, OperationId, Plan
from sessions.plan.requirements import require_id
from sessions.receipts import Receipt, Receipts
from sessions.state import Asking, State, Step, propose

Check = Callable[[Plan, MemberId, AnyCommand], None]
"""Raises `ForbiddenError` where the member may not ask for the command."""


class Asked(msgspec.Struct, frozen=True):
    """What somebody asked for."""

    asking: Asking
    check: Check

    @property
    def member_id(self) -> MemberId:
        """Who asks."""
        return self.asking.member_id

    @property
    def operation_id(self) -> OperationId:
        """Names the request: a repeat of it is not done again."""
        return self.asking.operation_id


Outcome = Step | Idle | Receipt | Exception
"""To record, to remember as unchanging, recorded before, refused."""


class Turn(msgspec.Struct, frozen=True):
    """What the requests of one turn lead to."""

    outcomes: tuple[Outcome, ...]
    """One for each request; a repeat in the same turn has that of the first."""
    steps: tuple[Step, ...]
    idle: tuple[Idle, ...]
    refused: Mapping[tuple[MemberId, OperationId], RejectedCommandError] = {}
    """What each member was refused."""

    @property
    def has_refusals(self) -> bool:
        """Whether somebody asked in vain."""
        return any(isinstance(it, SessionError) for it in self.outcomes)


def decide_turn(state: State, receipts: Receipts, requests: Sequence[Asked], at: str) -> Turn:
    """Decide each request on the state as the one before leaves it."""
    outcomes: list[Outcome] = []
    fresh: dict[OperationId, tuple[MemberId, Step | Idle]] = {}
    refused: dict[tuple[MemberId, OperationId], RejectedCommandError] = {}
    for asked in requests:
        asker = (asked.member_id, asked.operation_id)
        outcome = refused.get(asker) or _outcome(state, receipts, fresh, asked, at)
        if isinstance(outcome, RejectedCommandError):
            refused[asker] = outcome
        if isinstance(outcome, Step | Idle) and asked.operation_id not in fresh:
            fresh[asked.operation_id] = (asked.member_id, outcome)
            state = outcome.state if isinstance(outcome, Step) else state
        outcomes.append(outcome)
    found = [outcome for _, outcome in fresh.values()]
    return Turn(
        tuple(outcomes),
        tuple(it for it in found if isinstance(it, Step)),
        tuple(it for it in found if isinstance(it, Idle)),
        refused,
    )


def _outcome(
    state: State,
    receipts: Receipts,
    fresh: dict[OperationId, tuple[MemberId, Step | Idle]],
    asked: Asked,
    at: str,
) -> Outcome:
    try:
        require_id(asked.operation_id, "operation")
        refusal = receipts.refusal(asked.member_id, asked.operation_id)
        if refusal is not None:
            return refusal
        receipt = receipts.find(asked.member_id, asked.operation_id)
        if receipt is not None:
            return receipt
        if asked.operation_id in fresh:
            return _repeated(asked, *fresh[asked.operation_id])
        return _decided(state, asked, at)
    except SessionError as refusal:
        return refusal
    except Exception as defect:  # noqa: BLE001 (one request's defect must not be the others')
        return defect


def _repeated(asked: Asked, member_id: MemberId, outcome: Step | Idle) -> Step | Idle:
    if member_id != asked.member_id:
        raise RejectedCommandError(
            "this operation id is another member's; ask again under another id"
        )
    return outcome


def _decided(state: State, asked: Asked, at: str) -> Step | Idle:
    asking = asked.asking
    asked.check(state.plan, asking.member_id, asking.command)
    step = propose(state, asking, at)
    if step is not None:
        return step
    if isinstance(asking.command, ApplyCut):
        raise RejectedCommandError("the pieces of a cut must be computed before it is recorded")
    return Idle(asked.operation_id, asked.member_id, state.revision)


def answer_to(outcome: Outcome) -> Receipt | Exception:
    """Return the answer to a request whose turn is on disk."""
    match outcome:
        case Step(entry=entry):
            return Receipt(entry.revision, entry)
        case Idle(revision=revision):
            return Receipt(revision, None)
        case _:
            return outcome


def stamp(moment: datetime) -> str:
    """Return a time as an entry holds it."""
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.removesuffix("+00:00") + "Z"
