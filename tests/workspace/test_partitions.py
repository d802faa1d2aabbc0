"""Lines that break at any moment, 200 times: nothing is lost, nothing is done twice."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random
from typing import Final
from urllib.parse import urlsplit

import msgspec
import pytest

from sessions.plan.commands import PinNote, Undo
from sessions.plan.records import Anchor, NoteId, OperationId, SolidId
from sessions.protocol import Refused
from sessions.room import Room
from tests.end_to_end.cutting_proxy import CuttingProxy
from tests.sessions.scene import counted
from tests.workspace.persistent_member import PersistentMember
from tests.workspace.served_room import Guest, Served, served

MEMBERS: Final = 5
PARTITIONS: Final = 40
"""Of each member's line."""

MOST_BYTES: Final = 700
"""Before a line breaks: about two commands, or somewhere within a handshake."""

MOST_UNANSWERED: Final = 20
"""A hand stops when nothing of what it does is answered; the server takes 64 at once."""

LONGEST_OUTAGE_S: Final = 0.02
WITHIN_S: Final = 60.0
"""Far longer than anything takes on a busy machine."""


class Planner:
    """A member who pins notes and takes some back, and knows which must be there in the end."""

    def __init__(self, member: PersistentMember, random: Random) -> None:
        self.member = member
        self._random = random
        self._pinned: list[NoteId] = []
        self.asked: list[OperationId] = []
        self.enough = asyncio.Event()
        self.refused: list[OperationId] = []
        """Which must be: there was nothing to take back."""

    @property
    def notes(self) -> set[NoteId]:
        """What the member has pinned and not taken back."""
        return set(self._pinned)

    async def plan(self) -> None:
        """Ask for one thing after the other, whether or not there is a line, until it is enough."""
        while not self.enough.is_set():
            await self.member.until_fewer(MOST_UNANSWERED)
            await self._ask()
            await asyncio.sleep(self._random.uniform(0.0, 0.03))

    async def _ask(self) -> None:
        if self._random.random() < 0.3:
            operation_id = await self.member.submit(Undo())
            if self._pinned:
                self._pinned.pop()
            else:
                self.refused.append(operation_id)
        else:
            note_id = NoteId(f"{self.member.member_id}-{len(self.asked)}")
            anchor = Anchor(solid_id=SolidId("bone"), point_mm=(0.0, 0.0, 40.0))
            self._pinned.append(note_id)
            operation_id = await self.member.submit(
                PinNote(note_id=note_id, anchor=anchor, text="mind this")
            )
        self.asked.append(operation_id)


async def break_again_and_again(
    proxy: CuttingProxy, member: PersistentMember, random: Random
) -> None:
    """Cut a line at random bytes, let it rest for a moment, mend it."""
    for _ in range(PARTITIONS):
        greeted = len(member.greetings)
        proxy.cut_after(random.randint(1, MOST_BYTES))
        await asyncio.to_thread(proxy.wait_until_cut, WITHIN_S)
        await asyncio.sleep(random.uniform(0.0, LONGEST_OUTAGE_S))
        await asyncio.to_thread(proxy.mend)
        if random.random() < 0.7:  # else it breaks again while the member is coming back
            await member.until_greeted(greeted + 1)


@contextlib.asynccontextmanager
async def on_a_bad_line(
    server: Served, random: Random, name: str
) -> AsyncIterator[tuple[CuttingProxy, Planner]]:
    """Let a member join whose every byte goes through a proxy of their own."""
    port = urlsplit(server.url).port
    assert port is not None
    with CuttingProxy(port) as proxy:
        there = Served(server.hosting, f"http://127.0.0.1:{proxy.port}")
        async with Guest.joining(there, name=name) as guest:
            member = PersistentMember(guest, random, counted(f"{guest.member_id}"))
            staying = asyncio.create_task(member.stay())
            await member.until_greeted(1)
            try:
                yield proxy, Planner(member, random)
            finally:
                staying.cancel()
                await asyncio.gather(staying, return_exceptions=True)


async def seconds_to_resync(data: Path, seed: int) -> float:
    """Break every line again and again; return how long after the last mending all is equal."""
    random = Random(seed)
    async with contextlib.AsyncExitStack() as stack, asyncio.timeout(4 * WITHIN_S):
        server = await stack.enter_async_context(served(data))
        lines = [
            await stack.enter_async_context(
                on_a_bad_line(server, Random(random.random()), f"Member {number}")
            )
            for number in range(MEMBERS)
        ]
        room = (await server.hosted()).room
        planning = [asyncio.create_task(planner.plan()) for _, planner in lines]
        await asyncio.gather(
            *(
                break_again_and_again(proxy, planner.member, Random(random.random()))
                for proxy, planner in lines
            )
        )
        for _, planner in lines:
            planner.enough.set()
        await asyncio.gather(*planning)
        healed = time.monotonic()
        for _, planner in lines:
            await planner.member.until_fewer(1)
        for _, planner in lines:
            await planner.member.until_at(room.revision)
        took_s = time.monotonic() - healed
        await require_nothing_lost_or_doubled(room, [planner for _, planner in lines])
    return took_s


async def require_nothing_lost_or_doubled(room: Room, planners: list[Planner]) -> None:
    """Check the log, the plan and every screen against what each member has asked."""
    entries = await room.entries()
    recorded = [it.operation_id for it in entries]
    assert len(recorded) == len(set(recorded))
    for planner in planners:
        member = planner.member
        done = [it.operation_id for it in entries if it.member_id == member.member_id]
        refused = [key for key, it in member.answers.items() if isinstance(it, Refused)]
        assert sorted(refused) == sorted(planner.refused)
        assert [it for it in planner.asked if it not in refused] == done
        own = {key for key, it in room.plan.notes.items() if it.author_id == member.member_id}
        assert own == planner.notes
        assert member.view == json.loads(msgspec.json.encode(room.view()))
        assert len(member.greetings) > PARTITIONS / 2


@pytest.mark.parametrize(
    "seed", [1, *(pytest.param(seed, marks=pytest.mark.soak) for seed in (2, 3, 4))]
)
async def test_two_hundred_partitions_lose_nothing_and_double_nothing(
    tmp_path: Path, seed: int
) -> None:
    assert await seconds_to_resync(tmp_path, seed) < WITHIN_S
