"""Who sends too much, claims too much or reads too little: on stock trame, then here."""

import asyncio
from collections.abc import Iterator

import pytest
from aiohttp import ClientSession

from tests.abuse.memory import MB, resident_bytes
from tests.abuse.stock_trame import StockTrame, chunk

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
    before = resident_bytes(swollen.pid)
    async with swollen.line() as stranger, swollen.member() as ana:
        for number in range(parts):
            await stranger.socket.send_bytes(chunk(b"x", message_id=number, total=512))
        await ana.state()
        grown = resident_bytes(swollen.pid) - before
    assert grown > parts * 512


async def test_stock_trame_sets_aside_what_a_header_claims(swollen: StockTrame) -> None:
    """Row 7: 13 bytes take 200 MB; up to 4 GB are let through."""
    before = resident_bytes(swollen.pid)
    async with swollen.member() as eve:
        await eve.socket.send_bytes(chunk(b"x", message_id=1, total=200 * MB))
        await eve.call("trame.state.get")
        grown = resident_bytes(swollen.pid) - before
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
