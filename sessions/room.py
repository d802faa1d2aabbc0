"""A room: decide, record, evolve, tell, in that order, for one command after the other.

Members ask concurrently. One task takes whatever waits, decides each command on the plan as the
one before leaves it, records all entries in one transaction, and only then evolves the room's plan
and tells. While a transaction is on its way to the disk, the next commands gather.
"""

import asyncio
import secrets
from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import structlog

from sessions.credentials import Credentials, MemberAccounts
from sessions.errors import LogError, RepeatedOperationError, RoomError, StaleRevisionError
from sessions.eventlog import EventLog, Health, Idle
from sessions.invitations import Invitations
from sessions.members import require_allowed, require_may_record
from sessions.memory import Memory
from sessions.past import ACTIVITY_KEPT, Past
from sessions.plan.commands import AnyCommand, MemberCommand, ServerCommand
from sessions.plan.events import Entry
from sessions.plan.records import MAIN, BranchId, MemberId, OperationId, Plan
from sessions.plan.requirements import ID_PATTERN
from sessions.plan.view import View, view_of
from sessions.protocol import Activity
from sessions.receipts import Receipt, Receipts
from sessions.sqlite_log import SqliteLog
from sessions.sqlite_writer import CommitWatcher, SqliteWriter
from sessions.state import Asking, State, Step, hash_of, require_possible
from sessions.talk import talk_in
from sessions.talk_index import Talk
from sessions.telling import Told
from sessions.turn import Asked, Turn, answer_to, decide_turn, stamp
from sessions.waiting import Waiting

Clock = Callable[[], datetime]
NewId = Callable[[], str]
Subscriber = Callable[[Told], None]
"""Is told of an entry. Must not wait."""

MAX_REQUESTS_PER_TURN: Final = 64
"""Each keeps a state of the plan until the turn is recorded."""

log = structlog.get_logger()


def utc_now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


def random_id() -> str:
    """Return an id that nobody else has."""
    return secrets.token_urlsafe(12)


