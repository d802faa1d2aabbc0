"""How often somebody may ask."""

import time
from collections.abc import Callable


class TokenBucket:
    """Let so many through per second, after a burst.

    Parameters
    ----------
    rate_per_s : float
        Tokens that come back each second.
    burst : float
        Tokens at the start, and the most there ever are.
    clock : callable, optional
        Seconds, never going back.
    """

    def __init__(
        self, rate_per_s: float, burst: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate_per_s = rate_per_s
        self._burst = burst
        self._clock = clock
        self._tokens = burst
        self._at = clock()

    def take(self) -> bool:
        """Take one token if there is one."""
        self._refill()
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    def overdraw(self) -> float:
        """Take one token, lent if there is none; return how long to pause until it is there, s."""
        self._refill()
        self._tokens -= 1
        return max(0.0, -self._tokens / self._rate_per_s)

    def _refill(self) -> None:
        now = self._clock()
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate_per_s)
        self._at = now
