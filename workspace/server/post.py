"""What is told in one turn of the event loop goes to each page as one frame.

A turn of the room may record many entries; their news and the acknowledgements that follow leave
together. Recipients of the same messages share the bytes of the frame. Where many members are busy
at once, what would be tens of thousands of frames a second is gathered for a moment: the time that
they would take is worth more than the moment.
"""

import asyncio
import time
from collections.abc import Hashable
from typing import Final, Generic, Protocol, TypeVar

from workspace.server.frames import frame_of


class Recipient(Hashable, Protocol):
    """One open page."""

    def write(self, frame: bytes) -> None:
        """Send a frame, or drop the line; never wait."""


BUSY_FRAMES_HZ: Final = 10_000.0
"""From here on frames are gathered: twenty members who give ten commands a second stay below."""

GATHER_S: Final = 0.008

WATCH_S: Final = 0.2
"""Over so long frames are counted."""

R = TypeVar("R", bound=Recipient)


class Post(Generic[R]):
    """The messages that leave at the end of this turn of the loop."""

    def __init__(self) -> None:
        self._bags: dict[R, list[bytes]] = {}
        self._watched_since = 0.0
        self._frames = 0
        self._busy = False

    def put(self, recipient: R, message: bytes) -> None:
        """Add an encoded message to what a page will be sent."""
        if not self._bags:
            loop = asyncio.get_running_loop()
            if self._busy:
                loop.call_later(GATHER_S, self.deliver)
            else:
                loop.call_soon(self.deliver)
        self._bags.setdefault(recipient, []).append(message)

    def has_for(self, recipient: R) -> bool:
        """Say whether something waits for a page."""
        return recipient in self._bags

    def deliver(self) -> None:
        """Send what waits."""
        bags, self._bags = self._bags, {}
        self._watch(sum(map(len, bags.values())))
        frames: dict[tuple[int, ...], bytes] = {}
        for recipient, bag in bags.items():
            contents = tuple(map(id, bag))  # which bytes, not which values: those would be read
            frame = frames.get(contents)
            if frame is None:
                frame = frames[contents] = frame_of(bag)
            recipient.write(frame)

    def _watch(self, messages: int) -> None:
        """Count messages, each of which would be a frame of its own were nothing gathered."""
        now = time.monotonic()
        self._frames += messages
        passed = now - self._watched_since
        if passed >= WATCH_S:
            self._busy = self._frames > BUSY_FRAMES_HZ * passed
            self._watched_since, self._frames = now, 0
