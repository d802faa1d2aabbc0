"""Cursors of many members at once, against a broadcast of the same texts.

The room tells each member the latest of everybody on a beat of 25 a second, and tells pages how to
keep to it; the peer sends every text to everybody. Shown are pages that keep to the beat, as ours
do, and pages that do not; how long a presence lay in the server is measured there.
"""

import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from benchmarks.effort import FULL, Effort
from benchmarks.machine import cpu_seconds
from benchmarks.room_members import light_room, lines_to, members_of, read, text_of
from benchmarks.server_process import ServerProcess, link_of
from benchmarks.table import Row, figure, row_of
from benchmarks.traffic import Key, Line, Offer, Traffic, collect, send_steadily
from sessions.plan.records import MemberId, SolidId
from sessions.protocol import Cursor, Presence, PresenceUpdate

RATE_HZ: Final = 25.0

SETTLE_S: Final = 2.5
"""Before the clock counts: a page is told its pace after half a second, and once a second."""

REST_S: Final = 0.3
"""After the last cursor was sent: longer than any waits that is not lost."""

LEAST_WORK: Final = 0.1
"""Percent of a core; the kernel counts in hundredths of a second."""

_presences: Final = msgspec.json.Decoder(Presence)


@dataclass(frozen=True, slots=True)
class Turn:
    """What one load on one server took."""

    window: tuple[float, float]
    """On the machine's steady clock."""
    latency_ms: float
    """Median, from one page to another."""
    work: float
    """CPU of the server, percent of a core."""
    frames_hz: float
    """To each member."""


@dataclass(frozen=True, slots=True)
class Load:
    """Whose cursors move, and for how long."""

    lines: Sequence[Line]
    cursor: Callable[[int, int], Offer]
    seconds: float
    settle_s: float = 0.0
    """Before the clock counts."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Of all turns: paced, unpaced, with a reader that stalls, and the peer."""

    paced: list[Turn]
    unpaced: list[Turn]
    stalled: list[Turn]
    peer: list[Turn]
    inside: list[tuple[float, float]]
    """When a presence was told, and how long it lay in the server, s."""


def measure(effort: Effort = FULL) -> list[Row]:
    """Return latency, the server's work and its frames, against the bare broadcast."""
    figures = _figures(effort)
    what = f"presence, {effort.presence_members} members x {RATE_HZ:.0f}/s"
    rows = []
    for how, turns in (("", figures.paced), (", pages off the beat", figures.unpaced)):
        pairs = list(zip(turns, figures.peer, strict=True))
        inside = figure(f"{what}{how}: in the server p50", _inside_ms(figures, turns), "ms")
        rows += [
            inside.noted(_spread(figures, turns)),
            row_of(
                f"{what}{how}: latency p50 / bare broadcast",
                [(ours.latency_ms, theirs.latency_ms) for ours, theirs in pairs],
                "ms",
            ),
            row_of(
                f"{what}{how}: server's work / bare broadcast",
                [(ours.work, max(theirs.work, LEAST_WORK)) for ours, theirs in pairs],
                "% of a core",
            ),
            row_of(
                f"{what}{how}: frames to a member / bare broadcast",
                [(ours.frames_hz, theirs.frames_hz) for ours, theirs in pairs],
                "/s",
            ),
        ]
    slow = f"{what}, one of them reads nothing: to the others p50 / without that one"
    both = zip(figures.stalled, figures.paced, strict=True)
    rows.append(row_of(slow, [(it.latency_ms, well.latency_ms) for it, well in both], "ms"))
    return rows


def _figures(effort: Effort) -> Figures:
    with _watched_room() as (server, notes), ServerProcess("benchmarks.bare_broadcast") as bare:
        turns = [asyncio.run(_turns(effort, server, bare)) for _ in range(effort.runs)]
        server.stop()
        inside = [(when, wait_s) for when, wait_s in json.loads(notes.read_text())]
    paced, unpaced, stalled, peer = (list(column) for column in zip(*turns, strict=True))
    return Figures(paced, unpaced, stalled, peer, inside)


@contextmanager
def _watched_room() -> Iterator[tuple[ServerProcess, Path]]:
    with tempfile.TemporaryDirectory() as folder:
        notes = Path(folder) / "notes.json"
        with light_room("benchmarks.watched_server", str(notes)) as (server, _):
            yield server, notes


