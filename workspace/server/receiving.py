"""Carry the body of a request into an upload, as it comes.

At most what aiohttp buffers of a request (128 KiB) is held in memory, and lost with the line.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from typing import Any, Final

from aiohttp import StreamReader

from workspace.errors import UploadError
from workspace.uploading.upload import Upload

SILENCE_S: Final = 60.0
"""Whoever sends nothing for so long has gone; the uploader's page waits less."""


async def receive(content: StreamReader, upload: Upload, offset: int) -> None:
    """Write a body to the upload from `offset` on; what came before the line was lost counts.

    Raises
    ------
    UploadError, OSError
        As `Upload.append`; ``"stalled"`` where nothing came any more.
    """
    try:
        async for part in _parts(content):
            await _finished(asyncio.to_thread(upload.append, offset, memoryview(part)))
            offset += len(part)
    finally:
        upload.touch()


async def _parts(content: StreamReader) -> AsyncIterator[bytes]:
    """Yield what has come, whenever something has, until the end or until the line is lost."""
    while True:
        try:
            async with asyncio.timeout(SILENCE_S):
                part = await content.readany()
        except TimeoutError as error:
            raise UploadError("nothing came any more; send the rest again", "stalled") from error
        except ConnectionError:
            return
        if not part:
            return
        yield part


async def _finished(work: Coroutine[Any, Any, None]) -> None:
    """Wait for a write even when this is cancelled: two must never run at once."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise


class Turns:
    """One writer at a time for each upload. A newer one takes over: the older line may be dead."""

    def __init__(self) -> None:
        self._writers: dict[str, asyncio.Task[None]] = {}

    async def take(self, upload_id: str, work: Callable[[], Awaitable[None]]) -> None:
        """Run `work` once the writer before has stopped.

        Raises
        ------
        UploadError
            ``"superseded"``: a newer one took over.
        """
        task = asyncio.ensure_future(self._after(self._writers.get(upload_id), work))
        self._writers[upload_id] = task
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            if not task.cancelled():  # it is this request that was cancelled, not the writer
                task.cancel()
                await asyncio.wait({task})
                raise
            raise UploadError(
                "this upload goes on over another line or in another window", "superseded"
            ) from None
        finally:
            if self._writers.get(upload_id) is task:
                del self._writers[upload_id]

    async def stop(self, upload_id: str) -> None:
        """Stop whoever writes."""
        task = self._writers.get(upload_id)
        if task is not None:
            task.cancel()
            await asyncio.wait({task})

    async def _after(
        self, older: asyncio.Task[None] | None, work: Callable[[], Awaitable[None]]
    ) -> None:
        if older is not None:
            older.cancel()
            await asyncio.wait({older})
        await work()
