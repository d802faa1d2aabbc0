"""Who sends too much, claims too much or reads too little: on stock trame, then here."""

import asyncio
import contextlib
import itertools
import random
from collections.abc import AsyncIterator, Iterator

import pytest
from aiohttp import ClientError, ClientSession, ClientWebSocketResponse, CookieJar

from sessions.protocol import Ping, Pong
from tests.abuse.memory import MB, held_bytes
from tests.abuse.stock_trame import StockLine, StockTrame, chunk
from tests.end_to_end.server_process import ServerProcess
from tests.sessions.scene import pin
from tests.workspace.served_room import ANSWER_WITHIN_S, Guest, Served
from workspace.server import connection

PARTS = 40_000
"""A fifth of the full count, which the soak sends."""

FROZEN_S = 2.0
"""What takes 0.02 s each and has not come by then does not come."""


@pytest.fixture(scope="module")
def swollen() -> Iterator[StockTrame]:
    """For what makes it grow."""
    with StockTrame() as running:
        yield running


@pytest.mark.parametrize("parts", [PARTS, pytest.param(5 * PARTS, marks=pytest.mark.soak)])
async def test_stock_trame_keeps_what_strangers_never_finish(
    swollen: StockTrame, parts: int
) -> None:
    """Row 6: each first part of a message that never comes takes its whole length."""
    before = held_bytes(swollen.pid)
    async with swollen.line() as stranger, swollen.member() as ana:
        for number in range(parts):
            await stranger.socket.send_bytes(chunk(b"x", message_id=number, total=512))
        await ana.state()
        grown = held_bytes(swollen.pid) - before
    assert grown > parts * 512


async def test_stock_trame_sets_aside_what_a_header_claims(swollen: StockTrame) -> None:
    """Row 7: 13 bytes take 200 MB; up to 4 GB are let through."""
    before = held_bytes(swollen.pid)
    async with swollen.member() as eve:
        await eve.socket.send_bytes(chunk(b"x", message_id=1, total=200 * MB))
        await eve.call("trame.state.get")
        grown = held_bytes(swollen.pid) - before
    assert grown > 150 * MB


async def test_stock_trame_fails_on_a_plain_request_and_keeps_its_socket_for_good() -> None:
    """Row 11: a traceback in the log for each, and a server that can never close its sockets."""
    with StockTrame() as fooled:
        async with ClientSession(fooled.url) as http:
            for _ in range(100):
                async with http.get("/ws") as answer:
                    assert answer.status == 500
        async with fooled.member() as eve:
            await eve.call("application.exit")
            await eve.state()  # it cannot even end any more
        assert fooled.log.count("KeyError") >= 100


async def test_one_stalled_reader_freezes_everybody_on_stock_trame(stock: StockTrame) -> None:
    """Row 24."""
    async with stock.member() as slow, stock.member() as ana, stock.member() as ben:
        slow.stall()

        async def talk() -> None:
            for number in range(20):
                await ana.set("note", f"{number} {'x' * MB}")
                await ben.told("note")

        with pytest.raises(TimeoutError):
            await asyncio.wait_for(talk(), FROZEN_S)
        slow.cut()


async def test_a_stalled_reader_that_answers_pings_freezes_stock_trame_for_as_long_as_it_likes(
    stock: StockTrame,
) -> None:
    """Row 25: whatever it sends counts as life."""
    async with stock.member() as slow, stock.member() as ana:
        slow.stall()

        async def talk() -> None:
            while True:
                await slow.socket.pong()
                await ana.set("note", "x" * MB)

        with pytest.raises(TimeoutError):
            await asyncio.wait_for(talk(), FROZEN_S)
        await slow.socket.pong()
        assert not slow.socket.closed
        slow.cut()


async def test_stock_trame_takes_a_thousand_commands_from_one_member(stock: StockTrame) -> None:
    """Row 26: and hands each on to everybody."""
    async with stock.member() as eve, stock.member() as ana:
        for number in range(1000):
            await eve.set("link", f"#{number}")
        while await ana.told("link") != "#999":
            pass


@contextlib.asynccontextmanager
async def arriving(process: ServerProcess) -> AsyncIterator[Guest]:
    """Open a browser on the server that is measured from outside."""
    async with ClientSession(process.url, cookie_jar=CookieJar(unsafe=True)) as http:
        yield Guest(http, process.url)


