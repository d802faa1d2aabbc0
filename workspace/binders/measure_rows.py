"""Rows about what was measured and marked."""

from collections.abc import Mapping
from typing import Any

from sessions.plan.view import View
from workspace.binders.figures import figure
from workspace.binders.rows import MeasureRow, NoteRow, ValueRow


def measure_rows(view: View) -> tuple[MeasureRow, ...]:
    """Return markups and distances of the older kind, each in the order of making."""
    markups: Mapping[str, dict[str, Any]] = view.get("markups", {})
    return (
        *(_measurement(row) for row in view["measurements"].values()),
        *(_markup(row) for row in markups.values()),
    )


def note_rows(view: View) -> tuple[NoteRow, ...]:
    """Return the notes, in the order of pinning."""
    return tuple(
        NoteRow(
            id=row["note_id"],
            text=row["text"],
            author=row["author_name"],
            author_id=row["author_id"],
            colour=row["colour"],
            at=row["created_at"],
        )
        for row in view["notes"].values()
    )


def _measurement(row: Mapping[str, Any]) -> MeasureRow:
    return MeasureRow(
        id=row["measurement_id"],
        kind="measurement",
        form="line",
        name=row["name"],
        text="",
        values=(ValueRow(name="length", text=figure(row["length_mm"], "mm")),),
        pending=False,
        problem="",
        author=row["author_name"],
        author_id=row["author_id"],
        colour=row["colour"],
    )


def _markup(row: Mapping[str, Any]) -> MeasureRow:
    return MeasureRow(
        id=row["markup_id"],
        kind="markup",
        form=row["kind"],
        name=row["name"],
        text=row["text"],
        values=tuple(_value(it) for it in row["values"]),
        pending=row["pending"],
        problem=row["problem"],
        author=row["author_name"],
        author_id=row["author_id"],
        colour=row["colour"],
    )


def _value(it: Mapping[str, Any]) -> ValueRow:
    return ValueRow(name=it["name"], text=figure(it["value"], it["unit"], it["uncertainty"]))
