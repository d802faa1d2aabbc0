"""Entries as lines: JSON that can be checked again, and cells for a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Final

from sessions.audit.records import AuditEntry
from sessions.plan.codec import canonical
from workspace.audit.dicom_messages import time_of

COLUMNS: Final = (
    "sequence",
    "time",
    "kind",
    "outcome",
    "account",
    "member",
    "role",
    "address",
    "room",
    "action",
    "object",
    "object_id",
    "revision",
    "log_hash",
    "reason",
    "count",
    "hash",
)

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is a formula to a spreadsheet, and may run a program."""


def json_lines(entries: Iterable[AuditEntry], _source: str) -> Iterator[bytes]:
    """Yield each entry as it is in the trail: with an empty `hash`, it is what the hash is of."""
    for entry in entries:
        yield canonical(entry) + b"\n"


def csv_lines(entries: Iterable[AuditEntry], _source: str) -> Iterator[bytes]:
    """Yield a line of names, then one for each entry."""
    yield _line(COLUMNS)
    for entry in entries:
        yield _line(cell(value) for value in cells_of(entry))


def cells_of(entry: AuditEntry) -> tuple[str, ...]:
    """Return what an entry says, in the order of `COLUMNS`."""
    event = entry.event
    return (
        str(entry.sequence),
        time_of(event),
        event.kind.value,
        event.outcome.name.lower().replace("_", " "),
        event.actor.account,
        event.actor.member,
        event.actor.role,
        event.address,
        event.room_id,
        event.action,
        event.object.kind,
        event.object.id,
        str(event.object.revision or ""),
        event.object.hash,
        event.reason,
        str(event.count),
        entry.hash,
    )


def cell(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula.

    Examples
    --------
    >>> cell("=cmd()"), cell("ana")
    ("'=cmd()", 'ana')
    """
    return f"'{text}" if text.startswith(FORMULA) else text


def csv_line(cells: Iterable[str]) -> bytes:
    """Return a line of a table that no spreadsheet runs anything of."""
    return _line(cell(it) for it in cells)


def _line(cells: Iterable[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue().encode()
