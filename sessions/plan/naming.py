"""The names that the room gives: "Cut 1", "Distance 2". A cut's and a measurement's is its own."""

from collections.abc import Iterable

from sessions.plan.records import Plan, RecordRef


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


def is_taken(plan: Plan, ref: RecordRef, name: str) -> bool:
    """Say whether another record of a kind whose names are their own has that name."""
    match ref.kind:
        case "cut":
            return any(it.name == name and it.cut_id != ref.record_id for it in plan.cuts.values())
        case "measurement":
            return any(
                it.name == name and it.measurement_id != ref.record_id
                for it in plan.measurements.values()
            )
        case _:
            return False


def free_name(plan: Plan, ref: RecordRef, name: str) -> str:
    """Return the name that a record is to have, or the next free one where that is taken."""
    if not is_taken(plan, ref, name):
        return name
    return next_cut_name(plan) if ref.kind == "cut" else next_measurement_name(plan)
