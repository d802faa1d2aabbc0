"""Who may come in: invitation links, and the credential that each member's browser keeps.

Tokens are 256 random bits and are stored as their SHA-256 only: who reads the file, or a backup
of it, cannot come in.
"""

import hashlib
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

import apsw
import msgspec

from sessions.errors import EndedInvitationError, InvitationError
from sessions.plan.records import MemberId, Role
from sessions.sqlite_writer import SqliteWriter

TOKEN_BYTES: Final = 32


class Invitation(msgspec.Struct, frozen=True, kw_only=True):
    """A link that lets people in, in some role."""

    invitation_id: str
    role: Role
    label: str
    """Whom it is for, in the words of the one who invited."""
    created_at: str
    """UTC, ISO 8601."""
    expires_at: str | None
    """None: never."""
    uses_left: int | None
    """None: any number."""
    revoked: bool


class Invitations:
    """The invitations of one room."""

    def __init__(
        self, writer: SqliteWriter, clock: Callable[[], datetime], new_id: Callable[[], str]
    ) -> None:
        self._writer = writer
        self._clock = clock
        self._new_id = new_id

    async def create(
        self,
        role: Role,
        label: str = "",
        *,
        expires_at: datetime | None = None,
        uses: int | None = None,
    ) -> str:
        """Return the token of a new invitation; it can never be read again."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        row = (
            self._new_id(),
            hash_of(token),
            role.value,
            label,
            _stamp(self._clock()),
            None if expires_at is None else _stamp(expires_at),
            uses,
        )
        await self._writer.run(lambda connection: _insert_invitation(connection, row))
        return token

    async def resolve(self, token: str) -> Invitation:
        """Return the invitation that a token is of, if it is still valid.

        Raises
        ------
        EndedInvitationError
            It expired, was used up or revoked.
        InvitationError
            There never was one.
        """
        now = _stamp(self._clock())
        return await self._writer.run(lambda connection: _find(connection, token, now))

    async def redeem(self, token: str) -> Invitation:
        """Resolve a token and take one of its uses, in one step.

        Raises
        ------
        InvitationError
            As `resolve`.
        """
        now = _stamp(self._clock())
        return await self._writer.run(lambda connection: _redeem(connection, token, now))

    async def listed(self) -> tuple[Invitation, ...]:
        """Return all invitations, oldest first, ended ones too."""
        return await self._writer.run(_all)

    async def revoke(self, invitation_id: str) -> None:
        """End an invitation; those who came in by it stay members."""
        await self._writer.run(
            lambda connection: _execute(
                connection,
                "UPDATE invitations SET revoked = 1 WHERE invitation_id = ?",
                (invitation_id,),
            )
        )


class Credentials:
    """What members' browsers show to be let in again."""

    def __init__(self, writer: SqliteWriter, clock: Callable[[], datetime]) -> None:
        self._writer = writer
        self._clock = clock

    async def issue(self, member_id: MemberId) -> str:
        """Return a new token of a member."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        row = (hash_of(token), member_id, _stamp(self._clock()))
        statement = "INSERT INTO credentials VALUES (?, ?, ?)"
        await self._writer.run(lambda connection: _execute(connection, statement, row))
        return token

    async def member_of(self, token: str) -> MemberId | None:
        """Return whose token it is, or None."""
        return await self._writer.run(lambda connection: _member_of(connection, token))

    async def revoke(self, member_id: MemberId) -> None:
        """Make all tokens of a member worthless."""
        statement = "DELETE FROM credentials WHERE member_id = ?"
        await self._writer.run(lambda connection: _execute(connection, statement, (member_id,)))


def hash_of(token: str) -> str:
    """Return what is stored of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _stamp(moment: datetime) -> str:
    """Return a time so that the order of the texts is the order of the times."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def _execute(
    connection: apsw.Connection, statement: str, values: tuple[str | int | None, ...]
) -> None:
    connection.execute(statement, values)


def _insert_invitation(connection: apsw.Connection, row: tuple[str | int | None, ...]) -> None:
    connection.execute("INSERT INTO invitations VALUES (?, ?, ?, ?, ?, ?, ?, 0)", row)


_COLUMNS: Final = "invitation_id, role, label, created_at, expires_at, uses_left, revoked"


def _all(connection: apsw.Connection) -> tuple[Invitation, ...]:
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM invitations ORDER BY created_at, invitation_id"  # noqa: S608 (our own constant)
    )
    return tuple(_invitation(row) for row in rows)


def _find(connection: apsw.Connection, token: str, now: str) -> Invitation:
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM invitations WHERE token_hash = ?",  # noqa: S608 (our own constant)
        (hash_of(token),),
    ).fetchone()
    if row is None:
        raise InvitationError("there is no such invitation; ask for a new link")
    invitation = _invitation(row)
    if invitation.revoked:
        raise EndedInvitationError("this invitation was withdrawn; ask for a new link")
    if invitation.expires_at is not None and invitation.expires_at <= now:
        raise EndedInvitationError("this invitation has expired; ask for a new link")
    if invitation.uses_left is not None and invitation.uses_left <= 0:
        raise EndedInvitationError("this invitation has been used; ask for a new link")
    return invitation


def _redeem(connection: apsw.Connection, token: str, now: str) -> Invitation:
    invitation = _find(connection, token, now)
    connection.execute(
        "UPDATE invitations SET uses_left = uses_left - 1 "
        "WHERE invitation_id = ? AND uses_left IS NOT NULL",
        (invitation.invitation_id,),
    )
    return invitation


def _invitation(row: tuple[object, ...]) -> Invitation:
    names = ("invitation_id", "role", "label", "created_at", "expires_at", "uses_left", "revoked")
    return msgspec.convert(dict(zip(names, row, strict=True)), Invitation, strict=False)


def _member_of(connection: apsw.Connection, token: str) -> MemberId | None:
    row = connection.execute(
        "SELECT member_id FROM credentials WHERE token_hash = ?", (hash_of(token),)
    ).fetchone()
    return None if row is None else MemberId(str(row[0]))
