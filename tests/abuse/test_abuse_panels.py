"""What stock trame lets a page do to the server and to others, tried on our panels."""

import asyncio
import contextlib
import io
import itertools
from typing import Final

import pytest
from aiohttp import ClientError, WSMsgType, WSServerHandshakeError

from sessions.plan.records import Role
from tests.abuse.panels_line import panels_of
from tests.abuse.stock_trame import DEFAULT_SECRET, StockLine, call_frame
from tests.sessions.scene import pin
from tests.workspace.served_room import Guest, Served
from workspace.server import member_panels, panels_socket

CANARY: Final = "Doe^Jane^canary"


async def unanswered(line: StockLine, method: str, *args: object) -> None:
    """Ask, and see by the answer to a later question that there was none to this."""
    await line.socket.send_bytes(call_frame(method, *args, call_id="rpc:evil"))
    await line.state()
    assert all(it.get("id") != "rpc:evil" for it in line.heard)


async def test_the_secret_that_everybody_knows_opens_nothing(server: Served) -> None:
    """Row 3."""
    async with Guest.joining(server) as ana, Guest.arriving(server) as eve:
        eve.path = ana.path
        with pytest.raises(WSServerHandshakeError, match="401"):
            async with eve.raw_socket("trame"):
                pass
        async with ana.raw_socket("trame") as socket:
            hello = call_frame("wslink.hello", {"secret": DEFAULT_SECRET}, call_id="system:c0:0")
            await socket.send_bytes(hello)
            line = StockLine(socket)
            assert "error" in await line.answer("system:c0:0")
            assert (await line.socket.receive()).type == WSMsgType.CLOSE


async def test_no_page_puts_code_or_a_role_into_another(server: Served) -> None:
    """Row 13: neither into another member's nor into another of one's own."""
    async with (
        Guest.joining(server, Role.OBSERVER, "Eve") as eve,
        Guest.joining(server, name="Ana") as ana,
        panels_of(eve) as at_eve,
        panels_of(eve) as again_at_eve,
        panels_of(ana) as at_ana,
    ):
        before = await at_eve.state(), await at_ana.state()
        for key in ("trame__template_main", "trame__vue_use", "trame__scripts", "me", "base"):
            await at_eve.set(key, {"role": "owner", "owner": True, "editor": True})
        assert (await again_at_eve.state(), await at_ana.state()) == before


async def test_no_page_stops_the_server(server: Served) -> None:
    """Row 14."""
    async with Guest.joining(server) as eve, panels_of(eve) as line:
        await unanswered(line, "application.exit")
        await unanswered(line, "application.exit.later", 0)
        await unanswered(line, "trame.force.push", "me")
        async with eve.in_room() as room:
            await room.done(pin("n1", "bone"))


async def test_a_trigger_that_is_not_ones_own_does_nothing(server: Served) -> None:
    """Row 15: nor does one's own for which one's role is not enough."""
    async with Guest.joining(server, Role.OBSERVER) as eve, panels_of(eve) as line:
        for name in ("approve", "trigger__1", "__class__"):
            await unanswered(line, "trame.trigger", name, [], {})
        assert (await line.call("trame.trigger", "invitations", [], {}))["result"] is None
        assert not (await line.state())["invitations"]


MISUSED: Final[tuple[tuple[str, tuple[object, ...]], ...]] = (
    ("trame.state.get", (CANARY, CANARY)),
    ("trame.trigger", ("invitations", [CANARY], {})),
    ("trame.trigger", ("invitations",)),
    ("trame.trigger", ("invitations", CANARY, CANARY)),
    ("trame.lifecycle.update", ({"x": CANARY},)),
    ("trame.lifecycle.update", ()),
    ("trame.state.update", (CANARY,)),
)


