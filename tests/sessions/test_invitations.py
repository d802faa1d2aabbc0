"""Who may come in."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import apsw
import pytest

from sessions.credentials import MAX_AGE, MAX_IDLE, NOTED_EVERY
from sessions.errors import EndedInvitationError, InvitationError
from sessions.plan.records import MemberId, Role
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
    for number in range(3):
        invitation = await empty.invitations.redeem(token, MemberId(f"m{number}"))
        assert (invitation.role, invitation.label) == (Role.SURGEON, "for Ben")
    (listed,) = await empty.invitations.listed()
    assert listed.invitation_id == (await empty.invitations.resolve(token)).invitation_id
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
        await empty.invitations.redeem(token, ANA)


async def test_an_invitation_ends_when_its_uses_are_gone(empty: Room) -> None:
    """I2."""
    token = await empty.invitations.create(Role.SURGEON, uses=2)
    tries = await asyncio.gather(
        *(empty.invitations.redeem(token, MemberId(f"m{it}")) for it in range(5)),
        return_exceptions=True,
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


async def test_an_invitation_tells_who_made_it_and_who_came_in_by_it(empty: Room) -> None:
    """I6."""
    first = await empty.invitations.create(Role.SURGEON, "for Ben", made_by=ANA)
    await empty.invitations.create(Role.OBSERVER)
    await empty.invitations.redeem(first, BEN)
    await empty.invitations.redeem(first, MemberId("cy"))
    by_ana, by_nobody = await empty.invitations.listed()
    assert (by_ana.made_by, by_nobody.made_by) == (ANA, "")
    assert [it.member_id for it in by_ana.arrivals] == [BEN, "cy"]
    assert by_nobody.arrivals == ()


async def test_a_use_is_given_back_where_nobody_could_be_let_in(empty: Room) -> None:
    """I5."""
    token = await empty.invitations.create(Role.SURGEON, uses=1)
    await empty.invitations.redeem(token, BEN)
    await empty.invitations.give_back(BEN)
    (invitation,) = await empty.invitations.listed()
    assert (invitation.uses_left, invitation.arrivals) == (1, ())
    await empty.invitations.give_back(BEN)
    assert (await empty.invitations.redeem(token, ANA)).uses_left == 1
    with pytest.raises(EndedInvitationError):
        await empty.invitations.redeem(token, BEN)


async def test_an_invitation_that_there_is_not_cannot_be_withdrawn(empty: Room) -> None:
    """I2."""
    with pytest.raises(InvitationError, match="no invitation of this id"):
        await empty.invitations.revoke("none")


async def test_a_credential_that_lay_unused_for_a_month_is_worthless(
    empty: Room, clock: Ticking
) -> None:
    """I7."""
    used, unused = await empty.credentials.issue(ANA), await empty.credentials.issue(BEN)
    clock.now += MAX_IDLE - NOTED_EVERY
    assert await empty.credentials.member_of(used) == ANA
    clock.now += NOTED_EVERY
    assert await empty.credentials.member_of(unused) is None
    clock.now += MAX_IDLE - 2 * NOTED_EVERY
    assert await empty.credentials.member_of(used) == ANA


async def test_a_credential_ends_after_half_a_year_however_often_it_is_used(
    empty: Room, clock: Ticking
) -> None:
    """I7."""
    token = await empty.credentials.issue(ANA)
    ends = clock.now + MAX_AGE
    while clock.now < ends - MAX_IDLE:
        clock.now += MAX_IDLE / 2
        assert await empty.credentials.member_of(token) == ANA
    clock.now = ends
    assert await empty.credentials.member_of(token) is None


async def test_an_account_is_one_member_until_that_is_released(empty: Room) -> None:
    """I8."""
    accounts = empty.member_accounts
    assert await accounts.membership_of("a1") is None
    bound = await asyncio.gather(*(accounts.bind("a1", MemberId(f"m{it}")) for it in range(5)))
    assert set(bound) == {bound[0]}
    assert await accounts.bind("a2", BEN) == BEN
    membership = await accounts.membership_of("a1")
    assert membership is not None
    assert membership.member_id == bound[0]
    await accounts.release(bound[0])
    assert await accounts.membership_of("a1") is None
    assert await accounts.membership_of("a2") is not None


async def test_it_is_known_when_an_account_last_opened_the_room(
    empty: Room, clock: Ticking
) -> None:
    """I8."""
    await empty.member_accounts.bind("a1", ANA)
    clock.now += timedelta(days=1)
    await empty.member_accounts.opened("a1")
    membership = await empty.member_accounts.membership_of("a1")
    assert membership is not None
    assert membership.last_opened_at > membership.joined_at


async def test_a_room_of_the_first_version_lets_in_whom_it_let_in(tmp_path: Path) -> None:
    """I9."""
    room = await Room.open(tmp_path, "r")
    token = await room.credentials.issue(ANA)
    await room.invitations.create(Role.OWNER)
    await room.close()
    old = apsw.Connection(str(tmp_path / "room.sqlite"))
    old.execute("ALTER TABLE credentials DROP COLUMN last_used_at")
    old.execute("ALTER TABLE invitations DROP COLUMN made_by")
    old.execute("DROP TABLE arrivals; DROP TABLE member_accounts")
    old.execute("DROP TABLE snapshots; DROP TABLE talk")
    old.execute("UPDATE room SET value = '1' WHERE key = 'schema_version'")
    old.close()
    again = await Room.open(tmp_path, "r")
    assert await again.credentials.member_of(token) == ANA
    assert [it.made_by for it in await again.invitations.listed()] == [""]
    await again.close()
