"""Who may come in: invitation links, each with its role, its uses and its end.

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


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who came in by an invitation."""

    member_id: MemberId
    at: str
    """UTC, ISO 8601."""


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
    made_by: str = ""
    """The member who invited; empty: whoever runs the server."""
    arrivals: tuple[Arrival, ...] = ()


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
        made_by: str = "",
    ) -> str:
        """Return the token of a new invitation; it can never be read again."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        row = (
            self._new_id(),
            hash_of(token),
            role.value,
            label,
            stamp(self._clock()),
            None if expires_at is None else stamp(expires_at),
            uses,
            made_by,
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
        now = stamp(self._clock())
        return await self._writer.run(lambda connection: _find(connection, token, now))

    async def redeem(self, token: str, member_id: MemberId) -> Invitation:
        """Resolve a token, take one of its uses and note who comes in by it, in one step.

        Raises
        ------
        InvitationError
            As `resolve`.
        """
        now = stamp(self._clock())
        return await self._writer.run(lambda connection: _redeem(connection, token, member_id, now))

    async def give_back(self, member_id: MemberId) -> None:
        """Return the use of somebody who could not be let in after all."""
        await self._writer.run(lambda connection: _give_back(connection, member_id))

    async def listed(self) -> tuple[Invitation, ...]:
        """Return all invitations, oldest first, ended ones too."""
        return await self._writer.run(_all)

    async def revoke(self, invitation_id: str) -> None:
        """End an invitation; those who came in by it stay members.

        Raises
        ------
        InvitationError
            There is none of this id.
        """
        await self._writer.run(
            lambda connection: _revoke(connection, invitation_id),
        )


def hash_of(token: str) -> str:
    """Return what is stored of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def stamp(moment: datetime) -> str:
    """Return a time so that the order of the texts is the order of the times."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def _insert_invitation(connection: apsw.Connection, row: tuple[str | int | None, ...]) -> None:
    connection.execute(
        "INSERT INTO invitations (invitation_id, token_hash, role, label, created_at, expires_at, "
        "uses_left, made_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        row,
    )


_COLUMNS: Final = "invitation_id, role, label, created_at, expires_at, uses_left, revoked, made_by"
_NAMES: Final = tuple(_COLUMNS.split(", "))


def _all(connection: apsw.Connection) -> tuple[Invitation, ...]:
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM invitations ORDER BY created_at, invitation_id"  # noqa: S608 (our own constant)
    )
    arrivals = _arrivals(connection)
    return tuple(
        msgspec.structs.replace(it, arrivals=tuple(arrivals.get(it.invitation_id, ())))
        for it in map(_invitation, rows)
    )


def _arrivals(connection: apsw.Connection) -> dict[str, list[Arrival]]:
    """Return who came in by each invitation, the first first."""
    found: dict[str, list[Arrival]] = {}
    rows = connection.execute(
        "SELECT invitation_id, member_id, at FROM arrivals ORDER BY at, member_id"
    )
    for invitation_id, member_id, at in rows:
        arrival = Arrival(member_id=MemberId(str(member_id)), at=str(at))
        found.setdefault(str(invitation_id), []).append(arrival)
    return found


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


def _redeem(connection: apsw.Connection, token: str, member_id: MemberId, now: str) -> Invitation:
    invitation = _find(connection, token, now)
    connection.execute(
        "UPDATE invitations SET uses_left = uses_left - 1 "
        "WHERE invitation_id = ? AND uses_left IS NOT NULL",
        (invitation.invitation_id,),
    )
    connection.execute(
        "INSERT INTO arrivals (member_id, invitation_id, at) VALUES (?, ?, ?)",
        (member_id, invitation.invitation_id, now),
    )
    return invitation


def _give_back(connection: apsw.Connection, member_id: MemberId) -> None:
    connection.execute(
        "UPDATE invitations SET uses_left = uses_left + 1 WHERE uses_left IS NOT NULL "
        "AND invitation_id = (SELECT invitation_id FROM arrivals WHERE member_id = ?)",
        (member_id,),
    )
    connection.execute("DELETE FROM arrivals WHERE member_id = ?", (member_id,))


def _revoke(connection: apsw.Connection, invitation_id: str) -> None:
    connection.execute(
        "UPDATE invitations SET revoked = 1 WHERE invitation_id = ?", (invitation_id,)
    )
    if connection.changes() == 0:
        raise InvitationError(
            "there is no invitation of this id in the room; `commissure room invitations` "
            "lists those there are"
        )


def _invitation(row: tuple[object, ...]) -> Invitation:
    return msgspec.convert(dict(zip(_NAMES, row, strict=True)), Invitation, strict=False)
