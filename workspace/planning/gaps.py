"""The least distance between two surfaces: exact, triangle against triangle."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from imaging.space import Vector
from workspace.planning.closest import Corners, Points, nearest_of_triangles

TRIED: Final = 256
"""Pairs of triangles that are compared at each level, to know early how wide the gap is at most."""

AT_ONCE: Final = 1024
"""Pairs of triangles that are compared before the bound is looked at again; then twice as many."""

MOST_AT_ONCE: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Gap:
    """How near two surfaces come to each other."""

    distance_mm: float
    """0 where they touch or run through each other."""
    first: Vector
    second: Vector


def gap_between(first: Corners, second: Corners) -> Gap:
    """Return the least distance between the triangles of two surfaces, and where it is.

    Parameters
    ----------
    first, second : (n, 3, 3) arrays
        Corners, mm, in one frame.

    Notes
    -----
    Boxes around runs of neighbouring triangles are compared first; a pair that is further apart
    than two points that are known holds nothing nearer, and is left out.
    """
    trees = _Boxes.around(first), _Boxes.around(second)
    pairs, apart, best = _pairs_within(trees)
    start, count = 0, AT_ONCE
    # Sorted: where one is too far apart, so are all that follow.
    while start < len(pairs) and apart[start] <= best.distance_mm and best.distance_mm > 0:
        best = _nearer(best, trees, pairs[start : start + count])
        start, count = start + count, min(count * 2, MOST_AT_ONCE)
    return best


@dataclass(frozen=True, slots=True)
class _Boxes:
    """Triangles along a curve that fills space, and boxes around ever longer runs of them."""

    corners: Corners
    low: tuple[Points, ...]
    """By level, from a box for each triangle to a single one; each of a level holds two of the one
    before."""
    high: tuple[Points, ...]

    @classmethod
    def around(cls, corners: Corners) -> "_Boxes":
        ordered = corners[np.argsort(_place_on_curve(corners.mean(axis=1)), kind="stable")]
        low, high = [ordered.min(axis=1)], [ordered.max(axis=1)]
        while len(low[-1]) > 1:
            low.append(_paired(low[-1]).min(axis=1))
            high.append(_paired(high[-1]).max(axis=1))
        return cls(ordered, tuple(low), tuple(high))


def _paired(values: Points) -> NDArray[np.float64]:
    filled = values if len(values) % 2 == 0 else np.concatenate([values, values[-1:]])
    return filled.reshape(-1, 2, 3)


def _place_on_curve(points: Points) -> NDArray[np.uint64]:
    """Return where points lie on a curve that keeps neighbours together (Morton's)."""
    low, high = points.min(axis=0), points.max(axis=0)
    cells = ((points - low) / max(float((high - low).max()), 1e-9) * 1023).astype(np.uint64)
    return np.asarray(sum(_spread(cells[:, axis]) << np.uint64(axis) for axis in range(3)))


def _spread(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return numbers of ten bits with two zeros after each bit."""
    for shift, mask in ((16, 0x30000FF), (8, 0x300F00F), (4, 0x30C30C3), (2, 0x9249249)):
        numbers = (numbers | (numbers << np.uint64(shift))) & np.uint64(mask)
    return numbers


def _pairs_within(
    trees: tuple[_Boxes, _Boxes],
) -> tuple[NDArray[np.int64], NDArray[np.float64], Gap]:
    """Return the pairs of triangles that may be nearer than what is known, the nearest first."""
    level = [len(tree.low) - 1 for tree in trees]
    pairs, apart = np.zeros((1, 2), np.int64), np.zeros(1)
    best = _gap(*(tree.corners[0, 0] for tree in trees))
    while any(level):
        side = 0 if level[0] >= level[1] else 1
        level[side] -= 1
        doubled = np.repeat(pairs, 2, axis=0)
        doubled[:, side] = doubled[:, side] * 2 + np.tile([0, 1], len(pairs))
        pairs = doubled[doubled[:, side] < len(trees[side].low[level[side]])]
        apart = _apart_mm(trees, level, pairs)
        some = np.argpartition(apart, min(TRIED, len(apart) - 1))[:TRIED]
        best = _nearer(best, trees, pairs[some] << np.array(level))  # the first of each box
        near = apart <= best.distance_mm
        pairs, apart = pairs[near], apart[near]
    order = np.argsort(apart, kind="stable")
    return pairs[order], apart[order], best


def _apart_mm(
    trees: tuple[_Boxes, _Boxes], level: list[int], pairs: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return how far apart boxes are: nothing in them is nearer."""
    one, other = pairs[:, 0], pairs[:, 1]
    ahead = trees[0].low[level[0]][one] - trees[1].high[level[1]][other]
    behind = trees[1].low[level[1]][other] - trees[0].high[level[0]][one]
    return np.asarray(np.linalg.norm(np.maximum(np.maximum(ahead, behind), 0), axis=1))


def _nearer(best: Gap, trees: tuple[_Boxes, _Boxes], pairs: NDArray[np.int64]) -> Gap:
    """Return the least distance between some pairs of triangles, if it is less than the best."""
    corners = (tree.corners[pairs[:, side]] for side, tree in enumerate(trees))
    first, second = nearest_of_triangles(*corners)
    distances = np.linalg.norm(first - second, axis=1)
    at = int(distances.argmin())
    return _gap(first[at], second[at]) if distances[at] < best.distance_mm else best


def _gap(first: NDArray[np.float64], second: NDArray[np.float64]) -> Gap:
    (ax, ay, az), (bx, by, bz) = first.tolist(), second.tolist()
    distance = float(np.linalg.norm(first - second))
    return Gap(distance, (ax, ay, az), (bx, by, bz))
