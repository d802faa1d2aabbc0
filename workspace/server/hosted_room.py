"""A room with its members' sockets: submit, tell everybody, show who does what right now."""

import asyncio
import contextlib
import secrets
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, Final

import msgspec

from sessions.errors import FencedError, ForbiddenError
from sessions.plan.casework import SYSTEM
from sessions.plan.commands import ApplyCut, ServerCommand
from sessions.plan.events import MemberAdmitted, MemberDismissed, RoleChanged
from sessions.plan.records import MAIN, BranchId, Fragment, MemberId, OperationId, Segment
from sessions.plausible import plausible
from sessions.presence import PresenceBoard
from sessions.presenting import present, without
from sessions.protocol import (
    Hello,
    Presence,
    Present,
    Presenting,
    Progress,
    ServerMessage,
    Submit,
)
from sessions.room import Room
from sessions.telling import Told
from workspace.audit.desk import AuditDesk
from workspace.binders.panel_state import PanelState
from workspace.blobs import BlobStore
from workspace.planning.pool import GeometryPool
from workspace.server.beat import Beat
from workspace.server.bulletin import Bulletin
from workspace.server.connection import Connection
from workspace.server.cutting_desk import CuttingDesk
from workspace.server.frames import encoded
from workspace.server.greeting import ACTIVITY_SHOWN, Greeting
from workspace.server.last_orders import LastOrders
from workspace.server.metrics import Metrics
from workspace.server.post import Post
from workspace.server.refusals import Refusal
from workspace.server.visible import sees_talk, visible_activity, visible_view

PARTING_WITHIN_S: Final = 1.0
"""How long a farewell may take to reach the pages."""

MEMBER_PARTING_WITHIN_S: Final = 0.5
"""Of one whose access ended: closed within a second, also where nobody reads the farewell."""


