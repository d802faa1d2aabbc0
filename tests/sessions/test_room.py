"""A room: decide, record, evolve, tell."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from imaging.space import RigidTransform
from sessions.errors import ForbiddenError, LogError, RejectedCommandError, RoomError
from sessions.eventlog import EventLog, Idle, MemoryLog
from sessions.plan.casework import SYSTEM
from sessions.plan.commands import ApplyCut, EditNote, Redo, Undo
from sessions.plan.events import Entry
from sessions.plan.records import MAIN, MemberId, NoteId, OperationId, Plan
from sessions.plan.view import view_of
from sessions.protocol import Change
from sessions.room import Room
from sessions.talk_index import Talk
from sessions.telling import Told
from tests.sessions.conftest import Do
from tests.sessions.scene import (
    ANA,
    BEN,
    CUT,
    NEGATIVE,
    POSITIVE,
    SETUP,
    Ticking,
    counted,
    furnish,
    measure,
    move,
    pieces,
    pin,
    place,
)

OP = OperationId("op")


class HeldLog(MemoryLog):
    """A log whose appends wait until they are let through."""

    def __init__(self) -> None:
        super().__init__()
        self.open = asyncio.Event()
        self.open.set()
        self.appends: list[int] = []

    async def append(
        self, entries: Sequence[Entry], idle: Sequence[Idle] = (), talk: Sequence[Talk] = ()
    ) -> None:
        await self.open.wait()
        self.appends.append(len(entries))
        await super().append(entries, idle, talk)


class LyingLog(MemoryLog):
    """A log that says that an append failed, though it landed."""

    lies = False

    async def append(
        self, entries: Sequence[Entry], idle: Sequence[Idle] = (), talk: Sequence[Talk] = ()
    ) -> None:
        await super().append(entries, idle, talk)
        if self.lies:
            self.lies = False
            raise LogError("the room's disk cannot be written")


async def over(log: EventLog) -> Room:
    return await furnish(await Room.over(log, "r", clock=Ticking(), new_id=counted()))


async def test_a_receipt_says_at_which_revision_everybody_sees_it(room: Room, do: Do) -> None:
    """R1."""
    receipt = await do(ANA, pin())
    assert receipt.revision == room.revision == len(SETUP) + 1
    assert receipt.entry is not None
    assert receipt.entry.at == "2026-01-02T03:04:12.000Z"
    assert room.view() == view_of(room.plan)


async def test_nothing_is_seen_or_told_before_it_is_recorded() -> None:
    """R1."""
    log = HeldLog()
    room = await over(log)
    told: list[int] = []
    room.subscribe(lambda it: told.append(it.entry.revision))
    log.open.clear()
    task = asyncio.create_task(room.submit(ANA, OP, pin()))
    for _ in range(10):
        await asyncio.sleep(0)
    assert (dict(room.plan.notes), told, task.done()) == ({}, [], False)
    log.open.set()
    receipt = await task
    assert told == [receipt.revision]
    assert set(room.plan.notes) == {"n1"}
    await room.close()


async def test_a_refusal_records_and_tells_nothing(room: Room) -> None:
    """R1."""
    before = await room.entries()
    with pytest.raises(RejectedCommandError):
        await room.submit(ANA, OP, pin(text=""))
    assert (await room.entries()) == before


async def test_subscribers_are_told_entry_by_entry_with_the_plan_of_that_moment(
    room: Room, do: Do
) -> None:
    """R2."""
    told: list[tuple[int, tuple[Change, ...], Plan]] = []

    def listen(it: Told) -> None:
        assert it.state.plan is room.plan
        told.append((it.entry.revision, it.changes(MAIN), it.state.plan))

    unsubscribe = room.subscribe(listen)
    await asyncio.gather(*(do(ANA, pin(f"n{n}")) for n in range(5)))
    assert [revision for revision, _, _ in told] == list(range(7, 12))
    assert [len(plan.notes) for _, _, plan in told] == [1, 2, 3, 4, 5]
    assert [change.id for _, (change,), _ in told] == [f"n{n}" for n in range(5)]
    unsubscribe()
    unsubscribe()
    await do(ANA, pin("n9"))
    assert len(told) == 5


async def test_a_subscriber_that_fails_harms_nobody(room: Room, do: Do) -> None:
    """R2."""
    told: list[int] = []

    def fail(_: Told) -> None:
        raise RuntimeError("a bug")

    room.subscribe(fail)
    room.subscribe(lambda it: told.append(it.entry.revision))
    await do(ANA, pin())
    assert told == [7]


async def test_commands_that_wait_are_recorded_together() -> None:
    """R3."""
    log = HeldLog()
    room = await over(log)
    log.open.clear()
    asked = [
        asyncio.create_task(room.submit(ANA, OperationId(f"op{n}"), pin(f"n{n}")))
        for n in range(20)
    ]
    for _ in range(10):
        await asyncio.sleep(0)
    log.appends.clear()
    log.open.set()
    receipts = await asyncio.gather(*asked)
    assert [receipt.revision for receipt in receipts] == list(range(7, 27))
    assert len(log.appends) <= 2
    await room.close()


async def test_a_refusal_among_commands_that_wait_is_its_own(room: Room, do: Do) -> None:
    """R3."""
    results = await asyncio.gather(
        do(ANA, pin("n1")),
        do(ANA, pin("n2", solid_id="liver")),
        do(BEN, EditNote(note_id=NoteId("n1"), text="x")),
        do(ANA, EditNote(note_id=NoteId("n1"), text="y")),
        return_exceptions=True,
    )
    assert [isinstance(it, RejectedCommandError) for it in results] == [False, True, True, False]
    assert room.plan.notes[NoteId("n1")].text == "y"


async def test_a_room_is_opened_as_it_was_left(tmp_path: Path) -> None:
    """R5."""
    room = await furnish(await Room.open(tmp_path, "r"))
    await room.submit(ANA, OperationId("a"), place())
    await room.record(ANA, OperationId("b"), pieces())
    await room.submit(BEN, OperationId("c"), move(RigidTransform(translation_mm=(1, 2, 3))))
    await room.submit(BEN, OperationId("d"), Undo())
    entries = await room.entries()
    left = (room.state_hash, room.revision, entries, room.activity(99), room.view())
    await room.close()
    again = await Room.open(tmp_path, "r")
    found = (
        again.state_hash,
        again.revision,
        (await again.entries()),
        again.activity(99),
        again.view(),
    )
    assert found == left
    assert (again.can_undo(ANA), again.can_undo(BEN), again.can_redo(BEN)) == (True, False, True)
    await again.submit(BEN, OperationId("e"), Redo())
    await again.close()


async def test_a_clock_that_goes_back_does_not_change_the_order(tmp_path: Path) -> None:
    """R5."""
    moments = iter(datetime(2026, 1, 1, tzinfo=UTC) - timedelta(hours=n) for n in range(99))
    room = await furnish(await Room.open(tmp_path, "r", clock=lambda: next(moments)))
    await room.submit(ANA, OP, pin())
    left = room.state_hash
    await room.close()
    again = await Room.open(tmp_path, "r")
    assert again.state_hash == left
    assert [it.revision for it in (await again.entries())] == list(range(1, 8))
    await again.close()


async def test_a_write_that_was_reported_as_failed_but_landed_is_found() -> None:
    """R6."""
    log = LyingLog()
    room = await over(log)
    told: list[str] = []
    room.subscribe(lambda it: told.append(it.entry.operation_id))
    log.lies = True
    with pytest.raises(LogError):
        await room.submit(ANA, OP, pin("n1"))
    assert not room.plan.notes
    await room.submit(ANA, OperationId("op2"), pin("n2"))
    assert set(room.plan.notes) == {"n1", "n2"}
    assert told == ["op", "op2"]
    assert (await room.submit(ANA, OP, pin("n1"))).revision == 7
    await room.close()


async def test_whoever_cancels_finds_out_by_asking_again(tmp_path: Path) -> None:
    """R7."""
    room = await furnish(await Room.open(tmp_path, "r"))
    for number in range(60):
        operation_id = OperationId(f"op{number}")
        task = asyncio.create_task(room.submit(ANA, operation_id, pin(f"n{number}")))
        for _ in range(number % 6):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await room.submit(ANA, operation_id, pin(f"n{number}"))
    assert len(room.plan.notes) == 60
    assert room.revision == len(SETUP) + 60
    left = room.state_hash
    await room.close()
    again = await Room.open(tmp_path, "r")
    assert again.state_hash == left
    await again.close()


async def test_a_closed_room_takes_no_more_and_closes_twice(room: Room) -> None:
    """R8."""
    waiting = asyncio.create_task(room.submit(ANA, OP, pin()))
    await asyncio.sleep(0)
    await room.close()
    assert (await waiting).revision == 7  # what was asked before is still done
    assert room.is_closed
    with pytest.raises(RoomError, match="the room is closed"):
        await room.submit(ANA, OperationId("late"), pin())
    await room.close()


async def test_a_command_can_be_checked_without_doing_it(room: Room, do: Do) -> None:
    """R9."""
    with pytest.raises(RejectedCommandError, match="no such cut"):
        room.check(ANA, ApplyCut(cut_id=CUT))
    await do(ANA, place())
    room.check(ANA, ApplyCut(cut_id=CUT))
    with pytest.raises(ForbiddenError):
        room.check(MemberId("ole"), ApplyCut(cut_id=CUT))
    with pytest.raises(RejectedCommandError, match="must be computed"):
        await room.submit(ANA, OP, ApplyCut(cut_id=CUT))
    assert not room.plan.fragments


async def test_a_cut_is_recorded_for_the_member_who_asked_and_is_theirs_to_take_back(
    room: Room, do: Do
) -> None:
    """R9."""
    await do(BEN, place())
    receipt = await room.record(BEN, OP, pieces())
    assert receipt.entry is not None
    assert receipt.entry.member_id == BEN
    assert room.activity(1)[0].summary == "cut Skull into 2 fragments"
    await do(BEN, Undo())
    assert not room.plan.fragments


async def test_what_numbers_a_caller_used_does_not_change_the_hash_of_a_replay(
    tmp_path: Path,
) -> None:
    """L2."""
    room = await furnish(await Room.open(tmp_path, "r"))
    await room.submit(ANA, OP, pin(point=(1, 2, 3)))  # integers, where the record says floats
    left = room.state_hash
    await room.close()
    again = await Room.open(tmp_path, "r")
    assert again.state_hash == left
    await again.close()


async def test_two_hundred_actions_replay_to_the_same_hash_and_undo_to_the_first(
    tmp_path: Path,
) -> None:
    """U8; phantom check 13."""
    room = await furnish(await Room.open(tmp_path, "r", clock=Ticking()))
    first = room.state_hash
    await room.submit(ANA, OperationId("place"), place())
    await room.record(ANA, OperationId("cut"), pieces())
    for number in range(66):
        there = RigidTransform.about_axis((0.1, 0.2, 0.9), number + 1, (0, 0, 30))
        piece = (POSITIVE, NEGATIVE)[number % 2]
        await room.submit(BEN, OperationId(f"m{number}"), move(there, piece))
        await room.submit(ANA, OperationId(f"n{number}"), pin(f"n{number}", piece))
        await room.submit(BEN, OperationId(f"d{number}"), measure(f"d{number}", solid_id=piece))
    assert room.revision == len(SETUP) + 200
    left = room.state_hash
    await room.close()
    again = await Room.open(tmp_path, "r")
    assert again.state_hash == left
    for number, member_id in enumerate([*[BEN] * 132, *[ANA] * 68]):
        await again.submit(member_id, OperationId(f"u{number}"), Undo())
    assert again.state_hash == first
    for number, member_id in enumerate([*[ANA] * 68, *[BEN] * 132]):
        await again.submit(member_id, OperationId(f"r{number}"), Redo())
    assert again.state_hash == left
    await again.close()


async def test_only_rooms_in_a_folder_have_invitations() -> None:
    """M6."""
    room = await Room.over(MemoryLog(), "r")
    with pytest.raises(RoomError, match="open one in a folder"):
        _ = room.invitations
    with pytest.raises(RoomError, match="open one in a folder"):
        _ = room.credentials
    assert room.activity(5) == ()
    with pytest.raises(ForbiddenError):
        await room.submit(SYSTEM, OP, pin())
    await room.close()
