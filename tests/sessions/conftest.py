"""Rooms with a case in them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from sessions.plan.commands import AnyCommand, RecordCut
from sessions.plan.records import MemberId, OperationId
from sessions.receipts import Receipt
from sessions.room import Room
from tests.sessions.scene import Ticking, counted, furnish

Do = Callable[[MemberId, AnyCommand], Awaitable[Receipt]]


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    """Return a room with a skull, a brain, and Ana, Ben and Ole."""
    room = await Room.open(tmp_path, "r1", clock=Ticking(), new_id=counted())
    yield await furnish(room)
    await room.close()


@pytest.fixture
def do(room: Room) -> Do:
    """Return what carries out a command under a fresh operation id."""
    new_id = counted("op")

    async def carry_out(member_id: MemberId, command: AnyCommand) -> Receipt:
        operation_id = OperationId(new_id())
        if isinstance(command, RecordCut):
            return await room.record(member_id, operation_id, command)
        return await room.submit(member_id, operation_id, command)

    return carry_out