class Room:
    """One shared plan, its log and those who are told of it."""

    def __init__(self, event_log: EventLog, room_id: str, clock: Clock, new_id: NewId) -> None:
        """Use `open`; this one does not read the log."""
        self.room_id = room_id
        self._log = event_log
        self._clock = clock
        self._new_id = new_id
        self._state = State()
        self._activity: deque[Activity] = deque(maxlen=ACTIVITY_KEPT)
        self._receipts = Receipts(event_log)
        self._memory = Memory(event_log, room_id)
        self._subscribers: dict[object, Subscriber] = {}
        self._requests: asyncio.Queue[Waiting | None] = asyncio.Queue()
        self._worker: asyncio.Task[None] | None = None

    @classmethod
    async def open(
        cls, folder: Path, room_id: str, *, clock: Clock = utc_now, new_id: NewId = random_id
    ) -> "Room":
        """Open the room in `folder` as its log left it; an empty folder becomes a new room.

        Raises
        ------
        LogError
            The log cannot be read, is damaged, or is another room's.
        """
        event_log = await SqliteLog.open(folder, room_id)
        return await cls.over(event_log, room_id, clock=clock, new_id=new_id)

    @classmethod
    async def over(
        cls, event_log: EventLog, room_id: str, *, clock: Clock = utc_now, new_id: NewId = random_id
    ) -> "Room":
        """Open a room over any log."""
        room = cls(event_log, room_id, clock, new_id)
        try:
            await room._recall()
        except BaseException:
            await event_log.close()
            raise
        room._worker = asyncio.create_task(room._work(), name=f"room {room_id}")
        return room

    @property
    def plan(self) -> Plan:
        """The main branch."""
        return self._state.plan

    @property
    def is_closed(self) -> bool:
        """Whether `close` was called."""
        return self._worker is None

    @property
    def can_record(self) -> bool:
        """Whether somebody is there to decide and to write; of the disk tells `health`."""
        worker = self._worker
        writes = not isinstance(self._log, SqliteLog) or self._log.writer.is_alive
        return worker is not None and not worker.done() and writes

    @property
    def health(self) -> Health:
        """Whether the last attempt to record went well, or why not and since when."""
        return self._log.health

    def watch_commits(self, watcher: CommitWatcher) -> None:
        """Tell `watcher` of every commit to the room's file, in the thread that made it."""
        if isinstance(self._log, SqliteLog):
            self._log.writer.watcher = watcher

    @property
    def revision(self) -> int:
        """The revision of the last entry."""
        return self._state.revision

    @property
    def state_hash(self) -> str:
        """SHA-256 of all branches, see `sessions.state.hash_of`."""
        return hash_of(self._state)

    @property
    def past(self) -> Past:
        """The room as it was."""
        return Past(self._log)

    async def entries(self, after: int = 0, limit: int | None = None) -> tuple[Entry, ...]:
        """Return the log after a revision, oldest first."""
        return (await self._log.read(after, limit)).entries

    async def search(self, text: str, before: int | None = None) -> tuple[Talk, ...]:
        """Return what members wrote that holds these words, the latest first."""
        return await self._log.search(text, before=before)

    @property
    def invitations(self) -> Invitations:
        """The links by which people come in; in the same file as the log."""
        return Invitations(self._writer(), self._clock, self._new_id)

    @property
    def credentials(self) -> Credentials:
        """What members' browsers keep; in the same file as the log."""
        return Credentials(self._writer(), self._clock)

    @property
    def member_accounts(self) -> MemberAccounts:
        """Which accounts are members; in the same file as the log."""
        return MemberAccounts(self._writer(), self._clock)

    def _writer(self) -> SqliteWriter:
        if not isinstance(self._log, SqliteLog):
            raise RoomError("a room in memory lets nobody in; open one in a folder")
        return self._log.writer

    @property
    def state(self) -> State:
        """All branches and versions, and who can undo what."""
        return self._state

    def plan_of(self, branch_id: BranchId) -> Plan:
        """Return a branch as it is now.

        Raises
        ------
        RejectedCommandError
            There is none of that id.
        """
        return self._state.line(branch_id).plan

    def view(self, branch_id: BranchId = MAIN) -> View:
        """Return a whole branch as the page shows it."""
        return view_of(self.plan_of(branch_id))

    def activity(self, count: int) -> tuple[Activity, ...]:
        """Return the latest entries in plain words, oldest first; at most `ACTIVITY_KEPT`."""
        return tuple(self._activity)[max(len(self._activity) - count, 0) :]

    def can_undo(self, member_id: MemberId, branch_id: BranchId = MAIN) -> bool:
        """Say whether a member has something to take back on a branch."""
        return bool(self._state.line(branch_id).ledger.undoable.get(member_id))

    def can_redo(self, member_id: MemberId, branch_id: BranchId = MAIN) -> bool:
        """Say whether a member has something to do again on a branch."""
        return bool(self._state.line(branch_id).ledger.redoable.get(member_id))

    async def receipt_of(self, member_id: MemberId, operation_id: OperationId) -> Receipt | None:
        """Return the receipt of an operation that was carried out before, or None.

        Raises
        ------
        RejectedCommandError
            The operation is another member's.
        """
        await self._receipts.fetch([operation_id])
        return self._receipts.find(member_id, operation_id)

    def check(self, member_id: MemberId, command: AnyCommand, branch_id: BranchId = MAIN) -> None:
        """Refuse what would be refused now, without doing it: before pieces are computed.

        Raises
        ------
        RejectedCommandError
            A rule refuses, or the member's role.
        """
        asking = Asking(member_id, OperationId("check"), command, branch_id)
        require_possible(self._state, asking)

    async def submit(
        self,
        member_id: MemberId,
        operation_id: OperationId,
        command: MemberCommand | ServerCommand,
        *,
        branch_id: BranchId = MAIN,
        seen: int | None = None,
    ) -> Receipt:
        """Carry out a command and return when it is on disk and everybody was told.

        A repeat of an operation returns the receipt of the first time. Cancelling leaves open
        whether it is done; asking again under the same operation id finds out.

        Parameters
        ----------
        member_id : MemberId
            Who asks; `sessions.plan.casework.SYSTEM` for the server's own commands.
        branch_id : BranchId
            What it is about.
        seen : int, optional
            The revision on the member's screen: what others changed since is told in `Told`.

        Raises
        ------
        RejectedCommandError
            A rule refuses, or the member's role.
        LogError
            It could not be recorded.
        """
        asking = Asking(member_id, operation_id, command, branch_id, seen)
        return await self._ask(Asked(asking, require_allowed))

    async def record(
        self,
        member_id: MemberId,
        operation_id: OperationId,
        command: ServerCommand,
        *,
        branch_id: BranchId = MAIN,
    ) -> Receipt:
        """Carry out a command that the server computed for a member: `RecordCut`.

        The entry is the member's, who can take it back. Never call it with what a browser sent.
        Raises what `submit` does.
        """
        asking = Asking(member_id, operation_id, command, branch_id)
        return await self._ask(Asked(asking, require_may_record))

    def subscribe(self, subscriber: Subscriber) -> Callable[[], None]:
        """Tell `subscriber` of every entry from now on; return what ends it."""
        ticket = object()
        self._subscribers[ticket] = subscriber

        def unsubscribe() -> None:
            self._subscribers.pop(ticket, None)

        return unsubscribe

    async def close(self) -> None:
        """Carry out what was asked, then let go of the log."""
        worker, self._worker = self._worker, None
        if worker is not None:
            self._requests.put_nowait(None)
            await worker
            await self._memory.close(self._state, tuple(self._activity))
            await self._log.close()

    async def _ask(self, asked: Asked) -> Receipt:
        """Wait for a turn and its outcome."""
        if self._worker is None:
            raise RoomError("the room is closed; open it again")
        answer: asyncio.Future[Receipt] = asyncio.get_running_loop().create_future()
        self._requests.put_nowait(Waiting(asked, answer))
        return await answer

    async def _work(self) -> None:
        """Carry out what waits, turn after turn, until told to stop."""
        stop = False
        while not stop:
            taken = [await self._requests.get()]
            while len(taken) < MAX_REQUESTS_PER_TURN and not self._requests.empty():
                taken.append(self._requests.get_nowait())
            stop = None in taken
            waiting = [it for it in taken if it is not None and not it.answer.done()]
            try:
                await self._take_turn(waiting)
            except Exception as error:
                log.exception("room.turn_failed", room=self.room_id, requests=len(waiting))
                for it in waiting:
                    it.settle(error)

    async def _take_turn(self, waiting: Sequence[Waiting]) -> None:
        """Decide, record, evolve, tell."""
        doubted = False
        while True:
            turn = decide_turn(
                self._state, self._receipts, [it.asked for it in waiting], stamp(self._clock())
            )
            try:
                # Whoever repeats what was done long ago may be refused for it now: look it up.
                if not doubted and turn.has_refusals:
                    doubted = True
                    await self._look_up(waiting)
                    continue
                await self._record(turn)
            except StaleRevisionError:
                await self._catch_up()  # a write that was reported as failed had landed
            except RepeatedOperationError:
                await self._look_up(waiting)
            except LogError as error:
                log.warning("room.not_recorded", room=self.room_id, reason=str(error))
                for it, outcome in zip(waiting, turn.outcomes, strict=True):
                    it.settle(error if isinstance(outcome, Step | Idle) else outcome)
                return
            else:
                self._conclude(turn)
                for it, outcome in zip(waiting, turn.outcomes, strict=True):
                    it.settle(answer_to(outcome))
                return

    async def _look_up(self, waiting: Sequence[Waiting]) -> None:
        """Bring to hand what the log holds of what is asked."""
        ids = (it.asked.operation_id for it in waiting)
        await self._receipts.fetch(it for it in ids if ID_PATTERN.fullmatch(it))

    async def _record(self, turn: Turn) -> None:
        if turn.steps or turn.idle:
            entries = [step.entry for step in turn.steps]
            talk = [it for entry in entries for it in talk_in(entry)]
            await self._log.append(entries, turn.idle, talk)

    def _conclude(self, turn: Turn) -> None:
        """Evolve and tell what was recorded."""
        for (member_id, operation_id), refusal in turn.refused.items():
            self._receipts.refuse(member_id, operation_id, refusal)
        for idle in turn.idle:
            self._receipts.add(idle.member_id, idle.operation_id, Receipt(idle.revision, None))
        for step in turn.steps:
            self._go_on(step)
        self._memory.keep(self._state, tuple(self._activity))

    async def _recall(self) -> None:
        """Open at the latest snapshot, and go on from there through the log."""
        self._state, activity = await self.past.recalled()
        self._activity.extend(activity)
        self._memory.revision = self.revision
        async for step in self.past.steps(self._state):
            self._state = step.state
            self._activity.append(step.activity)

    async def _catch_up(self) -> None:
        """Evolve and tell what the log holds beyond the room's revision."""
        before = self.revision
        async for step in self.past.steps(self._state):
            self._go_on(step)
        if self.revision == before:
            raise LogError("the log and the room disagree; close the room and open it again")

    def _go_on(self, step: Step) -> None:
        """Take over the state after an entry, and tell everybody."""
        before, entry = self._state, step.entry
        self._state = step.state
        self._activity.append(step.activity)
        self._receipts.add(entry.member_id, entry.operation_id, Receipt(entry.revision, entry))
        told = Told(step, before)
        for subscriber in tuple(self._subscribers.values()):
            try:
                subscriber(told)
            except Exception as error:  # noqa: BLE001 (one subscriber's failure is its own)
                log.warning("room.subscriber_failed", room=self.room_id, error=type(error).__name__)
