"""Folders that become visible whole or not at all."""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

PREFIX: Final = ".draft-"
"""Hidden, and no key: whoever lists volumes does not see drafts."""


class Draft:
    """A folder that is being written; locked, so that nobody takes it for left over."""

    def __init__(self, parent: Path) -> None:
        self.folder, self._lock = _locked_folder(parent)

    def publish(self, target: Path) -> bool:
        """Give the draft its name; False if the name is taken.

        All that it holds, folders too, must be on the disk already. A reader sees all or nothing.
        """
        sync_folder(self.folder)
        try:
            self.folder.rename(target)
        except OSError:
            if not target.is_dir():
                raise
            return False
        sync_folder(target.parent)
        return True

    def close(self) -> None:
        """Remove what was not published."""
        shutil.rmtree(self.folder, ignore_errors=True)
        os.close(self._lock)


def remove_stale_drafts(parent: Path) -> int:
    """Remove the drafts of processes that died, and return how many there were."""
    stale = 0
    for folder in parent.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError), _locked(folder):
            shutil.rmtree(folder, ignore_errors=True)
            stale += 1
    return stale


def sync_folder(folder: Path) -> None:
    """Flush the folder's own entries: without it a power cut can lose a renamed file."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_synced(path: Path, content: bytes) -> None:
    """Write a new file and flush it to the disk.

    Raises
    ------
    OSError
        The disk is full, or the name is taken.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
    try:
        with memoryview(content) as rest:
            written = 0
            while written < len(rest):
                written += os.write(descriptor, rest[written:])
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _locked_folder(parent: Path) -> tuple[Path, int]:
    """Make and lock a folder; another is made if a sweep saw it in between."""
    parent.mkdir(parents=True, exist_ok=True)
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
        folder.chmod(0o755)
        try:
            return folder, _lock(folder)
        except (BlockingIOError, FileNotFoundError):
            continue


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    descriptor = _lock(folder)
    try:
        yield
    finally:
        os.close(descriptor)


def _lock(folder: Path) -> int:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor
