"""Ratios to a peer, measured by turns in one run, and a table of them."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison."""

    name: str
    """What was done, and with whom it is compared."""
    ours: float
    """Median of ours, in `unit`."""
    peer: float
    """Median of the peer's, in `unit`."""
    ratio: float
    """Median of ours / peer, pair by pair: below 1 is better than the peer."""
    ratio_min: float
    ratio_max: float
    unit: str = "s"


def compare(name: str, ours: Work, peer: Work, runs: int = 5) -> Row:
    """Time two callables by turns, so that a busy machine is busy for both.

    Parameters
    ----------
    name : str
        Name of the row.
    ours, peer : callable
        Do the same work. Each is run once before the clock counts.
    runs : int
        Pairs that count.
    """
    ours()
    peer()
    pairs = [(_seconds(ours), _seconds(peer)) for _ in range(runs)]
    ratios = [mine / theirs for mine, theirs in pairs]
    return Row(
        name,
        statistics.median(mine for mine, _ in pairs),
        statistics.median(theirs for _, theirs in pairs),
        statistics.median(ratios),
        min(ratios),
        max(ratios),
    )


def _seconds(work: Work) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
