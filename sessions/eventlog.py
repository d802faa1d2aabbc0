"""What a room asks of its log, and one that lives in memory."""

from collections.abc import Sequence
from typing import Protocol

import msgspec

from sessions.errors import LogError, StaleRevisionError
from sessions.plan.codec import FIRST_PREVIOUS_HASH
from sessions.plan.events import Entry
from sessions.plan.records import MemberId, OperationId


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
    """Always all of them."""


class EventLog(Protocol):
    """An append-only chain of entries."""

    async def read(self, after: int = 0) -> History:
        """Return the entries after a revision.

        Raises
        ------
        LogError
            The log cannot be read, or its chain of hashes is broken.
        """

    async def append(self, entries: Sequence[Entry], idle: Sequence[Idle] = ()) -> None:
        """Record all of it or nothing, and return when it is on disk.

        Raises
        ------
        StaleRevisionError
            The first entry does not follow the last one of the log.
        LogError
            It cannot be written; nothing was recorded.
        """

    async def close(self) -> None:
        """Let go of the log."""


class MemoryLog:
    """A log for tests and for rooms that nobody wants to keep."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._idle: list[Idle] = []

    async def read(self, after: int = 0) -> History:
        """Return the entries after a revision."""
        return History(tuple(self._entries[after:]), tuple(self._idle))

    async def append(self, entries: Sequence[Entry], idle: Sequence[Idle] = ()) -> None:
        """Record all of it or nothing."""
        head = self._entries[-1] if self._entries else None
        require_next(entries, head.revision if head else 0, head.hash if head else None)
        known = {it.operation_id for it in self._entries} | {it.operation_id for it in self._idle}
        new = [it.operation_id for it in entries] + [it.operation_id for it in idle]
        if len({*known, *new}) != len(known) + len(new):
            raise LogError("the log holds this operation already; nothing was recorded")
        self._entries.extend(entries)
        self._idle.extend(idle)

    async def close(self) -> None:
        """Let go of the log."""


def require_next(entries: Sequence[Entry], revision: int, head_hash: str | None) -> None:
    """Raise `StaleRevisionError` unless `entries` follow the entry of that revision and hash."""
    previous = head_hash or FIRST_PREVIOUS_HASH
    for entry in entries:
        if (entry.revision, entry.previous_hash) != (revision + 1, previous):
            raise StaleRevisionError(
                f"the log is at revision {revision}, not at {entry.revision - 1}; read it again"
            )
        revision, previous = entry.revision, entry.hash
