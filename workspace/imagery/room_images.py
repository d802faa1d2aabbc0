"""Which stored volume a room was made of: a note beside the room's log.

It is not in the log. A log travels, and one that came from elsewhere could name a volume that
happens to lie here; only who made the room here, from images that were imported with it, may say
that its members see them.
"""

from pathlib import Path
from typing import Final

import msgspec

from imaging.image_files.replacing import replacing
from sessions.plan.records import RoomId
from workspace.storage import rooms_in

FILE_NAME: Final = "images.json"
LONGEST_BYTES: Final = 64 * 1024


class RoomImages(msgspec.Struct, frozen=True):
    """What the note says."""

    primary: str
    """Store key of the volume that the case was made of."""


def note_images(data: Path, room_id: str, images: RoomImages) -> None:
    """Let a room's members see a volume.

    Raises
    ------
    OSError
        The disk is full.
    """
    with replacing(_path(data, room_id)) as file:
        file.write(msgspec.json.encode(images))


def images_of_room(data: Path, room_id: str) -> RoomImages | None:
    """Return what a room was made of; None where that is not on this server."""
    try:
        with _path(data, room_id).open("rb") as file:
            return msgspec.json.decode(file.read(LONGEST_BYTES), type=RoomImages)
    except (OSError, msgspec.DecodeError):
        return None


def _path(data: Path, room_id: str) -> Path:
    return rooms_in(data) / RoomId(room_id) / FILE_NAME
