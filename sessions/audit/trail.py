"""The trail in one SQLite file of the data folder: append only, on disk when told so.

Several processes may append, the server and the command line: each takes the head within its own
transaction, so that there is one chain.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, TypeVar

import apsw

from sessions.audit.chain import Head, Row, follow, row_of, seal
from sessions.audit.records import AuditEntry, AuditEvent, Kind, Reference
from sessions.errors import AuditError, DamagedAuditError, LogError
from sessions.sqlite_writer import Job, SqliteWriter

Result = TypeVar("Result")

FILE_NAME: Final = "audit.sqlite"
"""Of the trail, in the data folder."""

SCHEMA_VERSION: Final = "1"

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS trail (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS entries (
    sequence INTEGER PRIMARY KEY,
    room_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    payload BLOB NOT NULL,
    hash TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS entries_of_room ON entries (room_id, sequence);
"""

MARKS: Final = frozenset(
    {Kind.ROOM_ADOPTED, Kind.CHANGED, Kind.LOG_DISAGREES, Kind.RESTORED, Kind.ROOM_REMOVED}
)
"""What says how far the trail knows a room's log."""

_LAST_MARK: Final = (
    "SELECT sequence, room_id, kind, payload, hash FROM entries WHERE room_id = ? AND kind IN ("  # noqa: S608 (our own constants)
    + ", ".join(f"'{kind}'" for kind in sorted(MARKS))
    + ") ORDER BY sequence DESC LIMIT 1"
)


class AuditTrail:
    """The writing end of the trail; nothing is touched before the first event.

    Parameters
    ----------
    path : Path
        `FILE_NAME` in the data folder; made with the first event, for its owner only.
    vfs : str, optional
        Where SQLite finds its files; for tests of failing disks.
    """

    def __init__(self, path: Path, vfs: str | None = None) -> None:
        self._path = path
        self._writer = SqliteWriter(path, vfs)
        self._ready = False

    async def append(self, events: Sequence[AuditEvent]) -> tuple[AuditEntry, ...]:
        """Record events, all or none, and return their entries when they are on disk.

        A change of a room that the trail holds already is left out: a write that was reported as
        failed may have landed.

        Raises
        ------
        AuditError
            The trail cannot be written; nothing was recorded.
        """
        return await self._run(lambda connection: _append(connection, events))

    async def mark_of(self, room_id: str) -> Reference | None:
        """Return the revision and hash up to which the trail knows a room's log, or None.

        Raises
        ------
        AuditError
            The trail cannot be read.
        """
        return await self._run(lambda connection: _mark_of(connection, room_id))

    async def close(self) -> None:
        """Do what was asked, then let go of the file."""
        await self._writer.close()

    async def _run(self, job: Job[Result]) -> Result:
        def prepared(connection: apsw.Connection) -> Result:
            if not self._ready:
                _prepare(connection)
            return job(connection)

        try:
            if not self._ready:
                self._path.touch(mode=0o600)  # who opened what is nobody else's business
            result = await self._writer.run(prepared)
        except (LogError, OSError) as error:
            raise AuditError(_sentence(error.__cause__)) from error
        self._ready = True
        return result


def _prepare(connection: apsw.Connection) -> None:
    """Make the tables, or check that they are of a version that we know."""
    connection.execute(_SCHEMA)
    known = _notes(connection)
    if not known:
        rows = (
            ("schema_version", SCHEMA_VERSION),
            ("head_sequence", "0"),
            ("head_hash", Head().hash),
        )
        connection.executemany("INSERT INTO trail VALUES (?, ?)", rows)
    elif known.get("schema_version") != SCHEMA_VERSION:
        raise AuditError(
            "the audit trail was written by another version of Commissure; update this one"
        )


def _append(connection: apsw.Connection, events: Sequence[AuditEvent]) -> tuple[AuditEntry, ...]:
    head = head_of(connection)
    known: dict[str, int] = {}
    entries: list[AuditEntry] = []
    for event in events:
        if event.kind == Kind.CHANGED:
            if event.room_id not in known:
                mark = _mark_of(connection, event.room_id)
                known[event.room_id] = 0 if mark is None else mark.revision
            if event.object.revision <= known[event.room_id]:
                continue
        if event.kind in MARKS:
            known[event.room_id] = event.object.revision
        entries.append(seal(event, head))
        head = Head(entries[-1].sequence, entries[-1].hash)
    connection.executemany(
        "INSERT INTO entries VALUES (?, ?, ?, ?, ?)", [row_of(entry) for entry in entries]
    )
    notes = (("head_sequence", str(head.sequence)), ("head_hash", head.hash))
    connection.executemany("UPDATE trail SET value = ?2 WHERE key = ?1", notes)
    return tuple(entries)


def _mark_of(connection: apsw.Connection, room_id: str) -> Reference | None:
    found = connection.execute(_LAST_MARK, (room_id,)).fetchone()
    if found is None:
        return None
    row = Row(*found)
    before = connection.execute(
        "SELECT sequence, hash FROM entries WHERE sequence = ?", (row.sequence - 1,)
    ).fetchone()
    if before is None and row.sequence > 1:
        raise DamagedAuditError(row.sequence - 1, "it is missing")
    event = follow(row, Head(*before) if before else Head()).event
    return None if event.kind == Kind.ROOM_REMOVED else event.object


def head_of(connection: apsw.Connection) -> Head:
    """Return the last entry, as noted beside the chain.

    Raises
    ------
    AuditError
        There is no such note.
    """
    known = _notes(connection)
    try:
        return Head(int(known["head_sequence"]), known["head_hash"])
    except (KeyError, ValueError) as error:
        raise AuditError(
            "the audit trail does not say where it ends; keep the file as evidence and restore it "
            "from a backup"
        ) from error


def _notes(connection: apsw.Connection) -> dict[str, str]:
    return dict(connection.execute("SELECT key, value FROM trail"))


def _sentence(cause: BaseException | None) -> str:
    """Say what a failure of SQLite means for the one who asked."""
    match cause:
        case apsw.FullError():
            return "the disk of the audit trail is full; free some space, then do it again"
        case apsw.CorruptError() | apsw.NotADBError() | apsw.ConstraintError() | apsw.SQLError():
            return (
                "the file of the audit trail is damaged; keep it as evidence and restore it from a "
                "backup"
            )
        case apsw.BusyError() | apsw.LockedError():
            return "another program holds the audit trail; close it, then do it again"
        case _:
            return "the audit trail cannot be written; check its disk, then do it again"