@contextlib.asynccontextmanager
async def joining(process: ServerProcess, name: str) -> AsyncIterator[Guest]:
    """Join the room of that server."""
    async with arriving(process) as guest:
        await guest.join(process.ready["rooms"][0]["url"], name)
        yield guest


async def throw(socket: ClientWebSocketResponse, frames: Iterator[bytes]) -> None:
    """Send frames until they end or the line does."""
    with contextlib.suppress(ClientError, ConnectionError):
        for frame in frames:
            await socket.send_bytes(frame)


async def is_closed(socket: ClientWebSocketResponse) -> bool:
    """Wait for the server to close a line."""
    async with asyncio.timeout(ANSWER_WITHIN_S):
        while not socket.closed:
            await socket.receive()
    return True


async def is_well(process: ServerProcess) -> bool:
    """Say whether the server answers."""
    async with arriving(process) as guest:
        return (await guest.get("/health")).status == 200


@pytest.mark.parametrize("parts", [PARTS, pytest.param(5 * PARTS, marks=pytest.mark.soak)])
async def test_parts_of_messages_take_no_memory(process: ServerProcess, parts: int) -> None:
    """Rows 6 and 7: a stranger cannot even send them; a member's are not kept."""
    async with joining(process, "Eve") as eve:
        async with eve.raw_socket("trame") as socket:
            await throw(socket, iter([chunk(b"x", total=512)]))
            assert await is_closed(socket)
        before = held_bytes(process.process.pid)
        async with eve.raw_socket("trame") as socket:
            numbers = range(parts)
            await throw(socket, (chunk(b"x", message_id=it, total=512) for it in numbers))
        async with eve.raw_socket("trame") as socket:
            await throw(socket, iter([chunk(b"x", total=4_000_000_000)]))
            assert await is_closed(socket)
        assert await is_well(process)
        assert held_bytes(process.process.pid) - before < 5 * MB


@pytest.mark.parametrize("name", ["socket", "trame"])
@pytest.mark.parametrize("count", [2_000, pytest.param(100_000, marks=pytest.mark.soak)])
async def test_random_messages_close_their_own_line_only(
    process: ServerProcess, name: str, count: int
) -> None:
    """Row 10: a line for each that was closed, and another member who notices nothing."""
    random_bytes = random.Random(10)
    async with (
        joining(process, "Eve") as eve,
        joining(process, "Ana") as ana,
        ana.in_room() as at_ana,
    ):
        for _ in range(count // 100):
            async with eve.raw_socket(name) as socket:
                bodies = [random_bytes.randbytes(random_bytes.randrange(64)) for _ in range(100)]
                await throw(socket, (chunk(it) for it in bodies))
            await at_ana.say(Ping(sent_ms=1.0))
            assert (await at_ana.hear(Pong)).sent_ms == 1.0


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("count", [500, pytest.param(100_000, marks=pytest.mark.soak)])
async def test_plain_requests_to_a_socket_leave_nothing_behind(
    process: ServerProcess, count: int
) -> None:
    """Row 11."""
    async with joining(process, "Eve") as eve:

        async def ask(times: int) -> None:
            for number in range(times):
                path = eve.path + ("socket" if number % 2 else "trame")
                async with eve.http.get(path, headers={"Origin": eve.origin}) as answer:
                    assert answer.status == 400

        await ask(100)
        before = held_bytes(process.process.pid)
        await ask(count)
        assert held_bytes(process.process.pid) - before < 2 * MB


async def test_a_stalled_reader_that_answers_pings_is_dropped_and_the_others_go_on(
    server: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row 25."""
    monkeypatch.setattr(connection, "MAX_WAITING_BYTES", 256 * 1024)
    hosted = await server.hosted()
    async with (
        Guest.joining(server, name="Ana") as ana,
        Guest.joining(server, name="Slow") as slow,
        ana.in_room() as at_ana,
        slow.in_room() as at_slow,
    ):
        slow_line = StockLine(at_slow.socket)
        slow_line.stall()
        for number in itertools.count():
            if slow.member_id not in hosted.presence.present:
                break
            with contextlib.suppress(ClientError, ConnectionError):
                await at_slow.socket.pong()
            hosted.progress("job", "x" * 50_000, 1, 2)
            await at_ana.done(pin(f"n{number}", "bone"))
            assert number < 100
        slow_line.cut()
