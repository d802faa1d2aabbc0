"""The chain: each entry holds the hash of the one before it, and the head is noted beside it."""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

import msgspec
from msgspec.structs import replace

from sessions.audit.records import AuditEntry, AuditEvent
from sessions.errors import DamagedAuditError
from sessions.plan.codec import FIRST_PREVIOUS_HASH, canonical, sha256

MAX_PAYLOAD_BYTES: Final = 8192
"""Every text of an entry is bounded; none comes near."""

_DECODER: Final = msgspec.json.Decoder(AuditEntry)


class Head(NamedTuple):
    """The last entry of a chain."""

    sequence: int = 0
    hash: str = FIRST_PREVIOUS_HASH


class Row(NamedTuple):
    """An entry as the file holds it; room and kind are there for looking things up."""

    sequence: int
    room_id: str
    kind: str
    payload: bytes
    hash: str


def seal(event: AuditEvent, head: Head) -> AuditEntry:
    """Return the entry of an event that comes after `head`."""
    entry = AuditEntry(sequence=head.sequence + 1, event=event, previous_hash=head.hash)
    return replace(entry, hash=sha256(canonical(entry)))


def row_of(entry: AuditEntry) -> Row:
    """Return what the file holds of an entry."""
    payload = canonical(replace(entry, hash=""))
    return Row(entry.sequence, entry.event.room_id, entry.event.kind, payload, entry.hash)


def checked(rows: Iterable[Row], noted: Head) -> Iterator[AuditEntry]:
    """Yield the entries of rows, each in its place, up to the head that was noted beside them.

    Raises
    ------
    DamagedAuditError
        The first entry that was changed, removed, moved or added; `sequence` names it.
    """
    head = Head()
    for row in rows:
        entry = follow(row, head)
        head = Head(entry.sequence, entry.hash)
        yield entry
    require_head(head, noted)


def follow(row: Row, head: Head) -> AuditEntry:
    """Return the entry of the row that comes after `head`.

    Raises
    ------
    DamagedAuditError
        It is not the one that was recorded there.
    """
    due = head.sequence + 1
    if row.sequence != due:
        raise DamagedAuditError(due, "it is missing")
    if len(row.payload) > MAX_PAYLOAD_BYTES or sha256(row.payload) != row.hash:
        raise DamagedAuditError(due, "its content does not match its hash")
    try:
        entry = replace(_DECODER.decode(row.payload), hash=row.hash)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise DamagedAuditError(due, "its content is no entry") from error
    if (entry.sequence, entry.previous_hash) != (due, head.hash):
        raise DamagedAuditError(due, "it does not belong to the entry before it")
    if (entry.event.room_id, entry.event.kind) != (row.room_id, row.kind):
        raise DamagedAuditError(due, "its row is labelled otherwise")
    return entry


def require_head(found: Head, noted: Head) -> None:
    """Refuse a chain that ends before, or elsewhere than, the head that was noted beside it."""
    if noted.sequence > found.sequence:
        raise DamagedAuditError(found.sequence + 1, "it is missing")
    if noted != found:
        raise DamagedAuditError(max(found.sequence, 1), "it is not the last one that was recorded")
