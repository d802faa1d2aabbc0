"""A line between browser and server that breaks in earnest: sockets are reset and then refused."""

import asyncio
import contextlib
import threading
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Self


class CuttingProxy:
    """Carries bytes between a port of its own and the server's.

    Parameters
    ----------
    server_port : int
        On this machine.
    """

    def __init__(self, server_port: int) -> None:
        self._server_port = server_port
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._writers: set[asyncio.StreamWriter] = set()
        self._listener: asyncio.Server | None = None
        self._cut_at: int | None = None
        self._is_cut = threading.Event()
        self._hold_at: int | None = None
        self._flowing = asyncio.Event()
        self._flowing.set()
        self.carried = 0
        """Bytes from the browser to the server so far."""
        self.port = 0

    def __enter__(self) -> Self:
        self._thread.start()
        self._do(self._listen())
        return self

    def __exit__(self, *_: object) -> None:
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def cut_after(self, size: int) -> None:
        """Break every line once so many more bytes have gone to the server."""
        self._is_cut.clear()
        self._cut_at = self.carried + size

    def hold_after(self, size: int) -> None:
        """Let nothing more through to the server once so many more bytes have gone."""
        self._hold_at = self.carried + size

    def let_go(self) -> None:
        """Let it flow again."""
        self._hold_at = None
        self._loop.call_soon_threadsafe(self._flowing.set)

    def wait_until_cut(self, within_s: float) -> None:
        assert self._is_cut.wait(within_s), "the line never carried that much"

    def mend(self) -> None:
        """Let lines through again, on the same port."""
        self._do(self._listen())

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(20)

    async def _listen(self) -> None:
        self._listener = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
        self.port = self._listener.sockets[0].getsockname()[1]

    async def _end(self) -> None:
        self._break()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 10)

    def _break(self) -> None:
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._server_port)
        except OSError:
            writer.transport.abort()
            return
        self._writers.add(far_writer)
        with contextlib.suppress(ConnectionError):
            await asyncio.gather(
                self._carry(reader, far_writer, self._count),
                self._carry(far_reader, writer, _ignored),
            )
        self._writers -= {writer, far_writer}

    async def _carry(
        self,
        source: asyncio.StreamReader,
        sink: asyncio.StreamWriter,
        count: Callable[[int], Awaitable[None]],
    ) -> None:
        try:
            while block := await source.read(65536):
                sink.write(block)
                await sink.drain()
                await count(len(block))
        finally:
            sink.close()

    async def _count(self, size: int) -> None:
        self.carried += size
        if self._hold_at is not None and self.carried >= self._hold_at:
            self._flowing.clear()
        await self._flowing.wait()
        if self._cut_at is not None and self.carried >= self._cut_at:
            self._cut_at = None
            self._break()
            self._is_cut.set()


async def _ignored(_: int) -> None:
    """Count nothing."""
