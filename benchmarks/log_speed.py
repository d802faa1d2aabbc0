"""The durable log of a room against plain inserts into SQLite with the same promise.

Both write the same payloads to the same disk, in WAL mode with ``synchronous=FULL``. Ours
serialises each entry, checks the chain of hashes and its head, and hands the work to a thread.
"""

import asyncio
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import apsw

from benchmarks.effort import FULL, Effort
from benchmarks.table import Pair, Row, row_of
from imaging.space import RigidTransform
from sessions.plan.codec import FIRST_PREVIOUS_HASH, payload_of, seal
from sessions.plan.events import Entry, FragmentMoved
from sessions.plan.records import FragmentId, MemberId, OperationId
from sessions.sqlite_log import SqliteLog

GROUP: Final = 64
"""Entries in one transaction."""

ROOM: Final = "bench"

Rows = Sequence[tuple[int, str, bytes, str]]


def measure(effort: Effort = FULL) -> list[Row]:
    """Return durable appends one at a time and in groups against apsw, ms for each entry."""
    entries = chain_of(effort.appends)
    rows = [(it.revision, it.operation_id, payload_of(it), it.hash) for it in entries]
    single = _by_turns(
        effort.runs,
        lambda folder: asyncio.run(append_in_groups(folder, entries, 1)),
        lambda folder: insert_in_groups(folder, rows, 1),
    )
    more = chain_of(effort.appends * 10)
    more_rows = [(it.revision, it.operation_id, payload_of(it), it.hash) for it in more]
    grouped = _by_turns(
        effort.runs,
        lambda folder: asyncio.run(append_in_groups(folder, more, GROUP)),
        lambda folder: insert_in_groups(folder, more_rows, GROUP),
    )
    return [
        _row("durable append, one at a time / apsw insert", single),
        _row(f"durable append, {GROUP} at a time / apsw insert", grouped),
    ]


def chain_of(count: int) -> list[Entry]:
    """Return sealed entries that follow each other, each a fragment put elsewhere."""
    entries: list[Entry] = []
    previous_hash = FIRST_PREVIOUS_HASH
    at = datetime(2026, 1, 1, tzinfo=UTC).isoformat(timespec="milliseconds")
    for revision in range(1, count + 1):
        moved = FragmentMoved(
            fragment_id=FragmentId("skull-1"),
            before=RigidTransform(translation_mm=(0.0, 0.0, (revision - 1) / 7)),
            after=RigidTransform(translation_mm=(0.0, 0.0, revision / 7)),
        )
        entry = Entry(
            revision=revision,
            operation_id=OperationId(f"operation-{revision}"),
            member_id=MemberId("member"),
            at=at,
            events=(moved,),
            previous_hash=previous_hash,
            hash="",
        )
        entries.append(seal(entry))
        previous_hash = entries[-1].hash
    return entries


async def append_in_groups(folder: Path, entries: Sequence[Entry], group: int) -> float:
    """Return the ms that each entry took in a new log, waiting for the disk after each group."""
    log = await SqliteLog.open(folder, ROOM)
    try:
        began = time.perf_counter()
        for start in range(0, len(entries), group):
            await log.append(entries[start : start + group])
        return (time.perf_counter() - began) / len(entries) * 1000
    finally:
        await log.close()


def insert_in_groups(folder: Path, rows: Rows, group: int) -> float:
    """Return the ms that each row took in a new table, one transaction for each group."""
    connection = apsw.Connection(str(folder / "plain.sqlite"))
    try:
        connection.pragma("journal_mode", "wal")
        connection.pragma("synchronous", "full")
        connection.execute(
            "CREATE TABLE entries (revision INTEGER PRIMARY KEY, operation_id TEXT, "
            "payload BLOB, hash TEXT)"
        )
        began = time.perf_counter()
        for start in range(0, len(rows), group):
            with connection:
                connection.executemany(
                    "INSERT INTO entries VALUES (?, ?, ?, ?)", rows[start : start + group]
                )
        return (time.perf_counter() - began) / len(rows) * 1000
    finally:
        connection.close()


def _by_turns(
    runs: int, ours: Callable[[Path], float], peer: Callable[[Path], float]
) -> list[Pair]:
    return [(_in_new_folder(ours), _in_new_folder(peer)) for _ in range(runs)]


def _in_new_folder(work: Callable[[Path], float]) -> float:
    with tempfile.TemporaryDirectory() as folder:
        return work(Path(folder))


def _row(name: str, pairs: Sequence[Pair]) -> Row:
    row = row_of(name, pairs, "ms")
    return row.noted(f"{1000 / row.ours:,.0f} entries/s, durable")
