"""The rooms of a data folder: a folder each, open in one server at a time."""

import asyncio
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from sessions.errors import RoomError
from sessions.plan.events import Entry
from sessions.plan.requirements import ID_PATTERN
from sessions.room import Clock, NewId, Room, random_id, utc_now
from sessions.room_lock import RoomLock
from sessions.sqlite_log import FILE_NAME, SqliteLog

ROOMS_FOLDER: Final = "rooms"
"""In the data folder."""


class _Opened(NamedTuple):
    """A room that is open here, and its lock."""

    room: Room
    lock: RoomLock


class Lobby:
    """Opens, makes and closes rooms.

    Parameters
    ----------
    data_folder : Path
        Holds the folder ``rooms``, and in it a folder for each room, named by its id.
    """

    def __init__(
        self, data_folder: Path, *, clock: Clock = utc_now, new_id: NewId = random_id
    ) -> None:
        self._rooms_folder = data_folder / ROOMS_FOLDER
        self._clock = clock
        self._new_id = new_id
        self._opened: dict[str, _Opened] = {}
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

    def room_ids(self) -> tuple[str, ...]:
        """Return the ids of all rooms of the data folder, in order."""
        return tuple(sorted(path.parent.name for path in self._rooms_folder.glob(f"*/{FILE_NAME}")))

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
            if opened is not None:
                return opened.room
            folder = self.folder_of(room_id)
            if not (folder / FILE_NAME).is_file():
                raise RoomError(f"there is no room {room_id} in this data folder")
            return await self._open(folder, room_id)

    async def close(self) -> None:
        """Close all rooms that are open here."""
        async with self._turn:
            while self._opened:
                _, opened = self._opened.popitem()
                await opened.room.close()
                opened.lock.release()

    async def _open(self, folder: Path, room_id: str) -> Room:
        lock = RoomLock.take(folder)
        try:
            room = await Room.open(folder, room_id, clock=self._clock, new_id=self._new_id)
        except BaseException:
            lock.release()
            raise
        self._opened[room_id] = _Opened(room, lock)
        return room


async def _write(folder: Path, room_id: str, entries: Sequence[Entry]) -> None:
    """Write the log of a new room."""
    event_log = await SqliteLog.open(folder, room_id)
    try:
        await event_log.append(entries)
    finally:
        await event_log.close()
