"""What the server tells the audit trail: one method for each thing that is audited."""

import asyncio
import contextlib
import math
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Final, Self

from sessions.audit.records import Actor, AuditEvent, Kind, Outcome, Reference, code_of
from sessions.audit.trail import FILE_NAME, AuditTrail
from sessions.errors import AuditError
from sessions.plan.casework import SYSTEM
from sessions.plan.events import Entry, RoleChanged
from sessions.plan.records import MemberId
from sessions.room import Clock, Room, utc_now
from sessions.telling import Told
from workspace.accounts.auditing import DoorEvent
from workspace.accounts.auditing import Outcome as DoorOutcome
from workspace.audit.callers import SERVER, Caller, member_of
from workspace.audit.recorder import Recorder
from workspace.audit.refusals import FIRST_WINDOW_MS, RefusalTally

_DOOR: Final = {
    DoorEvent.SIGN_IN: Kind.SIGNED_IN,
    DoorEvent.SIGN_OUT: Kind.SIGNED_OUT,
    DoorEvent.SIGN_IN_REFUSED: Kind.SIGN_IN_REFUSED,
    DoorEvent.SECOND_FACTOR_REFUSED: Kind.SECOND_FACTOR_REFUSED,
    DoorEvent.INVITATION_OPENED: Kind.INVITATION_OPENED,
    DoorEvent.JOINED: Kind.JOINED,
    DoorEvent.ACCOUNT_LOCKED: Kind.ACCOUNT_LOCKED,
}

_LETS_IN: Final = frozenset({Kind.SIGNED_IN, Kind.JOINED})
"""What must be on record before it happens."""


_ABOUT: Final = {
    Kind.INVITED: "invitation",
    Kind.INVITATION_REVOKED: "invitation",
    Kind.MEMBER_REMOVED: "member",
    Kind.ROLE_CHANGED: "member",
}


class Addresses(Enum):
    """Whether network addresses are kept; in some places they may not be."""

    KEPT = "kept"
    LEFT_OUT = "left out"


