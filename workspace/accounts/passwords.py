"""Passwords: what is stored of one, and whether one is right."""

import asyncio
import unicodedata
from dataclasses import dataclass
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError
from argon2.low_level import Type

from workspace.errors import AccountError

SHORTEST: Final = 15
"""Characters; NIST SP 800-63B-4, 3.1.1.2, of a password that may stand alone. No rule on kinds."""

LONGEST: Final = 256
"""Characters: a passphrase has fewer, and hashing more would only cost time."""

FEWEST_DIFFERENT: Final = 5
"""Characters: "aaaaaaaaaaaaaaa" is long and no password."""

HASHED_AT_ONCE: Final = 2
"""Bounds memory: whoever tries many passwords at once waits."""


@dataclass(frozen=True, slots=True)
class Argon2Cost:
    """What one hash costs; Argon2id.

    References
    ----------
    RFC 9106, section 4: the second recommended option.
    """

    memory_kib: int = 64 * 1024
    passes: int = 3
    lanes: int = 4


@dataclass(frozen=True, slots=True)
class Checked:
    """Whether a password was right; then maybe a new hash to store, at today's cost."""

    is_right: bool
    new_hash: str | None = None


def acceptable_password(given: str, account_name: str = "") -> str:
    """Return a password as it is hashed: in one Unicode form, whatever keyboard it came from.

    Raises
    ------
    AccountError
        It is too short, too long or too simple.
    """
    password = unicodedata.normalize("NFKC", given)
    if not SHORTEST <= len(password) <= LONGEST:
        raise AccountError(
            f"a password has {SHORTEST} to {LONGEST} characters; a few words in a row are easy to "
            "remember"
        )
    if len(set(password)) < FEWEST_DIFFERENT or not password.isprintable():
        raise AccountError("this password repeats too few characters; take a few words in a row")
    if account_name and password.casefold().replace(account_name.casefold(), "") == "":
        raise AccountError("the name of the account is no password; take a few words in a row")
    return password


class Passwords:
    """Hashes and checks passwords, few at a time, off the event loop."""

    def __init__(self, cost: Argon2Cost | None = None) -> None:
        cost = cost or Argon2Cost()
        self._hasher = PasswordHasher(
            time_cost=cost.passes,
            memory_cost=cost.memory_kib,
            parallelism=cost.lanes,
            type=Type.ID,
        )
        self._turns = asyncio.Semaphore(HASHED_AT_ONCE)
        self._nobodys = ""

    def hash(self, password: str) -> str:
        """Return what is stored of an acceptable password."""
        return self._hasher.hash(password)

    async def check(self, stored: str | None, given: str) -> Checked:
        """Compare a password with what is stored.

        Takes as long where nothing is stored, so that time does not tell which accounts there are.
        """
        password = unicodedata.normalize("NFKC", given[: LONGEST + 1])
        async with self._turns:
            return await asyncio.to_thread(self._check, stored, password)

    def _check(self, stored: str | None, password: str) -> Checked:
        if stored is None or len(password) > LONGEST:
            if not self._nobodys:
                self._nobodys = self._hasher.hash("nobody's password")
            self._verifies(self._nobodys, password)
            return Checked(is_right=False)
        if not self._verifies(stored, password):
            return Checked(is_right=False)
        stale = self._hasher.check_needs_rehash(stored)
        return Checked(is_right=True, new_hash=self._hasher.hash(password) if stale else None)

    def _verifies(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerifyMismatchError, VerificationError, InvalidHashError):
            return False
