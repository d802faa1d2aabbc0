"""From a command to the other members' screens, against a broadcast that keeps nothing.

Real members on real sockets of a real server process with its durable log. The peer is
`benchmarks.bare_broadcast`: the same texts from the same lines, in the same run, without rules,
log or plan. What is left between the two is what deciding, recording and telling cost; most of
it is the disk, so what a plain durable insert takes at the same time is shown, too.
"""

import asyncio
import itertools
import math
import secrets
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from benchmarks.disk_probe import DiskProbe
from benchmarks.effort import FULL, Effort
from benchmarks.hands import Hands, plane_through
from benchmarks.machine import cpu_seconds
from benchmarks.room_members import RoomMember, light_room, lines_to, members_of, read, text_of
from benchmarks.server_process import ServerProcess, link_of
from benchmarks.table import Row, row_of
from benchmarks.traffic import Key, Line, Offer, Traffic, collect, send_at_rate, wait_for_frames
from imaging.space import RigidTransform
from sessions.plan.commands import ApplyCut, MoveFragment, PlaceCut, RemoveNote
from sessions.plan.records import CutId, FragmentId, NoteId, OperationId, SolidId
from sessions.protocol import Advanced, Submit
from sessions.sqlite_log import FILE_NAME, verify

RATE_HZ: Final = 10.0
"""Of each member: as fast as a hand that lets go again and again."""

FLOODED: Final = 20
"""The size of the room beside which one more floods it."""

FLOOD_HZ: Final = 1000.0

FIRST_CUT: Final = CutId("first")

_submits: Final = msgspec.json.Decoder(Submit)


@dataclass(frozen=True, slots=True)
class Turn:
    """What one load on one server took."""

    sent: int
    waits_ms: dict[str, float]
    """What was waited for -> ms."""
    cpu_s: float
    """Processor time of the server during the load."""
    disk_ms: float
    """Median of plain durable inserts during the load; not a number where none was asked."""


def measure(effort: Effort = FULL) -> list[Row]:
    """Return latencies in rooms of several sizes, against the bare broadcast."""
    with light_room() as (server, data), ServerProcess("benchmarks.bare_broadcast") as bare:
        asyncio.run(cut_once(server))
        turns = {
            count: asyncio.run(_turns(effort, count, server, bare)) for count in effort.members
        }
        flooded = [
            asyncio.run(commands_beside_a_flood(server, FLOODED, effort.load_s))
            for _ in range(effort.runs if FLOODED in turns else 0)
        ]
        server.stop()
        _require_whole_log(data, sum(ours.sent for pairs in turns.values() for ours, _ in pairs))
    rows = [row for count, pairs in turns.items() for row in _rows(count, pairs)]
    return rows + (_flood_rows(flooded, turns[FLOODED]) if flooded else [])


async def _turns(
    effort: Effort, count: int, server: ServerProcess, bare: ServerProcess
) -> list[tuple[Turn, Turn]]:
    return [
        (
            await commands_in_room(server, count, effort.load_s),
            await commands_to_bare(bare, count, effort.load_s),
        )
        for _ in range(effort.runs)
    ]


def _rows(count: int, pairs: Sequence[tuple[Turn, Turn]]) -> list[Row]:
    sent, cpu_s = sum(ours.sent for ours, _ in pairs), sum(ours.cpu_s for ours, _ in pairs)
    note = f"{sent} commands, 0 lost, plans equal; server {cpu_s / sent * 1000:.1f} ms CPU each"
    rows = [
        row_of(
            f"{count} members x {RATE_HZ:.0f} commands/s, {what} / bare broadcast",
            [(ours.waits_ms[what], theirs.waits_ms[what]) for ours, theirs in pairs],
            "ms",
        )
        for what in pairs[0][0].waits_ms
    ]
    own = "to own acknowledgement p50"
    beside = row_of(
        f"{count} members x {RATE_HZ:.0f} commands/s, {own} / one plain durable insert meanwhile",
        [(ours.waits_ms[own], ours.disk_ms) for ours, _ in pairs],
        "ms",
    )
    return [rows[0].noted(note), *rows[1:], beside]


def _flood_rows(flooded: Sequence[Turn], pairs: Sequence[tuple[Turn, Turn]]) -> list[Row]:
    what = (
        f"{FLOODED} members x {RATE_HZ:.0f} commands/s while one asks {FLOOD_HZ:.0f} times a second"
    )
    both = list(zip(flooded, (ours for ours, _ in pairs), strict=True))
    return [
        row_of(
            f"{what}, {key} / without",
            [(beside.waits_ms[key], alone.waits_ms[key]) for beside, alone in both],
            "ms",
        )
        for key in ("to own acknowledgement p50", "to own acknowledgement p99")
    ]


async def commands_beside_a_flood(server: ServerProcess, count: int, seconds: float) -> Turn:
    """Let members command while one more asks far too often for what changes nothing."""
    async with members_of(link_of(server.ready, "surgeon"), 1) as (flooder,):
        flood = asyncio.create_task(_flood(flooder))
        try:
            return await commands_in_room(server, count, seconds)
        finally:
            flood.cancel()
            await asyncio.gather(flood, return_exceptions=True)


