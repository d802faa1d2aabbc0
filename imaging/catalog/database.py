"""The catalogue's SQLite file: one writer at a time, readers beside it, for its owner only."""

import contextlib
import errno
import os
import stat
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

import apsw

from imaging.catalog.schema import migrate
from imaging.errors import CatalogError

Result = TypeVar("Result")

LOOKS: Final = 5000
"""How often to look whether another process has done writing."""

BETWEEN_LOOKS_S: Final = 0.002
"""Short, for a record takes milliseconds, and who sleeps longer finds the next one in its turn:
SQLite's own waiting, up to 100 ms, let one of four importing processes starve."""

OWNER_ONLY: Final = 0o600
"""The file holds names; SQLite gives its companions (-wal, -shm) the same mode."""


class Database:
    """Connections to the file. Threads may share it; other processes may have it open too."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._turn = threading.Lock()
        with errors_told():
            _make_private(path)
            self._writer = _connect(path)
            try:
                _keep_durably(self._writer)
                self.write(migrate)
            except BaseException:
                self._writer.close(force=True)
                raise

    def write(self, job: Callable[[apsw.Connection], Result]) -> Result:
        """Do all of `job` or nothing, and return when it is on disk.

        Raises
        ------
        CatalogError
            The file cannot be written or read; nothing was recorded.
        """
        with self._turn, errors_told():
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                result = job(self._writer)
                self._writer.execute("COMMIT")
            except BaseException:
                if self._writer.in_transaction:  # a full disk rolls back by itself
                    self._writer.execute("ROLLBACK")
                raise
            return result

    def read(self, job: Callable[[apsw.Connection], Result]) -> Result:
        """Return what `job` reads at one moment, while others may write.

        Raises
        ------
        CatalogError
            The file cannot be read.
        """
        with errors_told(), contextlib.closing(_connect(self._path)) as connection:
            connection.pragma("query_only", "on")
            connection.execute("BEGIN")
            return job(connection)

    def forget(self) -> None:
        """Wipe what was deleted from the write-ahead log too, unless a reader still needs it."""
        with self._turn, errors_told(), contextlib.suppress(apsw.BusyError):
            self._writer.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)

    def close(self) -> None:
        """Let go of the file."""
        with self._turn, errors_told():
            self._writer.close()


def rows_of(
    connection: apsw.Connection,
    statement: str,
    bindings: Sequence[str | int] | Mapping[str, str | int | None] = (),
) -> list[tuple[Any, ...]]:
    """Return all rows; their types are those of the columns, for every table is STRICT."""
    return connection.execute(statement, bindings).fetchall()


@contextlib.contextmanager
def errors_told() -> Iterator[None]:
    """Turn what SQLite or the operating system says of the file into a sentence.

    Raises
    ------
    CatalogError
        It cannot be read or written. The message holds nothing of what is in it.
    """
    try:
        yield
    except (apsw.Error, OSError) as error:
        raise _told(error) from error


def _told(error: Exception) -> CatalogError:
    match error:
        case apsw.FullError():
            return CatalogError(
                "the disk of the catalogue is full; nothing was recorded; free some space",
                "catalog_disk",
            )
        case apsw.BusyError() | apsw.LockedError():
            return CatalogError(
                "another program holds the catalogue; nothing was recorded; close it",
                "catalog_busy",
            )
        case apsw.CorruptError() | apsw.NotADBError():
            return CatalogError(
                "the catalogue's file is damaged; restore it from a backup, or move it away and "
                "import again",
                "damaged_catalog",
            )
        case apsw.IOError() | OSError() | apsw.CantOpenError() | apsw.ReadOnlyError():
            return CatalogError(
                "the catalogue cannot be read or written; check the data folder and its disk",
                "catalog_disk",
            )
        case _:
            return CatalogError(
                "the catalogue's file refused the record; nothing was recorded; restore a backup",
                "damaged_catalog",
            )


def _make_private(path: Path) -> None:
    """Make the file, for its owner only; SQLite would let others read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, OWNER_ONLY))
    # A file that was there is not opened: closing it would drop the locks that this process may
    # have on it, as POSIX wants it (https://www.sqlite.org/howtocorrupt.html, 2.2).
    found = path.lstat()
    if not stat.S_ISREG(found.st_mode):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    if stat.S_IMODE(found.st_mode) != OWNER_ONLY:
        path.chmod(OWNER_ONLY)


def _connect(path: Path) -> apsw.Connection:
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
    connection.set_busy_handler(_wait)
    connection.pragma("foreign_keys", "on")
    connection.pragma("trusted_schema", "off")
    return connection


def _wait(looks: int) -> bool:
    """Return, after a while, whether to look again."""
    time.sleep(BETWEEN_LOOKS_S)
    return looks < LOOKS


def _keep_durably(connection: apsw.Connection) -> None:
    connection.pragma("secure_delete", "on")  # an erased name is overwritten, not only unlinked
    connection.pragma("journal_mode", "wal")
    connection.pragma("synchronous", "full")
