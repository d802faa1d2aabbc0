"""SQLite files of a data folder: copied while others write, checked, and freed of old keys."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import apsw

from sessions.errors import LogError, SessionError
from sessions.migrating import SCHEMA_VERSION, settings_of, version_of
from sessions.sqlite_log import FILE_NAME, iterate_log
from sessions.state import State, advance, hash_of
from workspace.errors import BackupError
from workspace.operations.manifest import RoomFacts

BUSY_TIMEOUT_MS: Final = 5000

ACCESS_TABLES: Final = ("credentials", "invitations", "sessions", "attempts")
"""What lets somebody in who was let in before; passwords and memberships are not among it."""


def copy_database(source: Path, target: Path) -> None:
    """Copy a database as it is at one moment, also while others write to it.

    Raises
    ------
    BackupError
        It is no database, or cannot be read.
    """
    try:
        with (
            contextlib.closing(_reader(source)) as reader,
            contextlib.closing(apsw.Connection(str(target))) as copy,
        ):
            copy.pragma("synchronous", "full")
            with copy.backup("main", reader, "main") as backup:
                # In one step: in several, another process's write would begin it anew each time.
                backup.step(-1)
    except apsw.Error as error:
        raise BackupError(
            f"{source.parent.name}/{source.name} cannot be copied; check the disk, or restore it"
        ) from error
    target.chmod(0o600)


def _reader(path: Path) -> apsw.Connection:
    # Not read-only: the write-ahead log of a server that was killed must be readable, too.
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
    connection.set_busy_timeout(BUSY_TIMEOUT_MS)
    return connection


def facts_of(folder: Path) -> RoomFacts:
    """Return what the room of a folder adds up to; a damaged one says where it is damaged."""
    state, damage, version = State(), "", 0
    try:
        version = schema_version_of(folder / FILE_NAME)
        for entry in iterate_log(folder):
            state = advance(state, entry).state
    except SessionError as error:
        damage = str(error)
    return RoomFacts(
        room_id=folder.name,
        schema_version=version,
        revision=state.revision,
        head_hash=state.head_hash,
        state_hash="" if damage else hash_of(state),
        damage=damage,
    )


def schema_version_of(path: Path) -> int:
    """Return the version of a room's file.

    Raises
    ------
    LogError
        It is no room's, or of a version that is not known here.
    """
    try:
        with contextlib.closing(_reader(path)) as connection:
            return version_of(settings_of(connection))
    except apsw.Error as error:
        raise LogError("the room's file is damaged; restore it from a backup") from error


def require_known_schema(room: RoomFacts) -> None:
    """Refuse a room that a later version wrote.

    Raises
    ------
    BackupError
        It did.
    """
    if room.schema_version > SCHEMA_VERSION:
        raise BackupError(
            f"room {room.room_id} has schema {room.schema_version}, this version knows "
            f"{SCHEMA_VERSION}; restore the backup with the version that wrote it"
        )


def forget_access(path: Path) -> None:
    """Delete what would let in whoever was let in before: cookies and links.

    Raises
    ------
    BackupError
        The file is damaged.
    """
    try:
        with contextlib.closing(apsw.Connection(str(path))) as connection:
            connection.pragma("secure_delete", "on")  # overwritten, not only unlinked
            for table in sorted(set(ACCESS_TABLES) & _tables(connection)):
                connection.execute(f"DELETE FROM {table}")  # noqa: S608 (our own constants)
            connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
    except apsw.Error as error:
        raise BackupError(
            f"{path.parent.name}/{path.name} is damaged, so cookies and links cannot be taken out "
            "of it; restore it first, or choose other rooms with --room"
        ) from error


def require_sound(path: Path) -> None:
    """Let SQLite check the pages of a database.

    Raises
    ------
    BackupError
        They are damaged.
    """
    try:
        with contextlib.closing(_reader(path)) as connection:
            found = connection.pragma("quick_check")
    except apsw.Error as error:
        raise BackupError(f"{path.parent.name}/{path.name} is damaged") from error
    if found != "ok":
        raise BackupError(f"{path.parent.name}/{path.name} is damaged")


def texts_in(path: Path) -> Iterator[bytes]:
    """Yield every text and blob of a database, whatever its tables are."""
    with contextlib.closing(_reader(path)) as connection:
        connection.execute("BEGIN")
        for table in sorted(_tables(connection)):
            quoted = table.replace('"', '""')
            for row in connection.execute(f'SELECT * FROM "{quoted}"'):  # noqa: S608 (quoted)
                for value in row:
                    if isinstance(value, bytes):
                        yield value
                    elif isinstance(value, str):
                        yield value.encode()


def _tables(connection: apsw.Connection) -> set[str]:
    rows = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
    return {str(name) for (name,) in rows}
