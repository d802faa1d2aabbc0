"""A real server that is killed while three members work, and started again."""

import asyncio
import random
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from aiohttp import ClientError

from sessions.plan.records import OperationId
from sessions.protocol import Acknowledged
from sessions.sqlite_log import iterate_log
from sessions.state import hash_of, replay
from tests.end_to_end.server_process import ServerProcess
from tests.sessions.scene import pin
from tests.workspace.served_room import ROOM, Guest, Line, Served, served
from workspace.audit.verifying import verify_room
from workspace.storage import rooms_in

ACKNOWLEDGED_A_LIFE = 12
"""By all, before the server is killed."""


@dataclass
class Member:
    """Pins note after note, and asks again for what was not acknowledged."""

    guest: Guest
    acknowledged: set[str] = field(default_factory=set)
    asked: int = 0

    async def work(self, enough: asyncio.Semaphore) -> None:
        """Work until the socket closes."""
        with suppress(AssertionError, ClientError, OSError):  # as a page that loses its server
            async with self.guest.in_room() as line:
                while True:
                    await self._ask(line)
                    enough.release()

    async def catch_up(self) -> None:
        """Come back and get the last answer that is missing."""
        async with self.guest.in_room() as line:
            await self._ask(line)

    async def state(self) -> tuple[int, str]:
        """Return the revision and the hash that the server greets with."""
        async with self.guest.in_room() as line:
            return line.welcome.revision, line.welcome.state_hash

    async def _ask(self, line: Line) -> None:
        name = OperationId(f"{self.guest.member_id[:20]}-{self.asked}")
        answer = await line.ask(pin(name, "bone"), name)
        assert isinstance(answer, Acknowledged)
        self.acknowledged.add(name)
        self.asked += 1


@pytest.mark.parametrize("kills", [2, pytest.param(20, marks=pytest.mark.soak)])
async def test_nothing_is_lost_when_a_server_is_killed_while_three_members_work(
    tmp_path: Path, kills: int
) -> None:
    data, chance = tmp_path / "data", random.Random(55)
    async with served(data) as first:
        path = urlsplit(await first.link()).path
        hosting = first.hosting
    server = await asyncio.to_thread(ServerProcess.empty, data)
    at = Served(hosting, server.url)
    try:
        async with (
            Guest.arriving(at) as ana,
            Guest.arriving(at) as ben,
            Guest.arriving(at) as eva,
        ):
            members = [Member(guest) for guest in (ana, ben, eva)]
            for number, member in enumerate(members):
                await member.guest.join(path, f"Member {number}")
            for _ in range(kills):
                await _work_until_killed(server, members, chance)
                await asyncio.to_thread(server.serve_again)
            for member in members:
                await member.catch_up()
            states = {await member.state() for member in members}
    finally:
        server.kill()
    entries = tuple(iterate_log(rooms_in(data) / ROOM))
    assert states == {(len(entries), hash_of(replay(entries)))}
    recorded = [entry.operation_id for entry in entries]
    acknowledged = {name for member in members for name in member.acknowledged}
    assert len(acknowledged) >= kills * ACKNOWLEDGED_A_LIFE
    assert acknowledged <= set(recorded)
    assert len(recorded) == len(set(recorded))
    # Each life noted what the one before it could not: nothing but the latest may be missing.
    assert verify_room(data, ROOM).vouched.since == 0


async def _work_until_killed(
    server: ServerProcess, members: list[Member], chance: random.Random
) -> None:
    enough = asyncio.Semaphore(0)
    work = [asyncio.create_task(member.work(enough)) for member in members]
    for _ in range(ACKNOWLEDGED_A_LIFE):
        await enough.acquire()
    for _ in range(chance.randrange(200)):  # some moment of the next commits
        await asyncio.sleep(0)
    server.kill()
    await asyncio.gather(*work)