async def _turns(
    effort: Effort, server: ServerProcess, bare: ServerProcess
) -> tuple[Turn, Turn, Turn, Turn]:
    count, load_s = effort.presence_members, effort.load_s
    settle_s = min(SETTLE_S, 4 * load_s)
    return (
        await _in_room(server, count, load_s, settle_s),
        await _in_room(server, count, load_s, 0.0),
        await _in_room(server, count, load_s, settle_s, stalled=1),
        await _by_broadcast(bare, count, load_s),
    )


async def _in_room(
    server: ServerProcess, count: int, seconds: float, settle_s: float, stalled: int = 0
) -> Turn:
    async with members_of(link_of(server.ready, "surgeon"), count) as members:
        ids = frozenset(member.member_id for member in members)
        cursor = cursors_on(SolidId(next(iter(members[0].welcome.view["segments"]))))
        lines = [member.line for member in members]
        for line in lines:
            line.keeps_pace = settle_s > 0
        for line in lines[:stalled]:
            line.stall()
        load = Load(lines[stalled:], cursor, seconds, settle_s)
        return await _show(server, load, lambda text: _told(text, ids))


async def _by_broadcast(bare: ServerProcess, count: int, seconds: float) -> Turn:
    async with lines_to(bare.ready["url"], count) as lines:
        return await _show(bare, Load(lines, cursors_on(SolidId("bone")), seconds), _echoed)


async def _show(server: ServerProcess, load: Load, keys_of: Callable[[str], list[Key]]) -> Turn:
    """Move everybody's cursor and return what came of it once pages had settled."""
    lines = load.lines
    moving = asyncio.create_task(
        send_steadily(lines, load.cursor, RATE_HZ, load.settle_s + load.seconds)
    )
    await asyncio.sleep(load.settle_s)
    for line in lines:
        line.frames.clear()
    settled_s = time.perf_counter()
    began_s, cpu_s = time.monotonic(), cpu_seconds(server.pid)
    traffic = await moving
    ended_s, cpu_s = time.monotonic(), cpu_seconds(server.pid) - cpu_s
    await asyncio.sleep(REST_S)
    traffic.sent = {key: it for key, it in traffic.sent.items() if it[1] >= settled_s}
    await collect(traffic, lines, keys_of)
    wall_s = ended_s - began_s
    frames_hz = sum(len(line.frames) for line in lines) / len(lines) / wall_s
    return Turn((began_s, ended_s), _latency_ms(traffic), cpu_s / wall_s * 100, frames_hz)


def cursors_on(solid_id: SolidId) -> Callable[[int, int], Offer]:
    """Return what offers presences whose cursor says whose it is and the how manieth."""

    def cursor(number: int, count: int) -> Offer:
        point = Cursor(solid_id=solid_id, point_mm=(float(number), float(count), 0.0))
        return Offer(_key(point), text_of(Presence(cursor=point)))

    return cursor


def _key(cursor: Cursor) -> Key:
    number, count, _ = cursor.point_mm
    return f"{number:.0f}:{count:.0f}"


def _told(text: str, ids: AbstractSet[MemberId]) -> list[Key]:
    return [
        _key(presence.cursor)
        for message in read(text)
        if isinstance(message, PresenceUpdate)
        for member_id, presence in message.members.items()
        if member_id in ids and presence is not None and presence.cursor is not None
    ]


def _echoed(text: str) -> list[Key]:
    cursor = _presences.decode(text).cursor
    return [] if cursor is None else [_key(cursor)]


def _latency_ms(traffic: Traffic) -> float:
    """Return the median over what arrived: a cursor that a newer one overtook never does."""
    return statistics.median(traffic.waits_elsewhere_ms())


def _inside_ms(figures: Figures, turns: Sequence[Turn]) -> list[float]:
    """Return the median of each turn."""
    return [statistics.median(_waits_ms(figures, turn)) for turn in turns]


def _spread(figures: Figures, turns: Sequence[Turn]) -> str:
    waits_ms = [it for turn in turns for it in _waits_ms(figures, turn)]
    ninety = statistics.quantiles(waits_ms, n=10)[8]
    return f"p90 {ninety:.1f} ms, {len(waits_ms)} told"


def _waits_ms(figures: Figures, turn: Turn) -> list[float]:
    began_s, ended_s = turn.window
    return [wait_s * 1000 for when, wait_s in figures.inside if began_s <= when <= ended_s]
