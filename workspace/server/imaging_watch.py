"""Tells rooms what comes into the catalogue: newer images of their patient, frames of twins."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import structlog

from imaging.errors import ImagingError
from sessions.errors import SessionError
from sessions.plan.commands import ReceiveImaging
from workspace.newer_images import newer_images
from workspace.storage import catalog_in
from workspace.twin_frames import frames_to_record

if TYPE_CHECKING:
    from workspace.server.hosted_room import HostedRoom
    from workspace.server.hosting import Hosting

LOOK_EVERY_S: Final = 5.0
"""A stale plan must say so before anybody signs it; the file's time is all that is looked at."""

log = structlog.get_logger()


class ImagingWatch:
    """Compares the rooms that are open with the catalogue, when either has changed.

    Parameters
    ----------
    hosting : Hosting
        Whose rooms are told.
    """

    def __init__(self, hosting: "Hosting") -> None:
        self._hosting = hosting
        self._path = catalog_in(hosting.data)
        self._looked: dict[str, tuple[int, int]] = {}

    async def look(self) -> None:
        """Tell every open room of what it has yet to hear of."""
        seen = await asyncio.to_thread(_times, self._path)
        for hosted in self._hosting.open_rooms():
            room_id = hosted.room.room_id
            if self._looked.get(room_id) == seen:
                continue
            try:
                await self._tell(hosted)
            except (ImagingError, SessionError) as error:
                log.warning("imaging.not_compared", error=type(error).__name__)
            else:
                self._looked[room_id] = seen

    async def _tell(self, hosted: "HostedRoom") -> None:
        frames = await asyncio.to_thread(frames_to_record, self._path, hosted.room.plan)
        if frames is not None:
            await hosted.record_as_server(frames)
        for imaging in await asyncio.to_thread(newer_images, self._path, hosted.room.plan):
            await hosted.record_as_server(ReceiveImaging(imaging=imaging))


@contextlib.asynccontextmanager
async def watching_for_newer_images(hosting: "Hosting") -> AsyncIterator[None]:
    """Look at once, and then again and again, for the length of the block."""
    watch = ImagingWatch(hosting)

    async def keep_looking() -> None:
        while True:
            await watch.look()
            await asyncio.sleep(LOOK_EVERY_S)

    task = asyncio.create_task(keep_looking())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def _times(path: Path) -> tuple[int, int]:
    """Return when the catalogue and its write-ahead log were written last; 0: not there."""
    found = []
    for name in (path, path.with_name(f"{path.name}-wal")):
        try:
            found.append(name.stat().st_mtime_ns)
        except OSError:
            found.append(0)
    return found[0], found[1]
