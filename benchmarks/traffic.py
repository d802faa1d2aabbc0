"""Lines to a server, what is sent and what arrives on them, and when.

All lines live in one process with one clock. Frames are stamped as they arrive and read
afterwards, so that reading does not delay the next one.
"""

import asyncio
import json
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import aiohttp

PATIENCE_S = 15.0
"""How long to wait for what has not arrived; after that it counts as lost."""

EARLY_MS = 1
"""How far ahead of the beat our pages stay, see the client's `room.ts`."""

Key = str
"""Names a message: an operation id, or a member with the number of their presence."""


@dataclass(slots=True)
class Line:
    """One member's open socket and all frames that came on it."""

    socket: aiohttp.ClientWebSocketResponse
    frames: list[tuple[float, str]] = field(default_factory=list)
    """(seconds on the process's clock, text)."""
    listening: asyncio.Task[None] | None = None
    later_s: float = 0.0
    """By how much the server has asked the page to send its presence later."""

    keeps_pace: bool = True

    def stall(self) -> None:
        """Read nothing more."""
        connection = self.socket._conn  # noqa: SLF001 (aiohttp has no name for it)
        if connection is not None and connection.transport is not None:
            connection.transport.pause_reading()

    def listen(self) -> None:
        """Stamp and keep every frame from now on."""
        self.listening = asyncio.create_task(self._listen())

    async def close(self) -> None:
        """Close the socket; frames stay."""
        await self.socket.close()
        if self.listening is not None:
            await self.listening

    async def _listen(self) -> None:
        async for frame in self.socket:
            if frame.type == aiohttp.WSMsgType.TEXT:
                self.frames.append((time.perf_counter(), frame.data))
                if self.keeps_pace and '"type":"pace"' in frame.data:
                    told = (it for it in json.loads(frame.data) if it["type"] == "pace")
                    self.later_s += sum((it["early_ms"] - EARLY_MS) / 1000 for it in told)


@dataclass(frozen=True, slots=True)
class Offer:
    """What one line sends at its times."""

    key: Key
    text: str


@dataclass(slots=True)
class Traffic:
    """What was sent and what arrived."""

    sent: dict[Key, tuple[int, float]] = field(default_factory=dict)
    """Key -> number of the line, and when."""
    arrived: list[dict[Key, float]] = field(default_factory=list)
    """For each line: key -> when it first came."""

    def waits_elsewhere_ms(self) -> list[float]:
        """Return how long messages took to each of the other lines, ms."""
        return [
            (when - self.sent[key][1]) * 1000
            for number, arrivals in enumerate(self.arrived)
            for key, when in arrivals.items()
            if self.sent[key][0] != number
        ]

    def waits_own_ms(self) -> list[float]:
        """Return how long messages took to come back to the line that sent them, ms."""
        return [
            (self.arrived[number][key] - when) * 1000
            for key, (number, when) in self.sent.items()
            if key in self.arrived[number]
        ]

    @property
    def lost(self) -> int:
        """How many messages did not reach every line."""
        return sum(any(key not in arrivals for arrivals in self.arrived) for key in self.sent)


async def send_at_rate(
    lines: Sequence[Line], offer: Callable[[int, int], Offer], rate_hz: float, seconds: float
) -> Traffic:
    """Send from all lines, each message at a random moment of its own time slot.

    Parameters
    ----------
    offer : callable
        Returns message `count` of line `number`.
    rate_hz : float
        Messages of each line per second.
    """
    traffic = Traffic()
    chance = random.Random(1)
    began = time.perf_counter()

    async def send_from(number: int, moments: Sequence[float]) -> None:
        for count, moment in enumerate(moments):
            await asyncio.sleep(max(0.0, began + moment - time.perf_counter()))
            message = offer(number, count)
            traffic.sent[message.key] = (number, time.perf_counter())
            await lines[number].socket.send_str(message.text)

    slots = range(round(rate_hz * seconds))
    plan = [[(slot + chance.random()) / rate_hz for slot in slots] for _ in lines]
    await asyncio.gather(*(send_from(number, moments) for number, moments in enumerate(plan)))
    return traffic


async def send_steadily(
    lines: Sequence[Line], offer: Callable[[int, int], Offer], rate_hz: float, seconds: float
) -> Traffic:
    """Send from all lines, each at its own even pace, as pages with a timer do.

    Where the server asks a line to send later, it does; the phases at the beginning are random.
    """
    traffic = Traffic()
    chance = random.Random(1)
    began = time.perf_counter()

    async def send_from(number: int, phase_s: float) -> None:
        for count in range(round(rate_hz * seconds)):
            due_s = began + phase_s + count / rate_hz + lines[number].later_s
            await asyncio.sleep(max(0.0, due_s - time.perf_counter()))
            message = offer(number, count)
            traffic.sent[message.key] = (number, time.perf_counter())
            await lines[number].socket.send_str(message.text)

    phases = [chance.random() / rate_hz for _ in lines]
    await asyncio.gather(*(send_from(number, phase_s) for number, phase_s in enumerate(phases)))
    return traffic


async def wait_for_frames(lines: Sequence[Line], enough: Callable[[Line], bool]) -> None:
    """Wait until every line has what it should, or nothing more may be expected."""
    until = time.perf_counter() + PATIENCE_S
    while not all(map(enough, lines)) and time.perf_counter() < until:  # noqa: ASYNC110 (a look now and then costs frames no time)
        await asyncio.sleep(0.02)


async def collect(
    traffic: Traffic, lines: Sequence[Line], keys_of: Callable[[str], list[Key]]
) -> None:
    """Read the frames of all lines: which message came where, and when first."""
    for line in lines:
        await asyncio.sleep(0)  # what a server asks meanwhile is answered
        arrivals: dict[Key, float] = {}
        for when, text in line.frames:
            for key in keys_of(text):
                if key in traffic.sent:
                    arrivals.setdefault(key, when)
        traffic.arrived.append(arrivals)
