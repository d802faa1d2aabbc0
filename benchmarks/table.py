"""Ratios to a peer, measured by turns in one run, and a table of them."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

Work = Callable[[], object]

Pair = tuple[float, float]
"""What ours took and what the peer took, one right after the other."""


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison, or one figure for which there is no peer."""

    name: str
    """What was done, and with whom it is compared."""
    ours: float
    """Median of ours, in `unit`."""
    peer: float | None
    """Median of the peer's, in `unit`; None where there is no peer."""
    ratio: float | None
    """Median of ours / peer, pair by pair: below 1 is better than the peer."""
    ratio_min: float | None
    ratio_max: float | None
    unit: str = "s"
    note: str = ""
    """What else was found in the same runs."""

    def noted(self, note: str) -> "Row":
        """Return the row with a note."""
        return replace(self, note=note)


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
    return row_of(name, [(_seconds(ours), _seconds(peer)) for _ in range(runs)])


def row_of(name: str, pairs: Sequence[Pair], unit: str = "s") -> Row:
    """Return the row of pairs that were measured by turns."""
    ratios = [mine / theirs for mine, theirs in pairs]
    return Row(
        name,
        statistics.median(mine for mine, _ in pairs),
        statistics.median(theirs for _, theirs in pairs),
        statistics.median(ratios),
        min(ratios),
        max(ratios),
        unit,
    )


def figure(name: str, values: Sequence[float], unit: str) -> Row:
    """Return the row of a figure without a peer: the median of `values`."""
    return Row(name, statistics.median(values), None, None, None, None, unit)


def _seconds(work: Work) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
