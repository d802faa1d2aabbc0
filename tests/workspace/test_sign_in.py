"""Signing in through the pages, as browsers do, against a real server."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from aiohttp import WSMsgType

from sessions.plan.records import Role
from sessions.room import utc_now
from tests.workspace.served_room import ROOM, Guest
from tests.workspace.signing_in import PASSWORD, House, cookie_of, house, sign_in
from workspace.accounts.second_factor import (
    code_at,
    new_recovery_codes,
    new_secret,
    recovery_hash,
)
from workspace.accounts.store import SecondFactor
from workspace.planning.pool import GeometryPool
from workspace.server.rate_limits import AddressLimits
from workspace.server.site import Site
from workspace.server.terms import Terms


@pytest.fixture
async def at_home(tmp_path: Path, pool: GeometryPool) -> AsyncIterator[House]:
    async with house(tmp_path / "data", pool) as open_house:
        yield open_house


async def test_whoever_signs_in_sees_their_rooms_and_out_again_none(at_home: House) -> None:
    await at_home.add()
    async with Guest.arriving(at_home.server) as ana:
        door = await (await ana.get("/")).text()
        assert "invitation links" in door
        assert "/sign-in" in door
        answer = await sign_in(ana)
        assert (answer.status, answer.headers["Location"]) == (303, "/")
        text = await (await ana.get("/")).text()
        assert "No rooms yet" in text
        assert "Ana Reis" in text
        await ana.join(await at_home.server.link(Role.OBSERVER), "ignored")
        text = await (await Guest(ana.http, ana.origin).get("/")).text()
        assert f'href="{ana.path}"' in text
        assert "Two solids" in text
        assert "Observer" in text
        hosted = await at_home.server.hosted()
        assert hosted.room.plan.members[ana.member_id].name == "Ana Reis"
        assert (await ana.get("")).status == 200
        home = Guest(ana.http, ana.origin)
        await home.get("/")
        out = await home.post_form("/", "/sign-out", {})
        assert out.status == 303
        assert (await ana.get("")).status == 401
        assert "Your rooms" not in await (await home.get("/")).text()
    assert at_home.trail.kinds == ["sign_in", "invitation_opened", "joined", "sign_out"]


async def test_one_account_is_one_member_on_two_devices_at_once(at_home: House) -> None:
    await at_home.add()
    path = await at_home.path_of_link()
    async with Guest.arriving(at_home.server) as desk, Guest.arriving(at_home.server) as tablet:
        await sign_in(desk)
        await sign_in(tablet)
        answers = await asyncio.gather(desk.post(path, ""), tablet.post(path, ""))
        places = {answer.headers["Location"] for answer in answers}
        assert len(places) == 1
        desk.path = tablet.path = places.pop()
        async with desk.in_room() as one, tablet.in_room() as two:
            assert one.welcome.member_id == two.welcome.member_id
        again = await tablet.http.get(path, allow_redirects=False)
        assert again.headers["Location"] == desk.path
    (invitation,) = await at_home.server.hosting.invitations(ROOM)
    assert [it.member_id for it in invitation.arrivals] == [desk.member_id]


async def test_a_link_whose_uses_are_gone_still_leads_in_who_is_in(at_home: House) -> None:
    await at_home.add()
    await at_home.add("ben")
    hosting = at_home.server.hosting
    path = await hosting.invite_on(ROOM, Terms(Role.SURGEON, "for Ana", timedelta(days=1), uses=1))
    async with Guest.arriving(at_home.server) as ana, Guest.arriving(at_home.server) as ben:
        await sign_in(ana)
        await sign_in(ben, "ben")
        first = await ana.post(path, "")
        assert (await ben.post_form("/", path, {})).status == 410
        again = await ana.http.get(path, allow_redirects=False)
        assert again.headers["Location"] == first.headers["Location"]


async def test_another_accounts_session_does_not_open_a_members_page(at_home: House) -> None:
    await at_home.add()
    await at_home.add("ben")
    async with Guest.arriving(at_home.server) as ana, Guest.arriving(at_home.server) as ben:
        await sign_in(ana)
        await ana.join(await at_home.server.link(), "")
        await sign_in(ben, "ben")
        ben.path = ana.path
        assert (await ben.get("")).status == 401
        await ben.join(await at_home.server.link(), "")
        mine, ben.path = ben.path, ana.path
        assert (await ben.get("")).status == 401
        assert mine != ana.path


async def test_a_wrong_name_and_a_wrong_password_are_told_alike(at_home: House) -> None:
    await at_home.add()
    async with Guest.arriving(at_home.server) as guest:
        pages = []
        for name, password in (("ana", "wrong"), ("nobody", PASSWORD)):
            answer = await sign_in(guest, name, password)
            assert answer.status == 401
            pages.append(re.sub(r'value="[0-9a-f]{64}"', "", await answer.text()))
        assert pages[0] == pages[1]
        assert "This name or password is not right." in pages[0]
        assert cookie_of(guest) is None


async def test_twenty_bad_logins_end_in_a_wait_and_are_audited(at_home: House) -> None:
    """Abuse row 4."""
    await at_home.add()
    async with Guest.arriving(at_home.server) as eve:
        answers = [await sign_in(eve, f"name{it}", "wrong") for it in range(20)]
        assert [it.status for it in answers] == [401] * 19 + [429]
        assert int(answers[-1].headers["Retry-After"]) > 600
        forged = {"X-Forwarded-For": "203.0.113.9", "Origin": eve.origin}
        data = {"name": "ana", "password": PASSWORD, "form_token": eve.form_token}
        async with eve.http.post("/sign-in", data=data, headers=forged) as answer:
            assert answer.status == 429  # row 27
            assert "minutes" in await answer.text()
    assert at_home.trail.kinds.count("sign_in_refused") == 21
    assert {row[3] for row in at_home.trail.rows} == {"127.0.0.1"}


async def test_a_session_that_an_attacker_chose_is_none_and_the_token_changes(
    at_home: House,
) -> None:
    """Abuse row 20."""
    secret = new_secret()
    await at_home.add(factor=SecondFactor(totp_secret=secret, recovery_hashes=()))
    chosen = "x" * 43
    async with Guest.arriving(at_home.server) as ana:
        ana.http.cookie_jar.update_cookies({"commissure_session": chosen})
        answer = await sign_in(ana)
        half_way = cookie_of(ana)
        assert answer.headers["Location"] == "/sign-in/code?next=%2F"
        await ana.send("/sign-in/code", {"code": code_at(secret, utc_now())})
        signed_in = cookie_of(ana)
        assert len({chosen, half_way, signed_in}) == 3
        assert "Your rooms" in await (await ana.get("/")).text()
    for token in (chosen, half_way):
        assert await at_home.accounts.sign_ins.session_of(token or "") is None


async def test_the_second_factor_is_asked_for_and_half_way_in_opens_nothing(
    at_home: House,
) -> None:
    secret, codes = new_secret(), new_recovery_codes()
    hashes = tuple(map(recovery_hash, codes))
    await at_home.add(factor=SecondFactor(totp_secret=secret, recovery_hashes=hashes))
    link = await at_home.path_of_link()
    async with Guest.arriving(at_home.server) as ana:
        assert (await ana.get("/sign-in/code")).headers["Location"].startswith("/sign-in?next=")
        answer = await sign_in(ana, query=f"?next={link}")
        assert "Your rooms" not in await (await ana.get("/")).text()
        assert 'name="name"' in await (await ana.get(link)).text()
        onward = answer.headers["Location"]
        wrong = await ana.send(onward, {"code": "000000"})
        assert wrong.status == 401
        assert "This code is not right" in await wrong.text()
        right = await ana.send(onward.replace("code", "recovery"), {"code": codes[3].lower()})
        assert (right.status, right.headers["Location"]) == (303, link)
        assert "Ana Reis" in await (await ana.get(link)).text()
    assert "second_factor_refused" in at_home.trail.kinds


FOREIGN_PLACES: Final = (
    "//evil.example",
    "https://evil.example/",
    "/\\evil.example",
    "/join/../../x",
    "/join/a\r\nSet-Cookie: x=y",
    "javascript:alert(1)",
    "/sign-out",
    "/import/",
)


async def test_signing_in_leads_to_pages_of_ours_only(at_home: House) -> None:
    await at_home.add()
    for wanted in FOREIGN_PLACES:
        async with Guest.arriving(at_home.server) as ana:
            page = await ana.http.get("/sign-in", params={"next": wanted})
            token = re.search(r'value="([0-9a-f]{64})"', await page.text())
            assert token
            data = {"name": "ana", "password": PASSWORD, "form_token": token[1]}
            own = {"Origin": ana.origin}
            async with ana.http.post(
                "/sign-in", params={"next": wanted}, data=data, headers=own, allow_redirects=False
            ) as answer:
                assert (answer.status, answer.headers["Location"]) == (303, "/"), wanted


async def test_a_form_without_its_token_is_refused(at_home: House) -> None:
    """Abuse row 22."""
    await at_home.add()
    own = {"name": "ana", "password": PASSWORD}
    link = await at_home.path_of_link()
    async with Guest.arriving(at_home.server) as ana, Guest.arriving(at_home.server) as eve:
        await sign_in(ana)
        await ana.get("/")
        await eve.send("/sign-in", {})
        for path in ("/sign-in", "/sign-out", "/sign-out/everywhere", link):
            for token in ("", "0" * 64, eve.form_token, "\u00e9" * 64):
                data = {**own, "form_token": token}
                headers = {"Origin": ana.origin}
                async with ana.http.post(path, data=data, headers=headers) as answer:
                    assert answer.status == 403, (path, token)
        assert "Your rooms" in await (await ana.get("/")).text()
        for origin in ("http://evil.example", "null", None):
            answer = await ana.send("/sign-in", own, origin)
            assert answer.status == 403


async def test_a_name_that_an_attacker_had_point_here_is_not_ours(at_home: House) -> None:
    """DNS rebinding: Origin and Host agree, and are the attacker's."""
    async with Guest.arriving(at_home.server) as guest:
        await guest.get("/sign-in")
        headers = {"Origin": "http://evil.example", "Host": "evil.example"}
        async with guest.http.post("/sign-in", data={}, headers=headers) as answer:
            assert answer.status == 403


