from http.cookies import SimpleCookie
from pathlib import Path
from typing import Final

import numpy as np
import pytest
from aiohttp import WSServerHandshakeError

from imaging.space import RigidTransform
from segmentation.surface.encoding import to_blob
from segmentation.surface.formats import read_surface
from sessions.plan.anatomy import surfaces_of
from sessions.plan.commands import ApplyCut, MoveFragment
from sessions.plan.records import CutId, FragmentId, Role
from tests.segmentation.solids import ball
from tests.sessions.scene import place
from tests.workspace.served_room import BALL_MM, OTHER_ROOM, Guest, Served
from workspace.server.access import HEADERS

SOCKETS: Final = ("socket", "trame")
PAGES: Final = ("", "bundle", "export/bone.stl", f"surfaces/{'0' * 64}.drc", *SOCKETS)
FOREIGN: Final = ("http://evil.example", "null", "http://127.0.0.1:1", "https://127.0.0.1", "")


async def status_of_upgrade(guest: Guest, path: str, headers: dict[str, str]) -> int:
    try:
        async with guest.http.ws_connect(guest.path + path, headers=headers):
            return 101
    except WSServerHandshakeError as refusal:
        return refusal.status


@pytest.mark.parametrize("page", PAGES)
async def test_nothing_of_a_room_opens_without_a_cookie(server: Served, page: str) -> None:
    async with Guest.joining(server) as ana, Guest.arriving(server) as stranger:
        stranger.path = ana.path
        if page in SOCKETS:
            own = {"Origin": stranger.origin}
            assert await status_of_upgrade(stranger, page, own) == 401
        else:
            assert (await stranger.get(page)).status == 401


@pytest.mark.parametrize("page", PAGES)
async def test_the_cookie_of_one_member_does_not_open_the_page_of_another(
    server: Served, page: str
) -> None:
    async with Guest.joining(server, name="Ana") as ana, Guest.joining(server, name="Ben") as ben:
        stolen = {"Cookie": f"commissure={secret_of(ben)}", "Origin": ana.origin}
        async with Guest.arriving(server) as thief:
            thief.path = ana.path
            if page in SOCKETS:
                assert await status_of_upgrade(thief, page, stolen) == 401
            else:
                async with thief.http.get(thief.path + page, headers=stolen) as answer:
                    assert answer.status == 401


async def test_the_cookie_of_one_room_does_not_open_another(server: Served) -> None:
    await server.hosting.create(OTHER_ROOM)
    async with Guest.joining(server) as ana, Guest.arriving(server) as thief:
        for path in (ana.path.replace("theatre-1", "theatre-2"), "/rooms/none/m/nobody/"):
            stolen = {"Cookie": f"commissure={secret_of(ana)}"}
            async with thief.http.get(path, headers=stolen) as answer:
                assert answer.status == 401


async def test_a_wrong_cookie_opens_nothing(server: Served) -> None:
    async with Guest.joining(server) as ana, Guest.arriving(server) as stranger:
        for secret in ("", "wrong", "x" * 43):
            headers = {"Cookie": f"commissure={secret}"}
            async with stranger.http.get(ana.path, headers=headers) as answer:
                assert answer.status == 401


@pytest.mark.parametrize("name", SOCKETS)
@pytest.mark.parametrize("origin", FOREIGN)
async def test_another_sites_page_cannot_open_a_members_sockets(
    server: Served, name: str, origin: str
) -> None:
    async with Guest.joining(server) as ana:
        headers = {"Origin": origin} if origin else {}
        assert await status_of_upgrade(ana, name, headers) == 403
        assert await status_of_upgrade(ana, name, {"Origin": ana.origin}) == 101


@pytest.mark.parametrize("origin", [*FOREIGN[:-1], None])
async def test_another_sites_page_cannot_join_or_start_a_session(
    server: Served, origin: str | None
) -> None:
    path = (await server.link()).removeprefix(server.url)
    headers = {"Origin": origin} if origin else {}
    async with Guest.arriving(server) as guest, Guest.joining(server) as ana:
        assert (await guest.post(path, "Eve", origin)).status == 403
        async with ana.http.post(f"{ana.path}session", headers=headers) as answer:
            assert answer.status == 403
    assert len((await server.hosted()).room.plan.members) == 1


@pytest.mark.parametrize("name", SOCKETS)
async def test_a_plain_request_to_a_socket_is_a_bad_request(server: Served, name: str) -> None:
    async with Guest.joining(server) as ana:
        headers = {"Origin": ana.origin}
        async with ana.http.get(ana.path + name, headers=headers) as answer:
            assert answer.status == 400


