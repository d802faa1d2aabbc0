"""The names that the room gives: "Cut 1", "Line 2". All but a fragment's are their own."""

from collections.abc import Iterable, Mapping
from typing import Final

from sessions.plan.records import MarkupId, MarkupKind, Plan, RecordRef
from sessions.plan.references import records_of

MARKUP_WORDS: Final[Mapping[MarkupKind, str]] = {
    "point": "Point",
    "line": "Line",
    "surface_path": "Path",
    "angle": "Angle",
    "closed_curve": "Curve",
    "freehand": "Drawing",
    "arrow": "Arrow",
    "text": "Text",
    "roi_ellipse": "Ellipse",
    "roi_box": "Box",
    "gap": "Gap",
}


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


def next_markup_name(plan: Plan, kind: MarkupKind) -> str:
    """Return the name of the next markup of a kind."""
    return next_name(MARKUP_WORDS[kind], (it.name for it in plan.markups.values()))


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
        case "markup":
            return any(
                it.name == name and it.markup_id != ref.record_id for it in plan.markups.values()
            )
        case _:
            return False


def free_name(plan: Plan, ref: RecordRef, name: str, word: str) -> str:
    """Return the name that a record is to have, or the next free one of a word if that is taken."""
    if not is_taken(plan, ref, name):
        return name
    names = [it.name for it in records_of(plan, ref.kind).values()]
    return next_name(word, names)


def word_of(ref: RecordRef, *plans: Plan) -> str:
    """Return the word that the room names a record by, in whichever plan it is."""
    if ref.kind != "markup":
        return "Cut" if ref.kind == "cut" else "Distance"
    found = (plan.markups.get(MarkupId(ref.record_id)) for plan in plans)
    return next((MARKUP_WORDS[it.kind] for it in found if it is not None), "Markup")
