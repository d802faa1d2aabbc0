"""One room socket: frames go straight to its transport, whose buffer is the only outbox.

Nobody ever waits for a page. What it does not take lies in its transport's buffer; presence is
not even put there unless the buffer is nearly empty, and a page that falls too far behind, or takes
nothing for too long, is dropped: it comes back and gets the plan whole.
"""

import asyncio
import socket as sockets
import time
from typing import Final

from aiohttp import web

from sessions.plan.records import MAIN, MemberId
from sessions.protocol import Failure, ServerMessage
from workspace.server.frames import PING, encoded, pong_of
from workspace.server.post import Post
from workspace.server.refusals import OnRefused, Refusal

MAX_WAITING_BYTES: Final = 4 * 1024 * 1024
"""What may wait for one slow reader before it is dropped."""

NEARLY_EMPTY_BYTES: Final = 16 * 1024
"""With more than this on its way, a cursor would arrive late; a later one is sent instead."""

STALLED_S: Final = 10.0
"""Whoever has taken no byte of what waits for this long is dropped, pings answered or not."""

PING_AFTER_S: Final = 10.0
"""A page that said nothing for this long is asked whether it is there (hidden ones fall silent)."""

SILENT_S: Final = 15.0
"""A page that said nothing for this long, though it was asked, is gone."""

FAREWELL_WITHIN_S: Final = 2.0


class Connection:
    """One socket of one member.

    Parameters
    ----------
    socket : aiohttp.web.WebSocketResponse
        Prepared, without compression.
    transport : asyncio.Transport or None
        What the socket runs on; None: it is gone already.
    member_id : MemberId
        Who is at the other end, as their cookie says.
    post : Post
        Gathers what is told in one turn of the loop.
    on_refused : callable, optional
        Is told when the page is dropped for being too slow.
    """

    def __init__(
        self,
        socket: web.WebSocketResponse,
        transport: asyncio.Transport | None,
        member_id: MemberId,
        post: "Post[Connection]",
        on_refused: OnRefused,
    ) -> None:
        self.member_id = member_id
        self.branch_id = MAIN
        """What the page shows."""
        self._socket = socket
        self._transport = transport
        self._post = post
        self._on_refused = on_refused
        self._over = False
        self._closing: asyncio.Task[None] | None = None
        self._written = 0
        self._taken = 0
        self._taken_at = self._heard_at = time.monotonic()
        self._pinged = False
        if transport is not None:
            _keep_the_kernel_from_hoarding(transport)

    def tell(self, message: ServerMessage) -> None:
        """Send a message at the end of this turn of the loop."""
        self.tell_encoded(encoded(message))

    def tell_encoded(self, message: bytes) -> None:
        """Send an encoded message, or several with commas between, like `tell`."""
        if not self._over:
            self._post.put(self, message)

    @property
    def keeps_up(self) -> bool:
        """Whether presence sent now would arrive now."""
        return (
            self._is_open
            and self._waiting_bytes <= NEARLY_EMPTY_BYTES
            and not self._post.has_for(self)
        )

    def write(self, frame: bytes) -> None:
        """Send a whole frame; drop the line if its reader has fallen too far behind."""
        if not self._is_open:
            return
        assert self._transport is not None
        self._transport.write(frame)
        self._written += len(frame)
        if self._waiting_bytes > MAX_WAITING_BYTES:
            self._refuse(Refusal.STALLED_READER)

    def heard(self, now: float) -> None:
        """Note that the page said something."""
        self._heard_at = now
        self._pinged = False

    def answer_ping(self, payload: bytes) -> None:
        """Answer a ping of the page's."""
        self.write(pong_of(payload))

    def check(self, now: float) -> None:
        """Drop a page that takes nothing or is gone; ask one that is silent."""
        waiting = self._waiting_bytes
        taken = self._written - waiting
        if waiting == 0 or taken > self._taken:
            self._taken, self._taken_at = taken, now
        if now - self._taken_at > STALLED_S:
            self._refuse(Refusal.STALLED_READER)
        elif now - self._heard_at > SILENT_S:
            self.drop()
        elif now - self._heard_at > PING_AFTER_S and not self._pinged:
            self._pinged = True
            self.write(PING)

    def part(self, reason: str) -> None:
        """Close the socket after what waits and a last sentence have been sent."""
        if self._over:
            return
        self.tell(Failure(reason=reason))
        self._post.deliver()
        self._over = True
        self._closing = asyncio.create_task(self._close())

    def drop(self) -> None:
        """Cut the line at once, without a farewell that could block."""
        self._over = True
        if self._transport is not None:
            self._transport.abort()

    async def closed(self) -> None:
        """Wait until a farewell, if there is one, is over."""
        if self._closing is not None:
            await self._closing

    async def _close(self) -> None:
        try:
            async with asyncio.timeout(FAREWELL_WITHIN_S):
                await self._socket.close()
        except TimeoutError:
            pass
        finally:
            self.drop()

    def _refuse(self, refusal: Refusal) -> None:
        if not self._over:
            self._on_refused(refusal, self.member_id, "")
        self.drop()

    @property
    def _is_open(self) -> bool:
        """After a close frame nothing may follow."""
        transport = self._transport
        return not (
            self._over or transport is None or transport.is_closing() or self._socket.closed
        )

    @property
    def _waiting_bytes(self) -> int:
        return 0 if self._transport is None else self._transport.get_write_buffer_size()


def _keep_the_kernel_from_hoarding(transport: asyncio.Transport) -> None:
    """Leave what is not yet on the wire in our buffer, where it is seen, counted and skipped."""
    socket = transport.get_extra_info("socket")
    option = getattr(sockets, "TCP_NOTSENT_LOWAT", None)  # Linux and macOS have it
    if socket is not None and option is not None and socket.family != sockets.AF_UNIX:
        socket.setsockopt(sockets.IPPROTO_TCP, option, NEARLY_EMPTY_BYTES)
