"""What an upload may be, and how long it may lie about."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """Bounds on uploads; all of them are checked before a byte is written."""

    total_bytes: int = 20 * 2**30
    """One upload: a study of several series with thousands of slices each."""
    files: int = 200_000
    """One upload; as many as inspection looks at."""
    chunk_bytes: int = 8 * 2**20
    """One request: long enough that a round trip hardly counts, short enough to be lost."""
    list_bytes: int = 2**20
    """One request with a part of the list of files."""
    reserve_bytes: int = 2 * 2**30
    """What uploads leave free on the disk, for the rooms and for the import itself."""
    unfinished_per_uploader: int = 3
    unfinished_in_all: int = 8
    path_bytes: int = 1024
    name_bytes: int = 255
    """Linux file systems take no longer name."""
    depth: int = 32
    kept_for: timedelta = timedelta(days=7)
    """After the last byte; a lost line is mended sooner."""


DEFAULT_UPLOAD_LIMITS: Final = UploadLimits()
