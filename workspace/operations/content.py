"""What of a data folder goes into a backup: all but what is of the moment or can be made again."""

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final

from workspace.operations.manifest import NAME, is_safe

DATABASE: Final = ".sqlite"

_OF_THE_MOMENT: Final = ("-wal", "-shm", "-journal", ".lock", ".partial", ".new")
"""Ends of names that mean nothing without the process that made them."""

SET_ASIDE: Final = "set-aside"
"""Rooms that were damaged, and replaced from a backup."""

LINKS: Final = "import_links"
"""Links for sending images: keys, as cookies are."""

IMMUTABLE: Final = frozenset({"blobs", "originals", "volumes"})
"""Folders whose files never change: they can be linked to instead of copied."""


def files_of(data: Path) -> Iterator[str]:
    """Yield the paths, relative to the data folder, of what a whole backup holds."""
    for parent, folders, names in os.walk(data):
        here = Path(parent).relative_to(data)
        folders[:] = sorted(it for it in folders if not _is_passing((here / it).parts))
        for name in sorted(names):
            path = PurePosixPath(here / name)
            is_file = not (Path(parent) / name).is_symlink() and (Path(parent) / name).is_file()
            if is_file and not name.startswith(".") and not name.endswith(_OF_THE_MOMENT):
                text = str(path)
                if text != NAME and is_safe(text):
                    yield text


def is_database(path: str) -> bool:
    """Say whether a file is a database in use; one that was set aside is a file like any other."""
    return path.endswith(DATABASE) and path.count("/") in {0, 2} and not path.startswith(SET_ASIDE)


def is_immutable(path: str) -> bool:
    """Say whether a file never changes."""
    return path.partition("/")[0] in IMMUTABLE


def _is_passing(parts: tuple[str, ...]) -> bool:
    """Say whether a folder holds what is being made, or can be made again."""
    return (
        parts[-1].startswith(".")
        or parts in {("uploads",), ("blobs", "derived"), ("lost+found",)}
        or (parts[0] == "rooms" and parts[2:] == ("import",))
    )
