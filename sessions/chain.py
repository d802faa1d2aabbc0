"""The chain of hashes in a room's file, read and checked row by row."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import apsw

from sessions.errors import DamagedLogError, LogError
from sessions.eventlog import NOT_THE_KNOWN_ONE, History, Idle
from sessions.plan.codec import FIRST_PREVIOUS_HASH, require_follows, unseal
from sessions.plan.events import Entry
from sessions.plan.records import MemberId, OperationId


class Head(NamedTuple):
    """Where a log ends, as noted beside its chain."""

    revision: int
    hash: str


def head_of(connection: apsw.Connection) -> Head:
    """Return the last revision and its hash.

    Raises
    ------
    LogError
        The file does not say.
    """
    known: dict[str, str] = dict(connection.execute("SELECT key, value FROM room"))
    try:
        return Head(int(known["head_revision"]), known["head_hash"])
    except (KeyError, TypeError, ValueError) as error:
        raise LogError(
            "the room's file does not say where its log ends; restore it from a backup"
        ) from error


def read_history(
    connection: apsw.Connection, after: int, limit: int | None, after_hash: str | None
) -> History:
    """Return the entries after a revision; of all of them, with what changed nothing."""
    entries = tuple(checked_entries(connection, after, limit, after_hash))
    return History(entries, () if limit is not None else tuple(idle_among(connection, "TRUE")))


def checked_entries(
    connection: apsw.Connection,
    after: int = 0,
    limit: int | None = None,
    after_hash: str | None = None,
) -> Iterator[Entry]:
    """Yield the entries after a revision; the one of that revision is where the chain starts.

    Parameters
    ----------
    limit : int | None
        At most so many; the head is looked for when fewer are left.
    after_hash : str | None
        The hash that the entry of revision `after` must have.

    Raises
    ------
    DamagedLogError
        The first entry that is not as it was recorded; `revision` names it.
    """
    revision, previous_hash = max(after - 1, 0), None if after > 1 else FIRST_PREVIOUS_HASH
    left = -1 if limit is None else limit + (after > 0)
    rows = connection.execute(
        "SELECT revision, operation_id, payload, hash FROM entries WHERE revision >= ? "
        "ORDER BY revision LIMIT ?",
        (after, left),
    )
    for row in rows:
        entry = _checked(row, revision, previous_hash)
        revision, previous_hash = entry.revision, entry.hash
        left -= 1
        if entry.revision > after:
            yield entry
        elif after_hash not in (None, entry.hash):
            raise DamagedLogError(after, NOT_THE_KNOWN_ONE)
    if left != 0:
        _require_head(connection, revision, previous_hash)


def entries_among(
    connection: apsw.Connection, condition: str, values: Sequence[str]
) -> Iterator[Entry]:
    """Yield the entries that meet a condition of our own, each checked for itself."""
    rows = connection.execute(
        f"SELECT revision, operation_id, payload, hash FROM entries WHERE {condition}",  # noqa: S608 (our own words)
        tuple(values),
    )
    for row in rows:
        yield _checked(row, row[0] - 1, None)


def idle_among(
    connection: apsw.Connection, condition: str, values: Sequence[str] = ()
) -> Iterator[Idle]:
    """Yield the operations that changed nothing and meet a condition of our own."""
    rows = connection.execute(
        f"SELECT operation_id, member_id, revision FROM idle WHERE {condition}",  # noqa: S608 (our own words)
        tuple(values),
    )
    for operation_id, member_id, revision in rows:
        yield Idle(OperationId(operation_id), MemberId(member_id), revision)


def _checked(row: tuple[int, str, bytes, str], revision: int, previous_hash: str | None) -> Entry:
    """Return the entry of a row, or name the first revision that is not as it was recorded."""
    number, operation_id, payload, entry_hash = row
    try:
        entry = unseal(payload, entry_hash)
        require_follows(entry, revision, previous_hash or entry.previous_hash)
        if (entry.revision, entry.operation_id) != (number, operation_id):
            raise ValueError("its row is labelled otherwise")  # noqa: TRY301
    except ValueError as error:
        raise DamagedLogError(revision + 1, str(error)) from error
    except TypeError as error:  # a damaged page may hold nothing where there was something
        raise DamagedLogError(revision + 1, "its row is no entry") from error
    return entry


def _require_head(connection: apsw.Connection, revision: int, entry_hash: str | None) -> None:
    """Refuse a chain that ends before, or elsewhere than, the head that was noted beside it."""
    head = head_of(connection)
    if head.revision > revision:
        raise DamagedLogError(revision + 1, f"revision {revision + 1} is missing")
    if head.revision < revision or (entry_hash is not None and head.hash != entry_hash):
        raise DamagedLogError(revision, "it is not the last one that was recorded")
