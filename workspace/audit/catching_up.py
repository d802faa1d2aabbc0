"""What a room's log holds and the trail does not know yet: after a kill, a failure, or at first."""

from collections.abc import Callable
from typing import Final, NamedTuple

import structlog

from sessions.audit.records import AuditEvent, Kind, Outcome, Reference
from sessions.audit.trail import AuditTrail
from sessions.errors import AuditError, DamagedLogError, LogError
from sessions.plan.codec import FIRST_PREVIOUS_HASH
from sessions.plan.events import Entry
from sessions.room import Room

PAGE: Final = 256
"""Entries of the log that are in memory at once."""

log = structlog.get_logger()


class Followed(NamedTuple):
    """A room whose changes are noted."""

    room: Room
    told: Callable[[Entry], AuditEvent]
    """Makes an event of one of its entries."""
    since: int
    """Revision from which on it is audited, if the trail does not know it yet."""


async def catch_up(trail: AuditTrail, followed: Followed, at_ms: int) -> None:
    """Note what the log holds beyond what the trail knows, and where they disagree.

    A room that is closed, or whose log is damaged, is let be: `commissure room verify` says more.

    Raises
    ------
    AuditError
        The trail cannot be written, or the log cannot be read at the moment.
    """
    try:
        await _catch_up(trail, followed, at_ms)
    except LogError as error:
        if followed.room.is_closed:
            return  # whoever opens it next catches up
        if not isinstance(error, DamagedLogError):
            raise AuditError(f"a room's log cannot be read: {error}") from error
        log.warning("audit.log_unreadable", room=followed.room.room_id)


async def _catch_up(trail: AuditTrail, followed: Followed, at_ms: int) -> None:
    room = followed.room
    mark = await trail.mark_of(room.room_id)
    known = followed.since if mark is None else mark.revision
    held = await _hash_at(room, known)
    if mark is None:
        await trail.append([_mark(Kind.ROOM_ADOPTED, room, known, held, at_ms)])
    elif mark.hash != held:
        log.error("audit.log_disagrees", room=room.room_id)
        known = room.revision
        held = await _hash_at(room, known)
        await trail.append([_mark(Kind.LOG_DISAGREES, room, known, held, at_ms)])
    while page := await room.entries(known, PAGE):
        await trail.append([followed.told(entry) for entry in page])
        known = page[-1].revision


async def _hash_at(room: Room, revision: int) -> str:
    """Return the hash of the log's entry of a revision; empty where it has none."""
    if revision == 0:
        return FIRST_PREVIOUS_HASH
    if revision > room.revision:
        return ""
    (entry,) = await room.entries(revision - 1, 1)
    return entry.hash


def _mark(kind: Kind, room: Room, revision: int, held: str, at_ms: int) -> AuditEvent:
    """Return what says up to where a log is known."""
    return AuditEvent(
        at_ms=at_ms,
        kind=kind,
        outcome=Outcome.SUCCESS if kind == Kind.ROOM_ADOPTED else Outcome.SERIOUS_FAILURE,
        room_id=room.room_id,
        object=Reference(kind="log", revision=revision, hash=held),
    )
