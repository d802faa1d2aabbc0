"""Reading the trail, also while a server writes to it: every entry is checked on the way."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import apsw
import msgspec

from sessions.audit.chain import Head, Row, checked
from sessions.audit.records import AuditEntry, Kind
from sessions.audit.trail import head_of
from sessions.errors import AuditError
from sessions.sqlite_writer import BUSY_TIMEOUT_MS

_ALL = "SELECT sequence, room_id, kind, payload, hash FROM entries ORDER BY sequence"


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which entries somebody asks for."""

    room_id: str | None = None
    since_ms: int | None = None
    kind: Kind | None = None

    def holds(self, entry: AuditEntry) -> bool:
        """Say whether an entry is one of them."""
        event = entry.event
        return (
            (self.room_id is None or event.room_id == self.room_id)
            and (self.since_ms is None or event.at_ms >= self.since_ms)
            and (self.kind is None or event.kind == self.kind)
        )


EVERYTHING = Wanted()


def verify_trail(path: Path) -> Head:
    """Return the head of a trail in which every entry is in its place.

    Raises
    ------
    AuditError
        As `read_trail`.
    """
    head = Head()
    for entry in read_trail(path):
        head = Head(entry.sequence, entry.hash)
    return head


def read_trail(path: Path, wanted: Wanted = EVERYTHING) -> Iterator[AuditEntry]:
    """Yield the entries that are wanted, oldest first; all others are checked, too.

    The trail is read as it was at one moment. One that is not there yet has no entries.

    Raises
    ------
    DamagedAuditError
        The first entry that is not as it was recorded; `sequence` names it.
    AuditError
        The file cannot be read.
    """
    if not path.exists():
        return
    try:
        with _snapshot(path) as connection:
            if connection.execute("SELECT count(*) FROM sqlite_schema").fetchone() == (0,):
                return  # made, and nothing was ever noted
            rows = (Row(*row) for row in connection.execute(_ALL))
            for entry in checked(rows, head_of(connection)):
                if wanted.holds(entry):
                    yield entry
    except apsw.Error as error:
        raise AuditError(
            f"{path.name} cannot be read; keep the file as evidence and restore it from a backup"
        ) from error


@contextlib.contextmanager
def _snapshot(path: Path) -> Iterator[apsw.Connection]:
    """Open the file read-only, and hold on to one moment of it."""
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        connection.set_busy_timeout(BUSY_TIMEOUT_MS)  # a server that starts recovers its log
        connection.execute("BEGIN")
        yield connection
    finally:
        connection.close()
