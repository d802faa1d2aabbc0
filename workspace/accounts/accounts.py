"""The accounts of a data folder in one file, with their sessions and their attempts."""

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Self

from sessions.room import random_id, utc_now
from sessions.sqlite_writer import SqliteWriter
from workspace.accounts import tables
from workspace.accounts.attempts import Attempts
from workspace.accounts.passwords import Argon2Cost, Passwords
from workspace.accounts.records import SessionLimits
from workspace.accounts.sign_ins import SignIns
from workspace.accounts.store import AccountStore
from workspace.storage import accounts_in, disk_errors_told


class Accounts:
    """Everything about who may sign in.

    Attributes
    ----------
    store : AccountStore
        Who there is.
    sign_ins : SignIns
        Which browsers are signed in.
    attempts : Attempts
        Who has to wait.
    passwords : Passwords
        What hashes and checks them.
    """

    def __init__(
        self,
        writer: SqliteWriter,
        limits: SessionLimits,
        clock: Callable[[], datetime],
        cost: Argon2Cost | None,
    ) -> None:
        self._writer = writer
        self.clock = clock
        self.store = AccountStore(writer, clock, random_id)
        self.sign_ins = SignIns(writer, clock, limits)
        self.attempts = Attempts(writer, clock)
        self.passwords = Passwords(cost)

    @classmethod
    async def open(
        cls,
        data: Path,
        limits: SessionLimits | None = None,
        *,
        clock: Callable[[], datetime] = utc_now,
        cost: Argon2Cost | None = None,
    ) -> Self:
        """Open the accounts of a data folder; make the file where there is none.

        Raises
        ------
        LogError
            It cannot be read, or a later version wrote it.
        ServingError
            It cannot be made.
        """
        writer = SqliteWriter(_private_file(data))
        try:
            await writer.run(tables.prepare)
        except BaseException:
            await writer.close()
            raise
        return cls(writer, limits or SessionLimits(), clock, cost)

    async def close(self) -> None:
        """Let go of the file."""
        await self._writer.close()


def _private_file(data: Path) -> Path:
    """Return the file, made so that nobody else on this machine may read it.

    Secrets of second factors are in there, and an authenticator's secret cannot be hashed.
    """
    path = accounts_in(data)
    with disk_errors_told(data):
        data.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    return path
