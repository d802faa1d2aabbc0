"""A room with its members' sockets: submit, tell everybody, show who does what right now."""

import asyncio
import contextlib
import secrets
from pathlib import Path
from typing import Any, Final

import msgspec

from sessions.errors import ForbiddenError
from sessions.members import may_change_plan
from sessions.plan.casework import SYSTEM
from sessions.plan.commands import ApplyCut, MemberCommand, ServerCommand
from sessions.plan.events import Entry
from sessions.plan.records import Fragment, Member, MemberId, OperationId, Plan, Segment
from sessions.presence import PresenceBoard
from sessions.protocol import (
    PROTOCOL_VERSION,
    Advanced,
    Change,
    Presence,
    Progress,
    ServerMessage,
    Welcome,
)
from sessions.room import Room
from workspace.binders.panel_state import panel_state
from workspace.blobs import BlobStore
from workspace.planning.pool import GeometryPool
from workspace.server.connection import Connection, text_of
from workspace.server.cutting_desk import CuttingDesk
from workspace.server.metrics import Metrics

ACTIVITY_SHOWN: Final = 50

PARTING_WITHIN_S: Final = 1.0
"""How long a farewell may take to reach the pages."""

MEMBER_PARTING_WITHIN_S: Final = 0.5
"""Of one whose access ended: closed within a second, also where nobody reads the farewell."""


