"""Who may come in."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from sessions.errors import EndedInvitationError, InvitationError
from sessions.plan.records import Role
from sessions.room import Room
from tests.sessions.scene import ANA, BEN, Ticking, contents, counted


@pytest.fixture
def clock() -> Ticking:
    return Ticking()


@pytest.fixture
async def empty(tmp_path: Path, clock: Ticking) -> AsyncIterator[Room]:
    room = await Room.open(tmp_path, "r", clock=clock, new_id=counted())
    yield room
    await room.close()


async def test_a_token_leads_to_its_invitation_as_often_as_it_is_used(empty: Room) -> None:
    """I1."""
    token = await empty.invitations.create(Role.SURGEON, "for Ben")
    for _ in range(3):
        invitation = await empty.invitations.redeem(token)
        assert (invitation.role, invitation.label) == (Role.SURGEON, "for Ben")
    assert await empty.invitations.listed() == (await empty.invitations.resolve(token),)
    assert len(token) >= 43  # 256 bits


@pytest.mark.parametrize("token", ["", "x", "\ud800", "' OR 1=1 --"])
async def test_an_unknown_token_leads_nowhere(empty: Room, token: str) -> None:
    """I1."""
    await empty.invitations.create(Role.OWNER)
    with pytest.raises(InvitationError, match="there is no such invitation") as caught:
        await empty.invitations.resolve(token)
    assert not isinstance(caught.value, EndedInvitationError)


async def test_an_invitation_ends_when_it_expires(empty: Room, clock: Ticking) -> None:
    """I2."""
    expires_at = clock.now + timedelta(hours=1)
    token = await empty.invitations.create(Role.SURGEON, expires_at=expires_at)
    await empty.invitations.resolve(token)
    clock.now = expires_at
    with pytest.raises(EndedInvitationError, match="has expired"):
        await empty.invitations.redeem(token)


async def test_an_invitation_ends_when_its_uses_are_gone(empty: Room) -> None:
    """I2."""
    token = await empty.invitations.create(Role.SURGEON, uses=2)
    tries = await asyncio.gather(
        *(empty.invitations.redeem(token) for _ in range(5)), return_exceptions=True
    )
    assert sum(isinstance(it, EndedInvitationError) for it in tries) == 3
    with pytest.raises(EndedInvitationError, match="has been used"):
        await empty.invitations.resolve(token)


async def test_an_invitation_ends_when_it_is_withdrawn(empty: Room) -> None:
    """I2."""
    token = await empty.invitations.create(Role.SURGEON)
    other = await empty.invitations.create(Role.OBSERVER)
    await empty.invitations.revoke((await empty.invitations.resolve(token)).invitation_id)
    with pytest.raises(EndedInvitationError, match="was withdrawn"):
        await empty.invitations.resolve(token)
    assert (await empty.invitations.resolve(other)).role == Role.OBSERVER


async def test_a_credential_is_its_members_until_it_is_revoked(empty: Room) -> None:
    """I3."""
    one, two = await empty.credentials.issue(ANA), await empty.credentials.issue(ANA)
    other = await empty.credentials.issue(BEN)
    assert await empty.credentials.member_of(one) == ANA
    assert await empty.credentials.member_of("x") is None
    await empty.credentials.revoke(ANA)
    assert await empty.credentials.member_of(one) is None
    assert await empty.credentials.member_of(two) is None
    assert await empty.credentials.member_of(other) == BEN


async def test_tokens_survive_a_restart_and_stand_nowhere_in_the_files(tmp_path: Path) -> None:
    """I4."""
    room = await Room.open(tmp_path, "r")
    token = await room.invitations.create(Role.OWNER)
    credential = await room.credentials.issue(ANA)
    for content in contents(tmp_path):
        assert token.encode() not in content
        assert credential.encode() not in content
    await room.close()
    again = await Room.open(tmp_path, "r")
    assert (await again.invitations.resolve(token)).role == Role.OWNER
    assert await again.credentials.member_of(credential) == ANA
    await again.close()
