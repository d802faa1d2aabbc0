"""A lock on a room's folder: one server at a time."""

import fcntl
import os
from pathlib import Path
from typing import Final, Self

from sessions.errors import RoomError

LOCK_NAME: Final = "room.lock"


class RoomLock:
    """Held until released, or until the process ends, however it ends."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    @classmethod
    def take(cls, folder: Path) -> Self:
        """Lock a room's folder.

        Raises
        ------
        RoomError
            Another server has the room open, or the folder is missing.
        """
        try:
            descriptor = os.open(folder / LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise RoomError(
                f"the folder of room {folder.name} cannot be used; check that it is there and "
                "may be written to"
            ) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(descriptor)
            raise RoomError(
                f"room {folder.name} is open in another server; stop that one or open it there"
            ) from error
        return cls(descriptor)

    def release(self) -> None:
        """Let go of the folder."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)
