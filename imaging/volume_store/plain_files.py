"""Opening a path that may be anything: a pipe, a device, a folder, a link."""

import errno
import os
import stat
from pathlib import Path


def open_plain(path: Path, flags: int = os.O_NOFOLLOW) -> int:
    """Return a descriptor of an ordinary file, opened for reading without waiting.

    Parameters
    ----------
    path : Path
        The file; no link, unless `flags` says so.
    flags : int
        Added to those of opening.

    Raises
    ------
    OSError
        It is missing, may not be read, or is something else (EINVAL).
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | flags)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), str(path))
    return descriptor
