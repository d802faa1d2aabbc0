"""Whoever asks again gets the first answer."""

import asyncio
from pathlib import Path

import pytest

from sessions.errors import RejectedCommandError
from sessions.plan.commands import EditNote, RemoveNote, Undo
from sessions.plan.records import NoteId, OperationId
from sessions.room import Room
from tests.sessions.scene import (
    ANA,
    BEN,
    furnish,
    pin,
)

OP = OperationId("op")


async def test_a_repeated_operation_gets_the_first_receipt(room: Room) -> None:
    """R4."""
    first = await room.submit(ANA, OP, pin())
    await room.submit(ANA, OperationId("op2"), RemoveNote(note_id=NoteId("n1")))
    assert await room.submit(ANA, OP, pin()) == first
    assert await room.receipt_of(ANA, OP) == first
    assert not room.plan.notes


async def test_a_repeat_at_the_same_time_is_one_operation(room: Room) -> None:
    """R4."""
    receipts = await asyncio.gather(*(room.submit(ANA, OP, pin()) for _ in range(5)))
    assert len(set(map(id, receipts))) <= 5
    assert {receipt.revision for receipt in receipts} == {7}
    assert room.revision == 7


async def test_a_repeat_after_a_restart_gets_the_first_receipt(tmp_path: Path) -> None:
    """R4."""
    room = await furnish(await Room.open(tmp_path, "r"))
    first = await room.submit(ANA, OP, pin())
    repeat = EditNote(note_id=NoteId("n1"), text=pin().text)
    idle = await room.submit(ANA, OperationId("idle"), repeat)
    await room.submit(ANA, OperationId("op2"), EditNote(note_id=NoteId("n1"), text="x"))
    await room.close()
    again = await Room.open(tmp_path, "r")
    assert await again.submit(ANA, OP, pin()) == first
    assert await again.submit(ANA, OperationId("idle"), repeat) == idle
    assert idle.entry is None
    assert again.plan.notes[NoteId("n1")].text == "x"
    await again.close()


async def test_an_operation_of_another_member_is_refused(room: Room) -> None:
    """R4."""
    await room.submit(ANA, OP, pin("n1"))
    with pytest.raises(RejectedCommandError, match="this operation id is another member's"):
        await room.submit(BEN, OP, pin("n2"))
    results = await asyncio.gather(
        room.submit(ANA, OperationId("same"), pin("n3")),
        room.submit(BEN, OperationId("same"), pin("n4")),
        return_exceptions=True,
    )
    assert isinstance(results[1], RejectedCommandError)
    assert set(room.plan.notes) == {"n1", "n3"}


@pytest.mark.parametrize("operation_id", ["", "a b", "x" * 65, "\ud800"])
async def test_an_operation_has_a_decent_id(room: Room, operation_id: str) -> None:
    """R4."""
    with pytest.raises(RejectedCommandError, match="the id of the operation"):
        await room.submit(ANA, OperationId(operation_id), pin())


async def test_what_was_refused_is_refused_when_it_is_asked_again(room: Room) -> None:
    """R15; found by 200 broken lines."""
    for _ in range(2):
        with pytest.raises(RejectedCommandError, match="nothing of yours to take back"):
            await room.submit(BEN, OperationId("lost"), Undo())
        await room.submit(BEN, OperationId("pin"), pin())
    assert room.plan.notes  # the undo was asked before the note was pinned
    await room.submit(BEN, OperationId("meant"), Undo())
    assert not room.plan.notes


async def test_what_was_refused_is_refused_to_a_repeat_in_the_same_turn(room: Room) -> None:
    """R15."""
    asked = (("lost", Undo()), ("pin", pin()), ("lost", Undo()))
    answers = await asyncio.gather(
        *(room.submit(BEN, OperationId(name), command) for name, command in asked),
        return_exceptions=True,
    )
    assert [isinstance(it, RejectedCommandError) for it in answers] == [True, False, True]
    assert room.plan.notes
