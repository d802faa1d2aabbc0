"""Who does something, as the audit trail names them: by ids, never by their names."""

from typing import Final, NamedTuple

from sessions.audit.records import Actor, code_of
from sessions.plan.records import Member, MemberId
from sessions.room import Room

SERVER: Final = Actor(role="server")
"""What the server does by itself."""


class Caller(NamedTuple):
    """Somebody in a room, and where they come from."""

    room: Room
    member: Member
    address: str = ""
    account: str = ""

    @property
    def actor(self) -> Actor:
        """Who it is, without their name."""
        return Actor(
            account=code_of(self.account),
            member=code_of(self.member.member_id),
            role=self.member.role.value,
        )


def member_of(room: Room, member_id: str) -> Actor:
    """Return a member as the one who does something; whoever runs the server, where empty."""
    member = room.plan.members.get(MemberId(member_id))
    if member is None:
        return SERVER
    return Actor(member=code_of(member_id), role=member.role.value)
