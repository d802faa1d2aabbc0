import asyncio
import contextlib
import socket as sockets
from typing import Any, Final, get_args

import msgspec
import pytest
import structlog
from aiohttp import ClientWebSocketResponse, WSMsgType
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sessions.plan.commands import (
    ServerCommand,
    Undo,
)
from sessions.plan.records import Role
from sessions.protocol import (
    Acknowledged,
    Advanced,
    ClientMessage,
    Cursor,
    Presence,
    Refused,
)
from tests.sessions.every_command import EVERY_MEMBER_COMMAND
from tests.sessions.scene import measure, pin, place
from tests.workspace.served_room import Guest, Served
from workspace.server import connection, room_socket

FLOOD: Final = 600
"""Commands at once: three times what is let through, and no more than is read at once."""

CANARY: Final = "Doe^Jane-1961-canary"


async def reason_for_closing(socket: ClientWebSocketResponse) -> str:
    """Return the sentence that the server closes with, or nothing if it says none."""
    said = ""
    async with asyncio.timeout(10):
        while True:
            frame = await socket.receive()
            if frame.type != WSMsgType.TEXT:
                return said
            for told in msgspec.json.decode(frame.data):
                said = told["reason"] if told["type"] == "failure" else said


async def test_who_says_nothing_is_shown_out(
    server: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room_socket, "HELLO_WITHIN_S", 0.2)
    async with Guest.joining(server) as ana, ana.raw_socket() as socket:
        assert "must be a hello" in await reason_for_closing(socket)


@pytest.mark.parametrize(
    "first", ['{"type":"hello","protocol":1}', '{"type":"ping","sent_ms":1}', "[]", "", '{"type":']
)
async def test_the_first_message_must_be_a_hello_of_this_protocol(
    server: Served, first: str
) -> None:
    async with Guest.joining(server) as ana, ana.raw_socket() as socket:
        await socket.send_str(first)
        assert "must be a hello of protocol 3" in await reason_for_closing(socket)


MALFORMED: Final[dict[str, str | bytes]] = {
    "no json": CANARY,
    "unknown type": f'{{"type":"evil","x":"{CANARY}"}}',
    "unknown field": f'{{"type":"ping","sent_ms":1,"x":"{CANARY}"}}',
    "deep": "[" * 20_000 + CANARY,
    "too long": '{"type":"ping","sent_ms":1}' + " " * 200_000 + CANARY,
    "binary": CANARY.encode(),
    "presence too long": msgspec.json.encode(
        Presence(cursor=Cursor(solid_id=CANARY * 200, point_mm=(0, 0, 0)))  # type: ignore[arg-type]
    ).decode(),
    "not a number": '{"type":"ping","sent_ms":NaN}' + CANARY,
}


