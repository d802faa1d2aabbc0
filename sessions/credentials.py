"""What lets members in again: a credential in their browser, or the account that is theirs.

Whoever came by an invitation alone keeps a credential: 256 random bits, stored as their SHA-256
only. Whoever came signed in is found by their account, on any device.
"""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import apsw
import msgspec

from sessions.invitations import TOKEN_BYTES, hash_of, stamp
from sessions.plan.records import MemberId
from sessions.sqlite_writer import SqliteWriter

MAX_AGE: Final = timedelta(days=180)
"""A rehearsal goes on for months; whoever is still there then opens a new link."""

MAX_IDLE: Final = timedelta(days=30)
"""Nobody who rehearses stays away for longer; a laptop that was given away does."""

NOTED_EVERY: Final = timedelta(hours=1)
"""Of the last use: each note is a write, and a month need not be known to the minute."""


class Credentials:
    """What members' browsers show to be let in again."""

    def __init__(self, writer: SqliteWriter, clock: Callable[[], datetime]) -> None:
        self._writer = writer
        self._clock = clock

    async def issue(self, member_id: MemberId) -> str:
        """Return a new token of a member."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        now = stamp(self._clock())
        await self._writer.run(
            lambda connection: _insert(connection, (hash_of(token), member_id, now, now))
        )
        return token

    async def member_of(self, token: str) -> MemberId | None:
        """Return whose token it is; None: nobody's, or it was idle or is around for too long."""
        now = self._clock()
        return await self._writer.run(lambda connection: _member_of(connection, token, now))

    async def revoke(self, member_id: MemberId) -> None:
        """Make all tokens of a member worthless."""
        await self._writer.run(
            lambda connection: _delete(connection, "credentials", "member_id", member_id)
        )


class Membership(msgspec.Struct, frozen=True, kw_only=True):
    """An account's place in a room."""

    member_id: MemberId
    joined_at: str
    last_opened_at: str


class MemberAccounts:
    """Which member of the room an account is: one, on however many devices."""

    def __init__(self, writer: SqliteWriter, clock: Callable[[], datetime]) -> None:
        self._writer = writer
        self._clock = clock

    async def bind(self, account_id: str, member_id: MemberId) -> MemberId:
        """Return the member of an account: `member_id`, unless it is one already."""
        now = stamp(self._clock())
        return await self._writer.run(
            lambda connection: _bind(connection, account_id, member_id, now)
        )

    async def membership_of(self, account_id: str) -> Membership | None:
        """Return the place of an account in the room, if it has one."""
        return await self._writer.run(lambda connection: _membership(connection, account_id))

    async def opened(self, account_id: str) -> None:
        """Note that the account's page was opened now."""
        now = stamp(self._clock())
        await self._writer.run(lambda connection: _opened(connection, account_id, now))

    async def release(self, member_id: MemberId) -> None:
        """Let no account be this member any more."""
        await self._writer.run(
            lambda connection: _delete(connection, "member_accounts", "member_id", member_id)
        )


def _insert(connection: apsw.Connection, row: tuple[str, str, str, str]) -> None:
    connection.execute(
        "INSERT INTO credentials (token_hash, member_id, created_at, last_used_at) "
        "VALUES (?, ?, ?, ?)",
        row,
    )


def _member_of(connection: apsw.Connection, token: str, now: datetime) -> MemberId | None:
    row = connection.execute(
        "SELECT member_id, created_at, last_used_at FROM credentials WHERE token_hash = ?",
        (hash_of(token),),
    ).fetchone()
    if row is None:
        return None
    member_id, created_at, last_used_at = map(str, row)
    # What an earlier version issued has no last use; it counts from when it is first seen.
    is_idle = last_used_at != "" and last_used_at <= stamp(now - MAX_IDLE)
    if is_idle or created_at <= stamp(now - MAX_AGE):
        _delete(connection, "credentials", "token_hash", hash_of(token))
        return None
    if last_used_at <= stamp(now - NOTED_EVERY):
        connection.execute(
            "UPDATE credentials SET last_used_at = ? WHERE token_hash = ?",
            (stamp(now), hash_of(token)),
        )
    return MemberId(member_id)


def _bind(connection: apsw.Connection, account_id: str, member_id: MemberId, now: str) -> MemberId:
    connection.execute(
        "INSERT INTO member_accounts (account_id, member_id, joined_at, last_opened_at) "
        "VALUES (?, ?, ?, ?) ON CONFLICT (account_id) DO NOTHING",
        (account_id, member_id, now, now),
    )
    known = _membership(connection, account_id)
    return member_id if known is None else known.member_id


def _membership(connection: apsw.Connection, account_id: str) -> Membership | None:
    row = connection.execute(
        "SELECT member_id, joined_at, last_opened_at FROM member_accounts WHERE account_id = ?",
        (account_id,),
    ).fetchone()
    if row is None:
        return None
    member_id, joined_at, last_opened_at = map(str, row)
    return Membership(
        member_id=MemberId(member_id), joined_at=joined_at, last_opened_at=last_opened_at
    )


def _opened(connection: apsw.Connection, account_id: str, now: str) -> None:
    connection.execute(
        "UPDATE member_accounts SET last_opened_at = ? WHERE account_id = ?", (now, account_id)
    )


def _delete(connection: apsw.Connection, table: str, column: str, value: str) -> None:
    connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (value,))  # noqa: S608 (our own names)
