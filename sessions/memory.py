"""A room's snapshots, kept now and then, so that a long log is quick to open."""

import asyncio
from typing import Final

import structlog

from sessions import remembering
from sessions.errors import LogError
from sessions.eventlog import EventLog
from sessions.protocol import Activity
from sessions.state import State

KEEP_EVERY: Final = 512
"""Entries between two snapshots: replayed in a fraction of a second."""

KEEP_ON_CLOSING: Final = 64
"""Entries for which a last snapshot is worth its bytes."""

log = structlog.get_logger()


class Memory:
    """Keeps snapshots beside a log, one at a time, in the background.

    Parameters
    ----------
    event_log : EventLog
        Of the room.
    room_id : str
        For the log of what happens.
    """

    def __init__(self, event_log: EventLog, room_id: str) -> None:
        self._log = event_log
        self._room_id = room_id
        self._keeping: asyncio.Task[None] | None = None
        self.revision = 0
        """Of the latest snapshot."""

    def keep(self, state: State, activity: tuple[Activity, ...]) -> None:
        """Keep a snapshot if it is time for one."""
        if state.revision - self.revision < KEEP_EVERY:
            return
        if self._keeping is None or self._keeping.done():
            self.revision = state.revision
            self._keeping = asyncio.create_task(self._keep(state, activity))

    async def close(self, state: State, activity: tuple[Activity, ...]) -> None:
        """Keep the last snapshot, where it is worth it."""
        if self._keeping is not None:
            await self._keeping
        if state.revision - self.revision >= KEEP_ON_CLOSING:
            await self._keep(state, activity)

    async def _keep(self, state: State, activity: tuple[Activity, ...]) -> None:
        """Write a snapshot; where that fails, the log is read a little longer at the opening."""
        try:
            payload = await asyncio.to_thread(remembering.to_bytes, state, activity)
            await self._log.save_snapshot(state.revision, payload, remembering.FORMAT)
        except LogError as error:
            log.warning("room.not_remembered", room=self._room_id, reason=str(error))
