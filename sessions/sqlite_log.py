"""A room's log in one SQLite file: a chain of hashes, acknowledged only when it is on disk."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import apsw

from sessions import access_tables
from sessions.errors import DamagedLogError, LogError
from sessions.eventlog import History, Idle, require_next
from sessions.plan.codec import FIRST_PREVIOUS_HASH, payload_of, require_follows, unseal
from sessions.plan.events import Entry
from sessions.plan.records import MemberId, OperationId
from sessions.room_lock import RoomLock
from sessions.sqlite_writer import SqliteWriter

FILE_NAME: Final = "room.sqlite"
"""Of the log, in the folder of its room."""

SCHEMA_VERSION: Final = 1

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS room (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS entries (
    revision INTEGER PRIMARY KEY,
    operation_id TEXT NOT NULL UNIQUE,
    payload BLOB NOT NULL,
    hash TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS idle (
    operation_id TEXT PRIMARY KEY,
    member_id TEXT NOT NULL,
    revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS invitations (
    invitation_id TEXT PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    label TEXT NOT NULL,
    created_at TEXT NOT NULL,
    expires_at TEXT,
    uses_left INTEGER,
    revoked INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS credentials (
    token_hash TEXT PRIMARY KEY,
    member_id TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
"""


class SqliteLog:
    """The log of one room."""

    def __init__(self, writer: SqliteWriter, lock: RoomLock) -> None:
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
        log = cls(SqliteWriter(folder / FILE_NAME, vfs), lock)
        try:
            await log.writer.run(lambda connection: _prepare(connection, room_id))
        except BaseException:
            await log.close()
            raise
        return log

    async def read(self, after: int = 0) -> History:
        """Return the entries after a revision, with the chain checked."""
        return await self.writer.run(lambda connection: _read(connection, after))

    async def append(self, entries: Sequence[Entry], idle: Sequence[Idle] = ()) -> None:
        """Record all of it or nothing, and return when it is on disk."""
        rows = [(it.revision, it.operation_id, payload_of(it), it.hash) for it in entries]
        await self.writer.run(lambda connection: _append(connection, entries, rows, idle))

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
    return len(read_log(folder))


def read_log(folder: Path) -> tuple[Entry, ...]:
    """Return the entries of a room's log, each in its place in the chain of hashes.

    The room may be open, also in another process.

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
            connection.execute("BEGIN")  # one moment of a room that may be open and written to
            return _read(connection, 0).entries
        finally:
            connection.close()
    except apsw.Error as error:
        raise LogError(f"{FILE_NAME} is damaged; restore it from a backup") from error


def _prepare(connection: apsw.Connection, room_id: str) -> None:
    """Make the tables, or check that they are this room's and of a version that we know."""
    connection.execute(_SCHEMA)
    access_tables.prepare(connection)
    known: dict[str, str] = dict(connection.execute("SELECT key, value FROM room"))
    if not known:
        rows = {
            "schema_version": str(SCHEMA_VERSION),
            "room_id": room_id,
            "head_revision": "0",
            "head_hash": FIRST_PREVIOUS_HASH,
        }
        connection.executemany("INSERT INTO room VALUES (?, ?)", rows.items())
    elif known.get("schema_version") != str(SCHEMA_VERSION):
        raise LogError("the room was written by another version of Commissure; update this one")
    elif known.get("room_id") != room_id:
        raise LogError("the folder holds the log of another room; give each room its own folder")


def _append(
    connection: apsw.Connection,
    entries: Sequence[Entry],
    rows: Sequence[tuple[int, str, bytes, str]],
    idle: Sequence[Idle],
) -> None:
    revision, head_hash = _head(connection)
    require_next(entries, revision, head_hash)
    try:
        connection.executemany("INSERT INTO entries VALUES (?, ?, ?, ?)", rows)
        connection.executemany(
            "INSERT INTO idle VALUES (?, ?, ?)",
            [(it.operation_id, it.member_id, it.revision) for it in idle],
        )
    except apsw.ConstraintError as error:
        raise LogError("the log holds this operation already; nothing was recorded") from error
    if entries:
        head = (("head_revision", str(entries[-1].revision)), ("head_hash", entries[-1].hash))
        connection.executemany("UPDATE room SET value = ?2 WHERE key = ?1", head)


def _head(connection: apsw.Connection) -> tuple[int, str]:
    """Return the last revision and its hash, as noted beside the chain."""
    known: dict[str, str] = dict(connection.execute("SELECT key, value FROM room"))
    return int(known["head_revision"]), known["head_hash"]


def _read(connection: apsw.Connection, after: int) -> History:
    """Return the entries after a revision; the one of that revision is where the chain starts."""
    entries: list[Entry] = []
    revision, previous_hash = max(after - 1, 0), None if after > 1 else FIRST_PREVIOUS_HASH
    rows = connection.execute(
        "SELECT revision, operation_id, payload, hash FROM entries WHERE revision >= ? "
        "ORDER BY revision",
        (after,),
    )
    for row in rows:
        entry = _checked(row, revision, previous_hash)
        revision, previous_hash = entry.revision, entry.hash
        if entry.revision > after:
            entries.append(entry)
    _require_head(connection, revision, previous_hash)
    idle = connection.execute("SELECT operation_id, member_id, revision FROM idle")
    return History(tuple(entries), tuple(Idle(OperationId(o), MemberId(m), r) for o, m, r in idle))


def _checked(row: tuple[int, str, bytes, str], revision: int, previous_hash: str | None) -> Entry:
    """Return the entry of a row, or name the first revision that is not as it was recorded."""
    number, operation_id, payload, entry_hash = row
    try:
        entry = unseal(payload, entry_hash)
        require_follows(entry, revision, previous_hash or entry.previous_hash)
        if (entry.revision, entry.operation_id) != (number, operation_id):
            raise ValueError("its row is labelled otherwise")  # noqa: TRY301
    except ValueError as error:
        raise DamagedLogError(revision + 1, str(error)) from error
    return entry


def _require_head(connection: apsw.Connection, revision: int, entry_hash: str | None) -> None:
    """Refuse a chain that ends before, or elsewhere than, the head that was noted beside it."""
    head_revision, head_hash = _head(connection)
    if head_revision > revision:
        raise DamagedLogError(revision + 1, f"revision {revision + 1} is missing")
    if head_revision < revision or (entry_hash is not None and head_hash != entry_hash):
        raise DamagedLogError(revision, "it is not the last one that was recorded")
