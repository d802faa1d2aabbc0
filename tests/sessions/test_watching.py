"""What a room tells whoever runs it."""

from pathlib import Path

import apsw
import pytest

from sessions.errors import LogError
from sessions.eventlog import MemoryLog
from sessions.plan.records import OperationId
from sessions.room import Room
from sessions.sqlite_log import SqliteLog
from sessions.sqlite_writer import Commit
from tests.sessions.failing_disk import FailingDisk
from tests.sessions.scene import ANA, furnish, pin


async def test_every_commit_is_told_a_failed_one_too(tmp_path: Path) -> None:
    """O1."""
    disk = FailingDisk("watched")
    room = await Room.over(await SqliteLog.open(tmp_path, "r", vfs="watched"), "r")
    told: list[Commit] = []
    room.watch_commits(told.append)
    await furnish(room)
    assert told
    assert all(it.jobs >= 1 and it.seconds > 0 and not it.failed for it in told)
    before = len(told)
    disk.failing_writes = apsw.FullError()
    with pytest.raises(LogError):
        await room.submit(ANA, OperationId("op"), pin())
    assert [it.failed for it in told[before:]] == [True]
    disk.failing_writes = None
    await room.close()
    disk.unregister()


async def test_a_room_says_whether_anybody_is_there_to_record(tmp_path: Path) -> None:
    """O1."""
    for room in (await Room.open(tmp_path, "r"), await Room.over(MemoryLog(), "r")):
        assert room.can_record
        room.watch_commits(lambda _: None)
        await room.close()
        assert not room.can_record
