"""Five members who plan at once: every screen ends like the room, and the room like its log."""

import asyncio
from pathlib import Path
from random import Random

import pytest

from sessions.errors import RejectedCommandError
from sessions.plan.casework import SYSTEM
from sessions.plan.commands import RecordCut, Undo
from sessions.plan.content import content_hash
from sessions.plan.records import MAIN, BranchId, OperationId
from sessions.plan.view import View
from sessions.receipts import Receipt
from sessions.room import Room
from sessions.state import hash_of, replay
from sessions.telling import Told
from tests.sessions.scene import Ticking, counted
from tests.sessions.simulated import CREW, FURNISHING, Mind
from tests.sessions.test_laws import applied

AT_ONCE = 4
"""Commands that one member has on the way; with five members, up to 20 share a transaction."""

OWN = 30
"""Commands of one member that are taken back again in the end."""


class Desk:
    """A member with one branch on the screen, kept up to date by what the room tells."""

    def __init__(self, room: Room, mind: Mind, random: Random) -> None:
        self._room = room
        self._mind = mind
        self._random = random
        self._new_id = counted(mind.member_id)
        self.branch_id: BranchId = MAIN
        self.view: View = room.view()
        room.subscribe(self._follow)

    def visit(self, branch_id: BranchId) -> None:
        """Show another branch."""
        self.branch_id, self.view = branch_id, self._room.view(branch_id)

    async def ask(self) -> Receipt | None:
        """Ask for what the member thinks of; None where it was refused."""
        command = self._mind.next_command(self._room.state, self.branch_id)
        who, name = self._mind.member_id, OperationId(self._new_id())
        seen, branch_id = self._room.revision, self.branch_id
        try:
            if isinstance(command, RecordCut):
                return await self._room.record(who, name, command, branch_id=branch_id)
            return await self._room.submit(who, name, command, branch_id=branch_id, seen=seen)
        except RejectedCommandError:
            return None

    async def take_back(self) -> None:
        """Undo what the member did last."""
        who, name = self._mind.member_id, OperationId(self._new_id())
        await self._room.submit(who, name, Undo(), branch_id=self.branch_id)

    def undoable(self) -> tuple[OperationId, ...]:
        """Return what the member could take back, the latest last."""
        own = self._room.state.line(self.branch_id).ledger.undoable
        return tuple(it.operation_id for it in own.get(self._mind.member_id, ()))

    def _follow(self, told: Told) -> None:
        applied(self.view, told.changes(self.branch_id))


async def furnished(folder: Path) -> Room:
    room = await Room.open(folder, "r", clock=Ticking(), new_id=counted())
    for number, command in enumerate(FURNISHING):
        await room.submit(SYSTEM, OperationId(f"furnish-{number}"), command)
    return room


async def plan_at_once(room: Room, seed: int, count: int) -> list[Desk]:
    """Let the crew ask for so many commands, several at a time, on whatever branch they visit."""
    random, new_id = Random(seed), counted()
    desks = [Desk(room, Mind(random, it.member_id, new_id), random) for it in CREW]
    asked = 0
    while asked < count:
        for desk in desks:
            if random.random() < 0.05:
                desk.visit(random.choice(list(room.state.lines)))
        group = [desk for desk in desks for _ in range(random.randint(0, AT_ONCE))]
        random.shuffle(group)
        await asyncio.gather(*(desk.ask() for desk in group))
        asked += len(group)
    return desks


async def own_undo_restores(room: Room, desk: Desk) -> None:
    """Let one member do something, and take all of it back."""
    before, known = content_hash(room.plan_of(desk.branch_id)), set(desk.undoable())
    for _ in range(OWN):
        await desk.ask()
    while (own := desk.undoable()) and own[-1] not in known:
        await desk.take_back()
    if set(desk.undoable()) == known:  # nothing older was taken back, or forgotten, meanwhile
        assert content_hash(room.plan_of(desk.branch_id)) == before


@pytest.mark.parametrize(
    ("seed", "count"),
    [
        (1, 2500),
        (2, 2500),
        pytest.param(4, 100_000, marks=pytest.mark.soak),
    ],
)
async def test_five_members_who_plan_at_once_converge(
    tmp_path: Path, seed: int, count: int
) -> None:
    """R14."""
    room = await furnished(tmp_path)
    desks = await plan_at_once(room, seed, count)
    for desk in desks:
        assert desk.view == room.view(desk.branch_id)
    again = replay(await room.entries())  # reading checks the chain
    assert hash_of(again) == room.state_hash
    assert again == room.state
    for desk in desks:
        await own_undo_restores(room, desk)
        assert desk.view == room.view(desk.branch_id)
    last = room.state_hash
    await room.close()
    reopened = await Room.open(tmp_path, "r")
    assert reopened.state_hash == last
    await reopened.close()
