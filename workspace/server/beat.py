"""When presence is told: with everybody else's, at once where that is possible, else at the beat.

A room has a beat of 25 a second. What is new is told to all in one frame

- as soon as everybody who is moving has been heard, which for one who moves alone is at once;
- else at the next part of the beat. A small room has short parts; a large one has longer ones, so
  that its frames cost no more.

Pages whose timers keep to the beat (`workspace.server.rhythm`) are all heard just before it.
"""

import asyncio
import math
from collections.abc import Hashable
from typing import Final, Generic, Protocol, TypeVar

from sessions.plan.records import MemberId
from sessions.presence import PresenceBoard
from sessions.protocol import PresenceUpdate
from workspace.server.frames import encoded, frame_of
from workspace.server.metrics import Metrics
from workspace.server.rhythm import BEAT_S

WRITES_PER_BEAT: Final = 40
"""1,000 frames a second for all pages of a room: about 5 % of a core, where nobody keeps to the
beat."""

MAX_PARTS: Final = 10

SOON: Final = 0.75
"""Of a part: frames are no closer than this, so that a page which never pauses is held back."""

MOVING_S: Final = 0.1
"""Who was heard within this time is expected to be heard again."""


class Page(Hashable, Protocol):
    """One open page."""

    @property
    def keeps_up(self) -> bool:
        """Whether presence sent now would arrive now."""

    def write(self, frame: bytes) -> None:
        """Send a frame; never wait."""


P = TypeVar("P", bound=Page)


class Beat(Generic[P]):
    """Tells the pages of one room what their members do.

    Parameters
    ----------
    board : PresenceBoard
        Knows what is new to whom.
    metrics : Metrics
        Counts what is sent, and how long it lay here.
    """

    def __init__(self, board: PresenceBoard[P], metrics: Metrics) -> None:
        self._board = board
        self._metrics = metrics
        self._loop = asyncio.get_running_loop()
        self.origin_s = self._loop.time()
        """A moment of the beat, on the loop's clock."""
        self._heard_s: dict[MemberId, float] = {}
        self._arrived_s: dict[MemberId, float] = {}
        self._last_s = -math.inf
        self._timer: asyncio.TimerHandle | None = None

    def moved(self, member_id: MemberId) -> None:
        """Tell of a member's presence, now or soon."""
        now_s = self._loop.time()
        self._heard_s[member_id] = now_s
        self._arrived_s.setdefault(member_id, now_s)
        if self._all_were_heard and now_s - self._last_s >= self._part_s * SOON:
            self._tell(now_s)
        else:
            self.changed()

    def changed(self) -> None:
        """Tell at the next part of the beat."""
        part_s = self._part_s
        soonest_s = max(self._loop.time(), self._last_s + part_s * SOON)
        parts = math.floor((soonest_s - self.origin_s) / part_s) + 1
        due_s = self.origin_s + parts * part_s
        if self._timer is None or self._timer.when() > due_s:
            self.stop()
            self._timer = self._loop.call_at(due_s, self._at_the_beat)

    def stop(self) -> None:
        """Tell nothing more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    @property
    def _part_s(self) -> float:
        parts = WRITES_PER_BEAT // max(self._board.pages, 1)
        return BEAT_S / min(max(parts, 1), MAX_PARTS)

    @property
    def _all_were_heard(self) -> bool:
        changed = self._board.changed
        return len(changed) >= len(self._heard_s) and self._heard_s.keys() <= changed

    def _at_the_beat(self) -> None:
        self._timer = None
        self._tell(self._loop.time())

    def _tell(self, now_s: float) -> None:
        self.stop()
        for news, pages in self._board.deal(_keeps_up):
            frame = frame_of([encoded(PresenceUpdate(members=news))])
            for page in pages:
                page.write(frame)
            self._metrics.presence_sent += len(pages)
            self._last_s = now_s
        arrived_s, self._arrived_s = self._arrived_s, {}
        told_s = self._loop.time()
        for moment_s in arrived_s.values():
            self._metrics.presence_told(told_s - moment_s)
        self._heard_s = {it: at for it, at in self._heard_s.items() if now_s - at < MOVING_S}
        if self._board.owes:
            self._timer = self._loop.call_later(BEAT_S, self._at_the_beat)


def _keeps_up(page: Page) -> bool:
    return page.keeps_up
