"""A backup checked, and made a data folder again: all of it, or nothing."""

import contextlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from imaging.progress import Progress
from sessions.sqlite_log import FILE_NAME
from workspace.errors import BackupError
from workspace.operations.backup_reading import Backup, opened
from workspace.operations.backup_writing import sync
from workspace.operations.content import LINKS, is_database
from workspace.operations.databases import (
    facts_of,
    forget_access,
    require_known_schema,
    require_sound,
)
from workspace.operations.manifest import FileFacts, Manifest


def verify_backup(path: Path, progress: Progress) -> Manifest:
    """Check every file of a backup, and that every room adds up to the state that it had.

    Raises
    ------
    BackupError
        What is wrong first.
    """
    with opened(path) as backup, tempfile.TemporaryDirectory(prefix="commissure-") as scratch:
        _unpack(backup, Path(scratch), progress, databases_only=True)
        _require_states(backup.manifest, Path(scratch), progress)
        return backup.manifest


def restore_backup(
    path: Path, data: Path, progress: Progress, *, keep_members: bool = False
) -> Manifest:
    """Make a data folder of a backup; every room has the state that it had then.

    Parameters
    ----------
    data : Path
        Missing or empty.
    keep_members : bool
        Whether cookies and invitation links of that time work again. By default they do not: the
        backup may have been in other hands. Accounts keep their passwords and their places.

    Raises
    ------
    BackupError
        The folder is not empty, or something of the backup is not as it was; nothing is left.
    """
    _require_empty(data)
    with opened(path) as backup:
        for room in backup.manifest.rooms:
            require_known_schema(room)
        with _beside(data) as partial:
            _unpack(backup, partial, progress, databases_only=False)
            _require_states(backup.manifest, partial, progress)
            if not keep_members:
                _close_old_doors(backup.manifest, partial)
            for parent, _, _ in os.walk(partial):
                sync(Path(parent))
            if data.exists():
                data.rmdir()
            partial.rename(data)
            sync(data.parent)
        return backup.manifest


def _require_empty(data: Path) -> None:
    if data.exists() and (not data.is_dir() or any(data.iterdir())):
        raise BackupError(
            f"{data} is not empty; restore into a new folder, then exchange it for the old one"
        )
    if not data.parent.is_dir():
        raise BackupError(f"there is no folder {data.parent} to make {data.name} in")


@contextlib.contextmanager
def _beside(data: Path) -> Iterator[Path]:
    partial = data.with_name(f".{data.name}.{secrets.token_hex(4)}.partial")
    partial.mkdir(mode=0o700)
    try:
        yield partial
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _unpack(backup: Backup, folder: Path, progress: Progress, *, databases_only: bool) -> None:
    """Write the files of a backup; with `databases_only` the others are read and checked only."""
    files = backup.manifest.files
    for done, file in enumerate(files):
        progress("Reading the backup", done, len(files))
        if databases_only and not is_database(file.path):
            with Path(os.devnull).open("wb") as nowhere:
                backup.copy(file, nowhere)
        else:
            unpack_one(backup, folder, file)
    progress("Reading the backup", len(files), len(files))


def unpack_one(backup: Backup, folder: Path, file: FileFacts) -> None:
    """Write one file of a backup below a folder, checked, and bring it to the disk."""
    target = folder / file.path
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as content:
        backup.copy(file, content)
        content.flush()
        os.fsync(content.fileno())


def _require_states(manifest: Manifest, folder: Path, progress: Progress) -> None:
    """Replay every room, and compare it with what the manifest says."""
    named = {f"rooms/{room.room_id}/{FILE_NAME}" for room in manifest.rooms}
    there = {it.path for it in manifest.files if it.path.startswith("rooms/")}
    if not named <= there:
        raise BackupError("the backup lacks the file of a room that it names; use another backup")
    broken = {f"rooms/{room.room_id}/{FILE_NAME}" for room in manifest.rooms if room.damage}
    for file in manifest.files:
        if is_database(file.path) and file.path not in broken:
            require_sound(folder / file.path)
    for done, room in enumerate(manifest.rooms):
        progress("Replaying rooms", done, len(manifest.rooms))
        if not room.damage and facts_of(folder / "rooms" / room.room_id) != room:
            raise BackupError(
                f"room {room.room_id} adds up to another state than when it was backed up; use "
                "another backup"
            )
    progress("Replaying rooms", len(manifest.rooms), len(manifest.rooms))


def _close_old_doors(manifest: Manifest, folder: Path) -> None:
    broken = {f"rooms/{room.room_id}/{FILE_NAME}" for room in manifest.rooms if room.damage}
    for file in manifest.files:
        if is_database(file.path):
            try:
                forget_access(folder / file.path)
            except BackupError:
                if file.path not in broken:  # a damaged room is not served: nobody comes in there
                    raise
    shutil.rmtree(folder / LINKS, ignore_errors=True)
