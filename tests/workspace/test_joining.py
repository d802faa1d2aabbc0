from urllib.parse import urlsplit

import pytest
from aiohttp import FormData

from sessions.plan.records import Role
from tests.workspace.served_room import OTHER_ROOM, ROOM, Guest, Served, furnish


async def test_a_link_asks_for_a_name_and_says_what_its_holder_may_do(server: Served) -> None:
    async with Guest.arriving(server) as guest:
        page = await guest.get(urlsplit(await server.link(Role.OBSERVER)).path)
        text = await page.text()
    assert page.status == 200
    assert "Two solids" in text
    assert "change nothing" in text
    assert 'name="name"' in text


async def test_whoever_gives_a_name_becomes_a_member_in_the_role_of_the_link(
    server: Served,
) -> None:
    async with Guest.joining(server, Role.OBSERVER, "  Ole   Berg ") as guest:
        member = (await server.hosted()).room.plan.members[guest.member_id]
        assert (member.name, member.role) == ("Ole Berg", Role.OBSERVER)
        assert (await guest.get("")).status == 200


@pytest.mark.parametrize(
    "name", ["", "   ", "x" * 61, "Ana\x00", "Ana\nReis", "a\x1b[2J", "\u202eAna"]
)
async def test_what_is_no_name_is_refused_with_a_sentence(server: Served, name: str) -> None:
    async with Guest.arriving(server) as guest:
        answer = await guest.post(urlsplit(await server.link()).path, name)
        text = await answer.text()
        assert answer.status == 422
        assert "Please give a name of 1 to 60 printable characters." in text
        assert "Set-Cookie" not in answer.headers
    assert not (await server.hosted()).room.plan.members


async def test_markup_in_a_title_is_shown_as_text(server: Served) -> None:
    title = "<img src=x onerror=alert(1)>{{constructor}}"
    await furnish(await server.hosting.create(OTHER_ROOM), title)
    async with Guest.arriving(server) as guest:
        text = await (await guest.get(urlsplit(await server.link(room=OTHER_ROOM)).path)).text()
    assert "<img" not in text
    assert "&lt;img" in text


@pytest.mark.parametrize("token", ["", "nonsense", f"{ROOM}.wrong", "no-room.x", "..%2f..%2fx.y"])
async def test_an_unknown_link_leads_nowhere_and_says_what_to_do(
    server: Served, token: str
) -> None:
    async with Guest.arriving(server) as guest:
        shown = await guest.get(f"/join/{token}")
        await guest.post(urlsplit(await server.link()).path, "")
        sent = await guest.post(f"/join/{token}", "Ana")
        text = await shown.text()
    assert (shown.status, sent.status) == (404, 404)
    assert not token or "Ask whoever sent it for a new one." in text


async def test_a_withdrawn_link_lets_nobody_in(server: Served) -> None:
    link = await server.link()
    invitations = (await server.hosted()).room.invitations
    (invitation,) = await invitations.listed()
    async with Guest.arriving(server) as guest:
        await guest.post(urlsplit(link).path, "")
        await invitations.revoke(invitation.invitation_id)
        shown = await guest.get(urlsplit(link).path)
        sent = await guest.post(urlsplit(link).path, "Ana")
    assert (shown.status, sent.status) == (410, 410)


async def test_a_link_for_one_person_works_once(server: Served) -> None:
    room = (await server.hosted()).room
    path = f"/join/{ROOM}.{await room.invitations.create(Role.SURGEON, uses=1)}"
    async with Guest.arriving(server) as guest:
        first = await guest.post(path, "Ana")
        second = await guest.post(path, "Ben")
    assert (first.status, second.status) == (303, 410)
    assert [member.name for member in room.plan.members.values()] == ["Ana"]


async def test_a_link_to_one_room_does_not_open_another(server: Served) -> None:
    await server.hosting.create(OTHER_ROOM)
    secret = (await server.link()).rpartition(".")[2]
    async with Guest.arriving(server) as guest:
        await guest.post(urlsplit(await server.link()).path, "")
        answer = await guest.post(f"/join/{OTHER_ROOM}.{secret}", "Ana")
    assert answer.status == 404


async def test_two_members_live_in_one_browser(server: Served) -> None:
    async with Guest.joining(server, Role.OWNER, "Ana") as ana:
        ben = Guest(ana.http, ana.origin)
        await ben.join(await server.link(), "Ben")
        assert ana.member_id != ben.member_id
        async with ana.in_room() as at_ana, ben.in_room() as at_ben:
            assert at_ana.welcome.member_id == ana.member_id
            assert at_ben.welcome.member_id == ben.member_id
            assert at_ben.welcome.role is Role.SURGEON


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_paths(server: Served) -> None:
    async with Guest.arriving(server) as guest:
        answer = await guest.post(urlsplit(await server.link()).path, "Ana")
        cookie = answer.cookies["commissure"]
    assert cookie["path"] == answer.headers["Location"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert len(cookie.value) >= 43  # 256 bits


async def test_a_form_without_a_name_field_or_with_a_file_is_no_name(server: Served) -> None:
    path = urlsplit(await server.link()).path
    async with Guest.arriving(server) as guest:
        own = {"Origin": guest.origin}
        assert (await guest.send(path, {"other": "x"})).status == 422
        file = FormData({"form_token": guest.form_token})
        file.add_field("name", b"Ana", filename="name.txt")
        async with guest.http.post(path, data=file, headers=own) as answer:
            assert answer.status == 422
        async with guest.http.post(path, data={"name": "x" * 100_000}, headers=own) as answer:
            assert answer.status == 413
