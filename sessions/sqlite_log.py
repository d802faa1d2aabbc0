"""A room's log in one SQLite file: a chain of hashes, acknowledged only when it is on disk."""

import asyncio
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import apsw

from sessions.chain import checked_entries, entries_among, head_of, idle_among, read_history
from sessions.epochs import require_epoch, take_epoch
from sessions.errors import LogError, RepeatedOperationError
from sessions.eventlog import FOUND_AT_ONCE, Health, History, Idle, require_next
from sessions.migrating import bring_up_to_date, settings_of, version_of
from sessions.plan.codec import payload_of
from sessions.plan.events import Entry
from sessions.plan.records import OperationId
from sessions.room_lock import RoomLock
from sessions.snapshots import Snapshot, find_snapshot, insert_snapshot
from sessions.sqlite_writer import SqliteWriter
from sessions.talk_index import Talk, insert_talk, search_talk

FILE_NAME: Final = "room.sqlite"
"""Of the log, in the folder of its room."""

_FOLDERS_MADE: Final = 2
"""Above a room's own: the folder of all rooms, and the folder of all data."""

_IDS_PER_QUERY: Final = 500
"""Far below SQLite's limit of values in a statement."""


class SqliteLog:
    """The log of one room."""

    def __init__(self, writer: SqliteWriter, lock: RoomLock) -> None:
        """Use `open`; this one does not look at the file."""
        self.writer = writer
        """Also writes the room's invitations and credentials."""
        self._lock = lock

    @classmethod
    async def open(cls, folder: Path, room_id: str, vfs: str | None = None) -> "SqliteLog":
        """Open the log in a room's folder; make it where there is none.

        Raises
        ------
        RoomError
            The folder is missing, or another server has the room open.
        LogError
            It cannot be read, is of another room, or of a newer version.
        """
        lock = RoomLock.take(folder)
        path = folder / FILE_NAME
        is_new = not path.is_file()
        log = await cls.over(SqliteWriter(path, vfs), lock, room_id)
        if is_new:
            await asyncio.to_thread(_keep_folders, folder)
        return log

    @classmethod
    async def over(cls, writer: SqliteWriter, lock: RoomLock, room_id: str) -> "SqliteLog":
        """Open a log that `writer` writes, and fence off whoever had it open before.

        Raises
        ------
        LogError
            As `open`.
        """
        log = cls(writer, lock)
        try:
            await writer.run(
                lambda connection: bring_up_to_date(connection, room_id, writer.path, writer.vfs)
            )
            epoch = await writer.run(take_epoch)
        except BaseException:
            await log.close()
            raise
        writer.guard = lambda connection: require_epoch(connection, epoch)
        return log

    @property
    def health(self) -> Health:
        """Whether it can record, as far as the last attempt showed."""
        return self.writer.health

    async def probe(self) -> Health:
        """Find out whether the disk can be written, by writing something of no meaning."""
        with suppress(LogError):
            await self.writer.run(_write_anything)
        return self.health

    async def read(
        self, after: int = 0, limit: int | None = None, after_hash: str | None = None
    ) -> History:
        """Return the entries after a revision, with the chain checked."""
        return await self.writer.look(
            lambda connection: read_history(connection, after, limit, after_hash)
        )

    async def append(
        self, entries: Sequence[Entry], idle: Sequence[Idle] = (), talk: Sequence[Talk] = ()
    ) -> None:
        """Record all of it or nothing, and return when it is on disk."""
        rows = [(it.revision, it.operation_id, payload_of(it), it.hash) for it in entries]

        def record(connection: apsw.Connection) -> None:
            _append(connection, entries, rows, idle)
            insert_talk(connection, talk)

        await self.writer.run(record)

    async def recorded(
        self, operation_ids: Collection[OperationId]
    ) -> Mapping[OperationId, Entry | Idle]:
        """Return what was recorded of each operation, of those that were."""
        sought = list(operation_ids)
        return await self.writer.run(lambda connection: _recorded(connection, sought))

    async def save_snapshot(self, revision: int, payload: bytes, version: int = 1) -> None:
        """Keep the state after the entry of a revision; older ones are thinned out."""
        await self.writer.run(
            lambda connection: insert_snapshot(connection, revision, payload, version)
        )

    async def latest_snapshot(
        self, at_or_before: int | None = None, version: int = 1
    ) -> Snapshot | None:
        """Return the latest snapshot up to a revision that is whole and belongs to its entry."""
        return await self.writer.look(
            lambda connection: find_snapshot(connection, at_or_before, version)
        )

    async def search(
        self, text: str, limit: int = FOUND_AT_ONCE, before: int | None = None
    ) -> tuple[Talk, ...]:
        """Return the talk that holds words with these beginnings, the latest first."""
        return await self.writer.look(
            lambda connection: search_talk(connection, text, limit, before)
        )

    async def close(self) -> None:
        """Let go of the file, and of the room's folder."""
        await self.writer.close()
        self._lock.release()


