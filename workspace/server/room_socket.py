"""The room socket: read a member's messages, hand commands to the room, carry presence."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import msgspec
import structlog
from aiohttp import WebSocketError, WSMsgType, web

from sessions.errors import AuditError, ForbiddenError, RejectedCommandError, SessionError
from sessions.plan.records import MAIN, OperationId
from sessions.protocol import (
    PROTOCOL_VERSION,
    Acknowledged,
    ClientMessage,
    Hello,
    Pace,
    Ping,
    Pong,
    Presence,
    Present,
    Refused,
    Submit,
    Visit,
)
from workspace.audit.callers import Caller
from workspace.errors import WorkspaceError
from workspace.server.commands_in_flight import Arrived, CommandsInFlight
from workspace.server.connection import Connection
from workspace.server.refusals import Refusal
from workspace.server.rhythm import Rhythm
from workspace.server.token_bucket import TokenBucket

if TYPE_CHECKING:
    from workspace.server.hosted_room import HostedRoom

log = structlog.get_logger()

MAX_MESSAGE_BYTES: Final = 192 * 1024
"""A line drawn by hand has up to 2,048 points of 90 bytes; nothing else comes near."""

MAX_PRESENCE_BYTES: Final = 4 * 1024
"""It goes to everybody many times a second; mostly 800 bytes, with six clipping planes 2,000."""

HELLO_WITHIN_S: Final = 5.0
PART_WITHIN_S: Final = 0.5
HEARTBEAT_S: Final = 10.0
"""A peer that does not answer a ping for half of this is gone."""

COMMANDS_PER_S: Final = 50.0
COMMAND_BURST: Final = 200.0

MESSAGES_PER_S: Final = 200.0
"""Presence comes 25 times a second, commands at most 50; whoever sends more is read more slowly."""

MESSAGE_BURST: Final = 600.0

TOO_MANY: Final = "too many commands at once; wait a moment, then do it again"

_decoder = msgspec.json.Decoder(ClientMessage)


def room_websocket() -> web.WebSocketResponse:
    """Return the response that becomes a room's socket.

    Not compressed, for latency counts for more than bytes between hospitals, and our frames are
    made once for all. Pings are ours to answer, so that a flood of them is read slowly, too.
    """
    return web.WebSocketResponse(
        max_msg_size=MAX_MESSAGE_BYTES, compress=False, autoping=False, decode_text=False
    )


class RoomSocket:
    """One member's end of the room, from hello to farewell."""

    def __init__(
        self,
        hosted: "HostedRoom",
        caller: Caller,
        socket: web.WebSocketResponse,
        transport: asyncio.Transport | None,
    ) -> None:
        self.on_use: Callable[[], None] | None = None
        """Called for what a person caused: an open page goes on to ping, and to say it is idle."""
        self._hosted = hosted
        self._caller = caller
        self._member = caller.member
        self._socket = socket
        self._metrics = hosted.metrics
        self._connection = Connection(
            socket, transport, caller.member.member_id, hosted.post, hosted.refused
        )
        self._commands = CommandsInFlight(self._carry_out, hosted.audit.keep_up)
        self._bucket = TokenBucket(COMMANDS_PER_S, COMMAND_BURST)
        self._pace = TokenBucket(MESSAGES_PER_S, MESSAGE_BURST)
        self._rhythm = Rhythm(hosted.beat.origin_s)

    async def run(self) -> None:
        """Serve the socket until it closes."""
        obeying: asyncio.Task[None] | None = None
        try:
            hello = await self._hello()
            if hello is not None and await self._is_on_record(hello):
                self._hosted.attach(self._connection, hello)
                obeying = asyncio.create_task(self._commands.run())
                await self._read()
            await self._connection.closed()
        finally:
            self._hosted.detach(self._connection)
            self._hosted.audit.left(self._caller, "room")
            if obeying is not None:
                obeying.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await obeying

    def part(self, reason: str) -> None:
        """Say why, and close within half a second, whether or not anybody reads it."""
        self._connection.part(reason)
        asyncio.get_running_loop().call_later(PART_WITHIN_S, self._connection.drop)

    async def _hello(self) -> Hello | None:
        """Return the first message, if it is the right one and comes in time."""
        message = None
        with contextlib.suppress(TimeoutError, _MalformedError):
            async with asyncio.timeout(HELLO_WITHIN_S):
                message = await self._next()
        if isinstance(message, Hello) and message.protocol == PROTOCOL_VERSION:
            return message
        self._hosted.refused(Refusal.NO_HELLO, self._member.member_id)
        self._connection.part(
            f"the first message must be a hello of protocol {PROTOCOL_VERSION}, within "
            f"{HELLO_WITHIN_S:.0f} seconds; load the page again"
        )
        return None

    async def _is_on_record(self, hello: Hello) -> bool:
        """Note that the member comes in; say why they cannot where that fails."""
        try:
            await self._hosted.audit.opened(self._caller, "room")
        except AuditError as error:
            self._connection.part(str(error))
            return False
        if hello.branch_id != MAIN:
            self._hosted.audit.looked_at(self._caller, "branch", hello.branch_id)
        return True

    async def _read(self) -> None:
        """Take messages until the socket closes or one of them is not of this protocol."""
        try:
            while (message := await self._next()) is not None:
                self._take(message)
        except _MalformedError:
            self._hosted.refused(Refusal.MALFORMED_MESSAGE, self._member.member_id)
            # The frame itself stays out of the log: it may hold anything.
            log.warning("message.malformed", room=self._hosted.room.room_id)
            self._connection.part("a message was not of this protocol; load the page again")

    async def _next(self) -> ClientMessage | None:
        """Return the next message, or None when the socket has closed.

        Raises
        ------
        _MalformedError
            It is not one of ours.
        """
        while True:
            frame = await self._socket.receive()
            self._connection.heard(time.monotonic())
            pause_s = self._pace.overdraw()
            if pause_s:
                await asyncio.sleep(pause_s)  # only this member waits: TCP holds back the rest
            match frame.type:
                case WSMsgType.TEXT:
                    return _decoded(frame.data)
                case WSMsgType.PING:
                    self._connection.answer_ping(frame.data)
                case WSMsgType.PONG:
                    pass
                case WSMsgType.BINARY:
                    raise _MalformedError
                case _:
                    if isinstance(frame.data, WebSocketError):  # too long, or no frame at all
                        raise _MalformedError from frame.data
                    return None

    def _take(self, message: ClientMessage) -> None:
        is_idle = isinstance(message, Ping) or (isinstance(message, Presence) and message.idle)
        if self.on_use is not None and not is_idle:
            self.on_use()
        match message:
            case Submit():
                self._queue(message)
            case Presence():
                self._show(message)
            case Ping(sent_ms=sent_ms):
                self._connection.tell(Pong(sent_ms=sent_ms))
            case Visit(branch_id=branch_id):
                self._hosted.audit.looked_at(self._caller, "branch", branch_id)
                self._hosted.visit(self._connection, branch_id)
            case Present():
                self._lead(message)
            case Hello():
                pass

    def _lead(self, asked: Present) -> None:
        try:
            self._hosted.lead(self._member.member_id, asked)
        except RejectedCommandError as error:
            self._connection.tell(Refused(operation_id=OperationId("present"), reason=str(error)))

    def _show(self, presence: Presence) -> None:
        self._metrics.presence_received += 1
        self._hosted.show(self._connection, presence)
        early_s = self._rhythm.heard(asyncio.get_running_loop().time())
        if early_s is not None:
            self._connection.tell(Pace(early_ms=round(early_s * 1000, 1)))

    def _queue(self, submit: Submit) -> None:
        if not self._bucket.take() or not self._commands.take(submit):
            self._turn_away(Refusal.TOO_MANY_COMMANDS, submit)
            self._refuse(submit, TOO_MANY, "throttled")

    async def _carry_out(self, arrived: Arrived) -> None:
        """Carry out a command and answer it."""
        submit, member_id = arrived.submit, self._member.member_id
        try:
            revision = await self._hosted.submit(member_id, submit)
        except ForbiddenError as error:
            self._turn_away(Refusal.FORBIDDEN_COMMAND, submit)
            self._refuse(submit, str(error), "forbidden")
        except (RejectedCommandError, WorkspaceError) as error:
            self._turn_away(Refusal.REFUSED_COMMAND, submit)
            self._refuse(submit, str(error), "refused")
        except SessionError as error:
            log.warning("command.not_recorded", error=type(error).__name__)
            self._refuse(submit, str(error), "not_recorded")
        except Exception:
            log.exception("command.failed", command=type(submit.command).__name__)
            self._refuse(submit, "a fault of our own; nothing was changed", "fault")
        else:
            self._connection.tell(Acknowledged(operation_id=submit.operation_id, revision=revision))
            took_s = time.perf_counter() - arrived.at_s
            self._metrics.command(submit.command, "acknowledged", took_s)

    def _turn_away(self, refusal: Refusal, submit: Submit) -> None:
        command = str(type(submit.command).__struct_config__.tag)
        self._hosted.refused(refusal, self._member.member_id, command)

    def _refuse(self, submit: Submit, reason: str, outcome: str) -> None:
        self._metrics.command(submit.command, outcome)
        self._connection.tell(Refused(operation_id=submit.operation_id, reason=reason))


class _MalformedError(Exception):
    """What came is no message of this protocol."""


def _decoded(data: str | bytes) -> ClientMessage:
    try:
        message: ClientMessage = _decoder.decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise _MalformedError from error
    if isinstance(message, Presence) and len(data) > MAX_PRESENCE_BYTES:
        raise _MalformedError
    return message
