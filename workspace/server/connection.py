"""One room socket: what waits to be sent, and the tasks that send it."""

import asyncio
from collections import deque
from typing import Final

import msgspec
from aiohttp import web

from sessions.plan.records import MAIN, MemberId
from sessions.presence import PresenceBoard
from sessions.protocol import Failure, PresenceUpdate, ServerMessage
from workspace.server.metrics import Metrics

MAX_WAITING_BYTES: Final = 4 * 1024 * 1024
"""What may wait for one slow reader before it is dropped; it reconnects and gets the plan whole."""

PRESENCE_INTERVAL_S: Final = 0.04
"""25 a second: smooth to the eye, and more than twenty members can carry."""

_encoder = msgspec.json.Encoder()


def text_of(message: ServerMessage) -> str:
    """Return a message as it goes over the wire."""
    return _encoder.encode(message).decode()


class Connection:
    """One socket of one member; nobody ever waits for it.

    Parameters
    ----------
    socket : aiohttp.web.WebSocketResponse
        Prepared.
    transport : asyncio.Transport or None
        What the socket runs on; None: it is gone already.
    member_id : MemberId
        Who is at the other end, as their cookie says.
    presence : PresenceBoard
        Where the latest presence of the others is found.
    metrics : Metrics
        Counts what is sent, and readers that are cut.
    """

    def __init__(
        self,
        socket: web.WebSocketResponse,
        transport: asyncio.Transport | None,
        member_id: MemberId,
        presence: PresenceBoard,
        metrics: Metrics,
    ) -> None:
        self.member_id = member_id
        self.branch_id = MAIN
        """What the page shows."""
        self._socket = socket
        self._transport = transport
        self._presence = presence
        self._metrics = metrics
        self._waiting: deque[str] = deque()
        self._waiting_bytes = 0
        self._wake = asyncio.Event()
        self._parting = False
        self._dropped = False

    def tell(self, message: ServerMessage) -> None:
        """Queue a message."""
        self.tell_text(text_of(message))

    def tell_text(self, text: str) -> None:
        """Queue an encoded message; drop the line if its reader has fallen too far behind."""
        self._waiting.append(text)
        self._waiting_bytes += len(text)
        if self._waiting_bytes > MAX_WAITING_BYTES and not self._dropped:
            self._metrics.slow_reader_dropped()
            self.drop()
        self._wake.set()

    def part(self, reason: str) -> None:
        """Close the socket after what waits and a last sentence have been sent."""
        self._parting = True
        self.tell(Failure(reason=reason))

    def drop(self) -> None:
        """Cut the line at once, without a farewell that could block."""
        self._dropped = True
        if self._transport is not None:
            self._transport.abort()

    async def write(self) -> None:
        """Send what waits, in order, until the socket closes or is told to."""
        while not self._socket.closed:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                text = self._waiting.popleft()
                await self._socket.send_str(f"[{text}]")
                self._waiting_bytes -= len(text)
            if self._parting:
                await self._socket.close()

    async def write_presence(self) -> None:
        """Send what others do right now, at most every `PRESENCE_INTERVAL_S`."""
        while news := await self._presence.news(self):
            await self._socket.send_str(f"[{text_of(PresenceUpdate(members=news))}]")
            self._metrics.presence_sent += 1
            await asyncio.sleep(PRESENCE_INTERVAL_S)