@pytest.mark.parametrize("how", ["sign out everywhere", "disable", "reset password"])
async def test_what_is_open_closes_when_its_sign_in_ends(at_home: House, how: str) -> None:
    """Abuse row 18; by the same file that the command line writes to."""
    await at_home.add()
    await at_home.add("ben")
    store = at_home.accounts.store
    async with (
        Guest.arriving(at_home.server) as ana,
        Guest.arriving(at_home.server) as elsewhere,
        Guest.arriving(at_home.server) as ben,
    ):
        for guest, name in ((ana, "ana"), (elsewhere, "ana"), (ben, "ben")):
            await sign_in(guest, name)
            await guest.join_or_enter(await at_home.server.link())
        async with ana.in_room() as line, ana.raw_socket("trame") as panels, ben.in_room() as his:
            match how:
                case "disable":
                    await store.set_disabled("ana", is_disabled=True)
                case "reset password":
                    await store.set_password("ana", "another")
                case _:
                    await elsewhere.post_form("/", "/sign-out/everywhere", {})
            assert await line.farewell() == "you were signed out; sign in again"
            async with asyncio.timeout(5):
                assert (await panels.receive()).type in (WSMsgType.CLOSED, WSMsgType.ERROR)
            assert (await ana.get("")).status == 401
            assert not his.socket.closed


