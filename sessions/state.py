"""What a log adds up to: branches, undo, versions, and where the chain of hashes ends."""

from collections.abc import Iterable

import msgspec
from msgspec.structs import replace

from sessions.errors import RejectedCommandError
from sessions.members import require_allowed, require_may_reverse
from sessions.plan.anatomy import surfaces_of
from sessions.plan.codec import FIRST_PREVIOUS_HASH, canonical, seal, sha256, written_fields
from sessions.plan.commands import AnyCommand, MergeRecords, Redo, Undo
from sessions.plan.content import begun_at, content_of
from sessions.plan.editing import require_unlocked
from sessions.plan.events import (
    BranchOpened,
    Entry,
    PlanEvent,
    RoomEvent,
    VersionSaved,
    is_of_the_room,
)
from sessions.plan.evolving import evolve_all
from sessions.plan.forgetting import FORGET_EVERY, without_the_forgotten
from sessions.plan.inverting import Key, keys_of, parents_on
from sessions.plan.merging import merge
from sessions.plan.records import MAIN, BranchId, MemberId, OperationId, Plan, VersionId
from sessions.plan.rules import decide
from sessions.plan.summaries import summary_of
from sessions.plan.undo import Ledger, Touch, after, redo, undo
from sessions.protocol import Activity, Overwrote


class Line(msgspec.Struct, frozen=True):
    """A branch as it is now."""

    plan: Plan = Plan()
    ledger: Ledger = Ledger()


class Kept(msgspec.Struct, frozen=True):
    """What a version holds."""

    plan: Plan
    latest: dict[Key, Touch]
    """Who touched each record last."""


class State(msgspec.Struct, frozen=True):
    """Everything that follows from a log."""

    lines: dict[BranchId, Line] = msgspec.field(default_factory=lambda: {MAIN: Line()})
    kept: dict[VersionId, Kept] = {}
    revision: int = 0
    head_hash: str = FIRST_PREVIOUS_HASH

    @property
    def plan(self) -> Plan:
        """The main branch."""
        return self.lines[MAIN].plan

    @property
    def ledger(self) -> Ledger:
        """Who can undo what on the main branch."""
        return self.lines[MAIN].ledger

    def line(self, branch_id: BranchId) -> Line:
        """Return a branch.

        Raises
        ------
        RejectedCommandError
            There is none of that id.
        """
        line = self.lines.get(branch_id)
        if line is None:
            raise RejectedCommandError("there is no such branch in this room; open one first")
        return line

    def version(self, version_id: VersionId) -> Kept:
        """Return what a version holds.

        Raises
        ------
        RejectedCommandError
            There is none of that id.
        """
        kept = self.kept.get(version_id)
        if kept is None:
            raise RejectedCommandError("there is no such version in this room; save one first")
        return kept

    def names_surface(self, sha256: str) -> bool:
        """Say whether any branch, or any version, names a surface."""
        plans = (*(it.plan for it in self.lines.values()), *(it.plan for it in self.kept.values()))
        return any(sha256 in surfaces_of(plan) for plan in plans)


class Asking(msgspec.Struct, frozen=True):
    """A command, and who asks for it about which branch."""

    member_id: MemberId
    operation_id: OperationId
    command: AnyCommand
    branch_id: BranchId = MAIN
    seen: int | None = None
    """The revision that the member saw; what others did since may be overwritten, and is told."""


class Step(msgspec.Struct, frozen=True):
    """An entry, and the state after it."""

    entry: Entry
    state: State
    activity: Activity
    overwrote: tuple[Overwrote, ...] = ()


def branch_of(entry: Entry) -> BranchId:
    """Return the branch that an entry is about."""
    return MAIN if isinstance(entry.branch_id, msgspec.UnsetType) else entry.branch_id


def advance(state: State, entry: Entry) -> Step:
    """Return the state after `entry`, which must be the next one.

    Raises
    ------
    RejectedCommandError
        It is about a branch that is not there; no rule lets such an entry through.
    """
    branch_id = branch_of(entry)
    line = state.line(branch_id)
    summary = _summary(line, entry)
    activity = Activity(
        revision=entry.revision,
        member_id=entry.member_id,
        at=entry.at,
        summary=summary,
        branch_id=branch_id,
    )
    shared = tuple(event for event in entry.events if is_of_the_room(event))
    lines = dict(state.lines)
    if shared:
        for key, other in state.lines.items():
            if key != branch_id:
                lines[key] = replace(other, plan=evolve_all(other.plan, shared))
    plan = evolve_all(line.plan, entry.events)
    ledger = after(line.ledger, entry, summary)
    lines[branch_id] = Line(plan, ledger)
    if entry.revision % FORGET_EVERY == 0:
        lines = {
            key: Line(it.plan, without_the_forgotten(it.ledger, it.plan))
            for key, it in lines.items()
        }
    advanced = State(lines, state.kept, entry.revision, entry.hash)
    for event in shared:
        advanced = _kept_and_begun(advanced, line, event)
    return Step(entry, advanced, activity)


