"""One room socket: what waits to be sent, and the task that sends it."""

import asyncio
from collections import deque
from typing import Final

import msgspec
from aiohttp import web

from sessions.presence import PresenceBoard
from sessions.protocol import PresenceUpdate, ServerMessage
from sessions.plan.records import MemberId

MAX_WAITING_BYTES: Final = 4 * 1024 * 1024
"""What may wait for one slow reader before it is dropped; it reconnects and gets the plan whole."""

PRESENCE_INTERVAL_S: Final = 0.04
"""25 a second: smooth to the eye, and what rendering.md measured the room to carry."""

_encoder = msgspec.json.Encoder()


class Connection:
    """One socket of one member; nobody ever waits for it.

    Parameters
    ----------
    socket : aiohttp.web.WebSocketResponse
        Prepared.
    member_id : MemberId
        Who is at the other end, as their cookie says.
    presence : PresenceBoard
        Where the latest presence of the others is found.
    """

    def __init__(
        self, socket: web.WebSocketResponse, member_id: MemberId, presence: PresenceBoard
    ) -> None:
        self.member_id = member_id
        self._socket = socket
        self._presence = presence
        self._waiting: deque[str] = deque()
        self._waiting_bytes = 0
        self._wake = asyncio.Event()

    def tell(self, message: ServerMessage) -> None:
        """Queue a message; drop the connection if its reader has fallen too far behind."""
        text = _encoder.encode(message).decode()
        self._waiting.append(text)
        self._waiting_bytes += len(text)
        if self._waiting_bytes > MAX_WAITING_BYTES:
            self.drop()
        self._wake.set()

    def presence_changed(self) -> None:
        """Have the latest presence sent soon."""
        self._wake.set()

    def drop(self) -> None:
        """Cut the line at once, without a farewell that could block."""
        transport = self._socket.get_extra_info("transport")
        if transport is not None:
            transport.abort()

    async def write(self) -> None:
        """Send what waits, in order, and presence at most every `PRESENCE_INTERVAL_S`."""
        loop = asyncio.get_running_loop()
        presence_due = 0.0
        while not self._socket.closed:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                text = self._waiting.popleft()
                await self._socket.send_str(text)
                self._waiting_bytes -= len(text)
            pause = presence_due - loop.time()
            if pause > 0:
                loop.call_later(pause, self._wake.set)
                continue
            if latest := self._presence.take(self):
                await self._socket.send_str(_encoder.encode(PresenceUpdate(members=latest)).decode())
                presence_due = loop.time() + PRESENCE_INTERVAL_S
