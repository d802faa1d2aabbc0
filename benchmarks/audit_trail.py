"""What the audit trail costs: a room's acknowledgements with it and without, openings, checking.

Twenty members ask ten times a second in a room that is audited and in one that is not, by turns.
"""

import asyncio
import contextlib
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from benchmarks.effort import FULL, Effort
from benchmarks.room_log import wait_times
from benchmarks.table import Row, figure, row_of
from sessions.audit.reading import read_trail, verify_trail
from sessions.audit.records import Actor, AuditEvent, Kind, Reference
from sessions.audit.trail import FILE_NAME, AuditTrail
from sessions.plan.casework import SYSTEM
from sessions.plan.commands import AdmitMember
from sessions.plan.records import Member, MemberId, OperationId, Role
from sessions.room import Room
from tests.sessions.scene import ANA, furnish, pieces, place
from workspace.audit.callers import Caller
from workspace.audit.desk import AuditDesk
from workspace.audit.exporting import FORMS, write_export

MEMBERS: Final = 20
ENTRIES_PER_APPEND: Final = 33
"""Of each append of an `Effort`: 10,000 in all."""

BATCH: Final = 256


def measure(effort: Effort = FULL) -> list[Row]:
    """Return the cost to a room, and the speed of the trail itself."""
    return [
        *asyncio.run(_acknowledgements(effort)),
        asyncio.run(_openings(effort.appends)),
        *asyncio.run(_whole_trail(effort.appends * ENTRIES_PER_APPEND)),
    ]


async def _acknowledgements(effort: Effort) -> list[Row]:
    pairs = [
        (await _waited(effort.load_s, audited=True), await _waited(effort.load_s, audited=False))
        for _ in range(effort.runs)
    ]
    name = f"acknowledgement, {MEMBERS} members x 10/s, {{}}: audited / not"
    p50 = row_of(name.format("p50"), [(mine[49], plain[49]) for mine, plain in pairs], "ms")
    p99 = row_of(name.format("p99"), [(mine[98], plain[98]) for mine, plain in pairs], "ms")
    return [p50, p99]


async def _waited(seconds: float, *, audited: bool) -> list[float]:
    """Return the percentiles of how long members waited, ms."""
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        async with _room(Path(folder), audited=audited) as (room, _):
            return statistics.quantiles(await wait_times(room, MEMBERS, seconds), n=100)


@contextlib.asynccontextmanager
async def _room(folder: Path, *, audited: bool) -> AsyncIterator[tuple[Room, AuditDesk]]:
    """Open a room with a cut skull and members."""
    (folder / "room").mkdir()
    room = await furnish(await Room.open(folder / "room", "bench"))
    desk = AuditDesk.of_folder(folder)
    for number in range(MEMBERS):
        member = Member(
            member_id=MemberId(f"member{number}"), name="M", role=Role.SURGEON, colour="#35a7ff"
        )
        await room.submit(SYSTEM, OperationId(f"in-{number}"), AdmitMember(member=member))
    await room.submit(ANA, OperationId("place"), place())
    await room.record(ANA, OperationId("cut"), pieces())
    if audited:
        desk.attend(room)
    try:
        yield room, desk
    finally:
        await room.close()
        await desk.close()


async def _openings(count: int) -> Row:
    """Return how long somebody waits to come in until it is on disk."""
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        async with _room(Path(folder), audited=True) as (room, desk):
            caller = Caller(room, room.plan.members[ANA], "10.0.0.7")
            took = []
            for _ in range(count):
                began = time.perf_counter()
                await desk.opened(caller, "room")
                took.append((time.perf_counter() - began) * 1000)
    p99 = statistics.quantiles(took, n=100)[98]
    return figure("an opening is on disk after", took, "ms").noted(f"p99 {p99:.1f} ms")


async def _whole_trail(count: int) -> list[Row]:
    """Return how fast a trail is written, checked and exported."""
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        path = Path(folder) / FILE_NAME
        trail = AuditTrail(path)
        began = time.perf_counter()
        for start in range(0, count, BATCH):
            await trail.append([_event(start + at) for at in range(min(BATCH, count - start))])
        rows = [_rate("written in batches", count, began)]
        await trail.close()
        size = path.stat().st_size / count
        began = time.perf_counter()
        verify_trail(path)
        rows.append(_rate("checked", count, began).noted(f"{size:.0f} bytes an entry on disk"))
        for form in FORMS:
            began = time.perf_counter()
            write_export(read_trail(path), form, Path(folder) / "export", "bench")
            rows.append(_rate(f"exported as {form}", count, began))
    return rows


def _event(number: int) -> AuditEvent:
    return AuditEvent(
        at_ms=1_767_323_045_000 + number,
        kind=Kind.LEFT,
        actor=Actor(member="3f2a9c0011aa22bb", role="surgeon"),
        address="10.0.0.7",
        room_id="theatre-1",
        object=Reference(kind="room", revision=number),
    )


def _rate(what: str, count: int, began: float) -> Row:
    per_s = count / (time.perf_counter() - began)
    return figure(f"audit entries {what}", [per_s], "per s")
