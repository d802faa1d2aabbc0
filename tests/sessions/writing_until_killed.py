"""A process that asks a room for one edit after the other and prints each that is acknowledged."""

import asyncio
import sys
from pathlib import Path

from sessions.plan.commands import EditNote
from sessions.plan.records import NoteId, OperationId
from sessions.room import Room
from tests.sessions.scene import ANA


async def write(folder: Path, life: str) -> None:
    """Edit the note with four hands at once, until killed."""
    room = await Room.open(folder, "r")

    async def hand(name: str) -> None:
        number = 0
        while True:
            number += 1
            operation_id = OperationId(f"{life}-{name}-{number}")
            command = EditNote(note_id=NoteId("n1"), text=operation_id)
            await room.submit(ANA, operation_id, command)
            sys.stdout.write(f"{operation_id}\n")
            sys.stdout.flush()

    await asyncio.gather(*(hand(name) for name in "abcd"))


if __name__ == "__main__":
    asyncio.run(write(Path(sys.argv[1]), sys.argv[2]))
