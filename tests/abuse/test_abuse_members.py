"""Members whose role is taken from them, and links that should lead nowhere."""

import asyncio
from datetime import timedelta
from urllib.parse import urlsplit

from aiohttp import WSMsgType

from sessions.plan.commands import ChangeRole, DismissMember
from sessions.plan.records import Role
from sessions.protocol import Refused
from sessions.room import utc_now
from tests.abuse.panels_line import panels_of
from tests.sessions.scene import pin
from tests.workspace.served_room import OTHER_ROOM, ROOM, Guest, Served
from workspace.server.hosting import Hosting
from workspace.server.terms import Terms


async def test_a_link_of_one_room_is_an_unknown_link_in_another(server: Served) -> None:
    """Row 16: it does not even tell that it is one."""
    await server.hosting.create(OTHER_ROOM)
    secret = urlsplit(await server.link()).path.rpartition(".")[2]
    unknown = secret[::-1]
    async with Guest.arriving(server) as eve:
        answers = [await eve.get(f"/join/{OTHER_ROOM}.{it}") for it in (secret, unknown)]
        texts = [await it.text() for it in answers]
    assert [it.status for it in answers] == [404, 404]
    assert texts[0] == texts[1]


async def test_a_link_that_has_ended_lets_nobody_in(server: Served) -> None:
    """Row 17: expired, withdrawn, used."""
    invitations = (await server.hosted()).room.invitations
    expired = await invitations.create(Role.SURGEON, expires_at=utc_now() - timedelta(seconds=1))
    withdrawn = await invitations.create(Role.SURGEON, "withdrawn")
    used = await invitations.create(Role.SURGEON, uses=1)
    (named,) = [it for it in await invitations.listed() if it.label == "withdrawn"]
    await invitations.revoke(named.invitation_id)
    async with Guest.arriving(server) as ana, Guest.arriving(server) as eve:
        await ana.join(f"/join/{ROOM}.{used}", "Ana")
        await eve.post(urlsplit(await server.link()).path, "")  # who has a form may send another
        for token in (expired, withdrawn, used):
            assert (await eve.get(f"/join/{ROOM}.{token}")).status == 410
            assert (await eve.post(f"/join/{ROOM}.{token}", "Eve")).status == 410


async def test_whose_role_is_taken_is_refused_at_the_next_command_and_invites_nobody(
    server: Served,
) -> None:
    """Row 18: on the line that was opened as an owner."""
    async with (
        Guest.joining(server, Role.OWNER, "Ana") as ana,
        Guest.joining(server, Role.OWNER, "Eve") as eve,
        ana.in_room() as at_ana,
        eve.in_room() as at_eve,
        panels_of(eve) as panels,
    ):
        await at_eve.done(pin("n1", "bone"))
        change = ChangeRole(member_id=eve.member_id, expected=Role.OWNER, role=Role.OBSERVER)
        await at_ana.done(change)
        assert isinstance(await at_eve.ask(pin("n2", "bone")), Refused)
        assert (await panels.call("trame.trigger", "invitations", [], {}))["result"] is None
        assert not (await panels.state())["invitations"]
        assert (await eve.get("bundle")).status == 403


async def test_who_is_dismissed_is_out_within_a_second_and_sees_nothing_more(
    server: Served,
) -> None:
    """Row 18."""
    async with (
        Guest.joining(server, Role.OWNER, "Ana") as ana,
        Guest.joining(server, Role.SURGEON, "Eve") as eve,
        ana.in_room() as at_ana,
        eve.in_room() as at_eve,
        panels_of(eve) as panels,
    ):
        (bone, *_) = (await server.hosted()).room.plan.segments.values()
        await at_ana.done(DismissMember(member_id=eve.member_id))
        async with asyncio.timeout(1):
            await at_eve.farewell()
            while (await panels.socket.receive()).type == WSMsgType.BINARY:
                pass
        for path in ("", "bundle", "export/bone.stl", f"surfaces/{bone.surface.sha256}.drc"):
            assert (await eve.get(path)).status == 401, path


async def test_no_link_leads_back_in_who_was_sent_away_or_made_less(server: Served) -> None:
    """Row 18: neither one that they made for themselves, nor the one that they came by."""
    hosting = server.hosting
    came_by = urlsplit(await server.link(Role.OWNER)).path
    async with (
        Guest.joining(server, Role.OWNER, "Ana") as ana,
        Guest.arriving(server) as eve,
        Guest.arriving(server) as ole,
        ana.in_room() as at_ana,
    ):
        await eve.join(came_by, "Eve")
        made = await hosting.invite_on(ROOM, Terms(Role.OWNER), eve.member_id)
        await at_ana.done(
            ChangeRole(member_id=eve.member_id, expected=Role.OWNER, role=Role.OBSERVER)
        )
        await settled(hosting)
        assert (await ole.get(made)).status == 410
        assert (await ole.get(came_by)).status == 200
        await at_ana.done(DismissMember(member_id=eve.member_id))
        await settled(hosting)
        assert (await ole.get(came_by)).status == 410


async def settled(hosting: Hosting) -> None:
    """Wait until the server has heeded what it was told."""
    await hosting._dismissals.close()