def verify(folder: Path) -> int:
    """Return how many entries a room's log holds, each in its place in the chain of hashes.

    Raises
    ------
    LogError
        As `read_log`.
    """
    return sum(1 for _ in iterate_log(folder))


def read_log(folder: Path) -> tuple[Entry, ...]:
    """Return the entries of a room's log, each in its place in the chain of hashes.

    Raises
    ------
    LogError
        As `iterate_log`.
    """
    return tuple(iterate_log(folder))


def iterate_log(folder: Path) -> Iterator[Entry]:
    """Yield the entries of a room's log, each in its place in the chain of hashes.

    The room may be open, also in another process: it is read as it was at one moment.

    Raises
    ------
    DamagedLogError
        The first entry that is not as it was recorded; `revision` names it.
    LogError
        There is no log, or it cannot be read.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        raise LogError(f"there is no {FILE_NAME} in {folder.name}; give the folder of a room")
    try:
        connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
        try:
            # Only the server may say that what is in the write-ahead log is on the disk.
            connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
            connection.execute("BEGIN")  # one moment of a room that may be open and written to
            version_of(settings_of(connection))
            yield from checked_entries(connection)
        finally:
            connection.close()
    except (apsw.Error, UnicodeDecodeError) as error:
        raise LogError(f"{FILE_NAME} is damaged; restore it from a backup") from error


def _keep_folders(folder: Path) -> None:
    """Bring the names of a new room's file and folders to the disk, as SQLite does its own."""
    for made in (folder, *folder.parents[:_FOLDERS_MADE]):
        with suppress(OSError):  # not ours to open, so not ours to have made
            descriptor = os.open(made, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def _write_anything(connection: apsw.Connection) -> None:
    # What is there already would not be written.
    connection.execute("INSERT OR REPLACE INTO room VALUES ('probe', hex(randomblob(8)))")


def _append(
    connection: apsw.Connection,
    entries: Sequence[Entry],
    rows: Sequence[tuple[int, str, bytes, str]],
    idle: Sequence[Idle],
) -> None:
    require_next(entries, *head_of(connection))
    operation_ids = [it.operation_id for it in entries] + [it.operation_id for it in idle]
    if len(set(operation_ids)) < len(operation_ids) or _recorded(connection, operation_ids):
        raise RepeatedOperationError("the log holds this operation already; nothing was recorded")
    connection.executemany("INSERT INTO entries VALUES (?, ?, ?, ?)", rows)
    connection.executemany(
        "INSERT INTO idle VALUES (?, ?, ?)",
        [(it.operation_id, it.member_id, it.revision) for it in idle],
    )
    if entries:
        head = (("head_revision", str(entries[-1].revision)), ("head_hash", entries[-1].hash))
        connection.executemany("UPDATE room SET value = ?2 WHERE key = ?1", head)


def _recorded(
    connection: apsw.Connection, operation_ids: Sequence[OperationId]
) -> dict[OperationId, Entry | Idle]:
    """Return the entries and idle operations under these ids."""
    found: dict[OperationId, Entry | Idle] = {}
    for start in range(0, len(operation_ids), _IDS_PER_QUERY):
        sought = operation_ids[start : start + _IDS_PER_QUERY]
        condition = f"operation_id IN ({', '.join('?' * len(sought))})"
        found |= {it.operation_id: it for it in entries_among(connection, condition, sought)}
        found |= {it.operation_id: it for it in idle_among(connection, condition, sought)}
    return found
