"""What waits to be noted, and the one task that notes it, in the order in which it came.

Whoever must know waits for the disk; all else is written together a moment later. Changes of rooms
can always be read again from the rooms' logs, so that they are never waited for: after a failure,
and when a room is opened, the trail catches up with the log.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable
from typing import Final, NamedTuple

import structlog

from sessions.audit.records import AuditEvent, Kind, Outcome
from sessions.audit.trail import AuditTrail
from sessions.errors import AuditError
from sessions.plan.events import Entry
from sessions.room import Room
from workspace.audit.catching_up import Followed, catch_up

LINGER_S: Final = 0.2
"""For how long what nobody waits for gathers: five writes a second at most, for each of them
takes the disk from the rooms' logs."""

RETRY_S: Final = 1.0
MAX_BATCH: Final = 256
MAX_WAITING: Final = 8192
"""Some 8 MB."""

CROWDED: Final = 1024
"""From here on members' commands wait until the trail has kept up."""

log = structlog.get_logger()


class _Waiting(NamedTuple):
    event: AuditEvent
    answer: asyncio.Future[None] | None = None


class Recorder:
    """The queue before the trail.

    Parameters
    ----------
    trail : AuditTrail
        Closed with the recorder.
    now_ms : callable
        The time.
    """

    def __init__(self, trail: AuditTrail, now_ms: Callable[[], int]) -> None:
        self.failure: AuditError | None = None
        """Why the trail cannot be written, as far as the last attempt showed."""
        self._trail = trail
        self._now_ms = now_ms
        self._waiting: deque[_Waiting] = deque()
        self._followed: dict[str, Followed] = {}
        self._behind: set[str] = set()
        self._lost = 0
        self._wake = asyncio.Event()
        self._urgent = asyncio.Event()
        self._calm = asyncio.Event()
        self._calm.set()
        self._closing = False
        self._task: asyncio.Task[None] | None = None

    def note(self, event: AuditEvent) -> None:
        """Note an event soon. Never waits; nothing happens once it is closed."""
        if self._closing:
            return
        if len(self._waiting) >= MAX_WAITING:
            self._leave_out(event)
        else:
            self._put(_Waiting(event))

    async def require(self, event: AuditEvent) -> None:
        """Note an event, and return when it is on disk.

        Raises
        ------
        AuditError
            It cannot be noted; what it tells of must not be done.
        """
        if self._closing:
            raise AuditError("the audit trail is closed; start the server again")
        answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._put(_Waiting(event, answer))
        self._urgent.set()
        await answer

    def follow(self, room: Room, told: Callable[[Entry], AuditEvent]) -> None:
        """Note what the trail does not know yet of a room's log; again after each failure."""
        self._followed[room.room_id] = Followed(room, told, room.revision)
        self._behind.add(room.room_id)
        self._start()

    def forget(self, room_id: str) -> None:
        """Follow a room no longer."""
        self._followed.pop(room_id, None)
        self._behind.discard(room_id)

    async def keep_up(self) -> None:
        """Wait while more waits to be noted than should; not for a trail that cannot be written."""
        await self._calm.wait()

    async def close(self) -> None:
        """Note what waits, then let go of the trail."""
        self._closing = True
        if self._task is not None:
            self._wake.set()
            self._urgent.set()
            await self._task
        await self._trail.close()

    def _put(self, waiting: _Waiting) -> None:
        self._waiting.append(waiting)
        if len(self._waiting) >= CROWDED and self.failure is None:
            self._calm.clear()
        self._start()

    def _start(self) -> None:
        self._wake.set()
        if self._task is None:
            self._task = asyncio.create_task(self._work(), name="audit trail")

    def _leave_out(self, event: AuditEvent) -> None:
        if event.kind == Kind.CHANGED and event.room_id in self._followed:
            self._behind.add(event.room_id)
        else:
            self._lost += event.count

    async def _work(self) -> None:
        """Note what waits until told to stop."""
        while not self._closing:
            await self._wake.wait()
            await self._pause(LINGER_S)
            self._wake.clear()
            self._urgent.clear()
            try:
                await self._write()
            except AuditError as error:
                self._fail(error)
            except Exception:
                log.exception("audit.failed")
                self._fail(AuditError("the audit trail met a fault of our own"))
            if self.failure is not None and not self._closing:
                await self._pause(RETRY_S)
                self._wake.set()
        with contextlib.suppress(AuditError):  # it was told when it began to fail
            await self._write()
        self._refuse(self.failure or AuditError("the audit trail is closed"))

    async def _pause(self, seconds: float) -> None:
        """Wait, but not while somebody waits for us."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._urgent.wait(), seconds)

    async def _write(self) -> None:
        while self._behind or self._waiting or self._lost:
            await self._catch_up_all()
            batch = [self._waiting[at] for at in range(min(len(self._waiting), MAX_BATCH))]
            lost = self._lost
            await self._trail.append([*self._interruption(lost), *(it.event for it in batch)])
            self._lost -= lost
            self._recovered()
            for _ in batch:
                self._waiting.popleft()
            for it in batch:
                if it.answer is not None and not it.answer.done():
                    it.answer.set_result(None)
            if len(self._waiting) < CROWDED:
                self._calm.set()

    def _interruption(self, lost: int) -> list[AuditEvent]:
        if not lost:
            return []
        kind, outcome = Kind.AUDIT_INTERRUPTED, Outcome.SERIOUS_FAILURE
        return [AuditEvent(at_ms=self._now_ms(), kind=kind, outcome=outcome, count=lost)]

    async def _catch_up_all(self) -> None:
        while self._behind:
            room_id = self._behind.pop()  # before: it may fall behind again meanwhile
            followed = self._followed.get(room_id)
            try:
                if followed is not None:
                    await catch_up(self._trail, followed, self._now_ms())
            except BaseException:
                self._behind.add(room_id)
                raise

    def _fail(self, error: AuditError) -> None:
        """Refuse whoever waits; changes are read from the logs again when the trail works."""
        if self.failure is None:
            log.error("audit.not_recorded", reason=str(error))
        self.failure = error
        self._refuse(error)
        kept = deque[_Waiting]()
        for waiting in self._waiting:
            if waiting.event.kind == Kind.CHANGED and waiting.event.room_id in self._followed:
                self._behind.add(waiting.event.room_id)
            else:
                kept.append(waiting)
        self._waiting = kept
        self._calm.set()

    def _refuse(self, error: AuditError) -> None:
        """Tell everybody who waits that what they asked for was not noted."""
        asked = [it for it in self._waiting if it.answer is not None]
        self._waiting = deque(it for it in self._waiting if it.answer is None)
        self._lost += len(asked)
        for it in asked:
            if it.answer is not None and not it.answer.done():
                it.answer.set_exception(AuditError(str(error)))

    def _recovered(self) -> None:
        if self.failure is not None:
            self.failure = None
            log.warning("audit.records_again")
