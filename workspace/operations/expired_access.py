"""Invitations, cookies and sessions that let nobody in any more."""

import contextlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import apsw

from sessions.errors import RoomError
from sessions.invitations import stamp
from sessions.lobby import Lobby
from sessions.sqlite_log import FILE_NAME
from workspace.operations.databases import BUSY_TIMEOUT_MS
from workspace.operations.proposals import Proposal
from workspace.operations.retention_rules import RetentionRules
from workspace.storage import accounts_in, rooms_in

ENDED: Final = {
    "invitations": (
        "((revoked OR uses_left <= 0) AND created_at < ?1) OR expires_at < ?1",
        ("revoked", "uses_left", "created_at", "expires_at"),
    ),
    "credentials": (
        "max(created_at, last_used_at) < ?1",
        ("created_at", "last_used_at"),
    ),
    "sessions": ("max(created_at, last_used_at) < ?1", ("created_at", "last_used_at")),
    "attempts": ("max(last_at, blocked_until) < ?1", ("last_at", "blocked_until")),
}
"""Table -> which of its rows are of no use any more, and the columns that say so."""


def access_proposals(data: Path, rules: RetentionRules, now: datetime) -> Iterator[Proposal]:
    """Yield, for each database, the rows that ended before the rule's days."""
    days = rules.access.delete_after_days
    if days is None:
        return
    before = stamp(now - timedelta(days=days))
    lobby = Lobby(rooms_in(data))
    files: dict[Path, str] = {
        lobby.folder_of(room_id) / FILE_NAME: room_id for room_id in lobby.room_ids()
    }
    if accounts_in(data).is_file():
        files[accounts_in(data)] = ""
    for path, room_id in files.items():
        for table, count in _ended_in(path, before).items():
            yield Proposal(
                f"delete_{table}",
                room_id or path.stem,
                count,
                0,
                lambda path=path, table=table: _delete(path, table, before),  # type: ignore[misc]
                room_id=room_id,
            )


def _ended_in(path: Path, before: str) -> dict[str, int]:
    """Return how many rows of which tables are of no use; of a damaged file nothing."""
    found = {}
    try:
        with contextlib.closing(_opened(path)) as connection:
            for table, (condition, columns) in ENDED.items():
                known = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
                if known.issuperset(columns):
                    query = f"SELECT count(*) FROM {table} WHERE {condition}"  # noqa: S608 (our own constants)
                    count = connection.execute(query, (before,)).fetchall()[0][0]
                    if count:
                        found[table] = int(str(count))
    except apsw.Error:
        return {}
    return found


def _delete(path: Path, table: str, before: str) -> None:
    condition, _ = ENDED[table]
    try:
        with contextlib.closing(_opened(path)) as connection:
            connection.pragma("secure_delete", "on")
            connection.execute(f"DELETE FROM {table} WHERE {condition}", (before,))  # noqa: S608 (our own constants)
    except apsw.Error as error:
        raise RoomError("the file is busy or damaged; try again later") from error


def _opened(path: Path) -> apsw.Connection:
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
    connection.set_busy_timeout(BUSY_TIMEOUT_MS)
    connection.pragma("synchronous", "full")
    return connection
