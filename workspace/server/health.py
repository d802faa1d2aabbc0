"""Whether the process answers, and whether it can do its work now; in codes, without names."""

import asyncio
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aiohttp import web

if TYPE_CHECKING:
    from workspace.server.hosting import Hosting

MIN_FREE_BYTES: Final = 512 * 1024 * 1024
"""An import needs more; below this nobody should begin one, and the operator should know."""

LOOK_AGAIN_S: Final = 2.0
"""Whoever asks more often gets the same answer: strangers must not make the disk work."""

HEALTH: "Final[web.AppKey[Health]]" = web.AppKey("health")


@dataclass(frozen=True, slots=True)
class Disk:
    """What the data folder's disk says."""

    writable: bool
    free_bytes: int
    total_bytes: int


class Health:
    """Looks at a server.

    Parameters
    ----------
    hosting : Hosting
        Whose rooms and workers are looked at.
    data : Path
        The data folder.
    min_free_bytes : int
        With less the server is not ready.
    """

    def __init__(self, hosting: "Hosting", data: Path, min_free_bytes: int) -> None:
        self._hosting = hosting
        self._data = data
        self._min_free_bytes = min_free_bytes
        self._disk: Disk | None = None
        self._looked_at = 0.0
        self._looking = asyncio.Lock()

    async def reasons(self) -> tuple[str, ...]:
        """Return why the server is not ready, as codes; none: it is."""
        disk = await self.disk()
        hosting = self._hosting
        found = {
            "draining": hosting.draining,
            "rooms_opening": hosting.is_opening,
            "data_folder_not_writable": not disk.writable,
            "disk_low": disk.free_bytes < self._min_free_bytes,
            "room_writer_stopped": any(not it.room.can_record for it in hosting.open_rooms()),
            "geometry_unusable": not hosting.geometry_is_usable,
            "room_not_recording": any(it.room.health.failure for it in hosting.open_rooms()),
            "audit_not_writable": hosting.audit.failure is not None,
        }
        return tuple(code for code, wrong in found.items() if wrong)

    async def disk(self) -> Disk:
        """Return what the disk says, looked at not long ago."""
        async with self._looking:
            if self._disk is None or time.monotonic() - self._looked_at > LOOK_AGAIN_S:
                self._disk = await asyncio.to_thread(look_at_disk, self._data)
                self._looked_at = time.monotonic()
            return self._disk


def look_at_disk(data: Path) -> Disk:
    """Try to write to the data folder, and see how much room is left."""
    try:
        with tempfile.TemporaryFile(dir=data) as file:
            file.write(b"ready?")
        usage = shutil.disk_usage(data)
    except OSError:
        return Disk(writable=False, free_bytes=0, total_bytes=0)
    return Disk(writable=True, free_bytes=usage.free, total_bytes=usage.total)


async def show_live(_: web.Request) -> web.Response:
    """Say that the process answers."""
    return web.json_response({"status": "ok"})


async def show_ready(request: web.Request) -> web.Response:
    """Say whether members can be sent here, and if not, why: codes only."""
    reasons = await request.app[HEALTH].reasons()
    status = "not_ready" if reasons else "ready"
    return web.json_response(
        {"status": status, "reasons": list(reasons)}, status=503 if reasons else 200
    )
