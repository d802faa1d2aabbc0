"""The trail and a room's log vouch for each other: what one holds, the other one names."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sessions.audit.records import AuditEntry, Kind
from sessions.errors import DamagedAuditError
from sessions.plan.codec import FIRST_PREVIOUS_HASH
from sessions.plan.events import Entry

_STARTS = frozenset({Kind.ROOM_ADOPTED, Kind.RESTORED})


class Vouched(NamedTuple):
    """How far the trail knows a room's log."""

    since: int | None
    """The revision from which on changes are audited; None: the room never was."""
    revision: int
    """The last one that the trail names."""
    waiting: int
    """How many of the log's latest entries the trail does not name yet."""


class _Mark(NamedTuple):
    sequence: int
    revision: int
    hash: str


def require_vouched(of_room: Iterable[AuditEntry], log: Sequence[Entry]) -> Vouched:
    """Compare a room's entries in the trail with its log.

    Read the trail before the log. The latest entries of the log may be on their way into the
    trail; any other one that it lacks is missing.

    Raises
    ------
    DamagedAuditError
        The first entry of the trail that does not fit the log.
    """
    marks: list[_Mark] = []
    for entry in of_room:
        marks = _after(marks, entry)
    for mark in marks:
        _require_in_log(mark, log)
    if not marks:
        return Vouched(None, 0, len(log))
    return Vouched(marks[0].revision, marks[-1].revision, len(log) - marks[-1].revision)


def _after(marks: list[_Mark], entry: AuditEntry) -> list[_Mark]:
    """Return what the trail knows of the log after an entry."""
    event, named = entry.event, entry.event.object
    known = marks[-1].revision if marks else 0
    if event.kind in _STARTS:
        return [_Mark(entry.sequence, named.revision, named.hash)]
    if event.kind == Kind.ROOM_REMOVED:
        return []
    if event.kind == Kind.LOG_DISAGREES:
        raise DamagedAuditError(
            entry.sequence, f"there the server found the room's log changed after revision {known}"
        )
    if event.kind == Kind.CHANGED:
        if not marks or named.revision != known + 1:
            raise DamagedAuditError(
                entry.sequence, f"the change to revision {known + 1} is missing"
            )
        marks.append(_Mark(entry.sequence, named.revision, named.hash))
    elif named.revision > known:
        raise DamagedAuditError(entry.sequence, f"the change to revision {known + 1} is missing")
    return marks


def _require_in_log(mark: _Mark, log: Sequence[Entry]) -> None:
    if mark.revision > len(log):
        raise DamagedAuditError(
            mark.sequence, f"it names revision {mark.revision}, which the room's log lacks"
        )
    held = log[mark.revision - 1].hash if mark.revision else FIRST_PREVIOUS_HASH
    if held != mark.hash:
        raise DamagedAuditError(
            mark.sequence, f"it names another revision {mark.revision} than the room's log holds"
        )
