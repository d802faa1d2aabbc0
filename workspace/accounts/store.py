"""The accounts of a data folder; the server and the command line write to one file."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

import apsw
import msgspec

from sessions.invitations import stamp
from sessions.sqlite_writer import SqliteWriter
from workspace.accounts.records import NAME_PATTERN, Account
from workspace.errors import AccountError

UNKNOWN: Final = "there is no account of this name; `commissure user list` shows those there are"


class Secrets(msgspec.Struct, frozen=True, kw_only=True):
    """What an account is checked against; never shown."""

    account: Account
    password_hash: str | None
    totp_secret: str | None
    totp_last_step: int


class SecondFactor(msgspec.Struct, frozen=True, kw_only=True):
    """A new second factor, as it is stored."""

    totp_secret: str
    recovery_hashes: tuple[str, ...]


class AccountStore:
    """Adds, finds and changes accounts."""

    def __init__(
        self, writer: SqliteWriter, clock: Callable[[], datetime], new_id: Callable[[], str]
    ) -> None:
        self._writer = writer
        self._clock = clock
        self._new_id = new_id

    async def add(
        self,
        account: Account,
        password_hash: str | None = None,
        second_factor: SecondFactor | None = None,
    ) -> Account:
        """Keep a new account, whose id and time are given here.

        Raises
        ------
        AccountError
            The name is none or is taken, or the identity is another's.
        """
        if not NAME_PATTERN.fullmatch(account.name):
            raise AccountError(
                "the name of an account has 1 to 64 lower-case letters, digits and . _ - @, and "
                "begins with a letter or digit"
            )
        new = msgspec.structs.replace(
            account, account_id=self._new_id(), created_at=stamp(self._clock())
        )

        def work(connection: apsw.Connection) -> Account:
            _insert(connection, new, password_hash)
            if second_factor is not None:
                _set_second_factor(connection, new.account_id, second_factor)
            return _secrets(connection, "account_id", new.account_id).account

        return await self._writer.run(work)

    async def secrets_of(self, name: str) -> Secrets | None:
        """Return an account and what it is checked against."""
        return await self._writer.run(lambda connection: _found(connection, "name", name))

    async def secrets_by_id(self, account_id: str) -> Secrets | None:
        """Return an account, by its id, and what it is checked against."""
        return await self._writer.run(
            lambda connection: _found(connection, "account_id", account_id)
        )

    async def by_identity(self, issuer: str, subject: str) -> Account | None:
        """Return the account of somebody whom a provider vouches for."""

        def work(connection: apsw.Connection) -> Account | None:
            query = f"{_SELECT} WHERE issuer = ? AND subject = ?"
            row = connection.execute(query, (issuer, subject)).fetchone()
            return None if row is None else _secrets_in(row).account

        return await self._writer.run(work)

    async def has_any(self) -> bool:
        """Say whether anybody has an account."""
        return await self._writer.run(
            lambda connection: connection.execute("SELECT 1 FROM accounts").fetchone() is not None
        )

    async def listed(self) -> tuple[Account, ...]:
        """Return all accounts, by name."""

        def work(connection: apsw.Connection) -> tuple[Account, ...]:
            rows = connection.execute(f"{_SELECT} ORDER BY name")
            return tuple(_secrets_in(row).account for row in rows)

        return await self._writer.run(work)

    async def set_password(self, name: str, password_hash: str) -> None:
        """Give an account another password, and sign it out everywhere."""
        await self._change(name, "password_hash = ?", (password_hash,))

    async def set_second_factor(self, name: str, factor: SecondFactor | None) -> None:
        """Give an account another second factor, or none, and sign it out everywhere."""

        def work(connection: apsw.Connection) -> None:
            account = _secrets(connection, "name", name).account
            _set_second_factor(connection, account.account_id, factor)
            _end_sessions(connection, account.account_id)

        await self._writer.run(work)

    async def set_disabled(self, name: str, *, is_disabled: bool) -> None:
        """Let an account in no more, or again; it is signed out everywhere."""
        await self._change(name, "is_disabled = ?", (int(is_disabled),))

    async def remove(self, name: str) -> None:
        """Forget an account; what it did in rooms stays."""

        def work(connection: apsw.Connection) -> None:
            account_id = _secrets(connection, "name", name).account.account_id
            for table in ("sessions", "recovery_codes", "accounts"):
                _forget(connection, table, account_id)

        await self._writer.run(work)

    async def keep_hash(self, account_id: str, password_hash: str) -> None:
        """Store the same password at today's cost."""
        await self._writer.run(
            lambda connection: _update(connection, account_id, "password_hash = ?", password_hash)
        )

    async def note_sign_in(self, account_id: str) -> None:
        """Note that somebody signed in now."""
        now = stamp(self._clock())
        await self._writer.run(
            lambda connection: _update(connection, account_id, "last_signed_in_at = ?", now)
        )

    async def accept_step(self, account_id: str, step: int) -> bool:
        """Say whether a code of this time step is the first one; if so no other can be."""

        def work(connection: apsw.Connection) -> bool:
            connection.execute(
                "UPDATE accounts SET totp_last_step = ? WHERE account_id = ? "
                "AND totp_last_step < ?",
                (step, account_id, step),
            )
            return connection.changes() == 1

        return await self._writer.run(work)

    async def spend_recovery_code(self, account_id: str, code_hash: str) -> bool:
        """Say whether a recovery code was there; it is no longer."""

        def work(connection: apsw.Connection) -> bool:
            connection.execute(
                "DELETE FROM recovery_codes WHERE account_id = ? AND code_hash = ?",
                (account_id, code_hash),
            )
            return connection.changes() == 1

        return await self._writer.run(work)

    async def _change(self, name: str, assignment: str, values: tuple[str | int, ...]) -> None:
        def work(connection: apsw.Connection) -> None:
            account_id = _secrets(connection, "name", name).account.account_id
            _update(connection, account_id, assignment, *values)
            _end_sessions(connection, account_id)

        await self._writer.run(work)


