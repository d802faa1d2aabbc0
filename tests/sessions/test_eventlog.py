"""One set of rules for every log."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from sessions.errors import LogError, StaleRevisionError
from sessions.eventlog import EventLog, Idle, MemoryLog
from sessions.plan.codec import FIRST_PREVIOUS_HASH, seal
from sessions.plan.events import Entry, MemberAdmitted
from sessions.plan.records import OperationId
from sessions.sqlite_log import SqliteLog
from tests.sessions.scene import ANA, MEMBERS


@pytest.fixture(params=["memory", "sqlite"])
async def log(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[EventLog]:
    log = MemoryLog() if request.param == "memory" else await SqliteLog.open(tmp_path, "r")
    yield log
    await log.close()


def chain(length: int, after: Entry | None = None) -> list[Entry]:
    """Return entries that follow each other."""
    entries: list[Entry] = []
    for _ in range(length):
        revision = after.revision + 1 if after else 1
        after = seal(
            Entry(
                revision=revision,
                operation_id=OperationId(f"op{revision}"),
                member_id=ANA,
                at="2026-01-02T03:04:05.000Z",
                events=(MemberAdmitted(member=MEMBERS[revision % 3]),),
                previous_hash=after.hash if after else FIRST_PREVIOUS_HASH,
                hash="",
            )
        )
        entries.append(after)
    return entries


async def test_what_was_appended_is_read(log: EventLog) -> None:
    """L3."""
    entries = chain(5)
    await log.append(entries[:2])
    await log.append(entries[2:])
    assert (await log.read()).entries == tuple(entries)


@pytest.mark.parametrize("revision", range(6))
async def test_a_log_is_read_from_any_revision(log: EventLog, revision: int) -> None:
    """L3."""
    entries = chain(5)
    await log.append(entries)
    assert (await log.read(revision)).entries == tuple(entries[revision:])


async def test_a_stale_append_records_nothing(log: EventLog) -> None:
    """L4."""
    first, second = chain(2)
    await log.append([first])
    with pytest.raises(StaleRevisionError, match="at revision 1, not at 0"):
        await log.append([first])
    with pytest.raises(StaleRevisionError, match="at revision 1, not at 1"):
        await log.append([replace(second, previous_hash="f" * 64)])
    assert (await log.read()).entries == (first,)


async def test_an_operation_is_recorded_once(log: EventLog) -> None:
    """L5."""
    (first,) = chain(1)
    await log.append([first])
    (second,) = chain(1, first)
    repeat = seal(replace(second, operation_id=first.operation_id))
    with pytest.raises(LogError, match="holds this operation already; nothing was recorded"):
        await log.append([repeat])
    assert (await log.read()).entries == (first,)
    await log.append([second])


async def test_all_of_a_batch_is_recorded_or_nothing(log: EventLog) -> None:
    """L4."""
    first, second, third = chain(3)
    with pytest.raises(StaleRevisionError):
        await log.append([first, third])
    assert (await log.read()).entries == ()
    await log.append([first, second, third])


async def test_operations_that_changed_nothing_are_remembered(log: EventLog) -> None:
    """L5."""
    idle = Idle(OperationId("idle"), ANA, 0)
    await log.append([], [idle])
    await log.append(chain(1))
    history = await log.read()
    assert history.idle == (idle,)
    assert len(history.entries) == 1


async def test_an_empty_append_is_fine(log: EventLog) -> None:
    """L3."""
    await log.append([])
    assert (await log.read()).entries == ()
