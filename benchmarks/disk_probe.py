"""What the disk gives at the very moment: one plain durable insert after the other."""

import statistics
import tempfile
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import apsw

PAUSE_S: Final = 0.05
"""Between two inserts: enough of them for a median, too few to be in the way."""


class DiskProbe:
    """Inserts into a SQLite file of its own, in WAL mode with ``synchronous=FULL``, meanwhile."""

    def __init__(self) -> None:
        self._waits_ms: list[float] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._insert, daemon=True)

    def __enter__(self) -> Self:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End."""
        self._stop.set()
        self._thread.join()

    @property
    def median_ms(self) -> float:
        """Median time of an insert until it was on disk, ms."""
        return statistics.median(self._waits_ms)

    def _insert(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            connection = apsw.Connection(str(Path(folder) / "probe.sqlite"))
            connection.pragma("journal_mode", "wal")
            connection.pragma("synchronous", "full")
            connection.execute("CREATE TABLE entries (payload BLOB)")
            while not self._stop.wait(PAUSE_S):
                began = time.perf_counter()
                connection.execute("INSERT INTO entries VALUES (?)", (b"x" * 500,))
                self._waits_ms.append((time.perf_counter() - began) * 1000)
            connection.close()
