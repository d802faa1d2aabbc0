"""Signing in, and what a signed-in browser can be made to do: on a naive build, then here."""

import base64
import contextlib
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession, CookieJar
from aiohttp.test_utils import TestClient, TestServer

from tests.abuse.naive_builds.invitations import NaiveRooms
from tests.abuse.naive_builds.site import COOKIE, NaiveSite
from tests.abuse.naive_builds.tokens import SHARED_KEY, naive_claims, signed

GOOD = {"name": "ana", "password": "correct horse"}
BAD = {"name": "ana", "password": "guess"}
CLAIMS = {"sub": "ana", "aud": "another application", "nonce": "of another sign-in", "exp": 1}


@contextlib.asynccontextmanager
async def visiting(site: NaiveSite) -> AsyncIterator[TestClient]:  # type: ignore[type-arg]
    """Open a browser on a naive site."""
    async with TestClient(TestServer(site.application), cookie_jar=CookieJar(unsafe=True)) as http:
        yield http


async def test_a_naive_login_may_be_tried_for_ever() -> None:
    """Row 4."""
    async with visiting(NaiveSite()) as http:
        for _ in range(20):
            assert (await http.post("/login", data=BAD)).status == 401
        assert (await http.post("/login", data=GOOD)).status == 200


async def test_a_naive_limit_counts_by_an_address_that_the_attacker_makes_up() -> None:
    """Row 27."""
    async with visiting(NaiveSite()) as http:
        for number in range(20):
            forged = {"X-Forwarded-For": f"10.0.0.{number}"}
            assert (await http.post("/careful-login", data=BAD, headers=forged)).status == 401


async def test_a_naive_login_keeps_the_session_that_an_attacker_chose() -> None:
    """Row 20."""
    site = NaiveSite()
    async with visiting(site) as victim:
        await victim.post("/login", data=GOOD, cookies={COOKIE: "chosen-by-eve"})
        async with ClientSession(cookies={COOKIE: "chosen-by-eve"}) as eve:
            answer = await eve.get(victim.make_url("/"))
            assert await answer.text() == "ana"


async def test_a_naive_session_never_ends() -> None:
    """Row 21: nothing in it says when it was last used."""
    site = NaiveSite()
    async with visiting(site) as http:
        await http.post("/login", data=GOOD)
    assert list(site.sessions.values()) == ["ana"]


async def test_a_naive_form_is_sent_by_another_sites_page() -> None:
    """Row 22."""
    site = NaiveSite()
    async with visiting(site) as http:
        await http.post("/login", data=GOOD)
        foreign = {"Origin": "http://evil.example"}
        answer = await http.post("/invite", data={"name": "eve"}, headers=foreign)
        assert answer.status == 200
    assert site.invited == ["eve"]


def test_a_naive_invitation_opens_any_room_for_ever() -> None:
    """Rows 16 and 17."""
    rooms = NaiveRooms()
    token = rooms.invite("room-a")
    rooms.invite("room-b")
    assert rooms.join("room-b", token, "eve")
    assert all(rooms.join("room-a", token, f"eve-{number}") for number in range(100))


def test_a_naive_line_keeps_the_role_that_it_was_opened_with() -> None:
    """Row 18."""
    rooms = NaiveRooms(roles={"eve": "surgeon"})
    line = rooms.open_line("eve")
    rooms.roles["eve"] = "observer"
    assert line.command("apply the cut")
    assert rooms.recorded == ["apply the cut"]


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ({"alg": "none"}, b""),
        (
            {"alg": "HS256", "jwk": {"k": base64.urlsafe_b64encode(b"eve's own").decode()}},
            b"eve's own",
        ),
        ({"alg": "HS256"}, SHARED_KEY),
    ],
    ids=["no signature", "a key of the attacker's", "another audience, an old nonce, expired"],
)
def test_a_naive_reader_of_tokens_believes_them(header: dict[str, object], key: bytes) -> None:
    """Row 19."""
    assert naive_claims(signed(header, CLAIMS, key)) == CLAIMS