async def test_signing_out_on_one_device_leaves_the_other_alone(at_home: House) -> None:
    await at_home.add()
    async with Guest.arriving(at_home.server) as desk, Guest.arriving(at_home.server) as tablet:
        for guest in (desk, tablet):
            await sign_in(guest)
            await guest.join_or_enter(await at_home.server.link())
        async with desk.in_room() as line, tablet.in_room() as other:
            await desk.post_form("/", "/sign-out", {})
            assert "signed out" in await line.farewell()
            assert not other.socket.closed
            assert (await tablet.get("")).status == 200


async def test_who_is_expelled_is_out_within_the_second_and_stays_out(at_home: House) -> None:
    """Abuse row 18."""
    await at_home.add()
    hosting = at_home.server.hosting
    async with Guest.arriving(at_home.server) as ana, Guest.joining(at_home.server) as ole:
        await sign_in(ana)
        await ana.join(await at_home.server.link(), "")
        for guest in (ana, ole):
            async with guest.in_room() as line, guest.raw_socket("trame") as panels:
                await hosting.expel(ROOM, guest.member_id)
                assert await line.farewell() == "you are no longer a member of this room"
                async with asyncio.timeout(5):
                    assert (await panels.receive()).type in (WSMsgType.CLOSED, WSMsgType.ERROR)
            assert (await guest.get("")).status == 401
        back = await ana.post(await at_home.path_of_link(), "")
        assert back.headers["Location"] != ana.path