WATCH_EVERY_S: Final = 1.0


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
    audit : AuditDesk
        Takes note of who does what.
    """

    def __init__(
        self,
        room: Room,
        blobs: BlobStore,
        pool: GeometryPool,
        boot_id: str,
        metrics: Metrics,
        audit: AuditDesk,
    ) -> None:
        self.room = room
        self.audit = audit
        self.blobs = blobs
        self.metrics = metrics
        self.presence: PresenceBoard[Connection] = PresenceBoard()
        self.beat: Beat[Connection] = Beat(self.presence, metrics)
        self.post: Post[Connection] = Post()
        self._pool = pool
        self.presenting = Presenting()
        self._branch_of: dict[MemberId, BranchId] = {}
        self._farewells: set[asyncio.Task[None]] = set()
        self._panels: dict[tuple[BranchId, bool], dict[str, Any]] = {}
        self._rows: dict[tuple[BranchId, bool], PanelState] = {}
        self._panels_at = -1
        self._cutting = CuttingDesk(room, blobs, pool, self.progress)
        self._connections: set[Connection] = set()
        self._bulletin = Bulletin(room, self._connections)
        self._greeting = Greeting(room, boot_id, self._bulletin)
        self._watch: asyncio.TimerHandle | None = None
        self._failure: str | None = None
        self._parted: set[MemberId] = set()
        self._shown: set[str] = set()
        self._orders = LastOrders()
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
        self.beat.stop()
        if self._watch is not None:
            self._watch.cancel()
        self._unsubscribe()

    async def part(self, reason: str) -> None:
        """Tell everybody why the room is going, then close it."""
        self._bulletin.issue()
        for connection in self._connections:
            connection.part(reason)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._empty.wait(), PARTING_WITHIN_S)
        self.close()

    async def take_leave(self, reason: str, within_s: float) -> None:
        """Answer what members have asked, tell them why the lines close, and close them.

        What comes meanwhile is not begun and not answered: the page asks again under the same
        operation id when there is a server again.
        """
        await self._orders.close(within_s)
        await asyncio.sleep(0)  # whoever asked has its answer on the line before the farewell
        for connection in list(self._connections):
            connection.part(reason)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._empty.wait(), PARTING_WITHIN_S)
        for connection in list(self._connections):
            connection.drop()

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

    async def submit(self, member_id: MemberId, submit: Submit) -> int:
        """Carry out a command and return the revision at which everybody sees it."""
        async with self._orders.one():
            try:
                return await self._carry_out(member_id, submit)
            except FencedError as error:
                self._bid_farewell(self.part(str(error)))
                raise
            finally:
                self._watch_health()

    async def _carry_out(self, member_id: MemberId, submit: Submit) -> int:
        if member_id in self._parted:
            raise ForbiddenError("you are no longer a member of this room; ask for a new link")
        await self.audit.keep_up()
        command, branch_id = submit.command, submit.branch_id
        if isinstance(command, ApplyCut):
            receipt = await self._cutting.cut(member_id, submit.operation_id, command, branch_id)
        else:
            receipt = await self.room.submit(
                member_id, submit.operation_id, command, branch_id=branch_id, seen=submit.seen
            )
        return receipt.revision

    def _watch_health(self) -> None:
        """Let the panels say it when the room can no longer record, or can again."""
        failure = self.room.health.failure
        if failure != self._failure:
            self._failure = failure
            self._panels_at = -1
            self._wake_panels()

    async def record_as_server(self, command: ServerCommand, branch_id: BranchId = MAIN) -> None:
        """Carry out what the server itself asks: a case, a segment, what it computed."""
        operation_id = OperationId(secrets.token_urlsafe(12))
        await self.room.submit(SYSTEM, operation_id, command, branch_id=branch_id)

    def show(self, connection: Connection, presence: Presence) -> None:
        """Let the others see what a member does, as far as that is possible."""
        member_id, branch_id = connection.member_id, connection.branch_id
        shown = plausible(presence, self.room.plan_of(branch_id), member_id)
        if shown.branch_id != branch_id:  # which the page shows, whatever it says
            shown = msgspec.structs.replace(shown, branch_id=branch_id)
        self.presence.show(member_id, shown)
        self.beat.moved(member_id)

    def refused(self, refusal: Refusal, member_id: MemberId, command: str = "") -> None:
        """Tell whoever keeps account that something of a member's was turned away."""
        if refusal is Refusal.STALLED_READER:
            self.metrics.slow_reader_dropped()
        self.audit.turned_away(self.room, member_id, command, refusal.value)

    def lead(self, member_id: MemberId, asked: Present) -> None:
        """Start leading everybody's view, ask to, hand it over, or stop.

        Raises
        ------
        RejectedCommandError
            It is not this member's turn.
        """
        self._lead(present(self.presenting, self.room.plan, member_id, asked))

    def visit(self, connection: Connection, branch_id: BranchId) -> None:
        """Show a page another branch; the main one where there is none of that id."""
        self._bulletin.issue()  # who comes now sees it in the plan
        self._turn_to(connection, branch_id)
        connection.tell_encoded(
            self._greeting.welcome(connection, self.presence.present, self.presenting)
        )

    def _turn_to(self, connection: Connection, branch_id: BranchId) -> None:
        connection.branch_id = branch_id if branch_id in self.room.state.lines else MAIN
        self._branch_of[connection.member_id] = connection.branch_id
        self._wake_panels()

    def branch_of(self, member_id: MemberId) -> BranchId:
        """Return the branch that a member looked at last."""
        return self._branch_of.get(member_id, MAIN)

    def attach(self, connection: Connection, hello: Hello) -> None:
        """Greet a new socket with the whole plan, or with what its page has missed."""
        self._pool.warm()
        self._bulletin.issue()
        self.presence.join(connection, connection.member_id)
        self._connections.add(connection)
        self.metrics.room_sockets.inc()
        self._empty.clear()
        if not self._resume(connection, hello):
            self.visit(connection, hello.branch_id)
        for progress in self._progress.values():
            connection.tell(progress)
        self.beat.changed()
        if self._watch is None:
            self._look_after()

    def _resume(self, connection: Connection, hello: Hello) -> bool:
        """Tell a page what it has missed, if it was here just now."""
        if hello.seen is None or hello.branch_id not in self.room.state.lines:
            return False
        self._turn_to(connection, hello.branch_id)
        missed = self._greeting.resumed(
            connection, hello.seen, self.presence.present, self.presenting
        )
        for message in missed or ():
            connection.tell_encoded(message)
        return missed is not None

    def detach(self, connection: Connection) -> None:
        """Forget a socket that has gone."""
        if connection in self._connections:
            self._connections.discard(connection)
            self.metrics.room_sockets.dec()
        if not self._connections:
            self._empty.set()
        self.presence.leave(connection)
        self.beat.changed()
        if connection.member_id not in self.presence.present:
            self._lead(without(self.presenting, connection.member_id))

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

    def panel_state(self, member_id: MemberId) -> dict[str, Any]:
        """Return what a member's panels draw, computed once for each revision and branch."""
        if self._panels_at != self.room.revision:
            self._panels_at, self._panels = self.room.revision, {}
        talk = sees_talk(self.room.plan.members[member_id].role)
        key = (self.branch_of(member_id), talk)
        if key not in self._panels:
            activity = self.room.activity(ACTIVITY_SHOWN)
            fresh = self._rows.setdefault(key, PanelState()).of(
                visible_view(self.room.view(key[0]), talk=talk),
                [visible_activity(it, talk=talk) for it in activity],
                self.room.revision,
                self.room.state.line(key[0]).ledger.latest,
            )
            fresh["alarm"] = self._failure or ""
            self._panels[key] = fresh
        return self._panels[key]

    def names_surface(self, sha256: str) -> bool:
        """Say whether any branch or version names a surface, or a past that was shown."""
        return sha256 in self._shown or self.room.state.names_surface(sha256)

    def show_surfaces(self, hashes: set[str]) -> None:
        """Let pages fetch the surfaces of a past that they look at."""
        self._shown |= hashes

    async def draco(self, sha256: str) -> Path:
        """Return the file of a surface as the browser gets it, made when first asked for."""
        return await self._pool.draco(self.blobs, sha256)

    async def write_stl(self, solid: Segment | Fragment, path: Path) -> None:
        """Write a solid where it is placed now."""
        await self._pool.write_stl(self.blobs, solid, path)

    def _publish(self, told: Told) -> None:
        """Tell everybody of an entry, together with the others of its turn."""
        self._bulletin.add(told)
        self._heed(told)
        self._wake_panels()

    def _look_after(self) -> None:
        """Drop pages that are gone or take nothing, for as long as there are pages."""
        now_s = time.monotonic()
        for connection in list(self._connections):
            connection.check(now_s)
        self._watch = (
            asyncio.get_running_loop().call_later(WATCH_EVERY_S, self._look_after)
            if self._connections
            else None
        )

    def _heed(self, told: Told) -> None:
        """Let go of members who were dismissed; show those with another role what is theirs."""
        for event in told.entry.events:
            if isinstance(event, MemberDismissed):
                reason = "you are no longer a member of this room; ask its owner"
                self._bid_farewell(self.part_member(event.member_id, reason))
            if isinstance(event, MemberAdmitted):
                self._parted.discard(event.member.member_id)
            if isinstance(event, RoleChanged):
                for connection in list(self._connections):
                    if connection.member_id == event.member_id:
                        self.visit(connection, connection.branch_id)

    def _bid_farewell(self, parting: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(parting)
        self._farewells.add(task)
        task.add_done_callback(self._farewells.discard)

    def _lead(self, presenting: Presenting) -> None:
        if presenting != self.presenting:
            self.presenting = presenting
            self._tell_all(presenting)

    def _wake_panels(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    def _tell_all(self, message: ServerMessage) -> None:
        told = encoded(message)
        for connection in self._connections:
            connection.tell_encoded(told)
