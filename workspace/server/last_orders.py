"""What is in hand is finished; what comes after closing time is not begun."""

import asyncio
import contextlib
from collections.abc import AsyncIterator


class LastOrders:
    """Counts what is in hand, until it is closed."""

    def __init__(self) -> None:
        self._in_hand = 0
        self._closed = False
        self._done = asyncio.Event()
        self._done.set()

    @contextlib.asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """Have something in hand; after closing time this waits until it is cancelled."""
        if self._closed:
            await asyncio.Event().wait()
        self._in_hand += 1
        self._done.clear()
        try:
            yield
        finally:
            self._in_hand -= 1
            if self._in_hand == 0:
                self._done.set()

    async def close(self, within_s: float) -> None:
        """Let nothing new begin, and wait a while for what is in hand."""
        self._closed = True
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._done.wait(), within_s)
