"""A room's file brought up to date: one function for each version of its tables.

A new file goes through all of them and an old one through those that it lacks, in the one
transaction of whoever opens it, so a file is of the one version or of the other and never between.
Entries are never rewritten. Before anything else an old file is copied beside itself.

A migration is as frozen as an event: what a released one did is never edited.
"""

import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

import apsw
import msgspec

from sessions import access_tables
from sessions.errors import LogError
from sessions.plan.codec import FIRST_PREVIOUS_HASH
from sessions.plan.records import MemberId
from sessions.talk_index import TALK_TABLE, Talk, insert_talk

_PAGES_PER_STEP: Final = 1000
"""Of the copy, 4 MB at a time."""

_NO_VERSION: Final = "the room's file does not say its version; restore it from a backup"

_LOG_AND_ACCESS: Final = """
CREATE TABLE room (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE entries (
    revision INTEGER PRIMARY KEY,
    operation_id TEXT NOT NULL UNIQUE,
    payload BLOB NOT NULL,
    hash TEXT NOT NULL
) STRICT;
CREATE TABLE idle (
    operation_id TEXT PRIMARY KEY,
    member_id TEXT NOT NULL,
    revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE invitations (
    invitation_id TEXT PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    label TEXT NOT NULL,
    created_at TEXT NOT NULL,
    expires_at TEXT,
    uses_left INTEGER,
    revoked INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE TABLE credentials (
    token_hash TEXT PRIMARY KEY,
    member_id TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
"""

_SNAPSHOTS: Final = """
CREATE TABLE snapshots (
    revision INTEGER PRIMARY KEY,
    format INTEGER NOT NULL,
    hash TEXT NOT NULL,
    payload BLOB NOT NULL
) STRICT;
"""


def bring_up_to_date(
    connection: apsw.Connection, room_id: str, path: Path, vfs: str | None
) -> None:
    """Make the tables of a new file, or what an old one lacks, in the caller's transaction.

    Parameters
    ----------
    path : Path
        Of the file; a copy of version 1 is kept as ``<path>.v1``.
    vfs : str | None
        Where the copy is written to, too.

    Raises
    ------
    LogError
        The file is another room's, of a newer version, or no room's at all.
    """
    known = settings_of(connection)
    version = version_of(known)
    if known and known.get("room_id") != room_id:
        raise LogError("the folder holds the log of another room; give each room its own folder")
    if 0 < version < SCHEMA_VERSION:
        _copy(path, path.with_name(f"{path.name}.v{version}"), vfs)
    for migrate in MIGRATIONS[version:]:
        migrate(connection)
    rows = {"schema_version": str(SCHEMA_VERSION)}
    if not known:
        rows |= {"room_id": room_id, "head_revision": "0", "head_hash": FIRST_PREVIOUS_HASH}
    connection.executemany("INSERT OR REPLACE INTO room VALUES (?, ?)", rows.items())


def settings_of(connection: apsw.Connection) -> dict[str, str]:
    """Return what a file says of itself; nothing where it is new.

    Raises
    ------
    LogError
        It is no room's.
    """
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema")}
    if not tables:
        return {}
    if "room" not in tables:
        raise LogError("the room's file holds something else; restore it from a backup")
    known: dict[str, str] = dict(connection.execute("SELECT key, value FROM room"))
    if "schema_version" not in known:
        raise LogError(_NO_VERSION)
    return known


def version_of(settings: dict[str, str]) -> int:
    """Return the version of a file that this code can read; 0 of a new one.

    Raises
    ------
    LogError
        It is of a newer version, or says none.
    """
    if not settings:
        return 0
    known = settings["schema_version"]
    if not known.isdecimal() or known == "0":
        raise LogError(_NO_VERSION)
    if int(known) > SCHEMA_VERSION:
        raise LogError("the room was written by a newer version of Commissure; update this one")
    return int(known)


def _copy(path: Path, copy_path: Path, vfs: str | None) -> None:
    """Copy the file as it is; whole or not at all, and on disk when this returns.

    A connection of its own reads: SQLite copies nothing through one that is about to write.
    """
    source = apsw.Connection(str(path), vfs=vfs)
    copy = apsw.Connection(str(copy_path), vfs=vfs)
    try:
        # A rollback journal is deleted to commit. "Extra" waits until that is on disk, too.
        copy.pragma("synchronous", "extra")
        backup = copy.backup("main", source, "main")
        try:
            while not backup.done:
                backup.step(_PAGES_PER_STEP)
            backup.finish()
        finally:
            with suppress(apsw.Error, SystemError):  # what failed once fails here once more
                backup.close(force=True)
    finally:
        copy.close(force=True)
        source.close(force=True)
    if path.exists():
        shutil.copymode(path, copy_path)


def _first(connection: apsw.Connection) -> None:
    """Keep a chain of entries, and who may come in."""
    connection.execute(_LOG_AND_ACCESS)


def _second(connection: apsw.Connection) -> None:
    """Keep snapshots, an index of what was written, and who came in by what."""
    connection.execute(_SNAPSHOTS + TALK_TABLE)
    access_tables.prepare(connection)
    for revision, payload in connection.execute("SELECT revision, payload FROM entries"):
        insert_talk(connection, _notes_of(revision, payload))


MIGRATIONS: Final[tuple[Callable[[apsw.Connection], None], ...]] = (_first, _second)
"""From each version to the next; the first makes version 1 of nothing."""

SCHEMA_VERSION: Final = len(MIGRATIONS)


class _Note(msgspec.Struct):
    note_id: str
    text: str


class _NotePinned(msgspec.Struct, tag_field="type", tag="note_pinned"):
    note: _Note


class _NoteEdited(msgspec.Struct, tag_field="type", tag="note_edited"):
    note_id: str
    after: str


class _Entry(msgspec.Struct):
    """What matters here of an entry as the first version wrote it."""

    member_id: str
    events: list[msgspec.Raw]


def _notes_of(revision: int, payload: bytes) -> list[Talk]:
    """Return the notes of an entry; of a damaged one none, and reading the log will name it."""
    try:
        entry = msgspec.json.decode(payload, type=_Entry)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return []
    found: list[Talk] = []
    for raw in entry.events:
        try:
            event = msgspec.json.decode(raw, type=_NotePinned | _NoteEdited)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            continue  # something else happened
        note_id, text = (
            (event.note.note_id, event.note.text)
            if isinstance(event, _NotePinned)
            else (event.note_id, event.after)
        )
        found.append(Talk(revision, "note", note_id, MemberId(entry.member_id), text))
    return found
