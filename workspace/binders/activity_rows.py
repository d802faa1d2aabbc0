"""Rows about what happened: who did it, when, and to what."""

from collections.abc import Iterable, Mapping
from typing import Final

from sessions.plan.inverting import Key
from sessions.plan.undo import Touch
from sessions.plan.view import View
from sessions.protocol import Activity, ViewKind
from workspace.binders.rows import ActivityRow

NOBODYS_COLOUR: Final = "#93a0b4"

RECORDS: Final[Mapping[str, ViewKind]] = {
    "segment": "segments",
    "fragment": "fragments",
    "cut": "cuts",
    "note": "notes",
    "measurement": "measurements",
    "markup": "markups",
}
"""Kind of a record -> where the view has them."""

Latest = Mapping[Key, Touch]
"""Who touched a record last, and when."""


def activity_rows(view: View, activity: Iterable[Activity], latest: Latest) -> list[ActivityRow]:
    """Return what happened, the latest first, each with a record that it was done to."""
    touched = {touch.revision: key for key, touch in latest.items()}
    cuts = {touch.revision for key, touch in latest.items() if _is_cut(view, key)}
    rows = [_row(view, it, touched.get(it.revision), it.revision in cuts) for it in activity]
    return rows[::-1]


def _is_cut(view: View, key: Key) -> bool:
    return key.kind == "cut" and bool(view["cuts"].get(key.record_id, {}).get("applied"))


def _row(view: View, it: Activity, key: Key | None, cut: bool) -> ActivityRow:  # noqa: FBT001 (a fact)
    member = view["members"].get(it.member_id)
    kind = _kind(view, key)
    return ActivityRow(
        revision=it.revision,
        who_id=it.member_id,
        who=member["name"] if member else "Commissure",
        colour=member["colour"] if member else NOBODYS_COLOUR,
        summary=it.summary,
        at=it.at,
        kind=kind,
        record_id=key.record_id if key and kind else "",
        cut=cut,
    )


def _kind(view: View, key: Key | None) -> str:
    """Return the kind of the record, or nothing where there is none of it any more."""
    if key is None:
        return ""
    kind = key.kind.partition(".")[0]
    if kind == "solid":
        kind = "segment" if key.record_id in view["segments"] else "fragment"
    records = view.get(RECORDS[kind], {}) if kind in RECORDS else {}
    return kind if key.record_id in records else ""