async def _flood(member: RoomMember) -> None:
    began = time.perf_counter()
    for number in itertools.count():
        await asyncio.sleep(max(0.0, began + number / FLOOD_HZ - time.perf_counter()))
        operation_id = OperationId(f"{member.member_id}-flood-{number}")
        command = RemoveNote(note_id=NoteId("no-such-note"))
        await member.line.socket.send_str(
            text_of(Submit(operation_id=operation_id, command=command))
        )
        member.line.frames.clear()


async def cut_once(server: ServerProcess) -> None:
    """Cut the first segment of a new room in two, so that there is something to move."""
    async with members_of(link_of(server.ready, "owner"), 1) as (owner,):
        target = SolidId(next(iter(owner.welcome.view["segments"])))
        plane = plane_through(owner.welcome, "segments", target, 0)
        await owner.ask(PlaceCut(cut_id=FIRST_CUT, target_id=target, plane=plane))
        await owner.ask(ApplyCut(cut_id=FIRST_CUT))


async def commands_in_room(server: ServerProcess, count: int, seconds: float) -> Turn:
    """Let members command, and check that nothing is lost and that all end with one plan.

    Raises
    ------
    RuntimeError
        A command was refused or lost, or two members follow different plans.
    """
    async with members_of(link_of(server.ready, "surgeon"), count) as members:
        hands = [Hands(member, number, count) for number, member in enumerate(members)]
        for hand in hands:
            await hand.begin()
        lines = [member.line for member in members]
        # everybody hears of the last plane before the load begins
        await wait_for_frames(
            lines, lambda line: any(hands[-1].cut_id in text for _, text in line.frames)
        )
        before = {id(line): _advances(line) for line in lines}
        cpu_s = cpu_seconds(server.pid)
        with DiskProbe() as disk:
            traffic = await send_at_rate(
                lines, lambda number, turn: hands[number].offer(turn), RATE_HZ, seconds
            )
        await wait_for_frames(
            lines, lambda line: _advances(line) >= before[id(line)] + len(traffic.sent)
        )
        cpu_s = cpu_seconds(server.pid) - cpu_s
        await collect(traffic, lines, _operations_told)
        await _require_one_plan(members, traffic)
        await asyncio.gather(*(hand.tidy() for hand in hands))
    return _turn(traffic, cpu_s, disk.median_ms)


async def commands_to_bare(bare: ServerProcess, count: int, seconds: float) -> Turn:
    """Send texts as long as commands to the peer."""
    moved = MoveFragment(
        fragment_id=FragmentId("first-positive"),
        transform=RigidTransform.about_axis((0, 0, 1), 0.1, centre=(1.5, 2.5, 3.5)),
    )

    def offer(_number: int, _turn: int) -> Offer:
        operation_id = OperationId(secrets.token_hex(8))
        return Offer(operation_id, text_of(Submit(operation_id=operation_id, command=moved)))

    async with lines_to(bare.ready["url"], count) as lines:
        cpu_s = cpu_seconds(bare.pid)
        traffic = await send_at_rate(lines, offer, RATE_HZ, seconds)
        await wait_for_frames(lines, lambda line: len(line.frames) >= len(traffic.sent))
        cpu_s = cpu_seconds(bare.pid) - cpu_s
        await collect(traffic, lines, _operations_echoed)
    return _turn(traffic, cpu_s)


def _operations_told(text: str) -> list[Key]:
    return [it.operation_id for it in read(text) if isinstance(it, Advanced)]


def _operations_echoed(text: str) -> list[Key]:
    return [_submits.decode(text).operation_id]


def _advances(line: Line) -> int:
    return sum(text.count('{"type":"advanced"') for _, text in line.frames)


def _turn(traffic: Traffic, cpu_s: float, disk_ms: float = math.nan) -> Turn:
    elsewhere = _percentiles(traffic.waits_elsewhere_ms())
    own = _percentiles(traffic.waits_own_ms())
    waits_ms = {
        "to another member p50": elsewhere[49],
        "to another member p99": elsewhere[98],
        "to own acknowledgement p50": own[49],
        "to own acknowledgement p99": own[98],
    }
    return Turn(len(traffic.sent), waits_ms, cpu_s, disk_ms)


def _percentiles(values: Sequence[float]) -> list[float]:
    return statistics.quantiles(values, n=100, method="inclusive")


async def _require_one_plan(members: Sequence[RoomMember], traffic: Traffic) -> None:
    refused = [t for member in members for _, t in member.line.frames if '"type":"refused"' in t]
    if refused:
        raise RuntimeError(f"{len(refused)} commands were refused: {refused[0]}")
    if traffic.lost:
        raise RuntimeError(
            f"{traffic.lost} of {len(traffic.sent)} commands did not reach everybody"
        )
    shown = [await member.plan_now() for member in members]
    if len({(it.revision, it.state_hash) for it in shown}) != 1:
        raise RuntimeError("members were shown different plans")
    for member, now in zip(members, shown, strict=True):
        if member.plan_as_followed() != now.view:
            raise RuntimeError("the plan that a member followed is not the room's")


def _require_whole_log(data: Path, sent: int) -> None:
    """Check on disk, after the server has ended, that every command is in the chain."""
    (path,) = data.rglob(FILE_NAME)
    if verify(path.parent) < sent:
        raise RuntimeError("the log holds fewer entries than there were commands")