async def test_no_page_is_told_what_went_wrong_inside(
    server: Served, logged: io.StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    """Row 34: no exception and no traceback, nor what was sent in the log."""
    async with Guest.joining(server, Role.OWNER) as eve, panels_of(eve) as line:
        for method, args in MISUSED:
            await line.socket.send_bytes(call_frame(method, *args, call_id="rpc:evil"))
        await line.state()
        told = str(line.heard)
    written = capfd.readouterr()
    assert "Traceback" not in told
    assert ".py" not in told
    assert CANARY not in told + written.out + written.err + logged.getvalue()


MALFORMED: Final[tuple[object, ...]] = (
    {"key": 5},
    {"key": []},
    {"key": {}},
    {"key": None},
    {},
    5,
    [[]],
    None,
)


async def test_a_malformed_change_reaches_nobody(server: Served) -> None:
    """Row 10."""
    async with (
        Guest.joining(server, name="Eve") as eve,
        Guest.joining(server, name="Ana") as ana,
        panels_of(eve) as at_eve,
        panels_of(ana) as at_ana,
    ):
        before = await at_ana.state()
        for change in MALFORMED:
            assert "error" not in await at_eve.call("trame.state.update", [change])
        assert not at_ana.heard
        assert await at_ana.state() == before


async def test_a_text_frame_closes_the_panels_line_and_is_not_logged(
    server: Served, logged: io.StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    """Row 9."""
    async with Guest.joining(server) as eve, panels_of(eve) as line:
        await line.socket.send_str(CANARY)
        async with asyncio.timeout(10):
            while (await line.socket.receive()).type == WSMsgType.BINARY:
                pass
        assert line.socket.closed
    written = capfd.readouterr()
    assert CANARY not in written.out + written.err + logged.getvalue()


async def test_who_says_nothing_to_their_panels_is_shown_out(
    server: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row 5: nor does whoever begins with anything else than a hello stay."""
    monkeypatch.setattr(panels_socket, "HELLO_WITHIN_S", 0.2)
    async with Guest.joining(server) as eve:
        for first in (None, call_frame("trame.state.get"), b"", b"x" * 100):
            async with eve.raw_socket("trame") as socket, asyncio.timeout(10):
                if first is not None:
                    await socket.send_bytes(first)
                while (await socket.receive()).type == WSMsgType.BINARY:
                    pass
                assert socket.closed


async def test_a_page_that_takes_nothing_of_its_panels_is_dropped(
    server: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows 24 and 25: though it answers pings; what waits for it would grow for as long."""
    monkeypatch.setattr(panels_socket, "STALLED_S", 0.2)
    monkeypatch.setattr(member_panels, "REFRESH_S", 0.0)
    hosted = await server.hosted()
    async with (
        Guest.joining(server, name="Ana") as ana,
        Guest.joining(server, name="Eve") as eve,
        ana.in_room() as at_ana,
        panels_of(eve) as stalled,
    ):
        lines = hosted.metrics.panel_sockets
        stalled.stall()
        for number in itertools.count():
            if lines._value.get() == 0:
                break
            with contextlib.suppress(ClientError, ConnectionError):
                await stalled.socket.pong()
            await at_ana.done(pin(f"n{number}", "bone", text="x" * 1900))
            await asyncio.sleep(0.01)
            assert number < 1000
        stalled.cut()
        async with panels_of(eve) as again:
            assert await again.state()


async def test_a_flood_of_calls_is_read_slowly_and_the_room_goes_on(
    server: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row 26."""
    monkeypatch.setattr(panels_socket, "CALL_BURST", 20.0)
    monkeypatch.setattr(panels_socket, "CALLS_PER_S", 10.0)
    async with (
        Guest.joining(server, name="Ana") as ana,
        Guest.joining(server, name="Eve") as eve,
        ana.in_room() as at_ana,
        panels_of(eve) as flooding,
    ):
        for number in range(1000):
            name = f"rpc:flood-{number}"
            await flooding.socket.send_bytes(call_frame("trame.state.get", call_id=name))
        await flooding.answer("rpc:flood-18")
        await at_ana.done(pin("n1", "bone"))
        with pytest.raises(TimeoutError):  # the last one's turn is in a minute and a half
            await asyncio.wait_for(flooding.answer("rpc:flood-999"), 0.3)
        flooding.cut()
