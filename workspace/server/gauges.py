"""What stands at the moment of a scrape: rooms, members, disk."""

import asyncio
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from workspace.operations.gauging import bytes_below
from workspace.server.health import Health

if TYPE_CHECKING:
    from workspace.server.hosting import Hosting

COUNT_AGAIN_S: Final = 60.0
"""Walking through a hundred thousand blobs takes a second of a thread."""


class Gauges(Collector):
    """Figures of a server that are read, not counted.

    Parameters
    ----------
    hosting : Hosting
        Whose rooms are counted.
    health : Health
        Knows the disk.
    """

    def __init__(self, hosting: "Hosting", health: Health) -> None:
        self._hosting = hosting
        self._health = health
        self._figures: dict[str, tuple[str, float]] = {}
        self._blob_bytes = 0
        self._counted_at = -COUNT_AGAIN_S
        hosting.metrics.registry.register(self)

    async def refresh(self) -> None:
        """Look again; `collect` gives what was found."""
        hosting, disk = self._hosting, await self._health.disk()
        if time.monotonic() - self._counted_at >= COUNT_AGAIN_S:
            self._counted_at = time.monotonic()
            self._blob_bytes = await asyncio.to_thread(bytes_below, hosting.blobs.folder)
        rooms = hosting.open_rooms()
        present = sum(len(room.presence.present) for room in rooms)
        ready = not await self._health.reasons()
        self._figures = {
            "rooms_open": ("Rooms that are served.", len(rooms)),
            "rooms_not_served": ("Rooms that cannot be opened. Alarm on it.", hosting.not_served),
            "members_present": ("Members with a page open.", present),
            "blob_bytes": ("Surfaces and what is derived of them.", self._blob_bytes),
            "disk_free_bytes": ("Of the data folder's disk.", disk.free_bytes),
            "disk_total_bytes": ("Of the data folder's disk.", disk.total_bytes),
            "ready": ("1: members can be sent here.", float(ready)),
        }

    def collect(self) -> Iterator[Metric]:
        """Yield what was found."""
        for name, (about, value) in self._figures.items():
            yield GaugeMetricFamily(f"commissure_{name}", about, value=value)
