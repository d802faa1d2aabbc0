"""Events of an audit trail, as a server would note them."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import apsw
from hypothesis import strategies as st

from sessions.audit.chain import Head, Row, row_of, seal
from sessions.audit.records import Actor, AuditEvent, Kind, Outcome, Reference
from sessions.plan.events import Entry

NOW_MS = 1_767_323_045_000
"""2026-01-02T03:04:05Z."""

ANA = Actor(account="ana@hospital", member="a1", role="owner")


def event(kind: Kind = Kind.OPENED, room_id: str = "r1", at_ms: int = NOW_MS) -> AuditEvent:
    """Return what happened in a room."""
    return AuditEvent(at_ms=at_ms, kind=kind, actor=ANA, address="10.0.0.7", room_id=room_id)


def change(revision: int, entry_hash: str, room_id: str = "r1") -> AuditEvent:
    """Return a change of a room."""
    return AuditEvent(
        at_ms=NOW_MS,
        kind=Kind.CHANGED,
        room_id=room_id,
        object=Reference(kind="operation", id=f"op{revision}", revision=revision, hash=entry_hash),
    )


def adoption(revision: int, entry_hash: str, kind: Kind = Kind.ROOM_ADOPTED) -> AuditEvent:
    """Return the beginning of a room's audit."""
    named = Reference(kind="revision", revision=revision, hash=entry_hash)
    return AuditEvent(at_ms=NOW_MS, kind=kind, room_id="r1", object=named)


def changes_of(log: Sequence[Entry], after: int = 0) -> list[AuditEvent]:
    """Return the changes that a log holds."""
    return [change(entry.revision, entry.hash) for entry in log[after:]]


def chained(events: Sequence[AuditEvent]) -> tuple[list[Row], Head]:
    """Return the rows of a trail, and its head."""
    rows, head = [], Head()
    for it in events:
        entry = seal(it, head)
        rows.append(row_of(entry))
        head = Head(entry.sequence, entry.hash)
    return rows, head


def altered(path: Path, *statements: str) -> None:
    """Do to a trail what its enemy would, behind the server's back."""
    connection = apsw.Connection(str(path))
    for statement in statements:
        connection.execute(statement)
    connection.close()


def numbered(count: int) -> Iterator[AuditEvent]:
    """Yield different events."""
    return (event(at_ms=NOW_MS + number) for number in range(count))


CODES = st.text("abcdefghijklmnopqrstuvwxyz0123456789-_.:@", max_size=12)

EVENTS = st.builds(
    AuditEvent,
    at_ms=st.integers(0, 1 << 45),
    kind=st.sampled_from(Kind),
    outcome=st.sampled_from(Outcome),
    actor=st.builds(Actor, account=CODES, member=CODES, role=CODES),
    address=CODES,
    room_id=CODES,
    action=CODES,
    object=st.builds(Reference, kind=CODES, id=CODES, revision=st.integers(0, 1000), hash=CODES),
    reason=CODES,
    count=st.integers(1, 100_000),
)
