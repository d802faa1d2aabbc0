"""From the plan view to the rows that panels draw: made once for everybody, not for each page."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from sessions.plan.view import View
from sessions.protocol import Activity
from workspace.binders.activity_rows import NOBODYS_COLOUR, Latest, activity_rows
from workspace.binders.case_rows import case_facts, provenance_line
from workspace.binders.measure_rows import measure_rows, note_rows
from workspace.binders.room_rows import room_state
from workspace.binders.rows import (
    ActivityRow,
    CaseFacts,
    CutRow,
    MeasureRow,
    MemberRow,
    NoteRow,
    Row,
    SolidRow,
)
from workspace.binders.solid_rows import solid_rows


class PlanRows(Row, frozen=True):
    """The state of the panels about the plan: each field is a name in their templates."""

    casefile: CaseFacts
    solids: tuple[SolidRow, ...]
    cuts: tuple[CutRow, ...]
    measures: tuple[MeasureRow, ...]
    notes: tuple[NoteRow, ...]
    members: tuple[MemberRow, ...]
    activity: list[ActivityRow]
    revision: int
    provenance: tuple[str, ...]


def panel_state(
    view: View, activity: Iterable[Activity], revision: int, latest: Latest | None = None
) -> dict[str, Any]:
    """Return the state of all panels, by key."""
    rows = PlanRows(
        casefile=case_facts(view),
        solids=solid_rows(view),
        cuts=tuple(_cut(view, cut) for cut in view["cuts"].values()),
        measures=measure_rows(view),
        notes=note_rows(view),
        members=tuple(_member(row) for row in view["members"].values()),
        activity=activity_rows(view, activity, latest or {}),
        revision=revision,
        provenance=provenance_line(view),
    )
    return {**_jsonable(rows), **room_state(view)}


def with_unchanged(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Return the state `after`, with the very objects of `before` where they are equal.

    Whoever compares by identity then finds at once what differs: once for the room, and not in
    depth for each page.
    """
    return {key: before[key] if before.get(key) == of else of for key, of in after.items()}


def _jsonable(rows: PlanRows) -> dict[str, Any]:
    state: dict[str, Any] = msgspec.to_builtins(rows)
    return state


def _cut(view: View, cut: Mapping[str, Any]) -> CutRow:
    target = view["segments"].get(cut["target_id"]) or view["fragments"].get(cut["target_id"])
    author = view["members"].get(cut["author_id"], {})
    return CutRow(
        id=cut["cut_id"],
        name=cut["name"],
        target=target["name"] if target else "",
        applied=cut["applied"],
        author=cut["author_name"],
        author_id=cut["author_id"],
        colour=author.get("colour", NOBODYS_COLOUR),
    )


def _member(row: Mapping[str, Any]) -> MemberRow:
    words = str(row["name"]).split()
    initials = "".join(word[0] for word in words[:2]).upper() or "?"
    return MemberRow(
        id=row["member_id"],
        name=row["name"],
        role=row["role"],
        colour=row["colour"],
        initials=initials,
        dismissed=row["dismissed"],
    )
