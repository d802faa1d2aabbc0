"""One room of a backup, put in the place of a damaged one while the others are served."""

import io
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from imaging.progress import Progress
from sessions.room_lock import RoomLock
from sessions.sqlite_log import FILE_NAME
from workspace.blobs import BlobStore
from workspace.errors import BackupError
from workspace.imagery.room_images import FILE_NAME as IMAGES
from workspace.operations.backup_reading import Backup, opened
from workspace.operations.backup_writing import sync
from workspace.operations.content import SET_ASIDE
from workspace.operations.databases import (
    facts_of,
    forget_access,
    require_known_schema,
    require_sound,
)
from workspace.operations.manifest import FileFacts, RoomFacts
from workspace.operations.named_blobs import named_in
from workspace.operations.restoring import unpack_one
from workspace.storage import blobs_in, rooms_in


def restore_room(path: Path, data: Path, room_id: str, progress: Progress) -> RoomFacts:
    """Put one room of a backup in the place of the one that is there, which is set aside.

    Other rooms go on being served. The room's cookies and links of that time do not work again.

    Raises
    ------
    BackupError
        The backup has no such room, or something of it is not as it was; nothing was changed.
    RoomError
        A server has the room open.
    """
    with (
        opened(path) as backup,
        tempfile.TemporaryDirectory(prefix=".restore-", dir=data) as scratch,
    ):
        room = next((it for it in backup.manifest.rooms if it.room_id == room_id), None)
        if room is None or room.damage:
            raise BackupError(f"the backup has no sound room {room_id}; use another backup")
        require_known_schema(room)
        by_path = {file.path: file for file in backup.manifest.files}
        database = by_path.get(f"rooms/{room_id}/{FILE_NAME}")
        if database is None:
            raise BackupError(f"the backup lacks the file of room {room_id}; use another backup")
        unpack_one(backup, Path(scratch), database)
        images = by_path.get(f"rooms/{room_id}/{IMAGES}")
        if images is not None:
            unpack_one(backup, Path(scratch), images)
        folder = (Path(scratch) / database.path).parent
        require_sound(folder / FILE_NAME)
        if facts_of(folder) != room:
            raise BackupError(f"room {room_id} adds up to another state than when it was backed up")
        forget_access(folder / FILE_NAME)
        for sha256 in sorted(named_in([folder / FILE_NAME])):
            file = by_path.get(f"blobs/{sha256[:2]}/{sha256}")
            if file is not None:
                _put_surface(backup, file, blobs_in(data), progress)
        _exchange(folder, data, room_id)
        return room


def _put_surface(backup: Backup, file: FileFacts, blobs: BlobStore, progress: Progress) -> None:
    progress("Restoring surfaces", 0, 1)
    content = io.BytesIO()
    backup.copy(file, content)
    path = blobs.path(file.sha256)
    if path.is_file() and blobs.name_of(path.read_bytes()) != file.sha256:
        path.unlink()  # damaged: else `put` would leave it as it is
    blobs.put(content.getvalue())


def _exchange(folder: Path, data: Path, room_id: str) -> None:
    """Set aside what is there, if it is not open, and put the new one in its place."""
    place = rooms_in(data) / room_id
    if place.exists():
        lock = RoomLock.take(place)
        try:
            aside = data / SET_ASIDE / f"{room_id}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
            aside.parent.mkdir(mode=0o700, exist_ok=True)
            if (place / IMAGES).is_file() and not (folder / IMAGES).exists():
                shutil.copyfile(place / IMAGES, folder / IMAGES)  # a backup of some rooms has none
            place.rename(aside)
        finally:
            lock.release()
    folder.rename(place)
    sync(place.parent)