@pytest.mark.parametrize("frame", MALFORMED.values(), ids=MALFORMED)
async def test_a_bad_frame_closes_that_socket_only_and_stays_out_of_the_log(
    server: Served,
    frame: str | bytes,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with (
        Guest.joining(server, name="Ana") as ana,
        Guest.joining(server, name="Ben") as ben,
        ana.in_room() as at_ana,
        ben.in_room() as at_ben,
    ):
        if isinstance(frame, bytes):
            await at_ana.socket.send_bytes(frame)
        else:
            await at_ana.socket.send_str(frame)
        await reason_for_closing(at_ana.socket)
        assert at_ana.socket.closed
        await at_ben.done(pin("n1", "bone"))
        async with ana.in_room() as again:
            assert again.welcome.revision == (await server.hosted()).room.revision
    told = capfd.readouterr()
    assert CANARY not in told.out + told.err + caplog.text


def server_command_tags() -> list[str]:
    return [str(kind.__struct_config__.tag) for kind in get_args(ServerCommand)]


@pytest.mark.parametrize("tag", server_command_tags())
async def test_a_browser_cannot_even_name_a_servers_command(server: Served, tag: str) -> None:
    async with Guest.joining(server, Role.OWNER) as ana, ana.in_room() as line:
        await line.socket.send_str(
            f'{{"type":"submit","operation_id":"x","command":{{"type":"{tag}"}}}}'
        )
        assert "not of this protocol" in await line.farewell()


async def test_an_observer_changes_nothing_whatever_the_browser_sends(server: Served) -> None:
    room = (await server.hosted()).room
    async with (
        Guest.joining(server, Role.SURGEON, "Ben") as ben,
        Guest.joining(server, Role.OBSERVER, "Ole") as ole,
        ben.in_room() as at_ben,
        ole.in_room() as at_ole,
    ):
        await at_ben.done(pin("n1", "bone"))
        await at_ben.done(measure("m1", (0, 0, 1), (0, 0, 2), "bone"))
        await at_ben.done(place("c1", "bone"))
        before = room.revision, room.state_hash
        for command in EVERY_MEMBER_COMMAND:
            answer = await at_ole.ask(command)
            assert isinstance(answer, Refused)
            assert "as observer you may not do this" in answer.reason
        assert (room.revision, room.state_hash) == before


async def test_a_repeated_operation_is_one_event(server: Served) -> None:
    room = (await server.hosted()).room
    async with Guest.joining(server) as ana:
        async with ana.in_room() as line:
            first = await line.ask(pin("n1", "bone"), "same")
            again = await line.ask(pin("n1", "bone"), "same")
        async with ana.in_room() as line:  # as after a lost connection
            late = await line.ask(pin("n1", "bone"), "same")
    assert first == again == late
    assert isinstance(first, Acknowledged)
    assert [entry.operation_id for entry in (await room.entries())].count(first.operation_id) == 1


async def test_another_members_operation_id_is_refused(server: Served) -> None:
    async with (
        Guest.joining(server, name="Ana") as ana,
        Guest.joining(server, name="Ben") as ben,
        ana.in_room() as at_ana,
        ben.in_room() as at_ben,
    ):
        await at_ana.ask(pin("n1", "bone"), "same")
        assert isinstance(await at_ben.ask(pin("n2", "bone"), "same"), Refused)


async def test_what_two_members_do_at_once_reaches_both_in_one_order(server: Served) -> None:
    async with (
        Guest.joining(server, name="Ana") as ana,
        Guest.joining(server, name="Ben") as ben,
        ana.in_room() as at_ana,
        ben.in_room() as at_ben,
    ):

        async def pin_many(line: Any, name: str) -> None:  # noqa: ANN401 (a `Line`)
            for number in range(30):
                await line.done(pin(f"{name}{number}", "bone"))

        await asyncio.gather(pin_many(at_ana, "a"), pin_many(at_ben, "b"))
        room = (await server.hosted()).room
        for line in (at_ana, at_ben):
            while not any(
                isinstance(it, Advanced) and it.revision == room.revision for it in line.heard
            ):
                line.heard.append(await line.hear(Advanced))
        orders = [
            [(it.revision, it.operation_id) for it in line.heard if isinstance(it, Advanced)][-60:]
            for line in (at_ana, at_ben)
        ]
    assert orders[0] == orders[1]
    assert [revision for revision, _ in orders[0]] == list(
        range(room.revision - 59, room.revision + 1)
    )
    assert len(room.plan.notes) == 60


async def test_the_news_comes_before_the_acknowledgement(server: Served) -> None:
    async with Guest.joining(server) as ana, ana.in_room() as line:
        answer = await line.ask(pin("n1", "bone"))
        news = [it for it in line.heard if isinstance(it, Advanced)]
    assert isinstance(answer, Acknowledged)
    assert [(it.revision, it.can_undo, it.can_redo) for it in news] == [
        (answer.revision, True, False)
    ]


async def test_only_the_one_who_did_it_may_undo_it(server: Served) -> None:
    async with (
        Guest.joining(server, name="Ana") as ana,
        Guest.joining(server, name="Ben") as ben,
        ana.in_room() as at_ana,
        ben.in_room() as at_ben,
    ):
        await at_ana.done(pin("n1", "bone"))
        assert (await at_ben.hear(Advanced)).can_undo is False
        assert isinstance(await at_ben.ask(Undo()), Refused)
        await at_ana.done(Undo())
        assert not (await server.hosted()).room.plan.notes


async def test_a_flood_of_commands_is_throttled_and_the_room_goes_on(server: Served) -> None:
    async with (
        Guest.joining(server, name="Ana") as ana,
        Guest.joining(server, name="Ben") as ben,
        ana.in_room() as at_ana,
        ben.in_room() as at_ben,
    ):
        flood = asyncio.gather(
            *(at_ana.socket.send_str(submit_text(f"flood-{n}", f"n{n}")) for n in range(FLOOD))
        )
        await at_ben.done(pin("ben", "bone"))
        await flood
        answers = [await at_ana.hear(Acknowledged | Refused) for _ in range(FLOOD)]  # type: ignore[arg-type]
    refused = [it for it in answers if isinstance(it, Refused)]
    assert len(refused) > FLOOD / 2
    assert all("too many commands" in it.reason for it in refused)
    assert len((await server.hosted()).room.plan.notes) == FLOOD + 1 - len(refused)


def submit_text(operation_id: str, note_id: str) -> str:
    command = msgspec.json.encode(pin(note_id, "bone")).decode()
    return f'{{"type":"submit","operation_id":"{operation_id}","command":{command}}}'


async def test_a_reader_that_stalls_is_dropped_and_the_others_go_on(
    server: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "MAX_WAITING_BYTES", 256 * 1024)
    monkeypatch.setattr(room_socket, "COMMAND_BURST", 10_000.0)
    hosted = await server.hosted()
    async with (
        Guest.joining(server, name="Ana") as ana,
        Guest.joining(server, name="Slow") as slow,
        ana.in_room() as at_ana,
        slow.in_room() as at_slow,
    ):
        line = at_slow.socket._conn
        assert line is not None
        transport = line.transport
        assert transport is not None
        transport.get_extra_info("socket").setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
        transport.pause_reading()
        slowest = 0.0
        loop = asyncio.get_running_loop()
        stalled_at = loop.time()
        number = 0
        while slow.member_id in hosted.presence.present:
            number += 1
            began = loop.time()
            hosted.progress("job", "x" * 50_000, 1, 2)  # fills the line sooner than notes do
            await at_ana.done(pin(f"n{number}", "bone"))
            slowest = max(slowest, loop.time() - began)
            at_ana.heard.clear()
            assert number < 1000
        dropped_after = loop.time() - stalled_at
        transport.resume_reading()
    assert slowest < 2.0
    assert dropped_after < connection.STALLED_S  # by what waited, not for want of an answer


@settings(
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.one_of(
        st.text(max_size=300),
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.text(max_size=20),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(["type", "command", "operation_id", "plane", "x"]), inner
                )
            ),
            max_leaves=12,
        ).map(lambda value: msgspec.json.encode(value).decode()),
    )
)
def test_a_text_is_a_message_or_malformed(text: str) -> None:
    with contextlib.suppress(room_socket._MalformedError):
        assert isinstance(room_socket._decoded(text.encode()), ClientMessage)


async def test_a_fault_of_our_own_is_told_without_what_went_wrong(
    server: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    hosted = await server.hosted()

    async def fail(*_: object) -> None:
        raise RuntimeError(CANARY)

    monkeypatch.setattr(hosted, "submit", fail)
    async with Guest.joining(server) as ana, ana.in_room() as line:
        with structlog.testing.capture_logs():
            answer = await line.ask(pin("n1", "bone"))
    assert isinstance(answer, Refused)
    assert answer.reason == "a fault of our own; nothing was changed"
