"""The commands of one socket: in the order in which they came, several in flight.

A cut takes a second to compute; what its author asks for meanwhile is done meanwhile. What takes
back or does again waits for all that its author asked for before, for it means the latest of it,
and a cut waits for the plane that it goes along.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Final, NamedTuple

from sessions.plan.commands import ApplyCut, Redo, Undo
from sessions.protocol import Submit

MAX_IN_FLIGHT: Final = 64
"""Waiting and being carried out."""


class Arrived(NamedTuple):
    """A command and when it came, s on `time.perf_counter`."""

    submit: Submit
    at_s: float


CarryOut = Callable[[Arrived], Coroutine[None, None, None]]
"""Does it and answers; never raises."""

MayBegin = Callable[[], Awaitable[None]]


class CommandsInFlight:
    """Carries out one socket's commands.

    Parameters
    ----------
    carry_out : callable
        Hands the command to the room before it first waits, once `may_begin` has returned.
    may_begin : callable
        Waits, with all that come after, while the server cannot take on more.
    """

    def __init__(self, carry_out: CarryOut, may_begin: MayBegin) -> None:
        self._carry_out = carry_out
        self._may_begin = may_begin
        self._waiting: asyncio.Queue[Arrived] = asyncio.Queue()
        self._in_flight: dict[asyncio.Task[None], Submit] = {}

    def take(self, submit: Submit) -> bool:
        """Accept a command, unless too many are in flight."""
        if self._waiting.qsize() + len(self._in_flight) >= MAX_IN_FLIGHT:
            return False
        self._waiting.put_nowait(Arrived(submit, time.perf_counter()))
        return True

    async def run(self) -> None:
        """Carry out what is accepted, until cancelled."""
        async with asyncio.TaskGroup() as group:
            while True:
                arrived = await self._waiting.get()
                await self._what_it_builds_on(arrived.submit)
                await self._may_begin()
                task = group.create_task(self._carry_out(arrived))
                self._in_flight[task] = arrived.submit
                task.add_done_callback(self._in_flight.pop)

    async def _what_it_builds_on(self, submit: Submit) -> None:
        match submit.command:
            case Undo() | Redo():
                earlier = set(self._in_flight)
            case ApplyCut():
                earlier = {it for it, of in self._in_flight.items() if not _takes_long(of)}
            case _:
                return
        if earlier:
            await asyncio.wait(earlier)


def _takes_long(submit: Submit) -> bool:
    return isinstance(submit.command, ApplyCut)
