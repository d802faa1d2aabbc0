"""The tables of a room's file that say who may come in, brought up to what this version keeps."""

from typing import Final

import apsw

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS arrivals (
    member_id TEXT PRIMARY KEY,
    invitation_id TEXT NOT NULL,
    at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS member_accounts (
    account_id TEXT PRIMARY KEY,
    member_id TEXT NOT NULL UNIQUE,
    joined_at TEXT NOT NULL,
    last_opened_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
"""

_ADDED_COLUMNS: Final = (
    ("invitations", "made_by", "TEXT NOT NULL DEFAULT ''"),
    ("credentials", "last_used_at", "TEXT NOT NULL DEFAULT ''"),
)
"""Rooms of the first version lack them; what they hold by default is how it was then."""


def prepare(connection: apsw.Connection) -> None:
    """Add what a file of an earlier version lacks; nothing that is there changes."""
    connection.execute(_TABLES)
    for table, column, kind in _ADDED_COLUMNS:
        known = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
        if column not in known:
            connection.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")
