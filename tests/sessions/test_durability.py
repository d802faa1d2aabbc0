"""What was acknowledged survives the end of the process."""

import subprocess
import sys
import time
from pathlib import Path

from sessions.plan.records import OperationId
from sessions.room import Room
from sessions.sqlite_log import FILE_NAME, verify
from sessions.state import hash_of, replay
from tests.sessions.scene import ANA, furnish, pin

KILLS = 20


async def test_nothing_acknowledged_is_lost_when_the_process_is_killed(tmp_path: Path) -> None:
    """L11."""
    room = await furnish(await Room.open(tmp_path, "r"))
    await room.submit(ANA, OperationId("pin"), pin())
    await room.close()
    acknowledged: set[str] = set()
    for life in range(KILLS):
        acknowledged |= _lines_of_a_life(tmp_path, life)
        assert verify(tmp_path) > 0
    room = await Room.open(tmp_path, "r")
    kept = {entry.operation_id for entry in (await room.entries())}
    assert len(acknowledged) > KILLS
    assert acknowledged <= kept
    assert hash_of(replay(await room.entries())) == room.state_hash
    await room.close()


def _lines_of_a_life(folder: Path, life: int) -> set[str]:
    """Start a writer, kill it in the middle of its work, return what it saw acknowledged."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.sessions.writing_until_killed", str(folder), f"life{life}"],
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        # Other moments in each life: between two commits, in a commit, in a checkpoint.
        time.sleep(0.003 * life)
        process.kill()
        rest = process.stdout.read()
    lines = (first + rest).decode().split("\n")
    return set(lines[:-1])  # the last one may be cut short


async def test_a_copy_of_the_file_taken_while_the_room_is_open_is_a_whole_log(
    tmp_path: Path,
) -> None:
    """L11."""
    folder, copy = tmp_path / "r", tmp_path / "copy"
    folder.mkdir()
    copy.mkdir()
    room = await furnish(await Room.open(folder, "r"))
    await room.submit(ANA, OperationId("pin"), pin())
    for name in (FILE_NAME, f"{FILE_NAME}-wal"):
        (copy / name).write_bytes((folder / name).read_bytes())
    again = await Room.open(copy, "r")
    assert again.state_hash == room.state_hash
    await again.close()
    await room.close()
