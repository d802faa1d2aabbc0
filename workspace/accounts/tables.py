"""The tables of ``accounts.sqlite``."""

from typing import Final

import apsw

from sessions.errors import LogError

SCHEMA_VERSION: Final = 1

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS accounts (
    account_id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    is_disabled INTEGER NOT NULL DEFAULT 0,
    password_hash TEXT,
    totp_secret TEXT,
    totp_last_step INTEGER NOT NULL DEFAULT 0,
    issuer TEXT,
    subject TEXT,
    created_at TEXT NOT NULL,
    last_signed_in_at TEXT NOT NULL DEFAULT '',
    UNIQUE (issuer, subject)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS recovery_codes (
    account_id TEXT NOT NULL,
    code_hash TEXT NOT NULL,
    PRIMARY KEY (account_id, code_hash)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sessions (
    token_hash TEXT PRIMARY KEY,
    account_id TEXT NOT NULL,
    is_half_way INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    last_used_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS sessions_of_account ON sessions (account_id);
CREATE TABLE IF NOT EXISTS attempts (
    key TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_at TEXT NOT NULL,
    blocked_until TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
"""


def prepare(connection: apsw.Connection) -> None:
    """Make the tables, or refuse a file of a version that is not known.

    Raises
    ------
    LogError
        The file was written by a later version.
    """
    version = int(connection.pragma("user_version"))
    if version > SCHEMA_VERSION:
        raise LogError("the accounts were written by a later version of Commissure; update it")
    connection.execute(_TABLES)
    connection.pragma("user_version", SCHEMA_VERSION)
