"""Compare two plans: what was added, removed or changed, by whom, and by how much."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal, Protocol, get_args

import msgspec

from sessions.plan.comparing_values import Value, sentence_of, values_of
from sessions.plan.events import SegmentField
from sessions.plan.inverting import Key
from sessions.plan.records import MemberId, Plan, RecordKind, RecordRef
from sessions.plan.references import KINDS, as_agreed, find_record, records_of
from sessions.plan.undo import Touch


class Side(Protocol):
    """One of two plans: a version, or a branch as it is now."""

    @property
    def plan(self) -> Plan:
        """What it holds."""

    @property
    def latest(self) -> Mapping[Key, Touch]:
        """Who touched each record last."""


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One record that is not the same on both sides."""

    ref: RecordRef
    what: Literal["added", "removed", "changed"]
    name: str
    """For example "Cut 2"; of a note "the note"."""
    sentence: str
    values: tuple[Value, ...] = ()
    """What differs, in numbers and words."""
    member_id: MemberId | None = None
    """Who touched it last; None: it follows from something else, or came with the case."""
    did: str = ""
    """What they did."""
    revision: int | None = None


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """All differences, by kind and id; none: the two hold the same."""

    differences: tuple[Difference, ...] = ()


def compare(before: Side, after: Side) -> Comparison:
    """Return how `after` differs from `before`.

    The other way round, what was added is removed, and every value is exchanged.
    """
    return Comparison(
        differences=tuple(
            difference
            for kind in KINDS
            for ref in _refs(kind, before.plan, after.plan)
            if (difference := _difference(ref, before, after)) is not None
        )
    )


def _refs(kind: RecordKind, before: Plan, after: Plan) -> Iterator[RecordRef]:
    for record_id in sorted(records_of(before, kind).keys() | records_of(after, kind).keys()):
        yield RecordRef(kind=kind, record_id=record_id)


def _difference(ref: RecordRef, before: Side, after: Side) -> Difference | None:
    was, now = find_record(before.plan, ref), find_record(after.plan, ref)
    values = values_of(was, now, before.plan, after.plan)
    same = as_agreed(was) == as_agreed(now)
    if same and not values:
        return None
    what: Literal["added", "removed", "changed"] = (
        "added" if was is None else "removed" if now is None else "changed"
    )
    name = _name(ref, now if was is None else was)
    touch = None if same else _last_touch(ref, before, after)
    return Difference(
        ref=ref,
        what=what,
        name=name,
        sentence=sentence_of(what, name, values),
        values=values,
        member_id=touch.member_id if touch else None,
        did=touch.summary if touch else "",
        revision=touch.revision if touch else None,
    )


def _name(ref: RecordRef, record: Any) -> str:  # noqa: ANN401 (a record of any kind)
    return "the note" if ref.kind == "note" else str(record.name)


def _last_touch(ref: RecordRef, before: Side, after: Side) -> Touch | None:
    """Return who touched a record last, on whichever side: there it became different."""
    kind = "solid" if ref.kind in {"segment", "fragment"} else ref.kind
    keys = [
        Key(kind if part is None else f"{kind}.{part}", ref.record_id)
        for part in (None, *get_args(SegmentField), "points", "text")
    ]
    touches = [side.latest[key] for side in (before, after) for key in keys if key in side.latest]
    return max(touches, key=lambda it: it.revision, default=None)
