"""A room with a long history: how it opens, and what a member who joins pays for.

Two rooms with as many entries: in one half of them are notes that stay, in the other a few notes
are reworded again and again. The peer of opening is the least that a room without snapshots
must do: read the same rows from the same file and decode them. What joins is compared with a room
that has the same plan and hardly any history.
"""

import asyncio
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

import apsw
import msgspec

from benchmarks.effort import FULL, Effort
from benchmarks.table import Row, row_of
from sessions.plan.casework import SYSTEM
from sessions.plan.commands import EditNote, MemberCommand, PinNote
from sessions.plan.events import Entry
from sessions.plan.records import (
    Anchor,
    MemberId,
    NoteId,
    OperationId,
    SolidId,
)
from sessions.room import Room
from sessions.sqlite_log import FILE_NAME
from tests.sessions.scene import SETUP

FEW: Final = 50
AT_ONCE: Final = 64
ROOM: Final = "bench"

MEMBERS: Final = (MemberId("ana"), MemberId("ben"))

_entries: Final = msgspec.json.Decoder(Entry)


def measure(effort: Effort = FULL) -> list[Row]:
    """Return opening, bytes to a joiner and memory of rooms with a long history."""
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        grown, old, young = base / "grown", base / "old", base / "young"
        for folder in (grown, old, young):
            folder.mkdir()
        many = effort.history // 2
        asyncio.run(_write(grown, effort.history, many))
        asyncio.run(_write(old, effort.history, FEW))
        asyncio.run(_write(young, 2 * FEW, FEW))
        what = f"a room of {effort.history} entries"
        read, less = "opened / its rows read and decoded", f"with {2 * FEW} entries"
        return [
            _opening(f"{what} on {many} notes: {read}", grown, effort),
            _opening(f"{what} on {FEW} notes: {read}", old, effort),
            _joining(f"{what} on {FEW} notes: bytes to a joiner / {less}", old, young),
            _memory(f"{what} on {FEW} notes: memory of the open room / {less}", old, young),
        ]


async def _write(folder: Path, count: int, notes: int) -> None:
    """Make a room of `count` entries in which at most so many notes are left."""
    room = await Room.open(folder, ROOM)
    for number, command in enumerate(SETUP):
        await room.submit(SYSTEM, OperationId(f"setup{number}"), command)
    first = room.revision
    for begin in range(0, count - first, AT_ONCE):
        numbers = range(begin, min(begin + AT_ONCE, count - first))
        await asyncio.gather(*(_ask(room, number, notes) for number in numbers))
    await room.close()


async def _ask(room: Room, number: int, notes: int) -> None:
    member_id = MEMBERS[(number % notes) % 2]
    await room.submit(member_id, OperationId(f"op{number}"), _command(number, notes))


def _command(number: int, notes: int) -> MemberCommand:
    note_id = NoteId(f"n{number % notes}")
    text = f"note {number}: mind the sinus here, and the bridging veins beside it"
    if number >= notes:
        return EditNote(note_id=note_id, text=text)
    anchor = Anchor(solid_id=SolidId("skull"), point_mm=(number % 9, 0.0, 0.0))
    return PinNote(note_id=note_id, anchor=anchor, text=text)


def _opening(name: str, folder: Path, effort: Effort) -> Row:
    pairs = [(asyncio.run(_open(folder)), _read_rows(folder)) for _ in range(effort.runs)]
    return row_of(name, pairs)


async def _open(folder: Path) -> float:
    began = time.perf_counter()
    room = await Room.open(folder, ROOM)
    room.view()
    took = time.perf_counter() - began
    await room.close()
    return took


def _read_rows(folder: Path) -> float:
    began = time.perf_counter()
    connection = apsw.Connection(str(folder / FILE_NAME))
    for (payload,) in connection.execute("SELECT payload FROM entries ORDER BY revision"):
        _entries.decode(payload)
    connection.close()
    return time.perf_counter() - began


def _joining(name: str, old: Path, young: Path) -> Row:
    sizes = [asyncio.run(_bytes_to_a_joiner(folder)) / 1000 for folder in (old, young)]
    return row_of(name, [(sizes[0], sizes[1])], "kB")


async def _bytes_to_a_joiner(folder: Path) -> int:
    room = await Room.open(folder, ROOM)
    size = len(msgspec.json.encode((room.view(), room.activity(50))))
    await room.close()
    return size


def _memory(name: str, old: Path, young: Path) -> Row:
    """Compare processes that do nothing but hold the room open."""
    pairs = [(_resident_mb(old), _resident_mb(young)) for _ in range(3)]
    return row_of(name, pairs, "MB")


def _resident_mb(folder: Path) -> float:
    command = [sys.executable, "-m", "benchmarks.long_room", str(folder)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


async def _hold_open(folder: Path) -> float:
    room = await Room.open(folder, ROOM)
    held_mb = _own_memory_mb()
    await room.close()
    return held_mb


def _own_memory_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6


if __name__ == "__main__":
    print(asyncio.run(_hold_open(Path(sys.argv[1]))))
