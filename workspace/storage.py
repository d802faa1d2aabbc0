"""What lies where in the data folder, and how new surfaces come in: all together or not at all."""

import contextlib
import errno
import fcntl
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from workspace.blobs import BlobStore
from workspace.errors import ServingError

FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

Keep = Callable[[bytes], str]
"""Keeps a blob and returns its SHA-256."""


def default_data_folder() -> Path:
    """Return the user's data folder, by the XDG base directory specification."""
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "commissure"


def rooms_in(data: Path) -> Path:
    """Return the folder that holds a folder for each room."""
    return data / "rooms"


def catalog_in(data: Path) -> Path:
    """Return the file that says whose volumes there are; for its owner only."""
    return data / "catalog.sqlite"


def accounts_in(data: Path) -> Path:
    """Return the file that says who may sign in; for its owner only."""
    return data / "accounts.sqlite"


def uploads_in(data: Path) -> Path:
    """Return the folder that holds a folder for each upload that is no room yet."""
    return data / "uploads"


def import_links_in(data: Path) -> Path:
    """Return the folder that holds a file for each link by which images may be sent."""
    return data / "import_links"


def house_links_in(data: Path) -> Path:
    """Return the folder of the links to all rooms, for whoever runs the server.

    Below the others, so that whatever keeps, backs up or forgets those does so with these.
    """
    return import_links_in(data) / "house"


def deleted_in(data: Path) -> Path:
    """Return the folder of rooms that were deleted, until retention lets them go."""
    return data / "deleted"


def require_folder(data: Path) -> Path:
    """Return the data folder; refuse what is there and is none.

    Raises
    ------
    ServingError
        It is a file or device.
    """
    if data.exists() and not data.is_dir():
        raise ServingError(f"{data} is no folder; name the data folder with --data")
    return data


def blobs_in(data: Path) -> BlobStore:
    """Return the surfaces of all rooms."""
    return BlobStore(data / "blobs")


def make_data_folder(data: Path) -> None:
    """Make the folder if it is not there yet, and try whether it can be written.

    Raises
    ------
    ServingError
        It cannot.
    """
    with disk_errors_told(data):
        for folder in (rooms_in(data), blobs_in(data).folder):
            folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=data) as file:
            file.write(b"room for one block")


@contextlib.contextmanager
def disk_errors_told(data: Path) -> Iterator[None]:
    """Turn what the operating system says of the data folder into a sentence.

    Raises
    ------
    ServingError
        It cannot be written.
    """
    try:
        yield
    except OSError as error:
        if error.errno is None:
            raise
        raise ServingError(sentence_of_disk(error, data)) from error


def sentence_of_disk(error: OSError, data: Path) -> str:
    """Return what is wrong with the disk under the data folder, and what to do."""
    if error.errno in FULL:
        return f"the disk that holds {data} is full; free some space, or name another with --data"
    reason = os.strerror(error.errno or 0).lower()
    return f"the data folder {data} cannot be written ({reason}); name another with --data"


@contextlib.contextmanager
def keeping_together(blobs: BlobStore) -> Iterator[Keep]:
    """Keep blobs for the length of the block; where it fails, what was new is removed again.

    One process at a time does this in a data folder, so that none removes what another one has
    just found to be there already.
    """
    new: list[Path] = []

    def keep(blob: bytes) -> str:
        path = blobs.path(blobs.name_of(blob))
        if not path.exists():
            new.append(path)
        return blobs.put(blob)

    blobs.folder.mkdir(parents=True, exist_ok=True)
    with (blobs.folder / "intake.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            yield keep
        except BaseException:
            for path in new:
                path.unlink(missing_ok=True)
            raise
