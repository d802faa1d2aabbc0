"""What only a log on disk can do: fail, and be damaged."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import apsw
import pytest
import structlog

from sessions.errors import DamagedLogError, LogError, RoomError, StaleRevisionError
from sessions.eventlog import Health
from sessions.plan.commands import EditNote
from sessions.plan.events import Entry
from sessions.plan.records import NoteId, OperationId
from sessions.room import Room
from sessions.sqlite_log import FILE_NAME, SqliteLog, verify
from tests.sessions.failing_disk import FailingDisk
from tests.sessions.scene import ANA, Ticking, counted, furnish, pin
from tests.sessions.test_eventlog import chain, talk


async def written(folder: Path, length: int = 6) -> None:
    log = await SqliteLog.open(folder, "r")
    await log.append(chain(length))
    await log.close()


def change(folder: Path, statement: str, *values: object) -> None:
    with closing(apsw.Connection(str(folder / FILE_NAME))) as connection:
        connection.execute(statement, values)


async def test_an_intact_log_is_verified(tmp_path: Path) -> None:
    """L6."""
    await written(tmp_path)
    assert verify(tmp_path) == 6


async def test_a_log_is_verified_while_it_is_written(tmp_path: Path) -> None:
    """L6."""
    log = await SqliteLog.open(tmp_path, "r")
    entries = chain(300)
    writing = asyncio.create_task(_append_one_by_one(log, entries))
    counts = []
    while not writing.done():
        counts.append(await asyncio.to_thread(verify, tmp_path))
    await writing
    assert counts == sorted(counts)
    assert verify(tmp_path) == 300
    await log.close()


async def _append_one_by_one(log: SqliteLog, entries: list[Entry]) -> None:
    for entry in entries:
        await log.append([entry])


@pytest.mark.parametrize("column", ["payload", "hash", "operation_id"])
@pytest.mark.parametrize("revision", [1, 4, 6])
async def test_one_flipped_bit_is_named_by_its_revision(
    tmp_path: Path, column: str, revision: int
) -> None:
    """L6."""
    await written(tmp_path)
    where = f"FROM entries WHERE revision = {revision}"
    with closing(apsw.Connection(str(tmp_path / FILE_NAME))) as connection:
        ((value,),) = connection.execute(f"SELECT {column} {where}")
    as_bytes = bytearray(value if isinstance(value, bytes) else value.encode())
    as_bytes[len(as_bytes) // 2] ^= 1
    flipped = bytes(as_bytes) if isinstance(value, bytes) else as_bytes.decode()
    change(tmp_path, f"UPDATE entries SET {column} = ? WHERE revision = ?", flipped, revision)
    with pytest.raises(DamagedLogError, match=f"damaged at revision {revision}: ") as caught:
        verify(tmp_path)
    assert caught.value.revision == revision
    with pytest.raises(DamagedLogError):
        await Room.open(tmp_path, "r")


@pytest.mark.parametrize(
    ("statement", "revision"),
    [
        ("DELETE FROM entries WHERE revision = 3", 3),
        ("DELETE FROM entries WHERE revision = 6", 6),
        ("DELETE FROM entries", 1),
        ("UPDATE entries SET revision = 9 WHERE revision = 2", 2),
        (
            "UPDATE entries SET (payload, hash) = "  # noqa: ISC004 (one statement)
            "(SELECT payload, hash FROM entries WHERE revision = 5) WHERE revision = 4",
            4,
        ),
    ],
)
async def test_deleted_and_reordered_entries_are_named(
    tmp_path: Path, statement: str, revision: int
) -> None:
    """L6."""
    await written(tmp_path)
    change(tmp_path, statement)
    with pytest.raises(DamagedLogError) as caught:
        verify(tmp_path)
    assert caught.value.revision == revision


async def test_an_entry_added_behind_the_head_is_named(tmp_path: Path) -> None:
    """L6."""
    await written(tmp_path, 2)
    change(tmp_path, "UPDATE room SET value = '1' WHERE key = 'head_revision'")
    with pytest.raises(DamagedLogError, match="revision 2"):
        verify(tmp_path)


async def test_a_file_of_garbage_is_refused_with_a_sentence(tmp_path: Path) -> None:
    """L6."""
    (tmp_path / FILE_NAME).write_bytes(b"no database at all" * 100)
    with pytest.raises(LogError, match="damaged"):
        verify(tmp_path)
    with pytest.raises(LogError, match="the room's file is damaged"):
        await Room.open(tmp_path, "r")


def test_a_folder_without_a_log_is_refused_with_a_sentence(tmp_path: Path) -> None:
    """L6."""
    with pytest.raises(LogError, match=r"there is no room.sqlite in .*; give the folder"):
        verify(tmp_path)


async def test_a_log_of_another_room_or_version_is_refused(tmp_path: Path) -> None:
    """L7."""
    await written(tmp_path)
    with pytest.raises(LogError, match="another room"):
        await SqliteLog.open(tmp_path, "other")
    change(tmp_path, "UPDATE room SET value = '99' WHERE key = 'schema_version'")
    with pytest.raises(LogError, match="newer version of Commissure; update this one"):
        await SqliteLog.open(tmp_path, "r")
    with pytest.raises(LogError, match="newer version of Commissure; update this one"):
        verify(tmp_path)


async def test_a_room_is_open_in_one_place_at_a_time(tmp_path: Path) -> None:
    """L8."""
    log = await SqliteLog.open(tmp_path, "r")
    with pytest.raises(RoomError, match="is open in another server"):
        await SqliteLog.open(tmp_path, "r")
    await log.close()
    again = await SqliteLog.open(tmp_path, "r")
    await again.close()


async def test_a_folder_that_is_missing_is_refused_with_a_sentence(tmp_path: Path) -> None:
    """L8."""
    with pytest.raises(RoomError, match="cannot be used; check that it is there"):
        await SqliteLog.open(tmp_path / "none", "r")


async def test_cancelled_appends_leave_a_log_that_goes_on(tmp_path: Path) -> None:
    """L9."""
    log = await SqliteLog.open(tmp_path, "r")
    last = None
    for wait in range(60):
        entries = chain(3, last)
        task = asyncio.create_task(log.append(entries))
        for _ in range(wait % 5):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        found = (await log.read()).entries
        assert not found or found[-1].revision % 3 == 0  # all three, or none
        last = found[-1] if found else None
    await log.close()
    assert verify(tmp_path) == (last.revision if last else 0)


@pytest.fixture
def disk() -> Iterator[FailingDisk]:
    disk = FailingDisk("failing")
    yield disk
    disk.failing_writes = disk.failing_syncs = None


async def opened(folder: Path, disk: FailingDisk) -> Room:
    log = await SqliteLog.open(folder, "r", vfs=disk.name)
    return await furnish(await Room.over(log, "r", clock=Ticking(), new_id=counted()))


def full(disk: FailingDisk) -> None:
    disk.failing_writes = apsw.FullError("disk is full")


def broken(disk: FailingDisk) -> None:
    disk.failing_syncs = apsw.IOError("fsync failed")


@pytest.mark.parametrize(
    ("failure", "sentence"),
    [
        (full, "the room's disk is full; nothing was recorded; free some space"),
        (broken, "the room's disk cannot be written or read"),
    ],
)
async def test_a_disk_that_fails_acknowledges_nothing_and_the_room_stays_readable(
    tmp_path: Path,
    disk: FailingDisk,
    failure: Callable[[FailingDisk], None],
    sentence: str,
) -> None:
    """L10."""
    room = await opened(tmp_path, disk)
    await room.submit(ANA, OperationId("op1"), pin("n1"))
    told: list[int] = []
    room.subscribe(lambda entry, *_: told.append(entry.revision))
    failure(disk)
    for number in range(3):
        with pytest.raises(LogError, match=sentence):
            await room.submit(ANA, OperationId(f"lost{number}"), pin(f"x{number}"))
    assert (set(room.view()["notes"]), told) == ({"n1"}, [])
    disk.failing_writes = disk.failing_syncs = None
    await room.submit(ANA, OperationId("op2"), pin("n2"))
    assert {"n1", "n2"} <= set(room.plan.notes)
    expected = room.state_hash
    await room.close()
    again = await Room.open(tmp_path, "r")
    assert again.state_hash == expected
    await again.close()


@pytest.mark.parametrize("failure", [full, broken])
async def test_what_happened_can_be_read_from_a_disk_that_takes_no_writes(
    tmp_path: Path, disk: FailingDisk, failure: Callable[[FailingDisk], None]
) -> None:
    """L10."""
    log = await SqliteLog.open(tmp_path, "r", vfs=disk.name)
    entries = chain(5)
    await log.append(entries, talk=[talk(5, "mind the sinus")])
    await log.save_snapshot(4, b"state")
    failure(disk)
    for _ in range(2):
        with pytest.raises(LogError):
            await log.save_snapshot(5, b"lost")
        assert (await log.read(2)).entries == tuple(entries[2:])
        assert len(await log.search("sinus")) == 1
        assert (await log.latest_snapshot()) is not None
    disk.failing_writes = disk.failing_syncs = None
    await log.append(chain(1, entries[-1]))
    assert len((await log.read()).entries) == 6
    await log.close()


@pytest.mark.parametrize(
    ("failure", "sentence"), [(full, "the room's disk is full"), (broken, "the room's disk cannot")]
)
async def test_a_log_that_cannot_record_says_why_and_since_when(
    tmp_path: Path,
    disk: FailingDisk,
    failure: Callable[[FailingDisk], None],
    sentence: str,
) -> None:
    """L15."""
    log = await SqliteLog.open(tmp_path, "r", vfs=disk.name)
    assert log.health == Health()
    with structlog.testing.capture_logs() as told:
        failure(disk)
        with pytest.raises(LogError):
            await log.append(chain(1))
        failed = log.health
        assert failed.failure is not None
        assert failed.failure.startswith(sentence)
        assert failed.since is not None
        await log.read()  # which may succeed, and proves nothing
        assert await log.probe() == failed == log.health
        disk.failing_writes = disk.failing_syncs = None
        await log.read()
        assert log.health == failed
        assert await log.probe() == Health()
    events = [(it["event"], it["log_level"]) for it in told]
    assert events == [("log.cannot_record", "error"), ("log.records_again", "info")]
    await log.close()


async def test_a_refusal_says_nothing_of_the_disk(tmp_path: Path) -> None:
    """L15."""
    log = await SqliteLog.open(tmp_path, "r")
    with pytest.raises(StaleRevisionError):
        await log.append(chain(2)[1:])
    assert log.health == Health()
    await log.close()


async def test_a_snapshot_that_was_changed_is_passed_over(tmp_path: Path) -> None:
    """L18."""
    await written(tmp_path)
    log = await SqliteLog.open(tmp_path, "r")
    for revision in (2, 4, 6):
        await log.save_snapshot(revision, b"state %d" % revision)
    change(tmp_path, "UPDATE snapshots SET payload = x'00' WHERE revision = 6")
    with structlog.testing.capture_logs() as told:
        found = await log.latest_snapshot()
    assert found is not None
    assert found.revision == 4
    assert [(it["event"], it["revision"]) for it in told] == [("snapshot.damaged", 6)]
    # One of another history: whole in itself, but of an entry that is another one here.
    change(tmp_path, "UPDATE entries SET hash = 'f' || substr(hash, 2) WHERE revision = 4")
    found = await log.latest_snapshot()
    assert found is not None
    assert found.revision == 2
    await log.close()


async def test_a_file_that_may_not_grow_is_a_full_disk(tmp_path: Path) -> None:
    """L10."""
    log = await SqliteLog.open(tmp_path, "r")
    room = await furnish(await Room.over(log, "r"))
    pages = await log.writer.run(lambda connection: connection.pragma("page_count"))
    await log.writer.run(lambda connection: connection.pragma("max_page_count", pages + 20))

    async def fill() -> None:
        for number in range(1000):
            await room.submit(ANA, OperationId(f"op{number}"), pin(f"n{number}", text="x" * 2000))

    with pytest.raises(LogError, match="disk is full; nothing was recorded"):
        await fill()
    acknowledged = set(room.plan.notes)
    await log.writer.run(lambda connection: connection.pragma("max_page_count", 1_000_000))
    await room.submit(ANA, OperationId("after"), EditNote(note_id=NoteId("n0"), text="x"))
    await room.close()
    again = await Room.open(tmp_path, "r")
    assert set(again.plan.notes) == acknowledged
    await again.close()


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    asyncio_log = logging.getLogger("asyncio")
    level = asyncio_log.level
    asyncio_log.setLevel(logging.CRITICAL)
    yield
    asyncio_log.setLevel(level)
