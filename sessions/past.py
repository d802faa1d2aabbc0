"""A room as it was: any revision, step by step, from its log and the snapshots beside it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

from sessions import remembering
from sessions.errors import RejectedCommandError
from sessions.eventlog import PAGE_ENTRIES, EventLog, pages
from sessions.protocol import Activity
from sessions.state import State, Step, advance
from sessions.telling import Told

BREATHE_EVERY: Final = 16
"""Entries after which others have their turn: a long past must not hold up the present."""

ACTIVITY_KEPT: Final = 200
"""Entries that are read at a glance; older ones are asked for."""

Recalled = tuple[State, tuple[Activity, ...]]


class Past:
    """What a log tells of earlier moments.

    Parameters
    ----------
    event_log : EventLog
        Of the room.
    """

    def __init__(self, event_log: EventLog) -> None:
        self._log = event_log

    async def recalled(self, at_or_before: int | None = None) -> Recalled:
        """Return the state of the latest snapshot, or the state that every room begins with."""
        while True:
            snapshot = await self._log.latest_snapshot(at_or_before, remembering.FORMAT)
            if snapshot is None:
                return State(), ()
            try:
                state, activity = remembering.from_bytes(snapshot.payload)
            except ValueError:
                state, activity = State(), ()
            if (state.revision, state.head_hash) == (snapshot.revision, snapshot.entry_hash):
                return state, activity
            at_or_before = snapshot.revision - 1

    async def at(self, revision: int) -> State:
        """Return the state after the entry of a revision.

        Raises
        ------
        RejectedCommandError
            There is no such revision yet.
        """
        state, _ = await self.recalled(revision)
        async for step in self.steps(state, revision - state.revision):
            state = step.state
        if state.revision != revision:
            raise RejectedCommandError(f"the room has not come to revision {revision} yet")
        return state

    async def steps(self, state: State, count: int | None = None) -> AsyncIterator[Step]:
        """Yield what followed on a state, entry by entry, at most `count` of them."""
        left = count
        size = PAGE_ENTRIES if count is None else min(PAGE_ENTRIES, max(count, 0))
        if size == 0:
            return
        after, after_hash = state.revision, state.head_hash if state.revision else None
        async for page in pages(self._log, after, after_hash, size):
            for entry in page if left is None else page[:left]:
                step = advance(state, entry)
                state = step.state
                yield step
                if entry.revision % BREATHE_EVERY == 0:
                    await asyncio.sleep(0)
            left = None if left is None else left - len(page)
            if left is not None and left <= 0:
                return

    async def told(self, after: int, count: int) -> AsyncIterator[Told]:
        """Yield what subscribers were told after a revision, at most `count` times."""
        state = await self.at(after)
        async for step in self.steps(state, count):
            yield Told(step, state)
            state = step.state

    async def activities(self, before: int, count: int) -> tuple[Activity, ...]:
        """Return what happened before a revision, in plain words, oldest first."""
        after = max(before - 1 - count, 0)
        return tuple([it.activity async for it in self.told(after, before - 1 - after)])
