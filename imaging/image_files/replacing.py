"""A file that is there as a whole, or is not touched."""

import contextlib
import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from imaging.errors import SourceError


def require_place_for_file(path: Path) -> None:
    """Raise unless a file of this name can stand there, as far as can be told beforehand.

    Raises
    ------
    SourceError
        There is no such folder.
    OSError
        The path is a folder.
    """
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not path.parent.is_dir():
        raise SourceError(
            f"there is no folder {path.parent} to write {path.name} to; make it first",
            "no_such_path",
        )


def require_room(path: Path, needed_bytes: int) -> None:
    """Raise `OSError` where the disk has no room, before minutes are spent on it."""
    if shutil.disk_usage(path.parent).free < needed_bytes:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Give a file beside `path` to write to; put it there in the end, or remove it on any error.

    Raises
    ------
    OSError
        There is no right to write there, or no room.
    """
    require_place_for_file(path)
    try:
        handle, partial = tempfile.mkstemp(prefix=".commissure-", dir=path.parent)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error
    try:
        with os.fdopen(handle, "wb") as written:
            yield written
            written.flush()
            os.fsync(written.fileno())
        Path(partial).chmod(_usual_mode())
        Path(partial).replace(path)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise OSError(error.errno, error.strerror, str(path)) from error
        raise
    finally:
        Path(partial).unlink(missing_ok=True)


def _usual_mode() -> int:
    """Return the rights that a new file gets; a temporary one is its owner's alone."""
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