def replay(entries: Iterable[Entry]) -> State:
    """Return the state after all `entries`."""
    state = State()
    for entry in entries:
        state = advance(state, entry).state
    return state


def hash_of(state: State) -> str:
    """Return the SHA-256 of all branches: equal for two rooms with equal plans."""
    return sha256(canonical({key: written_fields(it.plan) for key, it in state.lines.items()}))


def propose(state: State, asking: Asking, at: str) -> Step | None:
    """Return the entry that a command leads to with the state after it; None: nothing changes.

    Raises
    ------
    RejectedCommandError
        A rule refuses.
    """
    undoes = redoes = None
    line = state.line(asking.branch_id)
    events: tuple[PlanEvent, ...]
    if isinstance(asking.command, Undo):
        reversal = undo(line.plan, line.ledger, asking.member_id)
        require_may_reverse(line.plan, asking.member_id, reversal.events)
        undoes, events = reversal.operation_id, reversal.events
    elif isinstance(asking.command, Redo):
        reversal = redo(line.plan, line.ledger, asking.member_id)
        require_may_reverse(line.plan, asking.member_id, reversal.events)
        redoes, events = reversal.operation_id, reversal.events
    elif isinstance(asking.command, MergeRecords):
        theirs = state.version(asking.command.version_id)
        events = merge(line.plan, theirs.plan, asking.command)
    else:
        events = decide(line.plan, asking.command, by=asking.member_id, at=at)
    if not events:
        return None
    require_unlocked(line.plan, events, asking.member_id)
    entry = Entry(
        revision=state.revision + 1,
        operation_id=asking.operation_id,
        member_id=asking.member_id,
        at=at,
        events=events,
        undoes=undoes,
        redoes=redoes,
        branch_id=msgspec.UNSET if asking.branch_id == MAIN else asking.branch_id,
        previous_hash=state.head_hash,
        hash="",
    )
    step = advance(state, seal(entry))
    return replace(step, overwrote=_overwritten(line.ledger, asking, events))


def require_possible(state: State, asking: Asking) -> None:
    """Refuse what a member may not ask, or what the rules refuse as things stand.

    Raises
    ------
    RejectedCommandError
        The sentence is for the member.
    """
    require_allowed(state.plan, asking.member_id, asking.command)
    propose(state, asking, at="")


def _kept_and_begun(state: State, line: Line, event: RoomEvent) -> State:
    """Keep what a version was saved of; begin a branch at what its version holds."""
    if isinstance(event, VersionSaved):
        own = state.line(event.version.branch_id)
        kept = Kept(content_of(own.plan), line.ledger.latest)
        return replace(state, kept={**state.kept, event.version.version_id: kept})
    if isinstance(event, BranchOpened):
        origin = state.version(event.branch.from_version_id)
        plan = begun_at(state.plan, origin.plan, event.branch)
        begun = Line(plan, Ledger(latest=origin.latest, parents=parents_on(plan)))
        return replace(state, lines={**state.lines, event.branch.branch_id: begun})
    return state


def _overwritten(
    ledger: Ledger, asking: Asking, events: tuple[PlanEvent, ...]
) -> tuple[Overwrote, ...]:
    """Return what others did to the same properties since the revision that the member saw."""
    if asking.seen is None or isinstance(asking.command, Undo | Redo):
        return ()
    touched = {key: ledger.latest.get(key) for event in events for key in keys_of(event)}
    told = {
        Overwrote(
            kind=key.kind.partition(".")[0],
            record_id=key.record_id,
            member_id=touch.member_id,
            summary=touch.summary,
        ): None
        for key, touch in touched.items()
        if touch is not None
        and touch.revision > asking.seen
        and touch.member_id != asking.member_id
    }
    return tuple(told)


def _summary(line: Line, entry: Entry) -> str:
    """Return what an entry did, in plain words; of an undo: what it took back."""
    done = summary_of(line.plan, entry.events)
    if entry.undoes is not None:
        operation = line.ledger.undone_by(entry)
        return f"took back: {operation.summary if operation else done}"
    if entry.redoes is not None:
        undone = line.ledger.redone_by(entry)
        return f"did again: {undone.operation.summary if undone else done}"
    return done
