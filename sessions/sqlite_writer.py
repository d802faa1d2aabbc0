"""One thread that writes to one SQLite file: whatever waits is committed together.

A job is a function of the connection. Its caller goes on only when its transaction is on disk
(WAL with ``synchronous=FULL``: one fsync per commit). Cancelling the caller does not disturb the
thread; the job may or may not have been done, and whoever asks next finds out.
"""

import asyncio
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

import apsw
import structlog

from sessions.errors import LogError
from sessions.eventlog import Health

_WRITTEN_AT_ONCE: Final = 65_536
"""Bytes; SQLite's own files take no more than 131,071."""

Result = TypeVar("Result")
Job = Callable[[apsw.Connection], Result]


class Commit(NamedTuple):
    """What became of a group of jobs."""

    jobs: int
    seconds: float
    failed: bool
    """Nothing of it is on disk."""


CommitWatcher = Callable[[Commit], None]
"""Is told of every commit, in the writer's thread. Must not wait and must not raise."""

log = structlog.get_logger()

MAX_JOBS_PER_COMMIT: Final = 256
"""Bounds how long the first job of a group waits for the last one."""

BUSY_TIMEOUT_MS: Final = 2000
"""How long to wait for a reader, such as a backup, that holds the file."""


class SqliteWriter:
    """The only writer of a room's file."""

    def __init__(self, path: Path, vfs: str | None = None) -> None:
        self.path = path
        self.vfs = vfs
        self._jobs: queue.SimpleQueue[tuple[Job[Any], Future[Any]] | None] = queue.SimpleQueue()
        self._connection: apsw.Connection | None = None
        self.watcher: CommitWatcher | None = None
        self.guard: Job[None] | None = None
        """Is asked at the beginning of each transaction, and refuses all of it by raising."""
        self.health = Health()
        """Whether the last attempt to write was recorded; changed in the writer's thread."""
        # A daemon, for a process that was told to stop waits for nobody: what was acknowledged is
        # on disk already.
        self._thread = threading.Thread(target=self._work, name="room-writer", daemon=True)
        self._closed = False
        self._thread.start()

    async def run(self, job: Job[Result]) -> Result:
        """Do `job` in a transaction and return its result when that is on disk.

        Raises
        ------
        LogError
            The file cannot be read or written; nothing of the job was kept.
        """
        if self._closed:
            raise LogError("the room is closed; open it again")
        future: Future[Result] = Future()
        self._jobs.put((job, future))
        return await asyncio.shield(asyncio.wrap_future(future))

    async def look(self, job: Job[Result]) -> Result:
        """Return what `job` reads; also while the disk takes no writes.

        What it reads then may be a record that was reported as failed and has not reached the disk
        yet: good enough to be shown, and nothing to acknowledge anything by.

        Raises
        ------
        LogError
            The file cannot be read.
        """
        try:
            return await self.run(job)
        except LogError as failure:
            if not isinstance(failure.__cause__, apsw.IOError | apsw.CantOpenError):
                raise
            return await asyncio.to_thread(self._look, job)

    def _look(self, job: Job[Result]) -> Result:
        """Do a job on a connection that writes nothing, not even what it finds to be done."""
        try:
            connection = apsw.Connection(
                str(self.path), flags=apsw.SQLITE_OPEN_READWRITE, vfs=self.vfs
            )
            try:
                connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
                connection.pragma("query_only", value=True)
                connection.execute("BEGIN")
                return job(connection)
            finally:
                connection.close(force=True)
        except (apsw.Error, UnicodeDecodeError) as error:
            raise _refusal(error) from error

    @property
    def is_alive(self) -> bool:
        """Whether there is somebody to do a job."""
        return not self._closed and self._thread.is_alive()

    async def close(self) -> None:
        """Do what was asked, then close the file."""
        if not self._closed:
            self._closed = True
            self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)

    def _work(self) -> None:
        """Take jobs in groups until told to stop."""
        while (first := self._jobs.get()) is not None:
            group = [first]
            stop = False
            while not stop and len(group) < MAX_JOBS_PER_COMMIT and not self._jobs.empty():
                following = self._jobs.get()
                stop = following is None
                if following is not None:
                    group.append(following)
            self._commit(group)
            if stop:
                break
        self._disconnect()

    def _commit(self, group: list[tuple[Job[Any], Future[Any]]]) -> None:
        """Do a group of jobs in one transaction, and tell their callers when it is on disk."""
        began, failed = time.perf_counter(), False
        try:
            wrote, outcomes = _transaction(self._connected(), self.guard, group)
            if wrote:
                self._note(None)
        except Exception as error:  # noqa: BLE001 (the rim of the thread, which must live on)
            if not isinstance(error, apsw.FullError | LogError):
                self._distrust()
            failed = True
            refusal = _refusal(error)
            self._note(str(refusal))
            outcomes = [(future, refusal) for _, future in group]
        if self.watcher is not None:
            self.watcher(Commit(len(group), time.perf_counter() - began, failed))
        for future, outcome in outcomes:
            if not future.set_running_or_notify_cancel():
                continue
            if isinstance(outcome, BaseException):
                future.set_exception(outcome)
            else:
                future.set_result(outcome)

    def _note(self, failure: str | None) -> None:
        """Keep whether the file can be written, and raise or end the alarm."""
        before = self.health
        if failure == before.failure:
            return
        if failure is None:
            self.health = Health()
            log.info("log.records_again")
        else:
            self.health = Health(failure, before.since or datetime.now(UTC))
            log.error("log.cannot_record", reason=failure)

    def _connected(self) -> apsw.Connection:
        """Return the connection; a new one after an error, for the old one's pages are suspect."""
        if self._connection is None:
            # Kept before it is of use, so that one that fails half-way is closed like any other.
            self._connection = apsw.Connection(str(self.path), vfs=self.vfs)
            try:
                _make_durable(self._connection, self.path, self.vfs)
            except apsw.Error:
                self._distrust()
                raise
        return self._connection

    def _distrust(self) -> None:
        """Close the connection after a failure, and leave the write-ahead log as it is.

        What of it was not synced may be gone from the disk, and the connection would not notice
        and copy it into the file. The next one checks each frame before it believes it.
        """
        if self._connection is not None:
            self._connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
            self._disconnect()

    def _disconnect(self) -> None:
        """Close the connection; a disk that fails also refuses the last checkpoint, which is fine.

        The next connection finds what was committed in the write-ahead log.
        """
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(apsw.Error):
                connection.close(force=True)


