"""Cursors of many members at once, against a broadcast of the same texts.

The room sends each member the latest of everybody, at most 25 times a second; the peer sends
every text to everybody. So the room is later by up to 40 ms on purpose, and pays with far less
work: both are shown.
"""

import asyncio
import statistics
import time
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

import msgspec

from benchmarks.effort import FULL, Effort
from benchmarks.machine import cpu_seconds
from benchmarks.room_members import light_room, lines_to, members_of, read, text_of
from benchmarks.server_process import ServerProcess, link_of
from benchmarks.table import Row, row_of
from benchmarks.traffic import Key, Line, Offer, Traffic, collect, send_at_rate
from sessions.plan.records import MemberId, SolidId
from sessions.protocol import Cursor, Presence, PresenceUpdate

RATE_HZ: Final = 25.0

REST_S: Final = 0.3
"""After the last cursor was sent: longer than any waits that is not lost."""

_presences: Final = msgspec.json.Decoder(Presence)

Turn = tuple[float, float, float]
"""Latency p50, ms; CPU of the server, percent of a core; frames to each member per second."""


def measure(effort: Effort = FULL) -> list[Row]:
    """Return latency, the server's work and its frames, against the bare broadcast."""
    turns = asyncio.run(_turns(effort))
    what = f"presence, {effort.presence_members} members x {RATE_HZ:.0f}/s"
    columns = (
        ("latency p50", "ms"),
        ("server's work", "% of a core"),
        ("frames to a member", "/s"),
    )
    return [
        row_of(
            f"{what}: {name} / bare broadcast",
            [(ours[column], theirs[column]) for ours, theirs in turns],
            unit,
        )
        for column, (name, unit) in enumerate(columns)
    ]


async def _turns(effort: Effort) -> list[tuple[Turn, Turn]]:
    with light_room() as (server, _), ServerProcess("benchmarks.bare_broadcast") as bare:
        return [
            (
                await _in_room(server, effort.presence_members, effort.load_s),
                await _by_broadcast(bare, effort.presence_members, effort.load_s),
            )
            for _ in range(effort.runs)
        ]


async def _in_room(server: ServerProcess, count: int, seconds: float) -> Turn:
    async with members_of(link_of(server.ready, "surgeon"), count) as members:
        ids = frozenset(member.member_id for member in members)
        lines = [member.line for member in members]
        return await _show(server, lines, seconds, lambda text: _told(text, ids))


async def _by_broadcast(bare: ServerProcess, count: int, seconds: float) -> Turn:
    async with lines_to(bare.ready["url"], count) as lines:
        return await _show(bare, lines, seconds, _echoed)


async def _show(
    server: ServerProcess,
    lines: Sequence[Line],
    seconds: float,
    keys_of: Callable[[str], list[Key]],
) -> Turn:
    """Move everybody's cursor and return what came of it."""
    for line in lines:
        line.frames.clear()
    began, cpu_s = time.perf_counter(), cpu_seconds(server.pid)
    traffic = await send_at_rate(lines, _cursor, RATE_HZ, seconds)
    wall_s, cpu_s = time.perf_counter() - began, cpu_seconds(server.pid) - cpu_s
    await asyncio.sleep(REST_S)
    collect(traffic, lines, keys_of)
    frames_hz = sum(len(line.frames) for line in lines) / len(lines) / wall_s
    return _latency_ms(traffic), cpu_s / wall_s * 100, frames_hz


def _cursor(number: int, count: int) -> Offer:
    """Return a presence whose cursor says whose it is and the how manieth."""
    cursor = Cursor(solid_id=SolidId("bone"), point_mm=(float(number), float(count), 0.0))
    return Offer(_key(cursor), text_of(Presence(cursor=cursor)))


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
