"""The rooms of a folder: a folder each, open in one server at a time."""

import asyncio
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from sessions.errors import RoomError
from sessions.plan.events import Entry
from sessions.plan.records import RoomId
from sessions.plan.requirements import ID_PATTERN
from sessions.room import Clock, NewId, Room, random_id, utc_now
from sessions.room_lock import RoomLock
from sessions.sqlite_log import FILE_NAME, SqliteLog

SET_ASIDE_NAME: Final = "set_aside_at"
"""In the folder of a room that is out of serving: since when (ISO 8601)."""


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
        lock = self._take_closed(room_id, folder)
        try:
            shutil.rmtree(folder)
        finally:
            lock.release()

    def set_aside(self, room_id: str, folder: Path) -> Path:
        """Move a closed room into another folder of the same disk; return where it lies.

        Raises
        ------
        RoomError
            There is no such room, or it is open.
        """
        source = self.folder_of(room_id)
        lock = self._take_closed(room_id, source)
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            (source / SET_ASIDE_NAME).write_text(self._clock().isoformat())
            place = folder / f"{room_id}.{self._new_id()}"
            source.rename(place)
        finally:
            lock.release()
        return place

    def bring_back(self, room_id: str, place: Path) -> None:
        """Move a room that was set aside back among the others.

        Raises
        ------
        RoomError
            It is not there any more, or another room has its id by now.
        """
        target = self.folder_of(room_id)
        if target.exists():
            raise RoomError(f"there is another room {room_id} by now; take that one away first")
        try:
            place.rename(target)
        except FileNotFoundError as error:
            raise RoomError(
                f"room {room_id} is not there any more; restore it from a backup"
            ) from error
        (target / SET_ASIDE_NAME).unlink(missing_ok=True)

    async def close(self) -> None:
        """Close all rooms that are open here."""
        async with self._turn:
            while self._opened:
                _, room = self._opened.popitem()
                await room.close()

    def _take_closed(self, room_id: str, folder: Path) -> RoomLock:
        """Lock a room that nobody has open."""
        room = self._opened.pop(room_id, None)
        if room is not None and not room.is_closed:
            self._opened[room_id] = room
            raise RoomError(f"room {room_id} is open; close it first")
        if not folder.is_dir():
            raise RoomError(f"there is no room {room_id} here; nothing was removed")
        return RoomLock.take(folder)

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
