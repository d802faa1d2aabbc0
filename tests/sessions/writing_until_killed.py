"""Processes that ask a room for one edit after the other, and are killed in the middle of it.

Each line of the input is a life: a name, whether its time runs from its first acknowledgement, and
how long it lasts. A fork of this process, which has imported everything already, lives it. Each
line of the output is a list of the operations that it saw acknowledged.
"""

import asyncio
import json
import os
import select
import signal
import sys
import time
from pathlib import Path

from sessions.plan.commands import EditNote
from sessions.plan.records import MemberId, NoteId, OperationId
from sessions.room import Room
from tests.sessions.scene import ANA, BEN

NO_ANSWER_S = 60.0


async def write(folder: Path, life: str, acknowledged: int) -> None:
    """Edit two notes with four hands at once, until killed."""
    room = await Room.open(folder, "r")

    async def hand(name: str, member_id: MemberId, note_id: str) -> None:
        number = 0
        while True:
            number += 1
            operation_id = OperationId(f"{life}-{name}-{number}")
            command = EditNote(note_id=NoteId(note_id), text=operation_id)
            await room.submit(member_id, operation_id, command)
            os.write(acknowledged, f"{operation_id}\n".encode())

    await asyncio.gather(
        hand("a", ANA, "n1"), hand("b", ANA, "n1"), hand("c", BEN, "n2"), hand("d", BEN, "n2")
    )


def live(folder: Path, life: str, *, from_first: bool, seconds: float) -> list[str]:
    """Return what a process saw acknowledged before it was killed."""
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(reading)
        try:
            asyncio.run(write(folder, life, writing))
        finally:
            os._exit(1)
    os.close(writing)
    if from_first:
        select.select([reading], [], [], NO_ANSWER_S)
    time.sleep(seconds)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    with os.fdopen(reading, encoding="ascii") as pipe:
        lines = pipe.read().split("\n")
    return lines[:-1]  # the last one may be cut short


if __name__ == "__main__":
    for line in sys.stdin:
        name, from_first, seconds = line.split()
        lived = live(
            Path(sys.argv[1]), name, from_first=from_first == "first", seconds=float(seconds)
        )
        sys.stdout.write(json.dumps(lived) + "\n")
        sys.stdout.flush()