async def test_an_idle_session_is_signed_out_though_its_page_is_open(
    tmp_path: Path, pool: GeometryPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Abuse row 21."""
    async with house(tmp_path / "data", pool) as at_home:
        await at_home.add()
        ahead = timedelta()

        def clock() -> datetime:
            return utc_now() + ahead

        monkeypatch.setattr(at_home.accounts.sign_ins, "_clock", clock)
        async with Guest.arriving(at_home.server) as ana:
            await sign_in(ana)
            await ana.join(await at_home.server.link(), "")
            async with ana.in_room() as line:
                await line.socket.send_str('{"type":"ping","sent_ms":1.0}')
                at_home.server.hosting.attendance.take_used()  # that was in the morning
                ahead = timedelta(hours=13)
                assert "signed out" in await line.farewell()
            assert (await ana.get("")).status == 401


async def test_where_accounts_are_required_a_link_alone_opens_nothing(
    tmp_path: Path, pool: GeometryPool
) -> None:
    async with house(tmp_path / "data", pool) as before, Guest.joining(before.server) as guest:
        path, cookies = guest.path, guest.http.cookie_jar
        secret = next(it.value for it in cookies if it.key == "commissure")
    site = Site(requires_account=True)
    async with house(tmp_path / "data", pool, site) as at_home:
        await at_home.add()
        link = await at_home.path_of_link()
        async with Guest.arriving(at_home.server) as ana:
            asked = await ana.get(link)
            assert asked.status == 303
            assert asked.headers["Location"] == f"/sign-in?next={link.replace('/', '%2F')}"
            assert (await ana.get("/join/theatre-1.wrong")).status == 404
            await ana.send("/sign-in", {})
            assert (await ana.post(link, "Eve")).headers["Location"].startswith("/sign-in")
            async with ana.http.get(path, headers={"Cookie": f"commissure={secret}"}) as answer:
                assert answer.status == 401
            answer = await sign_in(ana, query=f"?next={link}")
            assert answer.headers["Location"] == link
            assert (await ana.post(link, "")).status == 303


async def test_a_visit_from_another_site_comes_again_with_its_cookies(at_home: House) -> None:
    await at_home.add()
    link = await at_home.path_of_link()
    away = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    async with Guest.arriving(at_home.server) as ana:
        await sign_in(ana)
        await ana.join(await at_home.server.link(), "")
        stranger = {**away, "Cookie": ""}
        for path in (link, "/", ana.path):
            async with Guest.arriving(at_home.server) as bare:
                page = await bare.http.get(path, headers=stranger)
                assert f'content="0;url={path}?here"' in await page.text()
                again = await bare.http.get(f"{path}?here", headers=stranger)
                assert "One moment" not in await again.text()


def test_what_is_remembered_of_addresses_is_bounded() -> None:
    limits = AddressLimits(per_s=0.001, burst=2, most=10)
    assert [limits.take("192.0.2.1") for _ in range(3)] == [True, True, False]
    assert all(limits.take(f"2001:db8:{it:x}::1") for it in range(100))
    assert len(limits) == 10
