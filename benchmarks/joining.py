"""What a member costs: time until their page has panels and plan, and memory while they stay.

Each comes as a browser does: the page's session, the panels' socket with their state, the room's
socket with the plan. The peer is a socket of the bare broadcast, which has neither.
"""

import asyncio
import statistics
import struct
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import aiohttp
import msgspec

from benchmarks.effort import FULL, Effort
from benchmarks.machine import cpu_seconds
from benchmarks.room_members import RoomMember, light_room, lines_to, members_of
from benchmarks.server_process import ServerProcess, link_of
from benchmarks.table import Row, figure, row_of
from imaging.space import distance_mm
from sessions.plan.commands import MeasureDistance
from sessions.plan.records import Anchor, MeasurementId, SolidId

_HEADER: Final = struct.Struct("<III")
"""wslink's chunk header: message id, offset, total size."""

ROWS_IN_PLAN: Final = 40
"""Measurements: the panels and the plan of a case that was worked on."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What members cost in one turn, each."""

    join_ms: float
    """Median time until panels and plan were there."""
    work_ms: float
    """Processor time of the server."""
    memory_mb: float
    """Resident memory of the server while all are there."""
    sent_kb: float
    """What the page was sent: panels' state and plan."""


def measure(effort: Effort = FULL) -> list[Row]:
    """Return time, work, memory and bytes of each member, against plain sockets."""
    with light_room() as (server, _), ServerProcess("benchmarks.bare_broadcast") as bare:
        asyncio.run(_furnish(server))
        pairs = [
            (
                asyncio.run(members_joining(server, effort.joining)),
                asyncio.run(plain_sockets(bare, effort.joining)),
            )
            for _ in range(effort.runs)
        ]
    what = f"{effort.joining} members join, each"
    return [
        row_of(
            f"{what}: time to panels and plan p50 / a plain socket",
            [(ours.join_ms, theirs.join_ms) for ours, theirs in pairs],
            "ms",
        ),
        figure(f"{what}: server's work", [ours.work_ms for ours, _ in pairs], "ms"),
        row_of(
            f"{what}: server's memory / a plain socket",
            [(max(ours.memory_mb, 1e-3), max(theirs.memory_mb, 1e-3)) for ours, theirs in pairs],
            "MB",
        ).noted("the first turn's members stay known, so later ones take less"),
        figure(f"{what}: sent", [ours.sent_kb for ours, _ in pairs], "kB"),
    ]


async def _furnish(server: ServerProcess) -> None:
    async with members_of(link_of(server.ready, "owner"), 1) as (owner,):
        solid_id = SolidId(next(iter(owner.welcome.view["segments"])))
        x0, x1, y0, y1, z0, z1 = owner.welcome.view["segments"][solid_id]["surface"]["bounds_mm"]
        low, high = (x0, y0, z0), (x1, y1, z1)
        assert distance_mm(low, high) > 0
        for number in range(ROWS_IN_PLAN):
            await owner.ask(
                MeasureDistance(
                    measurement_id=MeasurementId(f"m{number}"),
                    start=Anchor(solid_id=solid_id, point_mm=low),
                    end=Anchor(solid_id=solid_id, point_mm=high),
                )
            )


async def members_joining(server: ServerProcess, count: int) -> Turn:
    """Let members in, open both sockets of each one after the other, and look at the server."""
    async with members_of(link_of(server.ready, "surgeon"), count) as members:
        for member in members:
            await member.line.close()
        memory, cpu_s = resident_mb(server.pid), cpu_seconds(server.pid)
        waits_ms, sent = [], []
        async with AsyncExitStack() as stack:
            for member in members:
                began = time.perf_counter()
                sent.append(await _open_page(stack, member))
                waits_ms.append((time.perf_counter() - began) * 1000)
            cpu_s = cpu_seconds(server.pid) - cpu_s
            memory = resident_mb(server.pid) - memory
    return Turn(
        statistics.median(waits_ms),
        cpu_s * 1000 / count,
        memory / count,
        statistics.median(sent) / 1000,
    )


async def plain_sockets(bare: ServerProcess, count: int) -> Turn:
    """Open as many sockets to the peer."""
    memory, cpu_s = resident_mb(bare.pid), cpu_seconds(bare.pid)
    began = time.perf_counter()
    async with lines_to(bare.ready["url"], count):
        wait_ms = (time.perf_counter() - began) * 1000 / count
        cpu_s = cpu_seconds(bare.pid) - cpu_s
        memory = resident_mb(bare.pid) - memory
    return Turn(wait_ms, cpu_s * 1000 / count, memory / count, 0.0)


async def _open_page(stack: AsyncExitStack, member: RoomMember) -> int:
    """Open a member's two sockets as their page does; return the bytes that it was sent."""
    page = member.address.removesuffix("socket")
    async with member.session.post(f"{page}session") as answer:
        session = await answer.json()
    panels = await member.session.ws_connect(session["sessionURL"], max_msg_size=0)
    stack.push_async_callback(panels.close)
    await _call(panels, "wslink.hello", {"secret": session["secret"]})
    state = await _call(panels, "trame.state.get")
    line, welcome = await member.again()
    stack.push_async_callback(line.close)
    return state + len(msgspec.json.encode(welcome))


async def _call(panels: aiohttp.ClientWebSocketResponse, method: str, *arguments: Any) -> int:  # noqa: ANN401 (as wslink takes them)
    """Call the member's trame server; return how many bytes came until it answered."""
    # wslink lets in who says hello under an id of its own system
    call_id = "system:c0:0" if method == "wslink.hello" else f"rpc:{method}"
    call = {"id": call_id, "method": method, "args": list(arguments), "kwargs": {}}
    body = msgspec.msgpack.encode(call)
    await panels.send_bytes(_HEADER.pack(1, 0, len(body)) + body)
    parts: dict[int, bytearray] = {}
    size = 0
    while True:
        chunk = await panels.receive_bytes()
        size += len(chunk)
        key, _, total = _HEADER.unpack_from(chunk)
        parts.setdefault(key, bytearray()).extend(chunk[_HEADER.size :])
        if len(parts[key]) == total:
            told = msgspec.msgpack.decode(bytes(parts.pop(key)), ext_hook=_as_bytes)
            if told.get("id") == call["id"]:
                return size


def _as_bytes(_code: int, data: memoryview) -> bytes:
    return bytes(data)


def resident_mb(pid: int) -> float:
    """Return the memory that a process has resident now, MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise RuntimeError("the kernel does not tell what is resident")
