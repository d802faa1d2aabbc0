"""Two servers on one room where no lock keeps them apart, as on a network disk."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sessions.credentials import Credentials
from sessions.errors import FencedError, LogError
from sessions.eventlog import Idle
from sessions.plan.events import Entry
from sessions.plan.records import OperationId
from sessions.room import Room
from sessions.room_lock import RoomLock
from sessions.sqlite_log import FILE_NAME, SqliteLog, read_log, verify
from sessions.sqlite_writer import SqliteWriter
from tests.sessions.scene import ANA, Ticking, furnish, pin
from tests.sessions.test_eventlog import chain, talk

Act = Callable[[SqliteLog], Coroutine[Any, Any, object]]


async def opened_without_a_lock(folder: Path) -> SqliteLog:
    elsewhere = Path(tempfile.mkdtemp(dir=folder))
    return await SqliteLog.over(SqliteWriter(folder / FILE_NAME), RoomLock.take(elsewhere), "r")


@pytest.fixture
async def two(tmp_path: Path) -> AsyncIterator[tuple[SqliteLog, SqliteLog]]:
    """Return a log with an entry, and one of another server that has opened it since."""
    first = await opened_without_a_lock(tmp_path)
    await first.append(chain(1))
    second = await opened_without_a_lock(tmp_path)
    yield first, second
    await first.close()
    await second.close()


ACTS: dict[str, Act] = {
    "append": lambda log: log.append(chain(2)[1:], talk=[talk(2, "late")]),
    "idle": lambda log: log.append([], [Idle(OperationId("idle"), ANA, 1)]),
    "snapshot": lambda log: log.save_snapshot(1, b"late"),
    "credential": lambda log: Credentials(log.writer, Ticking()).issue(ANA),
    "read": lambda log: log.read(),
    "receipt": lambda log: log.recorded([OperationId("op1")]),
}


@pytest.mark.parametrize("act", ACTS)
async def test_who_had_the_room_before_records_nothing_more(
    two: tuple[SqliteLog, SqliteLog], tmp_path: Path, act: str
) -> None:
    """L13."""
    first, second = two
    for _ in range(2):
        with pytest.raises(FencedError, match="another server has taken this room over; this one"):
            await ACTS[act](first)
    assert verify(tmp_path) == 1
    assert await second.search("late") == ()
    assert await second.latest_snapshot() is None
    rows = await second.writer.run(
        lambda it: list(it.execute("SELECT * FROM idle UNION SELECT 1, 1, 1 FROM credentials"))
    )
    assert rows == []
    await ACTS[act](second)


async def test_a_server_that_was_fenced_off_says_so(two: tuple[SqliteLog, SqliteLog]) -> None:
    """L13."""
    first, second = two
    with pytest.raises(FencedError):
        await first.append(chain(2)[1:])
    assert first.health.failure is not None
    assert first.health.failure.startswith("another server has taken this room over")
    assert second.health.failure is None


async def test_a_room_that_was_fenced_off_tells_nobody_what_it_did_not_record(
    tmp_path: Path,
) -> None:
    """L13."""
    room = await furnish(await Room.over(await opened_without_a_lock(tmp_path), "r"))
    told: list[int] = []
    room.subscribe(lambda *_: told.append(1))
    taken_over = await Room.over(await opened_without_a_lock(tmp_path), "r")
    with pytest.raises(FencedError):
        await room.submit(ANA, OperationId("op"), pin())
    assert told == []
    assert "n1" not in room.plan.notes
    await taken_over.submit(ANA, OperationId("op"), pin())
    await room.close()
    assert (await taken_over.submit(ANA, OperationId("op2"), pin("n2"))).revision > 0
    await taken_over.close()


async def test_every_opening_takes_an_epoch_of_its_own(tmp_path: Path) -> None:
    """L13."""
    epochs = []
    for _ in range(3):
        log = await SqliteLog.open(tmp_path, "r")
        epochs.append(
            await log.writer.run(
                lambda it: it.execute("SELECT value FROM room WHERE key = 'epoch'").fetchone()
            )
        )
        await log.close()
    assert epochs == [("1",), ("2",), ("3",)]


STEPS = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(["open", "append", "append", "close"])),
    min_size=1,
    max_size=14,
)


@given(steps=STEPS)
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_of_servers_that_open_and_record_in_any_order_the_last_one_records(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, str]]
) -> None:
    """L13."""
    folder = tmp_path_factory.mktemp("room")
    servers: dict[int, SqliteLog] = {}
    recorded: list[Entry] = []
    latest: int | None = None
    for number, (server, act) in enumerate(steps):
        if act == "open":
            if server in servers:
                await servers.pop(server).close()
            servers[server] = await opened_without_a_lock(folder)
            latest = server
        elif server not in servers:
            continue
        elif act == "close":
            await servers.pop(server).close()
            latest = None if latest == server else latest
        else:
            entries = chain(1, recorded[-1] if recorded else None, at=f"by {server}, {number}")
            if server == latest:
                await servers[server].append(entries)
                recorded += entries
            else:
                with pytest.raises(FencedError):
                    await servers[server].append(entries)
    for log in servers.values():
        await log.close()
    if recorded or servers:
        assert read_log(folder) == tuple(recorded)


async def test_servers_that_record_at_the_same_time_never_mix(tmp_path: Path) -> None:
    """L13."""
    acknowledged: list[Entry] = []

    async def serve(name: str) -> None:
        log = await opened_without_a_lock(tmp_path)
        try:
            entries = (await log.read()).entries
            while len(entries) < 60:
                following = chain(1, entries[-1] if entries else None, at=name)
                await log.append(following)
                acknowledged.extend(following)
                entries = (*entries, *following)
        finally:
            await log.close()

    await (await opened_without_a_lock(tmp_path)).close()
    ends = await asyncio.gather(*(serve(name) for name in "abcd"), return_exceptions=True)
    assert all(isinstance(it, LogError) for it in ends if it is not None)
    await serve("e")
    assert read_log(tmp_path) == tuple(sorted(acknowledged, key=lambda it: it.revision))
    assert len(acknowledged) == 60
