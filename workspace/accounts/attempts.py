"""Wrong passwords and codes: who tries too often has to wait, by account and by address.

An attempt counts before it is checked, so that many at once are no way around. What is kept
survives a restart, and is kept of names that nobody has, too: an answer does not tell which
accounts there are.
"""

import hashlib
import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import apsw

from sessions.invitations import stamp
from sessions.sqlite_writer import SqliteWriter

FREE_OF_ACCOUNT: Final = 5
"""Wrong tries in a row without a wait: people mistype."""

FREE_OF_ADDRESS: Final = 20
"""In a row: a hospital's many people share one address, and each success takes one away."""

LONGEST_WAIT: Final = timedelta(minutes=15)
"""Longer would help whoever wants to keep somebody out more than it hinders guessing."""

FORGOTTEN_AFTER: Final = timedelta(hours=1)
MOST_KEPT: Final = 20_000
"""Rows, the oldest make room: a bound on the file, however many addresses somebody has."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Come back later."""

    seconds: int
    is_new: bool
    """This attempt was the one too many."""


class Attempts:
    """Counts tries that were not followed by a success."""

    def __init__(self, writer: SqliteWriter, clock: Callable[[], datetime]) -> None:
        self._writer = writer
        self._clock = clock

    async def begin(self, account_name: str, address: str) -> Wait | None:
        """Count an attempt, or say how long to wait before the next one."""
        now = self._clock()
        keys = _keys(account_name, address)

        def work(connection: apsw.Connection) -> Wait | None:
            _sweep(connection, now)
            waits = [_wait_of(connection, key, now) for key in keys]
            longest = max(waits, default=0)
            if longest:
                return Wait(longest, is_new=False)
            for key, free in zip(keys, (FREE_OF_ACCOUNT, FREE_OF_ADDRESS), strict=True):
                _count(connection, key, free, now)
            return None

        return await self._writer.run(work)

    async def failed(self, account_name: str, address: str) -> Wait | None:
        """Say whether the attempt that just failed was one too many."""
        now = self._clock()
        keys = _keys(account_name, address)

        def work(connection: apsw.Connection) -> Wait | None:
            longest = max(_wait_of(connection, key, now) for key in keys)
            return Wait(longest, is_new=True) if longest else None

        return await self._writer.run(work)

    async def passed(self, account_name: str, address: str) -> None:
        """Take back one attempt: a password was right, and a code is still asked for."""
        keys = _keys(account_name, address)
        await self._writer.run(lambda connection: _take_back(connection, keys))

    async def succeeded(self, account_name: str, address: str) -> None:
        """Forget the attempts on an account, and one of the address."""
        of_account, of_address = _keys(account_name, address)

        def work(connection: apsw.Connection) -> None:
            connection.execute("DELETE FROM attempts WHERE key = ?", (of_account,))
            _take_back(connection, (of_address,))

        await self._writer.run(work)


def network_of(address: str) -> str:
    """Return what counts as one address: of version 6 a network, for a host has all of it.

    Examples
    --------
    >>> network_of("2001:db8:1:2:3:4:5:6")
    '2001:db8:1:2::/64'
    >>> network_of("192.0.2.7")
    '192.0.2.7'
    """
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((int(parsed), 64), strict=False))


def _keys(account_name: str, address: str) -> tuple[str, str]:
    """Return what is counted; a name only as its hash, for people type passwords there."""
    digest = hashlib.sha256(account_name.encode("utf-8", "surrogatepass")).hexdigest()
    return f"name {digest}", f"address {network_of(address)}"


def _wait_of(connection: apsw.Connection, key: str, now: datetime) -> int:
    row = connection.execute("SELECT blocked_until FROM attempts WHERE key = ?", (key,)).fetchone()
    if row is None or str(row[0]) <= stamp(now):
        return 0
    left = datetime.fromisoformat(str(row[0])) - now
    return int(left.total_seconds()) + 1


def _count(connection: apsw.Connection, key: str, free: int, now: datetime) -> None:
    row = connection.execute("SELECT failures FROM attempts WHERE key = ?", (key,)).fetchone()
    failures = (0 if row is None else int(str(row[0]))) + 1
    blocked_until = ""
    if failures >= free:
        wait = min(LONGEST_WAIT, timedelta(seconds=2.0 ** min(failures - free, 20)))
        # An address that is at its end has tried twenty times; a second more would not stop it.
        wait = LONGEST_WAIT if free == FREE_OF_ADDRESS else wait
        blocked_until = stamp(now + wait)
    connection.execute(
        "INSERT INTO attempts VALUES (?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET "
        "failures = excluded.failures, last_at = excluded.last_at, "
        "blocked_until = excluded.blocked_until",
        (key, failures, stamp(now), blocked_until),
    )


def _take_back(connection: apsw.Connection, keys: tuple[str, ...]) -> None:
    connection.executemany(
        "UPDATE attempts SET failures = max(failures - 1, 0), blocked_until = '' WHERE key = ?",
        [(key,) for key in keys],
    )


def _sweep(connection: apsw.Connection, now: datetime) -> None:
    connection.execute("DELETE FROM attempts WHERE last_at <= ?", (stamp(now - FORGOTTEN_AFTER),))
    connection.execute(
        "DELETE FROM attempts WHERE key IN "
        "(SELECT key FROM attempts ORDER BY last_at DESC LIMIT -1 OFFSET ?)",
        (MOST_KEPT,),
    )
