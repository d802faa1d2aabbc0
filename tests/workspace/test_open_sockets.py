import asyncio
import contextlib

import pytest
from aiohttp import WSServerHandshakeError, web
from hypothesis import given
from hypothesis import strategies as st

from sessions.plan.records import MemberId, RoomId
from tests.workspace.served_room import Guest, Served
from workspace.server.open_sockets import OpenSockets

ROOM = RoomId("theatre-1")


def test_a_member_an_address_and_the_server_each_have_a_bound() -> None:
    sockets = OpenSockets(of_a_member=2, from_an_address=3, in_all=4)
    with contextlib.ExitStack() as stack:

        def opened(member: str, address: str) -> None:
            stack.enter_context(sockets.one(ROOM, MemberId(member), address))

        opened("ana", "here")
        opened("ana", "there")
        with pytest.raises(web.HTTPTooManyRequests) as refused:
            opened("ana", "elsewhere")
        assert "you have this room open too often" in str(refused.value.text)
        opened("ben", "here")
        opened("cem", "here")
        with pytest.raises(web.HTTPServiceUnavailable):
            opened("dee", "elsewhere")
        with pytest.raises(web.HTTPTooManyRequests) as refused:
            opened("dee", "here")
        assert "from where you are" in str(refused.value.text)
        assert refused.value.headers["Retry-After"]


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xy")), max_size=12))
def test_whoever_has_gone_is_forgotten(openings: list[tuple[str, str]]) -> None:
    sockets = OpenSockets(of_a_member=3, from_an_address=4, in_all=5)
    with contextlib.ExitStack() as stack:
        for member, address in openings:
            with contextlib.suppress(web.HTTPException):
                stack.enter_context(sockets.one(ROOM, MemberId(member), address))
        assert sockets.count <= 5
    assert sockets.count == 0
    assert not sockets._members
    assert not sockets._addresses


async def test_one_socket_too_many_is_refused_and_the_others_stay(server: Served) -> None:
    server.hosting.open_sockets = OpenSockets(of_a_member=2)
    async with Guest.joining(server) as ana, ana.in_room(), ana.in_room() as line:
        with pytest.raises(WSServerHandshakeError) as refused:
            await ana.http.ws_connect(ana.path + "socket", headers={"Origin": ana.origin})
        assert refused.value.status == 429
        with pytest.raises(WSServerHandshakeError):
            await ana.http.ws_connect(ana.path + "trame", headers={"Origin": ana.origin})
        await line.socket.close()
        await until_open(server, 1)
        async with ana.in_room():
            pass
    await until_open(server, 0)


async def until_open(server: Served, count: int) -> None:
    """Wait until so many are open: who has closed is counted a moment longer."""
    async with asyncio.timeout(10):
        while server.hosting.open_sockets.count != count:  # noqa: ASYNC110 (of a count there is no event)
            await asyncio.sleep(0.005)
