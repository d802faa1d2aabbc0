"""When the presence of a page comes, measured against the beat of its room. Pure.

A page sends 25 times a second, the room tells 25 times a second. Where the two are out of step, a
cursor lies in the server for up to 40 ms; the page is told by how much to move its timer, so that
it sends what is newest just before the room tells it.
"""

from typing import Final

BEAT_S: Final = 0.04
"""25 a second: smooth to the eye, and more than twenty members can carry."""

MARGIN_S: Final = 0.001
"""Pages stay so far ahead of the beat (`EARLY_MS` of the client), for networks scatter."""

WORTH_S: Final = 0.003
"""Less than this is within what networks and browsers' timers scatter."""

LOOKED_AT: Final = 12
"""Presences, half a second's worth: enough to see how much they scatter."""

STEADY_S: Final = 0.1
"""After a longer gap the page had nothing to tell, and starts anew."""

EVERY_S: Final = 1.0


class Rhythm:
    """The latest moments at which one page's presence came.

    Parameters
    ----------
    origin_s : float
        The moment of any beat.
    """

    def __init__(self, origin_s: float) -> None:
        self._origin_s = origin_s
        self._early_s: list[float] = []
        self._last_s = -EVERY_S
        self._told_s = -EVERY_S

    def heard(self, now_s: float) -> float | None:
        """Note a presence; return how early the page sends, s, where less is worth it.

        Parameters
        ----------
        now_s : float
            On the clock of the beat.
        """
        if now_s - self._last_s > STEADY_S:
            self._early_s.clear()
        self._last_s = now_s
        self._early_s.append(BEAT_S - (now_s - self._origin_s) % BEAT_S)
        if len(self._early_s) < LOOKED_AT or now_s - self._told_s < EVERY_S:
            del self._early_s[:-LOOKED_AT]
            return None
        early_s, saved_s = earliness(self._early_s)
        self._early_s.clear()
        self._told_s = now_s
        return early_s if saved_s > WORTH_S else None


def earliness(early_s: list[float]) -> tuple[float, float]:
    """Return how early the latest that count come, and the mean wait that less would save, s.

    Each moment is tried as the last one that still makes it before the beat; what scatters beyond
    it waits for the next beat.

    Examples
    --------
    >>> latest_s, saved_s = earliness([0.020, 0.021, 0.022])
    >>> round(latest_s, 4), round(saved_s, 4)
    (0.02, 0.019)
    """

    def mean_wait_s(shift_s: float) -> float:
        return sum((it - shift_s) % BEAT_S for it in early_s) / len(early_s)

    best_s = min(early_s, key=mean_wait_s)
    return best_s, mean_wait_s(0.0) - mean_wait_s(best_s) - MARGIN_S
