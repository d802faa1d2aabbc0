"""Find the files below the given paths: regular ones only, each once, in a fixed order."""

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from imaging.errors import SourceError

MAX_FILES: Final = 200_000
"""More files than any study holds; a guard against pointing at a whole disk."""

OnUnreadable = Callable[[Path], None]
"""Told of a folder whose names cannot be listed."""


def pass_by(_folder: Path) -> None:
    """Tell nobody."""


def find_files(
    paths: Sequence[Path], limit: int = MAX_FILES, on_unreadable: OnUnreadable = pass_by
) -> list[Path]:
    """Return every regular file in `paths` and below, sorted, without repetition.

    Links to files are followed, links to folders within a folder are not: they may go in circles,
    and what they lead to inside the given folder is found without them.

    Raises
    ------
    SourceError
        A path does not exist or cannot be read, or there are too many files.
    """
    found: dict[tuple[int, int], Path] = {}
    for path in paths:
        for file in _files_of(path, on_unreadable):
            status = _status(file)
            if status is not None and stat.S_ISREG(status.st_mode):
                found.setdefault((status.st_dev, status.st_ino), file)
            if len(found) > limit:
                raise SourceError(
                    f"{path} holds more than {limit} files; name the folder of one study",
                    "too_many_files",
                )
    return sorted(found.values())


def _files_of(path: Path, on_unreadable: OnUnreadable) -> Iterator[Path]:
    if not path.exists():
        raise SourceError(f"there is no file or folder {path}; check the path", "no_such_path")
    if not os.access(path, os.R_OK):
        raise SourceError(f"{path} may not be read; check its permissions", "unreadable_path")
    if not path.is_dir():
        yield path
        return

    def tell(error: OSError) -> None:
        on_unreadable(Path(error.filename))

    for folder, subfolders, names in os.walk(path, onerror=tell):
        subfolders.sort()  # of two names for one file, the same one is kept every time
        for name in sorted(names):
            yield Path(folder) / name


def _status(file: Path) -> os.stat_result | None:
    try:
        return file.stat()
    except OSError:  # a dangling link, or gone meanwhile
        return None
