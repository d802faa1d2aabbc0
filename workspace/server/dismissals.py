"""Who was dismissed from a room: out at once, from every page and every path."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Final

from sessions.errors import SessionError
from sessions.plan.events import MemberDismissed
from sessions.plan.records import Member, MemberId, RoomId
from sessions.room import Room
from sessions.telling import Told

DISMISSED: Final = "you are no longer a member of this room; ask its owner"

Expel = Callable[[RoomId, MemberId, str], Awaitable[None]]
"""Takes from a member whatever lets them in, and closes what they have open."""


class Dismissals:
    """Follows rooms for members who are dismissed there."""

    def __init__(self, expel: Expel) -> None:
        self._expel = expel
        self._leaving: set[asyncio.Task[None]] = set()

    def follow(self, room: Room) -> None:
        """See out whoever is dismissed from now on."""
        room_id = RoomId(room.room_id)

        def see_out(told: Told) -> None:
            for event in told.entry.events:
                if isinstance(event, MemberDismissed):
                    task = asyncio.create_task(self._see_out(room_id, event.member_id))
                    self._leaving.add(task)
                    task.add_done_callback(self._leaving.discard)

        room.subscribe(see_out)

    async def close(self) -> None:
        """Wait until those who are leaving are gone."""
        await asyncio.gather(*self._leaving)

    async def _see_out(self, room_id: RoomId, member_id: MemberId) -> None:
        with contextlib.suppress(SessionError):  # the room goes, and everybody with it
            await self._expel(room_id, member_id, DISMISSED)


def member_now(room: Room, member_id: MemberId) -> Member | None:
    """Return a member as they are now; None: there is none, or they were dismissed.

    Also where the server was killed before it could take the dismissed one's cookie.
    """
    plan = room.plan
    return None if member_id in plan.dismissed else plan.members.get(member_id)
