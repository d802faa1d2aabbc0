"""Work on one room of a data folder, opened for that alone."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from workspace.storage import default_data_folder, require_folder, rooms_in

if TYPE_CHECKING:
    from sessions.room import Room

T = TypeVar("T")


def folder_of(data: Path | None) -> Path:
    """Return the data folder that was given, or the usual one."""
    return require_folder(data or default_data_folder())


def with_room(
    data: Path | None, room_id: str, work: "Callable[[Room], Awaitable[T]]", *, new: bool = False
) -> T:
    """Run `work` on a room.

    Raises
    ------
    RoomError
        There is none, or a server has it open.
    """
    from sessions.lobby import Lobby

    async def run() -> T:
        lobby = Lobby(rooms_in(folder_of(data)))
        try:
            return await work(await (lobby.create(room_id) if new else lobby.open(room_id)))
        finally:
            await lobby.close()

    return asyncio.run(run())