def _make_durable(connection: apsw.Connection, path: Path, vfs: str | None) -> None:
    """Make a commit wait for the disk, and begin with what is on it."""
    connection.set_busy_timeout(BUSY_TIMEOUT_MS)
    connection.pragma("journal_mode", "wal")
    connection.pragma("synchronous", "full")
    # After a failed fsync the write-ahead log may hold a commit that never reached the disk;
    # nobody may read it before it has. Nobody else writes to it meanwhile.
    connection.execute("BEGIN IMMEDIATE")
    try:
        _write_again(path.with_name(f"{path.name}-wal"), vfs)
    finally:
        connection.execute("ROLLBACK")
    connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)


def _write_again(path: Path, vfs: str | None) -> None:
    """Write a file as it reads, and sync it: to sync it only would not do.

    Linux takes pages for clean whose fsync failed, so the next one succeeds without them. A
    checkpoint that believed it would copy them into the database, and a power cut in its midst
    would leave there the halves of a commit of which the log knows nothing. A disk that may spoil
    what it overwrites is left alone: SQLite takes none to be so, unless told.
    """
    flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_WAL
    file = apsw.VFSFile(vfs or "", str(path), [flags, 0])
    try:
        is_safe = file.xDeviceCharacteristics() & apsw.SQLITE_IOCAP_POWERSAFE_OVERWRITE
        size = file.xFileSize() if is_safe else 0
        for offset in range(0, size, _WRITTEN_AT_ONCE):
            file.xWrite(file.xRead(min(_WRITTEN_AT_ONCE, size - offset), offset), offset)
        if size:
            file.xSync(apsw.SQLITE_SYNC_FULL)
    finally:
        file.xClose()


def _transaction(
    connection: apsw.Connection,
    guard: Job[None] | None,
    group: list[tuple[Job[Any], Future[Any]]],
) -> tuple[bool, list[tuple[Future[Any], Any]]]:
    """Do a group of jobs and commit; where SQLite or the guard fails, none of them was done.

    Returns
    -------
    bool
        Whether anything was written.
    list[tuple[Future, object]]
        What each job returned or raised.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        if guard is not None:
            guard(connection)
        done = [(future, *_outcome(connection, job)) for job, future in group]
        connection.execute("COMMIT")
    except Exception:
        if connection.in_transaction:  # a full disk rolls back by itself, and not always
            connection.execute("ROLLBACK")
        raise
    return any(wrote for _, wrote, _ in done), [(future, outcome) for future, _, outcome in done]


def _outcome(connection: apsw.Connection, job: Job[Any]) -> tuple[bool, Any]:
    """Return whether a job wrote, and its result; of a refusal, a savepoint leaves nothing."""
    before = connection.total_changes()
    connection.execute("SAVEPOINT job")
    try:
        result = job(connection)
        wrote = connection.total_changes() > before
    except apsw.Error:
        raise
    except Exception as error:  # noqa: BLE001 (the job's caller gets it)
        connection.execute("ROLLBACK TO job")
        # Damage may hit a text and leave the pages in order.
        wrote, result = False, _refusal(error) if isinstance(error, UnicodeDecodeError) else error
    connection.execute("RELEASE job")
    return wrote, result


def _refusal(error: Exception) -> LogError:
    """Return what to tell those whose jobs were not done."""
    if isinstance(error, LogError):
        return error
    refusal = LogError(_sentence(error))
    refusal.__cause__ = error
    return refusal


def _sentence(error: Exception) -> str:
    """Say what a failure of SQLite means for the one who asked."""
    match error:
        case apsw.FullError():
            return "the room's disk is full; nothing was recorded; free some space and do it again"
        case apsw.IOError() | OSError() | apsw.CantOpenError() | apsw.ReadOnlyError():
            # An fsync that failed leaves open what a later one will find.
            return "the room's disk cannot be written or read; check the disk, then do it again"
        case apsw.CorruptError() | apsw.NotADBError() | UnicodeDecodeError():
            return "the room's file is damaged; nothing was recorded; restore it from a backup"
        case apsw.BusyError() | apsw.LockedError():
            return "another program holds the room's file; nothing was recorded; close it"
        case _:
            return "the room's file refused the record; nothing was recorded; restore a backup"
