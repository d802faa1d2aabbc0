"""A room's log as JSON lines, for a bundle: a header, then one line for each entry.

What comes in may be anything, so every bound is checked before anything is believed.
"""

from collections.abc import Iterator, Sequence
from typing import BinaryIO, Final, Literal

import msgspec

from sessions.errors import ArchiveError, RejectedCommandError
from sessions.plan.codec import (
    MAX_ENTRY_BYTES,
    canonical,
    payload_of,
    require_follows,
    unseal,
)
from sessions.plan.content import FIELDS_BEFORE_BRANCHES, hash_of_fields
from sessions.plan.events import Entry
from sessions.plan.records import OperationId
from sessions.plan.soundness import require_sound_event, require_whole
from sessions.state import State, advance, hash_of, replay

MAX_ENTRIES: Final = 50_000
"""Three hundred a day for half a year of rehearsals."""

MAX_LINE_BYTES: Final = MAX_ENTRY_BYTES + 1000
"""An entry with its hash."""

MAX_ARCHIVE_BYTES: Final = 256_000_000


class Header(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The first line."""

    format: Literal["commissure.log"] = "commissure.log"
    version: Literal[1, 2] = 2
    entries: int
    head_hash: str
    state_hash: str
    """Of what the entries add up to; in version 1, of the plan as it was before branches."""


class Line(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every other line."""

    hash: str
    entry: msgspec.Raw
    """The bytes that the hash is of."""


def export_entries(entries: Sequence[Entry]) -> Iterator[bytes]:
    """Yield the lines of an archive, each with its line break."""
    state = replay(entries)
    yield (
        canonical(
            Header(entries=len(entries), head_hash=state.head_hash, state_hash=hash_of(state))
        )
        + b"\n"
    )
    for entry in entries:
        yield canonical(Line(hash=entry.hash, entry=msgspec.Raw(payload_of(entry)))) + b"\n"


def import_entries(stream: BinaryIO) -> tuple[Entry, ...]:
    """Return the entries of an archive.

    Raises
    ------
    ArchiveError
        It is none, is too large, was changed, or does not add up to the plan that it names.
    """
    lines = _lines(stream)
    header = _header(next(lines, b""))
    entries: list[Entry] = []
    state, operations = State(), set[OperationId]()
    for line in lines:
        entry = _entry(line, state)
        if entry.operation_id in operations:
            raise ArchiveError(f"the archive repeats an operation at revision {entry.revision}")
        operations.add(entry.operation_id)
        state = _advanced(state, entry)
        entries.append(entry)
    if (header.entries, header.head_hash) != (len(entries), state.head_hash):
        raise ArchiveError("the archive is cut short or was put together; export it again")
    if header.state_hash != _hash_as_of(header.version, state):
        raise ArchiveError("the archive adds up to another plan than it names; export it again")
    try:
        for line_now in state.lines.values():
            require_whole(line_now.plan)
    except RejectedCommandError as error:
        raise ArchiveError(f"the archive cannot be opened: {error}") from error
    return tuple(entries)


def _hash_as_of(version: int, state: State) -> str:
    """Return the hash of a state as archives of a version name it."""
    if version == 1:
        return hash_of_fields(state.plan, FIELDS_BEFORE_BRANCHES)
    return hash_of(state)


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """Yield lines, never more of them, or longer ones, than an archive may have."""
    total = 0
    for number in range(MAX_ENTRIES + 2):
        line = stream.readline(MAX_LINE_BYTES + 1)
        if not line:
            return
        total += len(line)
        if len(line) > MAX_LINE_BYTES or total > MAX_ARCHIVE_BYTES or number > MAX_ENTRIES:
            raise ArchiveError("the archive is larger than any room's; it cannot be opened")
        yield line


def _header(line: bytes) -> Header:
    try:
        return msgspec.json.decode(line, type=Header)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ArchiveError("this is no room archive of this version") from error


def _entry(line: bytes, state: State) -> Entry:
    """Return the entry of a line, in its place in the chain."""
    try:
        decoded = msgspec.json.decode(line, type=Line)
        entry = unseal(bytes(decoded.entry), decoded.hash)
        require_follows(entry, state.revision, state.head_hash)
    except (ValueError, msgspec.MsgspecError, RecursionError) as error:
        raise ArchiveError(
            f"the archive is damaged at revision {state.revision + 1}; export it again"
        ) from error
    return entry


def _advanced(state: State, entry: Entry) -> State:
    """Return the state after an entry that makes sense."""
    try:
        for event in entry.events:
            require_sound_event(event)
        return advance(state, entry).state
    except RejectedCommandError as error:
        raise ArchiveError(
            f"the archive holds nonsense at revision {entry.revision}: {error}"
        ) from error
