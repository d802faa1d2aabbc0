"""What a reference names, and by which key a record is locked."""

from collections.abc import Mapping
from typing import Any, Final

from msgspec.structs import replace

from sessions.errors import RejectedCommandError
from sessions.plan.records import Markup, Plan, RecordKind, RecordRef

_RECORDS: Final[Mapping[RecordKind, str]] = {
    "segment": "segments",
    "fragment": "fragments",
    "cut": "cuts",
    "note": "notes",
    "measurement": "measurements",
    "markup": "markups",
}
"""Kind -> field of the plan."""

KINDS: Final = tuple(_RECORDS)


def records_of(plan: Plan, kind: RecordKind) -> Mapping[str, Any]:
    """Return all records of a kind."""
    records: Mapping[str, Any] = getattr(plan, _RECORDS[kind])
    return records


def find_record(plan: Plan, ref: RecordRef) -> Any | None:  # noqa: ANN401 (a record of any kind)
    """Return the record that a reference names, or None."""
    return records_of(plan, ref.kind).get(ref.record_id)


def require_record(plan: Plan, ref: RecordRef) -> Any:  # noqa: ANN401 (a record of any kind)
    """Return the record that a reference names, or refuse.

    Raises
    ------
    RejectedCommandError
        It is not there.
    """
    record = find_record(plan, ref)
    if record is None:
        raise RejectedCommandError(
            f"there is no such {ref.kind} on this branch; it may have been taken back"
        )
    return record


def as_agreed(record: Any) -> Any:  # noqa: ANN401 (a record of any kind, or None)
    """Return a record without what was computed of it: that follows, and is no difference."""
    return replace(record, findings=None) if isinstance(record, Markup) else record


def name_of(plan: Plan, ref: RecordRef) -> str:
    """Return what people call a record."""
    record = find_record(plan, ref)
    if record is None:
        return f"a {ref.kind}"
    return f"the {ref.kind}" if ref.kind == "note" else str(record.name)


def lock_key(ref: RecordRef) -> str:
    """Return the key of a record's lock in a plan; as `Key` of undo names the record."""
    kind = "solid" if ref.kind in {"segment", "fragment"} else ref.kind
    return f"{kind}:{ref.record_id}"