async def test_every_answer_carries_the_security_headers(server: Served) -> None:
    async with Guest.joining(server) as ana:
        (sha256, *_) = sorted(surfaces_of((await server.hosted()).room.plan))
        answers = [
            await ana.get(path)
            for path in ("", "bundle", "export/bone.stl", f"surfaces/{sha256}.drc", "nothing")
        ]
        elsewhere = ("/", "/health", "/join/x.y", "/static/vue.global.js", "/static/none", "/?x=1")
        answers.extend([await Guest(ana.http, ana.origin).get(path) for path in elsewhere])
    assert [it.status for it in answers] == [200, 200, 200, 200, 404, 200, 200, 404, 200, 404, 200]
    for answer in answers:
        for header, value in HEADERS.items():
            assert answer.headers[header] == value, answer.url
    policy = answers[0].headers["Content-Security-Policy"]
    assert "connect-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy.partition("script-src")[2].partition(";")[0]


async def test_pages_are_not_kept_and_static_files_are_asked_for_again(server: Served) -> None:
    async with Guest.joining(server) as ana:
        page = await ana.get("")
        static = await Guest(ana.http, ana.origin).get("/static/vue.global.js")
    assert page.headers["Cache-Control"] == "no-store"
    assert static.headers["Cache-Control"] == "no-cache"


async def test_the_page_cannot_be_led_to_another_server(server: Served) -> None:
    async with Guest.joining(server) as ana:
        answer = await ana.get("?sessionURL=ws://evil.example/ws")
        assert answer.status == 303
        assert answer.headers["Location"] == ana.path
        text = await (await ana.get("")).text()
        assert f'data-session-manager-url="{ana.path}session"' in text
        async with ana.http.post(f"{ana.path}session", headers={"Origin": ana.origin}) as session:
            told = await session.json()
    assert told["sessionURL"] == f"{server.url.replace('http', 'ws')}{ana.path}trame"


async def test_surfaces_of_the_plan_are_sent_for_good_and_no_others(server: Served) -> None:
    hosted = await server.hosted()
    stray = hosted.blobs.put(to_blob(ball(5)))
    async with Guest.joining(server, Role.OBSERVER) as ole:
        for sha256 in surfaces_of(hosted.room.plan):
            answer = await ole.get(f"surfaces/{sha256}.drc")
            assert answer.status == 200
            assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
            assert (await answer.read()).startswith(b"DRACO")
        for name in (stray, "0" * 64, "..%2f..%2froom.sqlite", "%2e%2e", "bone"):
            assert (await ole.get(f"surfaces/{name}.drc")).status == 404


async def test_stl_leaves_in_mm_and_lps(server: Served, tmp_path: Path) -> None:
    async with Guest.joining(server, Role.SURGEON) as ole:
        answer = await ole.get("export/box.stl")
        body = await answer.read()
        assert answer.headers["Content-Disposition"] == 'attachment; filename="Box-left.stl"'
        assert (await ole.get("export/none.stl")).status == 404
    assert b"LPS" in body[:80]
    assert b"mm" in body[:80]
    path = tmp_path / "box.stl"
    path.write_bytes(body)
    surface = read_surface(path)
    assert surface.volume_ml == pytest.approx(8.0)
    assert surface.bounds_mm == pytest.approx((100, 120, 0, 20, 0, 20))


async def test_a_moved_fragment_leaves_where_it_was_moved_to(
    server: Served, tmp_path: Path
) -> None:
    moved = RigidTransform(translation_mm=(0.0, 7.0, 30.0))
    async with Guest.joining(server) as ana, ana.in_room() as line:
        await line.done(place("c1", "bone"))
        await line.done(ApplyCut(cut_id=CutId("c1")))
        await line.done(MoveFragment(fragment_id=FragmentId("c1+"), transform=moved))
        body = await (await ana.get("export/c1+.stl")).read()
    path = tmp_path / "piece.stl"
    path.write_bytes(body)
    surface = read_surface(path)
    assert surface.bounds_mm[2:] == pytest.approx(
        (7 - BALL_MM, 7 + BALL_MM, 30, 30 + BALL_MM), abs=1e-3
    )
    assert np.isfinite(surface.vertices).all()


def secret_of(guest: Guest) -> str:
    """Return the secret in the cookie that a browser would send to the member's page."""
    from yarl import URL

    cookies: SimpleCookie = guest.http.cookie_jar.filter_cookies(URL(guest.origin + guest.path))  # type: ignore[assignment]
    return str(cookies["commissure"].value)
