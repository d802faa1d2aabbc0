"""The room socket: read a member's messages, hand commands to the room, carry presence."""

import asyncio
import time
from typing import TYPE_CHECKING, Final

import msgspec
import structlog
from aiohttp import WSMsgType, web

from sessions.errors import ForbiddenError, RejectedCommandError, SessionError
from sessions.plan.records import Member, OperationId
from sessions.protocol import (
    PROTOCOL_VERSION,
    Acknowledged,
    ClientMessage,
    Hello,
    Ping,
    Pong,
    Presence,
    Present,
    Refused,
    Submit,
    Visit,
)
from workspace.errors import WorkspaceError
from workspace.server.connection import Connection
from workspace.server.token_bucket import TokenBucket

if TYPE_CHECKING:
    from workspace.server.hosted_room import HostedRoom

log = structlog.get_logger()

MAX_MESSAGE_BYTES: Final = 64 * 1024
"""The longest note is 2,000 characters; nothing that a page sends comes near."""

MAX_PRESENCE_BYTES: Final = 2 * 1024
"""It goes to everybody many times a second; a cursor, a camera and a plane take under 800."""

HELLO_WITHIN_S: Final = 5.0
FAREWELL_WITHIN_S: Final = 2.0
PART_WITHIN_S: Final = 0.5
HEARTBEAT_S: Final = 10.0
"""A peer that does not answer a ping for half of this is gone."""

MAX_COMMANDS_WAITING: Final = 64
COMMANDS_PER_S: Final = 50.0
COMMAND_BURST: Final = 200.0

_decoder = msgspec.json.Decoder(ClientMessage)


class RoomSocket:
    """One member's end of the room, from hello to farewell."""

    def __init__(
        self,
        hosted: "HostedRoom",
        member: Member,
        socket: web.WebSocketResponse,
        transport: asyncio.Transport | None,
    ) -> None:
        self._hosted = hosted
        self._member = member
        self._socket = socket
        self._metrics = hosted.metrics
        self._connection = Connection(
            socket, transport, member.member_id, hosted.presence, hosted.metrics
        )
        self._commands: asyncio.Queue[tuple[Submit, float]] = asyncio.Queue(MAX_COMMANDS_WAITING)
        self._bucket = TokenBucket(COMMANDS_PER_S, COMMAND_BURST)

    async def run(self) -> None:
        """Serve the socket until it closes."""
        writing = asyncio.create_task(self._connection.write())
        tasks = [writing]
        try:
            if await self._says_hello():
                self._hosted.attach(self._connection)
                tasks.append(asyncio.create_task(self._connection.write_presence()))
                tasks.append(asyncio.create_task(self._obey()))
                await self._read()
            if not self._socket.closed:
                await asyncio.wait({writing}, timeout=FAREWELL_WITHIN_S)
        finally:
            self._hosted.detach(self._connection)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def part(self, reason: str) -> None:
        """Say why, and close within half a second, whether or not anybody reads it."""
        self._connection.part(reason)
        asyncio.get_running_loop().call_later(PART_WITHIN_S, self._connection.drop)

    async def _says_hello(self) -> bool:
        try:
            frame = await self._socket.receive(timeout=HELLO_WITHIN_S)
        except TimeoutError:
            frame = None
        hello = None if frame is None or frame.type != WSMsgType.TEXT else _decoded(frame.data)
        if isinstance(hello, Hello) and hello.protocol == PROTOCOL_VERSION:
            self._connection.branch_id = hello.branch_id
            return True
        self._connection.part(
            f"the first message must be a hello of protocol {PROTOCOL_VERSION}, within "
            f"{HELLO_WITHIN_S:.0f} seconds; load the page again"
        )
        return False

    async def _read(self) -> None:
        """Take messages until the socket closes or one of them is not of this protocol."""
        async for frame in self._socket:
            message = _decoded(frame.data) if frame.type == WSMsgType.TEXT else None
            too_long = isinstance(message, Presence) and len(frame.data) > MAX_PRESENCE_BYTES
            if message is None or too_long:
                # The frame itself stays out of the log: it may hold anything.
                log.warning("message.malformed", room=self._hosted.room.room_id)
                self._connection.part("a message was not of this protocol; load the page again")
                return
            self._take(message)

    def _take(self, message: ClientMessage) -> None:
        match message:
            case Submit():
                self._queue(message)
            case Presence():
                self._metrics.presence_received += 1
                self._hosted.show(self._member.member_id, message)
            case Ping(sent_ms=sent_ms):
                self._connection.tell(Pong(sent_ms=sent_ms))
            case Visit(branch_id=branch_id):
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

    def _queue(self, submit: Submit) -> None:
        if self._commands.full() or not self._bucket.take():
            self._refuse(
                submit, "too many commands at once; wait a moment, then do it again", "throttled"
            )
        else:
            self._commands.put_nowait((submit, time.perf_counter()))

    async def _obey(self) -> None:
        """Carry out commands one after the other, in the order in which the member asked."""
        while True:
            submit, came_at = await self._commands.get()
            try:
                revision = await self._hosted.submit(self._member.member_id, submit)
            except ForbiddenError as error:
                self._refuse(submit, str(error), "forbidden")
            except (RejectedCommandError, WorkspaceError) as error:
                self._refuse(submit, str(error), "refused")
            except SessionError as error:
                log.warning("command.not_recorded", error=type(error).__name__)
                self._refuse(submit, str(error), "not_recorded")
            except Exception:
                log.exception("command.failed", command=type(submit.command).__name__)
                self._refuse(submit, "a fault of our own; nothing was changed", "fault")
            else:
                self._connection.tell(
                    Acknowledged(operation_id=submit.operation_id, revision=revision)
                )
                took = time.perf_counter() - came_at
                self._metrics.command(submit.command, "acknowledged", took)

    def _refuse(self, submit: Submit, reason: str, outcome: str) -> None:
        self._metrics.command(submit.command, outcome)
        self._connection.tell(Refused(operation_id=submit.operation_id, reason=reason))


def _decoded(text: str) -> ClientMessage | None:
    """Return the message, or None if it is none."""
    try:
        message: ClientMessage = _decoder.decode(text)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    return message