class HostedRoom:
    """One open room.

    Parameters
    ----------
    room : Room
        Open; the lobby that opened it closes it.
    blobs : BlobStore
        The surfaces that the plan names.
    pool : GeometryPool
        Where cuts are computed.
    boot_id : str
        Differs from one start of the server to the next.
    metrics : Metrics
        Counts what happens in the room.
    """

    def __init__(
        self, room: Room, blobs: BlobStore, pool: GeometryPool, boot_id: str, metrics: Metrics
    ) -> None:
        self.room = room
        self.blobs = blobs
        self.presence = PresenceBoard()
        self.metrics = metrics
        self._boot_id = boot_id
        self._pool = pool
        self._panels: dict[str, Any] = {}
        self._panels_at = -1
        self._cutting = CuttingDesk(room, blobs, pool, self.progress)
        self._connections: set[Connection] = set()
        self._parted: set[MemberId] = set()
        self._progress: dict[str, Progress] = {}
        self._changed = asyncio.Event()
        self._empty = asyncio.Event()
        self._empty.set()
        self._unsubscribe = room.subscribe(self._publish)
        room.watch_commits(metrics.commit)

    def close(self) -> None:
        """Drop every line; the pages come back by themselves when there is a server again."""
        for connection in list(self._connections):
            connection.drop()
        self._unsubscribe()

    async def part(self, reason: str) -> None:
        """Tell everybody why the room is going, then close it."""
        for connection in self._connections:
            connection.part(reason)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._empty.wait(), PARTING_WITHIN_S)
        self.close()

    async def part_member(self, member_id: MemberId, reason: str) -> None:
        """Take no more commands of a member, tell their pages why, and close their lines."""
        self._parted.add(member_id)
        lines = [it for it in self._connections if it.member_id == member_id]
        for connection in lines:
            connection.part(reason)
        await asyncio.sleep(MEMBER_PARTING_WITHIN_S if lines else 0)
        for connection in lines:
            if connection in self._connections:
                connection.drop()

    async def submit(
        self, member_id: MemberId, operation_id: OperationId, command: MemberCommand
    ) -> int:
        """Carry out a command and return the revision at which everybody sees it."""
        if member_id in self._parted:
            raise ForbiddenError("you are no longer a member of this room; ask for a new link")
        if isinstance(command, ApplyCut):
            receipt = await self._cutting.cut(member_id, operation_id, command)
        else:
            receipt = await self.room.submit(member_id, operation_id, command)
        return receipt.revision

    async def record_as_server(self, command: ServerCommand) -> None:
        """Carry out what the server itself asks: a case, a segment, a new member."""
        operation_id = OperationId(secrets.token_urlsafe(12))
        await self.room.submit(SYSTEM, operation_id, command)

    def show(self, member: Member, presence: Presence) -> None:
        """Let the others see what a member does; who may not move things cannot seem to."""
        if presence.dragging is not None and not may_change_plan(member.role):
            presence = msgspec.structs.replace(presence, dragging=None)
        self.presence.show(member.member_id, presence)

    def attach(self, connection: Connection) -> None:
        """Greet a new socket with the whole plan."""
        self._pool.warm()
        self.presence.join(connection, connection.member_id)
        self._connections.add(connection)
        self.metrics.room_sockets.inc()
        self._empty.clear()
        connection.tell(self._welcome(connection.member_id))
        for progress in self._progress.values():
            connection.tell(progress)

    def detach(self, connection: Connection) -> None:
        """Forget a socket that has gone."""
        if connection in self._connections:
            self._connections.discard(connection)
            self.metrics.room_sockets.dec()
        if not self._connections:
            self._empty.set()
        self.presence.leave(connection)

    def progress(self, job: str, label: str, done: int, total: int) -> None:
        """Tell everybody how far a job is; ``done == total`` ends it."""
        message = Progress(job=job, label=label, done=done, total=total)
        if done >= total:
            self._progress.pop(job, None)
        else:
            self._progress[job] = message
        self._tell_all(message)

    async def next_change(self) -> None:
        """Wait until the plan has moved on."""
        await self._changed.wait()

    def panel_state(self) -> dict[str, Any]:
        """Return what all panels draw, computed once for each revision."""
        if self._panels_at != self.room.revision:
            self._panels = panel_state(
                self.room.view(), self.room.activity(ACTIVITY_SHOWN), self.room.revision
            )
            self._panels_at = self.room.revision
        return self._panels

    def surfaces(self) -> set[str]:
        """Return the hashes of the surfaces that the plan names now."""
        plan = self.room.plan
        solids: tuple[Segment | Fragment, ...] = (*plan.segments.values(), *plan.fragments.values())
        return {solid.surface.sha256 for solid in solids}

    async def draco(self, sha256: str) -> Path:
        """Return the file of a surface as the browser gets it, made when first asked for."""
        return await self._pool.draco(self.blobs, sha256)

    async def write_stl(self, solid: Segment | Fragment, path: Path) -> None:
        """Write a solid where it is placed now."""
        await self._pool.write_stl(self.blobs, solid, path)

    def _welcome(self, member_id: MemberId) -> Welcome:
        room = self.room
        return Welcome(
            protocol=PROTOCOL_VERSION,
            boot_id=self._boot_id,
            room_id=room.room_id,
            member_id=member_id,
            role=room.plan.members[member_id].role,
            revision=room.revision,
            state_hash=room.state_hash,
            view=room.view(),
            present=self.presence.present,
            activity=room.activity(ACTIVITY_SHOWN),
            can_undo=room.can_undo(member_id),
            can_redo=room.can_redo(member_id),
        )

    def _publish(self, entry: Entry, changes: tuple[Change, ...], _: Plan) -> None:
        """Tell everybody of an entry; encoded once for all who may undo and redo alike."""
        (activity,) = self.room.activity(1)
        texts: dict[tuple[bool, bool], str] = {}
        for connection in list(self._connections):
            may = self.room.can_undo(connection.member_id), self.room.can_redo(connection.member_id)
            if may not in texts:
                can_undo, can_redo = may
                texts[may] = text_of(
                    Advanced(
                        revision=entry.revision,
                        operation_id=entry.operation_id,
                        activity=activity,
                        changes=changes,
                        can_undo=can_undo,
                        can_redo=can_redo,
                    )
                )
            connection.tell_text(texts[may])
        self._changed.set()
        self._changed = asyncio.Event()

    def _tell_all(self, message: ServerMessage) -> None:
        for connection in list(self._connections):
            connection.tell(message)
