"""The names that the room gives: "Cut 1", "Distance 2", "Skull 1"."""

from collections.abc import Iterable

from sessions.plan.records import Plan


def next_name(word: str, taken: Iterable[str]) -> str:
    """Return `word` with the number after the highest one taken.

    Examples
    --------
    >>> next_name("Cut", ["Cut 1", "Cut 7", "Window"])
    'Cut 8'
    """
    numbers = [name.removeprefix(f"{word} ") for name in taken]
    return f"{word} {max((int(n) for n in numbers if n.isdecimal()), default=0) + 1}"


def next_cut_name(plan: Plan) -> str:
    """Return the name of the next cut."""
    return next_name("Cut", (cut.name for cut in plan.cuts.values()))


def next_measurement_name(plan: Plan) -> str:
    """Return the name of the next measurement."""
    return next_name("Distance", (it.name for it in plan.measurements.values()))
