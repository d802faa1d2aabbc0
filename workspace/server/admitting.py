"""Making a member of whoever knows an invitation's secret."""

import secrets

from sessions.members import next_colour
from sessions.plan.commands import AdmitMember
from sessions.plan.records import Member, MemberId
from workspace.server.hosted_room import HostedRoom


async def admitted(hosted: HostedRoom, secret: str, name: str) -> MemberId:
    """Make a member of whoever knows the secret; a use of the link counts only if they get in."""
    room = hosted.room
    member_id = MemberId(secrets.token_hex(8))
    invitation = await room.invitations.redeem(secret, member_id)
    member = Member(
        member_id=member_id, name=name, role=invitation.role, colour=next_colour(room.plan)
    )
    try:
        await hosted.record_as_server(AdmitMember(member=member))
    except Exception:
        await room.invitations.give_back(member_id)
        raise
    return member_id
