"""From the plan view to the rows that panels draw: made once for everybody, not for each page."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import msgspec

from sessions.plan.view import View
from sessions.protocol import Activity, ViewKind
from workspace.binders.activity_rows import NOBODYS_COLOUR, Latest, activity_rows
from workspace.binders.case_rows import case_facts, provenance_line
from workspace.binders.measure_rows import measure_rows, note_rows
from workspace.binders.room_rows import (
    branch_rows,
    chat_rows,
    imaging_rows,
    lock_rows,
    status_row,
    thread_rows,
    version_rows,
)
from workspace.binders.rows import CutRow, MemberRow
from workspace.binders.solid_rows import solid_rows


def cut_rows(view: View) -> tuple[CutRow, ...]:
    """Return the planes, in the order of placing."""
    return tuple(_cut(view, cut) for cut in view["cuts"].values())


def member_rows(view: View) -> tuple[MemberRow, ...]:
    """Return everybody who was ever let in."""
    return tuple(_member(row) for row in view["members"].values())


LISTS: Final[Mapping[str, tuple[tuple[ViewKind, ...], Callable[[View], object]]]] = {
    "casefile": (("case",), case_facts),
    "solids": (("segments", "fragments"), solid_rows),
    "cuts": (("cuts", "segments", "fragments", "members"), cut_rows),
    "measures": (("measurements", "markups"), measure_rows),
    "notes": (("notes",), note_rows),
    "members": (("members",), member_rows),
    "provenance": (("segments",), provenance_line),
    "threads": (("threads",), thread_rows),
    "chat": (("chat",), chat_rows),
    "versions": (("versions", "members"), version_rows),
    "branches": (("branches", "versions"), branch_rows),
    "newer_images": (("imaging",), imaging_rows),
    "locks": (("locks",), lock_rows),
    "status": (("status",), status_row),
}
"""Name in the templates -> what of the view it is made from, and how."""


class PanelState:
    """The state of the panels of one branch, as those see it who see as much of it.

    What is made from the same as last time is the same object: whoever compares by identity finds
    at once what differs.
    """

    def __init__(self) -> None:
        self._view: View = {}
        self._rows: dict[str, Any] = {}

    def of(
        self, view: View, activity: Iterable[Activity], revision: int, latest: Latest | None = None
    ) -> dict[str, Any]:
        """Return the state of all panels, by key.

        Parameters
        ----------
        latest : mapping, optional
            Who touched which record last: what happened then leads to the record.
        """
        same = {kind for kind, of in view.items() if self._view.get(kind) == of}
        for key, (kinds, rows) in LISTS.items():
            if key not in self._rows or not same.issuperset(kinds):
                self._rows[key] = msgspec.to_builtins(rows(view))
        self._view = view
        happened = activity_rows(view, activity, latest or {})
        return {
            **self._rows,
            "activity": msgspec.to_builtins(happened),
            "revision": revision,
        }


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
