"""One thing that retention would do."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass

Ready = Callable[[], contextlib.AbstractContextManager[object]]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would be done, and how."""

    kind: str
    """For example ``archive_room``; a code."""
    what: str
    """An id or a hash; never a name."""
    count: int
    """How many things it is about."""
    size: int
    """Bytes that it frees."""
    do: Callable[[], None]
    """Does it."""
    ready: Ready = contextlib.nullcontext
    """Holds what must not change meanwhile, or refuses with a `RoomError`."""
    room_id: str = ""