_SELECT: Final = (
    "SELECT account_id, name, display_name, is_disabled, password_hash, totp_secret, "
    "totp_last_step, issuer, subject, created_at, last_signed_in_at FROM accounts"
)


def _found(connection: apsw.Connection, column: str, value: str) -> Secrets | None:
    row = connection.execute(f"{_SELECT} WHERE {column} = ?", (value,)).fetchone()
    return None if row is None else _secrets_in(row)


def secrets_of_row(connection: apsw.Connection, account_id: str) -> Secrets:
    """Return an account that is known to be there, within a transaction."""
    return _secrets(connection, "account_id", account_id)


def _secrets(connection: apsw.Connection, column: str, value: str) -> Secrets:
    found = _found(connection, column, value)
    if found is None:
        raise AccountError(UNKNOWN)
    return found


def _secrets_in(row: Iterable[object]) -> Secrets:
    columns = iter(row)
    account_id, name, display_name = (str(next(columns)) for _ in range(3))
    is_disabled = bool(next(columns))
    password_hash, totp_secret = (_text(next(columns)) for _ in range(2))
    last_step = int(str(next(columns)))
    issuer, subject = (_text(next(columns)) for _ in range(2))
    created_at, last_signed_in_at = (str(next(columns)) for _ in range(2))
    account = Account(
        account_id=account_id,
        name=name,
        display_name=display_name,
        is_disabled=is_disabled,
        has_password=password_hash is not None,
        has_second_factor=totp_secret is not None,
        identity=None if issuer is None or subject is None else (issuer, subject),
        created_at=created_at,
        last_signed_in_at=last_signed_in_at,
    )
    return Secrets(
        account=account,
        password_hash=password_hash,
        totp_secret=totp_secret,
        totp_last_step=last_step,
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _insert(connection: apsw.Connection, account: Account, password_hash: str | None) -> None:
    if _found(connection, "name", account.name) is not None:
        raise AccountError(f"there is an account {account.name} already; take another name")
    issuer, subject = account.identity or (None, None)
    try:
        connection.execute(
            "INSERT INTO accounts (account_id, name, display_name, password_hash, "
            "issuer, subject, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                account.account_id,
                account.name,
                account.display_name,
                password_hash,
                issuer,
                subject,
                account.created_at,
            ),
        )
    except apsw.ConstraintError as error:
        raise AccountError("this subject of the provider has an account already") from error


def _set_second_factor(
    connection: apsw.Connection, account_id: str, factor: SecondFactor | None
) -> None:
    connection.execute("DELETE FROM recovery_codes WHERE account_id = ?", (account_id,))
    secret = None if factor is None else factor.totp_secret
    _update(connection, account_id, "totp_last_step = 0, totp_secret = ?", secret)
    if factor is not None:
        rows = [(account_id, code_hash) for code_hash in factor.recovery_hashes]
        connection.executemany("INSERT INTO recovery_codes VALUES (?, ?)", rows)


def _update(
    connection: apsw.Connection, account_id: str, assignment: str, *values: str | int | None
) -> None:
    statement = f"UPDATE accounts SET {assignment} WHERE account_id = ?"  # noqa: S608 (our own words)
    connection.execute(statement, (*values, account_id))


def _end_sessions(connection: apsw.Connection, account_id: str) -> None:
    _forget(connection, "sessions", account_id)


def _forget(connection: apsw.Connection, table: str, account_id: str) -> None:
    connection.execute(f"DELETE FROM {table} WHERE account_id = ?", (account_id,))  # noqa: S608 (our own names)