class AuditDesk:
    """Takes note of what happens, for one data folder.

    Parameters
    ----------
    trail : AuditTrail
        Closed with the desk.
    """

    def __init__(
        self,
        trail: AuditTrail,
        *,
        clock: Clock = utc_now,
        addresses: Addresses = Addresses.KEPT,
    ) -> None:
        self._clock = clock
        self._addresses = addresses
        self._recorder = Recorder(trail, self._now_ms)
        self._tally = RefusalTally()
        self._timer: asyncio.TimerHandle | None = None
        self._present: dict[tuple[str, MemberId], list[tuple[Caller, str]]] = {}
        self._leaving: dict[str, Callable[[], None]] = {}

    @classmethod
    def of_folder(cls, data: Path, addresses: Addresses = Addresses.KEPT) -> Self:
        """Return the desk of a data folder; its trail is made with the first event."""
        return cls(AuditTrail(data / FILE_NAME), addresses=addresses)

    @property
    def failure(self) -> str | None:
        """Why nothing can be noted, or None: for whoever watches the server."""
        return None if self._recorder.failure is None else str(self._recorder.failure)

    def attend(self, room: Room) -> None:
        """Note every change of a room from now on, and those that the trail has missed."""
        self.leave_room(room.room_id)

        def told(entry: Entry) -> AuditEvent:
            return self._change(room, entry)

        self._recorder.follow(room, told)

        def hear(news: Told) -> None:
            self._recorder.note(told(news.entry))
            for event in news.entry.events:
                if isinstance(event, RoleChanged):
                    by = member_of(room, news.entry.member_id)
                    kind, role = Kind.ROLE_CHANGED, event.after.value
                    self.noted(kind, room.room_id, by, action=role, about=event.member_id)

        self._leaving[room.room_id] = room.subscribe(hear)

    def leave_room(self, room_id: str) -> None:
        """Follow a room no longer."""
        leave = self._leaving.pop(room_id, None)
        if leave is not None:
            leave()
        self._recorder.forget(room_id)

    async def keep_up(self) -> None:
        """Wait while the trail lags behind: before a command is decided, never after."""
        await self._recorder.keep_up()

    async def opened(self, caller: Caller, way: str) -> None:
        """Note that somebody comes in.

        Parameters
        ----------
        way : str
            Which of their sockets: "room" or "panels".

        Raises
        ------
        AuditError
            It cannot be noted, so they must not come in.
        """
        room = Reference(kind="room", revision=caller.room.revision)
        await self._disclosed(self._of_caller(Kind.OPENED, caller, action=way, object=room))
        key = (caller.room.room_id, caller.member.member_id)
        self._present.setdefault(key, []).append((caller, way))

    @contextlib.asynccontextmanager
    async def present(self, caller: Caller, way: str) -> AsyncIterator[None]:
        """Note that somebody comes in, and at the end of the block that they have gone.

        Raises
        ------
        AuditError
            As `opened`.
        """
        await self.opened(caller, way)
        try:
            yield
        finally:
            self.left(caller, way)

    def left(self, caller: Caller, way: str) -> None:
        """Note that somebody who came in has gone."""
        key = (caller.room.room_id, caller.member.member_id)
        present = self._present.get(key, [])
        if (caller, way) in present:
            present.remove((caller, way))
            self._recorder.note(self._of_caller(Kind.LEFT, caller, action=way))
        if not present:
            self._present.pop(key, None)

    async def saw(self, caller: Caller, kind: str, object_id: str = "", revision: int = 0) -> None:
        """Note that somebody is shown more than the plan of now: a version, a branch, the past.

        Whoever scrubs through the past is on record with the first look; those that follow at once
        are counted.

        Raises
        ------
        AuditError
            It cannot be noted, so they must not see it.
        """
        at = revision or caller.room.revision
        seen = Reference(kind=kind, id=code_of(object_id), revision=at)
        event = self._of_caller(Kind.SAW, caller, object=seen)
        if self._count_or_tell(event) is not None or self.failure is not None:
            await self._disclosed(event)

    def looked_at(self, caller: Caller, kind: str, object_id: str) -> None:
        """Note that somebody who is in looks at another branch; to and fro is counted."""
        seen = Reference(kind=kind, id=code_of(object_id), revision=caller.room.revision)
        self._count(self._of_caller(Kind.SAW, caller, object=seen))

    async def exported(self, caller: Caller, what: str, object_id: str = "") -> None:
        """Note that somebody takes something out.

        Raises
        ------
        AuditError
            It cannot be noted, so they must not get it.
        """
        revision = caller.room.revision
        taken = Reference(kind=what, id=code_of(object_id), revision=revision)
        await self._disclosed(self._of_caller(Kind.EXPORTED, caller, action=what, object=taken))

    def refused(self, caller: Caller, action: str, reason: str) -> None:
        """Note that somebody asked for what they may not have; a flood of it is counted.

        Parameters
        ----------
        action : str
            The type of the command.
        reason : str
            A code: "role", "rule", "rate", "malformed".
        """
        outcome = Outcome.MINOR_FAILURE
        self._count(
            self._of_caller(Kind.REFUSED, caller, action=action, reason=reason, outcome=outcome)
        )

    def turned_away(self, room: Room, member_id: MemberId, action: str, reason: str) -> None:
        """Note that a member in a room asked for what they may not have; see `refused`."""
        member = room.plan.members.get(member_id)
        if member is not None:
            address = self._address_of(room.room_id, member_id)
            self.refused(Caller(room, member, address), action, reason)

    def noted(
        self,
        kind: Kind,
        room_id: str = "",
        by: Actor = SERVER,
        *,
        action: str = "",
        about: str = "",
    ) -> None:
        """Note what was done about a room: invited, withdrawn, joined, removed, made, erased.

        Parameters
        ----------
        about : str
            The id of the invitation or member that it was done to.
        """
        self._recorder.note(
            AuditEvent(
                at_ms=self._now_ms(),
                kind=kind,
                actor=by,
                room_id=code_of(room_id),
                action=code_of(action),
                object=Reference(kind=_ABOUT.get(kind, ""), id=code_of(about)),
            )
        )

    async def door(
        self, kind: DoorEvent, outcome: DoorOutcome, account_or_member: str, address: str
    ) -> None:
        """Note what happened at the door: an `AuditSink` of `workspace.accounts.auditing`.

        Raises
        ------
        AuditError
            Somebody would come in, and it cannot be noted.
        """
        noted = _DOOR[kind]
        who = code_of(account_or_member)
        locked = noted == Kind.ACCOUNT_LOCKED
        failure = Outcome.MAJOR_FAILURE if locked else Outcome.MINOR_FAILURE
        event = AuditEvent(
            at_ms=self._now_ms(),
            kind=noted,
            outcome=Outcome.SUCCESS if outcome == DoorOutcome.SUCCESS and not locked else failure,
            actor=Actor(member=who) if noted == Kind.JOINED else Actor(account=who),
            address=self._kept(address),
        )
        if event.outcome != Outcome.SUCCESS or noted == Kind.INVITATION_OPENED:
            self._count(event)
        elif noted in _LETS_IN:
            await self._recorder.require(event)
        else:
            self._recorder.note(event)

    async def close(self) -> None:
        """Note what waits and what was counted, then let go of the trail."""
        if self._timer is not None:
            self._timer.cancel()
        for caller, way in [it for present in self._present.values() for it in present]:
            self.left(caller, way)  # who was cut off says no more
        for room_id in list(self._leaving):
            self._leaving.pop(room_id)()
        for event in self._tally.due(math.inf):
            self._recorder.note(event)
        await self._recorder.close()

    async def _disclosed(self, event: AuditEvent) -> None:
        try:
            await self._recorder.require(event)
        except AuditError as error:
            raise AuditError(
                f"this cannot be shown now, for it could not be put on record: {error}"
            ) from error

    def _count(self, event: AuditEvent) -> None:
        first = self._count_or_tell(event)
        if first is not None:
            self._recorder.note(first)

    def _count_or_tell(self, event: AuditEvent) -> AuditEvent | None:
        """Return the event if it is the first of its kind; else count it."""
        if self._timer is None:
            self._wait_for_windows()
        return self._tally.take(event)

    def _wait_for_windows(self) -> None:
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(FIRST_WINDOW_MS / 1000, self._tell_counted)

    def _tell_counted(self) -> None:
        self._timer = None
        for event in self._tally.due(self._now_ms()):
            self._recorder.note(event)
        if len(self._tally):
            self._wait_for_windows()

    def _change(self, room: Room, entry: Entry) -> AuditEvent:
        member = room.plan.members.get(entry.member_id)
        by_server = entry.member_id == SYSTEM
        role = "" if member is None else member.role.value
        return AuditEvent(
            at_ms=_ms(datetime.fromisoformat(entry.at)),
            kind=Kind.CHANGED,
            actor=SERVER if by_server else Actor(member=code_of(entry.member_id), role=role),
            address=self._kept(self._address_of(room.room_id, entry.member_id)),
            room_id=room.room_id,
            action=_action(entry),
            object=Reference(
                kind="operation",
                id=code_of(entry.operation_id),
                revision=entry.revision,
                hash=entry.hash,
            ),
        )

    def _of_caller(
        self,
        kind: Kind,
        caller: Caller,
        *,
        action: str = "",
        reason: str = "",
        object: Reference = Reference(),  # noqa: A002, B008 (frozen; the entry's own word)
        outcome: Outcome = Outcome.SUCCESS,
    ) -> AuditEvent:
        return AuditEvent(
            at_ms=self._now_ms(),
            kind=kind,
            outcome=outcome,
            actor=caller.actor,
            address=self._kept(caller.address),
            room_id=caller.room.room_id,
            action=code_of(action),
            object=object,
            reason=code_of(reason),
        )

    def _address_of(self, room_id: str, member_id: MemberId) -> str:
        """Return where a member is; on two devices nobody knows which one was used."""
        present = self._present.get((room_id, member_id), [])
        addresses = {caller.address for caller, _ in present}
        return addresses.pop() if len(addresses) == 1 else ""

    def _kept(self, address: str) -> str:
        return code_of(address) if self._addresses is Addresses.KEPT else ""

    def _now_ms(self) -> int:
        return _ms(self._clock())


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _action(entry: Entry) -> str:
    """Return what an entry did, as the type of its first event."""
    if entry.undoes:
        return "undo"
    if entry.redoes:
        return "redo"
    tag = type(entry.events[0]).__struct_config__.tag if entry.events else ""
    return str(tag)
