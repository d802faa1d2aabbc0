"""Write the members of an archive to new files, several at once."""

import os
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Final

from imaging.progress import Progress
from imaging.sources.archive_rules import Placed
from imaging.sources.zip_members import member_blocks

_THREADS: Final = min(8, os.cpu_count() or 1)
"""zlib inflates and sums without holding the interpreter."""

_TELL_SECONDS: Final = 0.2
"""How often progress is told while one large member is written."""


class _Counter:
    """How many bytes all threads have written."""

    def __init__(self) -> None:
        self.total = 0
        self._lock = threading.Lock()

    def add(self, count: int) -> None:
        with self._lock:
            self.total += count


def write_members(
    descriptor: int, placed: Sequence[Placed], root: Path, progress: Progress
) -> list[Path]:
    """Write every member below `root`, which must not be there yet; return their paths in order.

    Raises
    ------
    ArchiveError
        A member is not what its entry says; what was written so far lies there still.
    OSError
        The disk is full, or the archive cannot be read.
    """
    files = [root.joinpath(str(one.tree), _on_disk(one.parts)) for one in placed]
    root.mkdir(mode=0o700)
    for folder in sorted({file.parent for file in files}):
        folder.mkdir(parents=True, exist_ok=True)
    total = sum(one.entry.size for one in placed)
    counter = _Counter()

    def write(file: Path, one: Placed) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        with open(os.open(file, flags, 0o600), "wb") as target:  # noqa: PTH123
            for block in member_blocks(descriptor, one.entry):
                target.write(block)
                counter.add(len(block))

    with ThreadPoolExecutor(_THREADS) as pool:
        try:
            futures = [pool.submit(write, *pair) for pair in zip(files, placed, strict=True)]
            for future in futures:
                _follow(future, counter, total, progress)
        finally:
            pool.shutdown(cancel_futures=True)
    return files


def _follow(future: "Future[None]", counter: _Counter, total: int, progress: Progress) -> None:
    while wait([future], timeout=_TELL_SECONDS).not_done:
        progress("Unpacking", counter.total, total)
    future.result()
    progress("Unpacking", counter.total, total)


def _on_disk(parts: tuple[str, ...]) -> str:
    """Return a path whose bytes are UTF-8, whatever the locale takes names for."""
    return os.fsdecode("/".join(parts).encode())
