"""What may come in floods is counted: a member who is refused all day long fills no disk."""

from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from sessions.audit.records import Actor, AuditEvent

FIRST_WINDOW_MS: Final = 1000
LONGEST_WINDOW_MS: Final = 60_000
"""Windows double while it goes on: at most some 65 entries in the first hour of a flood."""

MAX_WINDOWS: Final = 1000
"""Of as many members or addresses; all others share one."""

Key = tuple[str, ...]


@dataclass(slots=True)
class _Window:
    ends_ms: int
    length_ms: int
    last: AuditEvent
    count: int = 0


class RefusalTally:
    """Lets the first refusal of a member through, and counts those that follow at once.

    So with whatever else may be asked without end; each kind, reason and object on its own.
    """

    def __init__(self) -> None:
        self._windows: dict[Key, _Window] = {}

    def __len__(self) -> int:
        return len(self._windows)

    def take(self, event: AuditEvent) -> AuditEvent | None:
        """Return the event to be noted now, or None where it was counted."""
        who = event.actor.member or event.actor.account
        key: Key = (event.kind, event.reason, event.room_id, who, event.address, event.object.id)
        if key not in self._windows and len(self._windows) >= MAX_WINDOWS:
            event = replace(event, actor=Actor(), address="", room_id="")
            key = (event.kind,)
        window = self._windows.get(key)
        if window is None:
            ends_ms = event.at_ms + FIRST_WINDOW_MS
            self._windows[key] = _Window(ends_ms, FIRST_WINDOW_MS, event)
            return event
        window.last = event
        window.count += 1
        return None

    def due(self, now_ms: float) -> list[AuditEvent]:
        """Return what was counted in windows that have ended, and open longer ones after them."""
        told = []
        for key, window in list(self._windows.items()):
            if window.ends_ms > now_ms:
                continue
            if window.count == 0:
                del self._windows[key]
                continue
            told.append(replace(window.last, count=window.count))
            length_ms = min(2 * window.length_ms, LONGEST_WINDOW_MS)
            self._windows[key] = _Window(window.ends_ms + length_ms, length_ms, window.last)
        return told
