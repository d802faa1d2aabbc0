"""Who was dismissed, or invites no more: out at once, and no link of theirs leads back in."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Final, Protocol

from sessions.errors import SessionError
from sessions.invitations import Invitation
from sessions.members import may
from sessions.plan.event import Event
from sessions.plan.events import MemberDismissed, RoleChanged
from sessions.plan.records import Member, MemberId, RoomId
from sessions.room import Room
from sessions.telling import Told

DISMISSED: Final = "you are no longer a member of this room; ask its owner"


class Doors(Protocol):
    """What lets people into rooms."""

    async def expel(self, room_id: RoomId, member_id: MemberId, reason: str) -> None:
        """Take from a member whatever lets them in, and close what they have open."""

    async def invitations(self, room_id: RoomId) -> tuple[Invitation, ...]:
        """Return a room's links."""

    async def revoke_invitation(self, room_id: RoomId, invitation_id: str) -> None:
        """End a link."""


class Dismissals:
    """Follows rooms for members who are dismissed there, or may invite no more."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors
        self._working: set[asyncio.Task[None]] = set()

    def follow(self, room: Room) -> None:
        """Close the doors behind whoever has to go, from now on."""
        room_id = RoomId(room.room_id)

        def heed(told: Told) -> None:
            for event in told.entry.events:
                if isinstance(event, MemberDismissed | RoleChanged):
                    task = asyncio.create_task(self._heed(room_id, event))
                    self._working.add(task)
                    task.add_done_callback(self._working.discard)

        room.subscribe(heed)

    async def close(self) -> None:
        """Wait until all of it is done."""
        await asyncio.gather(*self._working)

    async def _heed(self, room_id: RoomId, event: Event) -> None:
        with contextlib.suppress(SessionError):  # the room goes, and everybody with it
            match event:
                case MemberDismissed(member_id=member_id):
                    # who was sent away knows the link that they came by, too; the owner can make
                    # another one for those who are still to come
                    await self._withdraw(
                        room_id, lambda it: _made(it, member_id) or _led_in(it, member_id)
                    )
                    await self._doors.expel(room_id, member_id, DISMISSED)
                case RoleChanged(member_id=member_id, after=role) if not may(role, "invite"):
                    await self._withdraw(room_id, lambda it: _made(it, member_id))

    async def _withdraw(self, room_id: RoomId, is_theirs: Callable[[Invitation], bool]) -> None:
        for invitation in await self._doors.invitations(room_id):
            if is_theirs(invitation) and not invitation.revoked:
                await self._doors.revoke_invitation(room_id, invitation.invitation_id)


def _made(invitation: Invitation, member_id: MemberId) -> bool:
    """Say whether a link may be in a member's own pocket."""
    return invitation.made_by == member_id


def _led_in(invitation: Invitation, member_id: MemberId) -> bool:
    return any(it.member_id == member_id for it in invitation.arrivals)


def member_now(room: Room, member_id: MemberId) -> Member | None:
    """Return a member as they are now; None: there is none, or they were dismissed.

    Also where the server was killed before it could take the dismissed one's cookie.
    """
    plan = room.plan
    return None if member_id in plan.dismissed else plan.members.get(member_id)
