"""Who may open a socket and what may be asked over it: on stock trame, then here."""

import asyncio

import pytest

from tests.abuse.stock_trame import HELLO, StockTrame, call_frame


async def test_stock_trame_lets_anybody_in_who_knows_the_secret_that_everybody_knows(
    stock: StockTrame,
) -> None:
    """Rows 1 and 3: no cookie, no account, the default secret."""
    async with stock.member() as eve:
        await eve.set("note", "by Eve")
        assert (await eve.state())["note"] == "by Eve"


@pytest.mark.parametrize("origin", ["http://evil.example", "null", None])
async def test_stock_trame_opens_its_socket_to_the_page_of_any_site(
    stock: StockTrame, origin: str | None
) -> None:
    """Row 2."""
    headers = {} if origin is None else {"Origin": origin}
    async with stock.line(**headers) as line:
        await line.socket.send_bytes(HELLO)
        assert "result" in await line.answer("system:c0:0")


async def test_stock_trame_waits_for_a_hello_for_good(stock: StockTrame) -> None:
    """Row 5."""
    async with stock.line() as silent:
        with pytest.raises(TimeoutError):
            await silent.hear(5.2)
        await silent.socket.send_bytes(HELLO)
        assert "result" in await silent.answer("system:c0:0")


async def test_stock_trame_hands_a_megabyte_on_to_everybody_who_comes(stock: StockTrame) -> None:
    """Row 8."""
    async with stock.member() as eve, stock.member() as ana:
        await eve.set("junk", "x" * 1_000_000)
        assert len(await ana.told("junk")) == 1_000_000
        await eve.set("junk", "")


async def test_stock_trame_logs_text_frames_word_for_word(stock: StockTrame) -> None:
    """Row 9."""
    async with stock.member() as eve:
        await eve.socket.send_str("Doe^Jane^canary in a text frame")
        await eve.state()
    assert "Doe^Jane^canary in a text frame" in stock.log


async def test_stock_trame_hands_malformed_changes_on_before_it_looks_at_them(
    stock: StockTrame,
) -> None:
    """Row 10: a key that is a number fails in the server, and has reached the others by then."""
    async with stock.member() as eve, stock.member() as ana:
        answer = await eve.call("trame.state.update", [{"key": 5, "value": "evil"}])
        assert "error" in answer
        told = await ana.hear()
    assert "evil" in str(told)


async def test_stock_trame_lets_an_observer_approve_and_become_a_surgeon(
    stock: StockTrame,
) -> None:
    """Rows 12, 15 and 18: no role is looked at, a trigger is called by whoever guesses it."""
    async with stock.member() as observer, stock.member() as ana:
        await observer.call("trame.trigger", "approve", ["Eve"], {})
        assert await ana.told("approved_by") == "Eve"
        await observer.set("role", "surgeon")
        assert await ana.told("role") == "surgeon"
        await observer.set("role", "observer")


@pytest.mark.parametrize("key", ["trame__template_main", "trame__vue_use", "trame__scripts"])
async def test_stock_trame_lets_one_page_put_code_into_the_others(
    stock: StockTrame, key: str
) -> None:
    """Row 13."""
    async with stock.member() as eve, stock.member() as ana:
        before = (await ana.state())[key]
        await eve.set(key, ["evil"])
        assert await ana.told(key) == ["evil"]
        await eve.set(key, before)


@pytest.mark.parametrize("ask", [("application.exit",), ("application.exit.later", 0)])
async def test_stock_trame_is_stopped_by_anybody(ask: tuple[object, ...]) -> None:
    """Row 14."""
    with StockTrame() as doomed:
        async with doomed.member() as eve:
            await eve.socket.send_bytes(call_frame(*ask))  # type: ignore[arg-type]
            assert await asyncio.to_thread(doomed.ended)


async def test_stock_trame_tells_whoever_asks_what_went_wrong_inside(stock: StockTrame) -> None:
    """Rows 33 and 34: with the patient's name and the traceback, to the page and to the log."""
    async with stock.member() as eve:
        answer = await eve.call("trame.trigger", "measure", ["bone"], {})
    assert "Doe^Jane^1961-canary" in answer["error"]["data"]["exception"]
    assert "Traceback" in answer["error"]["data"]["trace"]
    assert "Doe^Jane^1961-canary" in stock.log
