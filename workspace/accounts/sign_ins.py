"""Browsers that are signed in: a token each, stored as its hash, with an end."""

import secrets
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final

import apsw

from sessions.invitations import TOKEN_BYTES, hash_of, stamp
from sessions.sqlite_writer import SqliteWriter
from workspace.accounts.records import Session, SessionLimits
from workspace.accounts.store import secrets_of_row

NOTED_EVERY: Final = timedelta(minutes=1)
"""Of the last use: each note is a write, and half a day need not be known to the second."""


class SignIns:
    """The sessions of a data folder; they survive a restart of the server."""

    def __init__(
        self, writer: SqliteWriter, clock: Callable[[], datetime], limits: SessionLimits
    ) -> None:
        self._writer = writer
        self._clock = clock
        self._limits = limits

    async def begin(self, account_id: str, *, is_half_way: bool = False) -> str:
        """Return the token of a new session; it can never be read again."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        now = self._clock()

        def work(connection: apsw.Connection) -> None:
            _sweep(connection, now, self._limits)
            connection.execute(
                "INSERT INTO sessions VALUES (?, ?, ?, ?, ?)",
                (hash_of(token), account_id, int(is_half_way), stamp(now), stamp(now)),
            )

        await self._writer.run(work)
        return token

    async def session_of(self, token: str) -> Session | None:
        """Return the session of a token, which counts as a use; None: there is none, or no more."""
        token_hash, now = hash_of(token), self._clock()

        def work(connection: apsw.Connection) -> Session | None:
            if token_hash not in _live(connection, (token_hash,), now, self._limits):
                return None
            _note_use(connection, token_hash, now)
            return _session(connection, token_hash)

        return await self._writer.run(work)

    async def live(self, token_hashes: Iterable[str]) -> frozenset[str]:
        """Return which of these sessions go on; asking is no use."""
        asked, now = tuple(token_hashes), self._clock()
        return await self._writer.run(
            lambda connection: _live(connection, asked, now, self._limits)
        )

    async def note_use(self, token_hash: str) -> None:
        """Note that a session is used, by other ways than a request."""
        now = self._clock()
        await self._writer.run(lambda connection: _note_use(connection, token_hash, now))

    async def end(self, token_hash: str) -> None:
        """Sign one browser out."""
        await self._writer.run(
            lambda connection: _delete(connection, "token_hash = ?", (token_hash,))
        )

    async def end_all(self, account_id: str) -> None:
        """Sign an account out everywhere."""
        await self._writer.run(
            lambda connection: _delete(connection, "account_id = ?", (account_id,))
        )


def _live(
    connection: apsw.Connection, token_hashes: Iterable[str], now: datetime, limits: SessionLimits
) -> frozenset[str]:
    found: set[str] = set()
    for token_hash in token_hashes:
        row = connection.execute(
            "SELECT sessions.created_at, last_used_at, is_half_way FROM sessions JOIN accounts "
            "USING (account_id) WHERE token_hash = ? AND is_disabled = 0",
            (token_hash,),
        ).fetchone()
        if row is not None:
            created_at, last_used_at, is_half_way = str(row[0]), str(row[1]), bool(row[2])
            absolute = limits.half_way if is_half_way else limits.absolute
            if created_at > stamp(now - absolute) and last_used_at > stamp(now - limits.idle):
                found.add(token_hash)
    return frozenset(found)


def _session(connection: apsw.Connection, token_hash: str) -> Session:
    row = connection.execute(
        "SELECT account_id, is_half_way FROM sessions WHERE token_hash = ?", (token_hash,)
    ).fetchone()
    assert row is not None  # found alive in this transaction
    account = secrets_of_row(connection, str(row[0])).account
    return Session(token_hash=token_hash, account=account, is_half_way=bool(row[1]))


def _note_use(connection: apsw.Connection, token_hash: str, now: datetime) -> None:
    connection.execute(
        "UPDATE sessions SET last_used_at = ? WHERE token_hash = ? AND last_used_at <= ?",
        (stamp(now), token_hash, stamp(now - NOTED_EVERY)),
    )


def _sweep(connection: apsw.Connection, now: datetime, limits: SessionLimits) -> None:
    """Forget what has ended, so that the file does not grow."""
    ends = (stamp(now - limits.absolute), stamp(now - limits.idle))
    _delete(connection, "created_at <= ? OR last_used_at <= ?", ends)
    half_way = (stamp(now - limits.half_way),)
    _delete(connection, "is_half_way = 1 AND created_at <= ?", half_way)


def _delete(connection: apsw.Connection, condition: str, values: tuple[str, ...]) -> None:
    connection.execute(f"DELETE FROM sessions WHERE {condition}", values)  # noqa: S608 (our own words)
