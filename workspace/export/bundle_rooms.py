"""A room of this data folder made of a bundle: whole, or not at all."""

import asyncio
from pathlib import Path

from sessions.errors import RoomError
from sessions.lobby import Lobby
from sessions.plan.records import RoomId
from workspace.errors import BundleError
from workspace.export.bundle import read_bundle
from workspace.storage import (
    blobs_in,
    disk_errors_told,
    keeping_together,
    make_data_folder,
    rooms_in,
)


def import_bundle(bundle: Path, data: Path, room_id: str | None) -> tuple[RoomId, str]:
    """Return the id and the state hash of a new room made of a bundle.

    Parameters
    ----------
    room_id : str or None
        None: the file's name without its suffix.

    Raises
    ------
    BundleError
        The file is no bundle, or was damaged or tampered with.
    RoomError
        There is a room of that id already.
    ServingError
        The data folder cannot be written.
    """
    if not bundle.is_file():
        raise BundleError(f"there is no file {bundle}; name a .commissure file")
    name = room_id or bundle.name.removesuffix(".commissure")
    lobby = Lobby(rooms_in(data))
    try:
        taken = lobby.folder_of(name).exists()
    except RoomError as error:
        raise RoomError(f"{error}; name the new room with --as") from error
    if taken:
        raise RoomError(f"there is a room {name} already; give the new one another id with --as")
    make_data_folder(data)
    with disk_errors_told(data), keeping_together(blobs_in(data)) as keep:
        entries = read_bundle(bundle, keep)

        async def make() -> str:
            try:
                return (await lobby.create(name, entries)).state_hash
            finally:
                await lobby.close()

        return RoomId(name), asyncio.run(make())
