"""Snapshots of a room's state beside its log: what makes a long log quick to open.

A snapshot is a convenience and never the truth. Its hash is over its bytes and over the hash of
the entry after which it was taken, so one that was changed, or that belongs to another history, is
passed over for an older one, and in the end for the log itself.
"""

import hashlib
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

import apsw
import msgspec
import structlog

from sessions.errors import LogError

KEPT_LATEST: Final = 16
"""Kept without a question: what is scrubbed through most."""

RUNGS_PER_AGE: Final = 8
"""Of older ones, the gap may be an eighth of their age: a few dozen for any length of log."""

log = structlog.get_logger()


class Snapshot(msgspec.Struct, frozen=True):
    """The state after an entry, in the bytes of whoever saved it."""

    revision: int
    payload: bytes
    entry_hash: str
    """Of the entry; a chain that is read from here must begin with it."""


def thinned(revisions: Sequence[int]) -> frozenset[int]:
    """Return which of the snapshots to keep: the latest, and ever fewer of the older ones."""
    latest_first = sorted(revisions, reverse=True)
    kept, older = latest_first[:KEPT_LATEST], latest_first[KEPT_LATEST:]
    for revision, next_older in pairwise(older):
        # The last one before the gap would be too long.
        if kept[-1] - next_older > (latest_first[0] - kept[-1]) / RUNGS_PER_AGE:
            kept.append(revision)
    return frozenset(kept + older[-1:])


def hash_of(payload: bytes, entry_hash: str) -> str:
    """Return the hash of a snapshot in its place in the chain."""
    return hashlib.sha256(entry_hash.encode() + payload).hexdigest()


def insert_snapshot(
    connection: apsw.Connection, revision: int, payload: bytes, version: int
) -> None:
    """Keep a snapshot of an entry that is recorded, and thin out the others."""
    row = connection.execute("SELECT hash FROM entries WHERE revision = ?", (revision,)).fetchone()
    if row is None:
        raise LogError(f"there is no revision {revision} to keep a snapshot of")
    connection.execute(
        "INSERT OR REPLACE INTO snapshots VALUES (?, ?, ?, ?)",
        (revision, version, hash_of(payload, str(row[0])), payload),
    )
    revisions = [number for (number,) in connection.execute("SELECT revision FROM snapshots")]
    connection.executemany(
        "DELETE FROM snapshots WHERE revision = ?",
        [(number,) for number in sorted(set(revisions) - thinned(revisions))],
    )


def find_snapshot(
    connection: apsw.Connection, at_or_before: int | None, version: int
) -> Snapshot | None:
    """Return the latest whole snapshot of a format version up to a revision."""
    rows = connection.execute(
        "SELECT revision, snapshots.hash, entries.hash, snapshots.payload "
        "FROM snapshots JOIN entries USING (revision) "
        "WHERE snapshots.format = ? AND revision <= ? ORDER BY revision DESC",
        (version, 2**62 if at_or_before is None else at_or_before),
    )
    return _first_whole(rows)


def _first_whole(rows: Iterable[tuple[int, str, str, bytes]]) -> Snapshot | None:
    for revision, kept_hash, entry_hash, payload in rows:
        if kept_hash == hash_of(payload, entry_hash):
            return Snapshot(revision, payload, entry_hash)
        log.warning("snapshot.damaged", revision=revision)
    return None
