"""What was acknowledged survives the end of the process."""

import json
import random
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from sessions.plan.commands import Undo
from sessions.plan.records import OperationId
from sessions.room import Room
from sessions.sqlite_log import FILE_NAME, iterate_log, verify
from sessions.state import State, advance, hash_of, replay
from tests.sessions.scene import ANA, BEN, Ticking, furnish, pin

LONGEST_WORK_S: Final = 0.02
"""From the first acknowledgement: between commits, and in one."""

LONGEST_LIFE_S: Final = 0.06
"""From the first breath: while the room is opened, too, and its log is cut short."""


@pytest.mark.parametrize("kills", [200, pytest.param(1000, marks=pytest.mark.soak)])
async def test_nothing_acknowledged_is_lost_when_the_process_is_killed(
    tmp_path: Path, kills: int
) -> None:
    """L11; each life goes on with the room that the one before left."""
    room = await furnish(await Room.open(tmp_path, "r"))
    await room.submit(ANA, OperationId("pin"), pin())
    await room.submit(BEN, OperationId("pin2"), pin("n2"))
    await room.close()
    state = replay(iterate_log(tmp_path))
    acknowledged = 0
    with _lives_in(tmp_path) as lives:
        chance = random.Random(kills)
        for life in range(kills):
            seen = _seen_in_a_life(lives, f"life{life}", chance)
            state, recorded = await _what_is_left(tmp_path, state)
            assert seen <= recorded, f"life {life}"
            acknowledged += len(seen)
    assert acknowledged > kills / 2, f"only {acknowledged}: too little to lose"
    assert verify(tmp_path) == state.revision
    assert hash_of(replay(iterate_log(tmp_path))) == hash_of(state)


def _lives_in(folder: Path) -> subprocess.Popen[str]:
    """Return what makes processes that live in a room and are killed."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.sessions.writing_until_killed", str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _seen_in_a_life(lives: subprocess.Popen[str], name: str, chance: random.Random) -> set[str]:
    """Let a process live and be killed; return what it saw acknowledged."""
    assert lives.stdin is not None
    assert lives.stdout is not None
    if chance.random() < 0.7:
        lives.stdin.write(f"{name} first {chance.uniform(0, LONGEST_WORK_S)}\n")
    else:
        lives.stdin.write(f"{name} breath {chance.uniform(0, LONGEST_LIFE_S)}\n")
    lives.stdin.flush()
    return set(json.loads(lives.stdout.readline()))


async def _what_is_left(folder: Path, state: State) -> tuple[State, set[str]]:
    """Open the room; return the replay of its log, which it equals, and the operations of a life.

    The chain is checked from where the last life left it, and as a whole in the end.
    """
    room = await Room.open(folder, "r")
    recorded = set()
    for entry in await room.entries(state.revision):
        state = advance(state, entry).state
        recorded.add(str(entry.operation_id))
    assert room.revision == state.revision
    assert room.state_hash == hash_of(state)
    await room.close()
    return state, recorded


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


async def test_a_clock_that_goes_back_an_hour_changes_no_order(tmp_path: Path) -> None:
    """L21."""
    clock = Ticking()
    room = await furnish(await Room.open(tmp_path, "r", clock=clock))
    for number in range(3):
        await room.submit(ANA, OperationId(f"op{number}"), pin(f"n{number}"))
        clock.now -= timedelta(hours=1)
    stamps = [entry.at for entry in (await room.entries())[-3:]]
    assert stamps == sorted(stamps, reverse=True)
    assert [it.revision for it in room.activity(3)] == [room.revision - n for n in (2, 1, 0)]
    undone = await room.submit(ANA, OperationId("undo"), Undo())
    assert undone.entry is not None
    assert undone.entry.undoes == "op2"  # the last one, not the one with the latest stamp
    left = room.state_hash
    await room.close()
    again = await Room.open(tmp_path, "r", clock=clock)
    assert again.state_hash == left
    assert (await again.submit(ANA, OperationId("op1"), pin("n1"))).revision == room.revision - 2
    await again.close()
