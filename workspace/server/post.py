"""What is told in one turn of the event loop goes to each page as one frame.

A turn of the room may record many entries; their news and the acknowledgements that follow leave
together. Recipients of the same messages share the bytes of the frame.
"""

import asyncio
from collections.abc import Hashable
from typing import Generic, Protocol, TypeVar

from workspace.server.frames import frame_of


class Recipient(Hashable, Protocol):
    """One open page."""

    def write(self, frame: bytes) -> None:
        """Send a frame, or drop the line; never wait."""


R = TypeVar("R", bound=Recipient)


class Post(Generic[R]):
    """The messages that leave at the end of this turn of the loop."""

    def __init__(self) -> None:
        self._bags: dict[R, list[bytes]] = {}

    def put(self, recipient: R, message: bytes) -> None:
        """Add an encoded message to what a page will be sent."""
        if not self._bags:
            asyncio.get_running_loop().call_soon(self.deliver)
        self._bags.setdefault(recipient, []).append(message)

    def has_for(self, recipient: R) -> bool:
        """Say whether something waits for a page."""
        return recipient in self._bags

    def deliver(self) -> None:
        """Send what waits."""
        bags, self._bags = self._bags, {}
        frames: dict[tuple[int, ...], bytes] = {}
        for recipient, bag in bags.items():
            contents = tuple(map(id, bag))  # which bytes, not which values: those would be read
            frame = frames.get(contents)
            if frame is None:
                frame = frames[contents] = frame_of(bag)
            recipient.write(frame)
