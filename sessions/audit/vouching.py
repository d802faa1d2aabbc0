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


class Witness:
    """What the trail knows of one room's log: tell it the room's entries, then show it the log."""

    def __init__(self) -> None:
        self._marks: list[_Mark] = []

    def hear(self, entry: AuditEntry) -> None:
        """Take the next of the room's entries.

        Raises
        ------
        DamagedAuditError
            A change between this one and those before is missing.
        """
        event, named = entry.event, entry.event.object
        known = self._marks[-1].revision if self._marks else 0
        mark = _Mark(entry.sequence, named.revision, named.hash)
        if event.kind in _STARTS:
            self._marks = [mark]
        elif event.kind == Kind.ROOM_REMOVED:
            self._marks = []
        elif event.kind == Kind.LOG_DISAGREES:
            raise DamagedAuditError(
                entry.sequence,
                f"there the server found the room's log changed after revision {known}",
            )
        elif event.kind == Kind.CHANGED and self._marks and named.revision == known + 1:
            self._marks.append(mark)
        elif event.kind == Kind.CHANGED or named.revision > known:
            raise DamagedAuditError(
                entry.sequence, f"the change to revision {known + 1} is missing before it"
            )

    def require_fits(self, log: Sequence[Entry]) -> Vouched:
        """Compare with a log that was read after the trail.

        The latest entries of the log may be on their way into the trail.

        Raises
        ------
        DamagedAuditError
            The first entry of the trail that does not fit the log.
        """
        for mark in self._marks:
            _require_in_log(mark, log)
        if not self._marks:
            return Vouched(None, 0, len(log))
        first, last = self._marks[0].revision, self._marks[-1].revision
        return Vouched(first, last, len(log) - last)


def require_vouched(of_room: Iterable[AuditEntry], log: Sequence[Entry]) -> Vouched:
    """Compare a room's entries in the trail with its log.

    Raises
    ------
    DamagedAuditError
        The first entry of the trail that does not fit the log.
    """
    witness = Witness()
    for entry in of_room:
        witness.hear(entry)
    return witness.require_fits(log)


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
