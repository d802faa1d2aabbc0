"""A line between browser and server that counts what passes: all of it, whoever serves it."""

import asyncio
import threading
from contextlib import suppress
from types import TracebackType
from typing import Final, Self
from urllib.parse import urlsplit

BLOCK_BYTES: Final = 1 << 16


class CountingWire:
    """Listens on a port of its own and passes everything on to a server.

    Parameters
    ----------
    url : str
        Address of the server, ``http://host:port``.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 80
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._pumps: set[asyncio.Task[None]] = set()
        self.bytes_to_browser = 0
        """Bodies, headers, sockets: whatever the server has sent since `start_counting`."""

    def __enter__(self) -> Self:
        """Listen."""
        self._thread.start()
        self._listener = asyncio.run_coroutine_threadsafe(
            asyncio.start_server(self._carry, "127.0.0.1", 0), self._loop
        ).result()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Cut all connections."""
        asyncio.run_coroutine_threadsafe(self._cut(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def url(self) -> str:
        """Address for the browser."""
        return f"http://127.0.0.1:{self._listener.sockets[0].getsockname()[1]}"

    def start_counting(self) -> None:
        """Count from nought again."""
        self.bytes_to_browser = 0

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._pumps.add(task)
            task.add_done_callback(self._pumps.discard)
        from_server, to_server = await asyncio.open_connection(self._host, self._port)
        try:
            await asyncio.gather(
                self._pump(reader, to_server), self._pump(from_server, writer, counted=True)
            )
        finally:
            to_server.close()
            writer.close()

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, counted: bool = False
    ) -> None:
        with suppress(ConnectionError):
            while block := await reader.read(BLOCK_BYTES):
                if counted:
                    self.bytes_to_browser += len(block)
                writer.write(block)
                await writer.drain()
        with suppress(OSError, RuntimeError):
            writer.write_eof()

    async def _cut(self) -> None:
        self._listener.close()
        for task in list(self._pumps):
            task.cancel()
        await asyncio.gather(*self._pumps, return_exceptions=True)
