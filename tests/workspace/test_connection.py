"""Who takes nothing, or is gone, is let go; who is only slow gets the newest."""

import asyncio
import itertools
import socket as sockets

import pytest
from aiohttp import ClientError, ClientWebSocketResponse, WSMsgType

from sessions.plan.records import SolidId
from sessions.protocol import Cursor, Ping, Pong, Presence, PresenceUpdate
from tests.sessions.scene import pin
from tests.workspace.served_room import Guest, Line, Served
from workspace.server import connection, hosted_room
from workspace.server.refusals import Refusal

WITHIN_S = 10.0


def stall(line: Line) -> asyncio.Transport:
    """Let a page take nothing more."""
    transport = line.socket._conn.transport  # type: ignore[union-attr]
    assert isinstance(transport, asyncio.Transport)
    transport.pause_reading()
    return transport


def stall_with_little_room(line: Line) -> None:
    """Let a page take nothing more, and its kernel hardly anything."""
    socket = stall(line).get_extra_info("socket")
    socket.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)


def resume(socket: ClientWebSocketResponse) -> None:
    if socket._conn is not None and socket._conn.transport is not None:
        socket._conn.transport.resume_reading()


@pytest.fixture
def quick_watch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look after the pages often, and lose patience soon."""
    monkeypatch.setattr(hosted_room, "WATCH_EVERY_S", 0.02)
    monkeypatch.setattr(connection, "STALLED_S", 0.3)


@pytest.mark.usefixtures("quick_watch")
async def test_a_reader_that_stalls_with_little_waiting_is_dropped_though_it_answers(
    server: Served,
) -> None:
    """Row 25: what it owes is far under the cap, and it goes on to say that it is there."""
    hosted = await server.hosted()
    async with (
        Guest.joining(server, name="Ana") as ana,
        Guest.joining(server, name="Slow") as slow,
        ana.in_room() as at_ana,
        slow.in_room() as at_slow,
    ):
        stall_with_little_room(at_slow)
        (page,) = (it for it in hosted._connections if it.member_id == slow.member_id)
        async with asyncio.timeout(WITHIN_S):
            for number in itertools.count():
                if page._waiting_bytes == 0:
                    hosted.progress("job", "x" * 50_000, 1, 2)  # until the kernel takes no more
                try:
                    await at_slow.socket.pong()
                except (ClientError, ConnectionError):
                    break
                await at_ana.say(Ping(sent_ms=float(number)))
                await at_ana.hear(Pong)
                if slow.member_id not in hosted.presence.present:
                    break
        assert page._waiting_bytes < connection.MAX_WAITING_BYTES / 2
        await at_ana.done(pin("n1", "bone"))
        resume(at_slow.socket)


@pytest.mark.usefixtures("quick_watch")
async def test_a_page_that_answers_no_ping_is_let_go(
    server: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "PING_AFTER_S", 0.1)
    monkeypatch.setattr(connection, "SILENT_S", 1.0)
    async with Guest.joining(server) as ana:
        async with ana.http.ws_connect(
            ana.path + "socket", headers={"Origin": ana.origin}, autoping=False
        ) as deaf:
            await deaf.send_str('{"type":"hello","protocol":3}')
            kinds = []
            async with asyncio.timeout(WITHIN_S):
                while not deaf.closed:
                    kinds.append((await deaf.receive()).type)
        assert kinds.count(WSMsgType.PING) == 1
        async with ana.in_room() as line:  # aiohttp answers while it reads
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(line.hear(Pong), 1.3)
            await line.done(pin("n1", "bone"))


async def test_a_slow_page_gets_the_newest_presence_and_not_all_of_it(server: Served) -> None:
    hosted = await server.hosted()
    async with (
        Guest.joining(server, name="Ana") as ana,
        Guest.joining(server, name="Slow") as slow,
        ana.in_room() as at_ana,
        slow.in_room() as at_slow,
    ):
        stall(at_slow)
        (page,) = (it for it in hosted._connections if it.member_id == slow.member_id)
        while page.keeps_up:
            hosted.progress("job", "x" * 50_000, 1, 2)
            await asyncio.sleep(0)
        for number in range(200):
            point = (float(number), 0.0, 0.0)
            await at_ana.say(Presence(cursor=Cursor(solid_id=SolidId("bone"), point_mm=point)))
            await at_ana.say(Ping(sent_ms=float(number)))
            await at_ana.hear(Pong)
        resume(at_slow.socket)
        shown: list[int] = []
        while not shown or shown[-1] != 199:
            update = await at_slow.hear(PresenceUpdate)
            presence = update.members.get(ana.member_id)
            if presence is not None and presence.cursor is not None:
                shown.append(round(presence.cursor.point_mm[0]))
    assert len(shown) < 20
    assert shown == sorted(shown)


async def test_what_is_turned_away_is_told_by_its_kind(server: Served) -> None:
    hosted = await server.hosted()
    told: list[Refusal] = []
    refused = hosted.refused

    def note(refusal: Refusal, member_id: str, command: str = "") -> None:
        told.append(refusal)
        refused(refusal, member_id, command)  # type: ignore[arg-type]

    hosted.refused = note  # type: ignore[method-assign]
    async with Guest.joining(server) as ana:
        async with ana.raw_socket() as socket:
            await socket.send_str("[]")
            while not socket.closed:
                await socket.receive()
        async with ana.in_room() as line:
            await line.socket.send_bytes(b"?")
            await line.farewell()
    assert told == [Refusal.NO_HELLO, Refusal.MALFORMED_MESSAGE]
