"""A folder that appears whole or not at all."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sample_data.errors import OccupiedFolderError


def require_free(folder: Path) -> None:
    """Raise `OccupiedFolderError` unless `folder` is empty or absent."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise OccupiedFolderError(f"{folder} is a file; choose a folder that is new or empty")
    if any(folder.iterdir()):
        raise OccupiedFolderError(f"{folder} is not empty; choose a folder that is new or empty")


@contextmanager
def appearing(folder: Path) -> Iterator[Path]:
    """Give a folder to write into, which becomes `folder` if all goes well and else vanishes.

    Raises
    ------
    OccupiedFolderError
        If `folder` exists and is no empty folder.
    OSError
        If there is no right or no space to write.
    """
    folder = folder.absolute()
    require_free(folder)
    ancestor = next(parent for parent in folder.parents if parent.is_dir())
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=ancestor))
    try:
        yield draft
        require_free(folder)
        _settle(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _settle(draft: Path, folder: Path) -> None:
    """Put what was written in its place: by renaming, which needs no space."""
    folder.mkdir(parents=True, exist_ok=True)
    for written in sorted(draft.iterdir()):
        written.rename(folder / written.name)
