"""What a room asks of its log, and one that lives in memory."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import datetime
from typing import Final, Protocol

import msgspec

from sessions.errors import (
    DamagedLogError,
    LogError,
    RepeatedOperationError,
    StaleRevisionError,
)
from sessions.plan.codec import FIRST_PREVIOUS_HASH
from sessions.plan.events import Entry
from sessions.plan.records import MemberId, OperationId
from sessions.snapshots import Snapshot, thinned
from sessions.talk_index import MAX_WORDS, Talk, holds, words_of

PAGE_ENTRIES: Final = 500
"""Some MB at most; a few ms to read and check."""

FOUND_AT_ONCE: Final = 50
"""What a page shows of a search."""

NOT_THE_KNOWN_ONE: Final = "it is another entry than the one that its reader knows"


class Idle(msgspec.Struct, frozen=True):
    """An operation that changed nothing: acknowledged, so a repeat of it must change nothing."""

    operation_id: OperationId
    member_id: MemberId
    revision: int
    """Of the plan at that time."""


class History(msgspec.Struct, frozen=True):
    """What a log holds after some revision."""

    entries: tuple[Entry, ...] = ()
    idle: tuple[Idle, ...] = ()
    """Always all of them; none where only so many entries were asked for."""


class Health(msgspec.Struct, frozen=True):
    """Whether a log can record."""

    failure: str | None = None
    """Why not, in a sentence for the page; None: it can."""
    since: datetime | None = None


class EventLog(Protocol):
    """An append-only chain of entries."""

    @property
    def health(self) -> Health:
        """Whether it can record, as far as the last attempt showed."""

    async def read(
        self, after: int = 0, limit: int | None = None, after_hash: str | None = None
    ) -> History:
        """Return the entries after a revision, with the chain checked.

        Parameters
        ----------
        limit : int | None
            At most so many. The end of the log is checked when fewer are left.
        after_hash : str | None
            The hash that the entry of revision `after` must have, such as a snapshot's.

        Raises
        ------
        LogError
            The log cannot be read, or its chain of hashes is broken.
        """

    async def append(
        self, entries: Sequence[Entry], idle: Sequence[Idle] = (), talk: Sequence[Talk] = ()
    ) -> None:
        """Record all of it or nothing, and return when it is on disk.

        Raises
        ------
        StaleRevisionError
            The first entry does not follow the last one of the log.
        RepeatedOperationError
            It holds one of the operations already.
        FencedError
            Another server has taken the room over.
        LogError
            It cannot be written; nothing was recorded.
        """

    async def recorded(
        self, operation_ids: Collection[OperationId]
    ) -> Mapping[OperationId, Entry | Idle]:
        """Return what was recorded of each operation, of those that were."""

    async def save_snapshot(self, revision: int, payload: bytes, version: int = 1) -> None:
        """Keep the state after the entry of a revision; older ones are thinned out.

        Parameters
        ----------
        version : int
            Of the payload's format.

        Raises
        ------
        LogError
            There is no such entry, or it cannot be written.
        """

    async def latest_snapshot(
        self, at_or_before: int | None = None, version: int = 1
    ) -> Snapshot | None:
        """Return the latest snapshot up to a revision that is whole and belongs to its entry."""

    async def search(
        self, text: str, limit: int = FOUND_AT_ONCE, before: int | None = None
    ) -> tuple[Talk, ...]:
        """Return the talk that holds words with these beginnings, the latest first.

        Parameters
        ----------
        limit : int
            About how many: an entry's talk is not torn apart.
        before : int | None
            Only of entries before this revision: to go on where the last search ended.
        """

    async def close(self) -> None:
        """Let go of the log."""


class MemoryLog:
    """A log for tests and for rooms that nobody wants to keep."""

    health: Health = Health()

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._recorded: dict[OperationId, Entry | Idle] = {}
        self._talk: list[Talk] = []
        self._snapshots: dict[int, tuple[int, bytes]] = {}

    async def read(
        self, after: int = 0, limit: int | None = None, after_hash: str | None = None
    ) -> History:
        """Return the entries after a revision."""
        if 0 < after <= len(self._entries) and after_hash not in (
            None,
            self._entries[after - 1].hash,
        ):
            raise DamagedLogError(after, NOT_THE_KNOWN_ONE)
        if limit is not None:
            return History(tuple(self._entries[after : after + limit]))
        idle = tuple(it for it in self._recorded.values() if isinstance(it, Idle))
        return History(tuple(self._entries[after:]), idle)

    async def append(
        self, entries: Sequence[Entry], idle: Sequence[Idle] = (), talk: Sequence[Talk] = ()
    ) -> None:
        """Record all of it or nothing."""
        head = self._entries[-1] if self._entries else None
        require_next(entries, head.revision if head else 0, head.hash if head else None)
        new: dict[OperationId, Entry | Idle] = {it.operation_id: it for it in entries}
        new |= {it.operation_id: it for it in idle}
        if len(new) < len(entries) + len(idle) or new.keys() & self._recorded.keys():
            raise RepeatedOperationError(
                "the log holds this operation already; nothing was recorded"
            )
        self._entries.extend(entries)
        self._recorded |= new
        self._talk.extend(talk)

    async def recorded(
        self, operation_ids: Collection[OperationId]
    ) -> Mapping[OperationId, Entry | Idle]:
        """Return what was recorded of each operation, of those that were."""
        return {it: self._recorded[it] for it in operation_ids if it in self._recorded}

    async def save_snapshot(self, revision: int, payload: bytes, version: int = 1) -> None:
        """Keep the state after the entry of a revision."""
        if not 0 < revision <= len(self._entries):
            raise LogError(f"there is no revision {revision} to keep a snapshot of")
        self._snapshots[revision] = (version, payload)
        kept = thinned(list(self._snapshots))
        self._snapshots = {it: self._snapshots[it] for it in sorted(kept)}

    async def latest_snapshot(
        self, at_or_before: int | None = None, version: int = 1
    ) -> Snapshot | None:
        """Return the latest snapshot up to a revision."""
        for revision, (known, payload) in reversed(self._snapshots.items()):
            if known == version and (at_or_before is None or revision <= at_or_before):
                return Snapshot(revision, payload, self._entries[revision - 1].hash)
        return None

    async def search(
        self, text: str, limit: int = FOUND_AT_ONCE, before: int | None = None
    ) -> tuple[Talk, ...]:
        """Return the talk that holds words with these beginnings, the latest first."""
        sought = words_of(text)[:MAX_WORDS]
        found: list[Talk] = []
        for it in reversed(self._talk if sought and limit > 0 else []):
            if len(found) >= limit and it.revision != found[-1].revision:
                break
            if (before is None or it.revision < before) and holds(it.text, sought):
                found.append(it)
        return tuple(found)

    async def close(self) -> None:
        """Let go of the log."""


async def pages(
    event_log: EventLog, after: int = 0, after_hash: str | None = None, size: int = PAGE_ENTRIES
) -> AsyncIterator[tuple[Entry, ...]]:
    """Yield the entries after a revision, never more than `size` of them in memory.

    Each page is checked to go on from the one before.
    """
    while True:
        page = (await event_log.read(after, size, after_hash)).entries
        if page:
            yield page
        if len(page) < size:
            return
        after, after_hash = page[-1].revision, page[-1].hash


def require_next(entries: Sequence[Entry], revision: int, head_hash: str | None) -> None:
    """Raise `StaleRevisionError` unless `entries` follow the entry of that revision and hash."""
    previous = head_hash or FIRST_PREVIOUS_HASH
    for entry in entries:
        if (entry.revision, entry.previous_hash) != (revision + 1, previous):
            raise StaleRevisionError(
                f"the log is at revision {revision}, not at {entry.revision - 1}; read it again"
            )
        revision, previous = entry.revision, entry.hash
