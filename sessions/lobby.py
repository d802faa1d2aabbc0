"""The rooms of a folder: a folder each, open in one server at a time."""

import asyncio
import shutil
from collections.abc import Sequence
from pathlib import Path

from sessions.errors import RoomError
from sessions.plan.events import Entry
from sessions.plan.records import RoomId
from sessions.plan.requirements import ID_PATTERN
from sessions.room import Clock, NewId, Room, random_id, utc_now
from sessions.room_lock import RoomLock
from sessions.sqlite_log import FILE_NAME, SqliteLog


class Lobby:
    """Opens, makes and closes rooms.

    Parameters
    ----------
    rooms_folder : Path
        Holds a folder for each room, named by its id; made with the first room.
    """

    def __init__(
        self, rooms_folder: Path, *, clock: Clock = utc_now, new_id: NewId = random_id
    ) -> None:
        self._rooms_folder = rooms_folder
        self._clock = clock
        self._new_id = new_id
        self._opened: dict[str, Room] = {}
        self._turn = asyncio.Lock()

    def folder_of(self, room_id: str) -> Path:
        """Return the folder of a room, whether or not it is there.

        Raises
        ------
        RoomError
            The id is none, for example ``../other``.
        """
        if not ID_PATTERN.fullmatch(room_id):
            raise RoomError("a room's id has 1 to 64 letters, digits, hyphens or underscores")
        return self._rooms_folder / room_id

    def room_ids(self) -> tuple[RoomId, ...]:
        """Return the ids of all rooms, in order."""
        found = self._rooms_folder.glob(f"*/{FILE_NAME}")
        return tuple(RoomId(name) for name in sorted(path.parent.name for path in found))

    async def create(self, room_id: str, entries: Sequence[Entry] = ()) -> Room:
        """Make a new room; with `entries` of an archive, it goes on from there.

        Raises
        ------
        RoomError
            There is one of that id already.
        LogError
            It cannot be written; nothing is left behind.
        """
        async with self._turn:
            folder = self.folder_of(room_id)
            self._rooms_folder.mkdir(parents=True, exist_ok=True)
            try:
                folder.mkdir()
            except FileExistsError as error:
                raise RoomError(f"there is a room {room_id} already; take another name") from error
            try:
                await _write(folder, room_id, entries)
                return await self._open(folder, room_id)
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise

    async def open(self, room_id: str) -> Room:
        """Return a room that there is, opened if it is not open yet.

        Raises
        ------
        RoomError
            There is no such room, or another server has it open.
        LogError
            Its log cannot be read.
        """
        async with self._turn:
            opened = self._opened.get(room_id)
            if opened is not None and not opened.is_closed:
                return opened
            folder = self.folder_of(room_id)
            if not (folder / FILE_NAME).is_file():
                raise RoomError(
                    f"there is no room {room_id} here; `commissure room list` shows those there are"
                )
            return await self._open(folder, room_id)

    def remove(self, room_id: str) -> None:
        """Delete the folder of a closed room: for one that never came to life.

        Raises
        ------
        RoomError
            There is no such room, or it is open.
        """
        folder = self.folder_of(room_id)
        room = self._opened.pop(room_id, None)
        if room is not None and not room.is_closed:
            self._opened[room_id] = room
            raise RoomError(f"room {room_id} is open; close it first")
        if not folder.is_dir():
            raise RoomError(f"there is no room {room_id} here; nothing was removed")
        lock = RoomLock.take(folder)
        try:
            shutil.rmtree(folder)
        finally:
            lock.release()

    async def close(self) -> None:
        """Close all rooms that are open here."""
        async with self._turn:
            while self._opened:
                _, room = self._opened.popitem()
                await room.close()

    async def _open(self, folder: Path, room_id: str) -> Room:
        room = await Room.open(folder, room_id, clock=self._clock, new_id=self._new_id)
        self._opened[room_id] = room
        return room


async def _write(folder: Path, room_id: str, entries: Sequence[Entry]) -> None:
    """Write the log of a new room."""
    event_log = await SqliteLog.open(folder, room_id)
    try:
        await event_log.append(entries)
    finally:
        await event_log.close()
