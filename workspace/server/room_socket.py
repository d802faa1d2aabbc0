"""The room socket: read a member's messages, hand commands to the room, carry presence."""

import asyncio
import time
from typing import TYPE_CHECKING, Final

import msgspec
import structlog
from aiohttp import WSMsgType, web

from sessions.errors import RejectedCommandError, SessionError
from sessions.plan.records import Member
from sessions.protocol import (
    PROTOCOL_VERSION,
    Acknowledged,
    ClientMessage,
    Failure,
    Hello,
    Ping,
    Pong,
    Presence,
    Refused,
    Submit,
)
from workspace.errors import WorkspaceError
from workspace.server.connection import Connection

if TYPE_CHECKING:
    from workspace.server.hosted_room import HostedRoom

log = structlog.get_logger()

MAX_MESSAGE_BYTES: Final = 64 * 1024
"""The longest note is 2,000 characters; nothing that a page sends comes near."""

HELLO_WITHIN_S: Final = 5.0
HEARTBEAT_S: Final = 10.0
"""A peer that does not answer a ping for half of this is gone."""

MAX_COMMANDS_WAITING: Final = 64
COMMANDS_PER_S: Final = 50.0
COMMAND_BURST: Final = 200.0

_decoder = msgspec.json.Decoder(ClientMessage)


class TokenBucket:
    """Let so many through per second, after a burst."""

    def __init__(self, rate_per_s: float, burst: float) -> None:
        self._rate_per_s = rate_per_s
        self._burst = burst
        self._tokens = burst
        self._at = time.monotonic()

    def take(self) -> bool:
        """Take one token if there is one."""
        now = time.monotonic()
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate_per_s)
        self._at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class RoomSocket:
    """One member's end of the room, from hello to farewell."""

    def __init__(self, hosted: "HostedRoom", member: Member, socket: web.WebSocketResponse) -> None:
        self._hosted = hosted
        self._member = member
        self._socket = socket
        self._connection = Connection(socket, member.member_id, hosted.presence)
        self._commands: asyncio.Queue[Submit] = asyncio.Queue(MAX_COMMANDS_WAITING)
        self._bucket = TokenBucket(COMMANDS_PER_S, COMMAND_BURST)

    async def run(self) -> None:
        """Serve the socket until it closes."""
        if not await self._says_hello():
            await self._fail("the first message must be a hello of protocol 1, within five seconds")
            return
        self._hosted.attach(self._connection)
        tasks = [asyncio.create_task(self._connection.write()), asyncio.create_task(self._obey())]
        try:
            await self._read()
        finally:
            self._hosted.detach(self._connection)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _says_hello(self) -> bool:
        try:
            frame = await self._socket.receive(timeout=HELLO_WITHIN_S)
        except TimeoutError:
            return False
        if frame.type != WSMsgType.TEXT:
            return False
        try:
            hello = _decoder.decode(frame.data)
        except (msgspec.MsgspecError, ValueError):
            return False
        return isinstance(hello, Hello) and hello.protocol == PROTOCOL_VERSION

    async def _read(self) -> None:
        async for frame in self._socket:
            if frame.type != WSMsgType.TEXT:
                await self._fail("only text frames are understood here")
                return
            try:
                message = _decoder.decode(frame.data)
            except (msgspec.MsgspecError, ValueError):
                # The frame itself stays out of the log: it may hold anything.
                log.warning("message.malformed", bytes=len(frame.data))
                await self._fail("that message is not of this protocol")
                return
            if not await self._take(message):
                return

    async def _take(self, message: ClientMessage) -> bool:
        match message:
            case Submit():
                return await self._queue(message)
            case Presence():
                self._hosted.show(self._member, message)
            case Ping(sent_ms=sent_ms):
                self._connection.tell(Pong(sent_ms=sent_ms))
            case Hello():
                pass
        return True

    async def _queue(self, submit: Submit) -> bool:
        if not self._bucket.take():
            self._connection.tell(
                Refused(operation_id=submit.operation_id, reason="too many commands; wait a moment")
            )
            return True
        try:
            self._commands.put_nowait(submit)
        except asyncio.QueueFull:
            await self._fail("too many commands are waiting")
            return False
        return True

    async def _obey(self) -> None:
        """Carry out commands one after the other, in the order in which the member asked."""
        while True:
            submit = await self._commands.get()
            try:
                revision = await self._hosted.submit(
                    self._member.member_id, submit.operation_id, submit.command
                )
            except (RejectedCommandError, WorkspaceError) as error:
                self._refuse(submit, str(error))
            except SessionError as error:
                log.error("command.not_recorded", error=type(error).__name__)
                self._refuse(submit, str(error))
            except Exception:
                log.exception("command.failed", command=type(submit.command).__name__)
                self._refuse(submit, "a fault of our own; nothing was changed")
            else:
                self._connection.tell(
                    Acknowledged(operation_id=submit.operation_id, revision=revision)
                )

    def _refuse(self, submit: Submit, reason: str) -> None:
        self._connection.tell(Refused(operation_id=submit.operation_id, reason=reason))

    async def _fail(self, reason: str) -> None:
        if not self._socket.closed:
            await self._socket.send_str(msgspec.json.encode(Failure(reason=reason)).decode())
            await self._socket.close()
