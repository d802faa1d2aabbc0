"""The socket of a member's panels: begins with a hello, and holds nobody up."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Final

from aiohttp import WSMsgType, web

from workspace.server.gate import MAX_FRAME_BYTES
from workspace.server.refusals import Refusal
from workspace.server.room_socket import HEARTBEAT_S, HELLO_WITHIN_S
from workspace.server.token_bucket import TokenBucket

STALLED_S: Final = 5.0
"""Whoever has not taken a message of their panels within this has gone, or wants to harm."""

CALLS_PER_S: Final = 50.0
"""Typing sets a value some ten times a second; whoever calls more is read more slowly."""

CALL_BURST: Final = 200.0
"""A page that opens asks for a few things at once."""


def panels_websocket() -> web.WebSocketResponse:
    """Return the response that becomes the socket of somebody's panels."""
    return web.WebSocketResponse(max_msg_size=MAX_FRAME_BYTES, heartbeat=HEARTBEAT_S)


class PanelsSocket:
    """One page's end of its panels.

    Parameters
    ----------
    socket : aiohttp.web.WebSocketResponse
        Prepared.
    transport : asyncio.Transport or None
        What the socket runs on; None: it is gone already.
    refuse : callable
        Hears why the page was turned away.
    """

    def __init__(
        self,
        socket: web.WebSocketResponse,
        transport: asyncio.Transport | None,
        refuse: Callable[[Refusal], None],
    ) -> None:
        self.on_use: Callable[[], None] | None = None
        """Called when somebody is there."""
        self._socket = socket
        self._transport = transport
        self._refuse = refuse
        self._pace = TokenBucket(CALLS_PER_S, CALL_BURST)

    async def frames(self) -> AsyncIterator[bytes]:
        """Yield what the page sends, until it closes, says no word at first, or sends text."""
        within_s: float | None = HELLO_WITHIN_S
        while True:
            try:
                message = await self._socket.receive(within_s)
            except TimeoutError:
                self._refuse(Refusal.NO_HELLO)
                return
            if message.type != WSMsgType.BINARY:
                return
            pause_s = self._pace.overdraw()
            if pause_s:
                await asyncio.sleep(pause_s)  # only this page waits: TCP holds back the rest
            within_s = None
            if self.on_use is not None:
                self.on_use()
            yield message.data

    async def send(self, data: bytes) -> None:
        """Send to the page, or drop it.

        trame serves a member's pages one after the other, and keeps what waits: a page that takes
        nothing, however alive, must hold up neither the others nor fill the server's memory.
        """
        if self._socket.closed:
            return
        try:
            async with asyncio.timeout(STALLED_S):
                await self._socket.send_bytes(data)
        except TimeoutError:
            self._refuse(Refusal.STALLED_READER)
            self.drop()
        except ConnectionError:
            self.drop()

    def drop(self, _reason: str = "") -> None:
        """Cut the line at once; the room's socket says why."""
        if self._transport is not None:
            self._transport.abort()
