"""What holds for every sequence of commands."""

import asyncio
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from sessions.errors import RejectedCommandError
from sessions.eventlog import MemoryLog
from sessions.plan.commands import AnyCommand, RecordCut, Redo, Undo
from sessions.plan.events import Entry
from sessions.plan.records import MAIN, MemberId, OperationId
from sessions.plan.undo import Operation
from sessions.plan.view import view_of
from sessions.room import Room
from sessions.state import hash_of, replay
from sessions.telling import Told
from tests.sessions.scene import Ticking, counted, furnish
from tests.sessions.strategies import steps

Steps = Sequence[tuple[MemberId, AnyCommand]]
sequences = st.lists(steps(), min_size=1, max_size=40)


async def new_room() -> Room:
    return await furnish(await Room.over(MemoryLog(), "r", clock=Ticking(), new_id=counted()))


async def ask(room: Room, member_id: MemberId, number: str, command: AnyCommand) -> Entry | None:
    operation_id = OperationId(number)
    try:
        if isinstance(command, RecordCut):
            cut = room.plan.cuts.get(command.cut_id)
            if cut is not None:  # as the server does: the plane as it is now
                command = RecordCut(
                    cut_id=command.cut_id,
                    plane=cut.plane,
                    positive=command.positive,
                    negative=command.negative,
                )
            return (await room.record(member_id, operation_id, command)).entry
        return (await room.submit(member_id, operation_id, command)).entry
    except RejectedCommandError:
        return None


async def play(room: Room, happened: Steps) -> None:
    for number, (member_id, command) in enumerate(happened):
        await ask(room, member_id, f"op{number}", command)


def latest_standing(room: Room) -> Operation | None:
    """Return the operation that was done, or done again, last and still stands."""
    done = {entry.redoes or entry.operation_id: entry.revision for entry in room.entries}
    standing = [it for own in replay(room.entries).ledger.undoable.values() for it in own]
    return max(standing, key=lambda it: done[it.operation_id], default=None)


async def undo_everything(room: Room) -> list[MemberId]:
    """Take back what stands, the latest first, and return by whom each was done."""
    authors: list[MemberId] = []
    while latest := latest_standing(room):
        receipt = await room.submit(latest.member_id, OperationId(f"back{len(authors)}"), Undo())
        assert receipt.entry is not None
        assert receipt.entry.undoes == latest.operation_id
        authors.append(latest.member_id)
    return authors


@settings(deadline=None, max_examples=60)
@given(sequences)
def test_a_replay_of_the_log_is_the_state(happened: Steps) -> None:
    """L2."""

    async def law() -> None:
        room = await new_room()
        await play(room, happened)
        again = replay(room.entries)
        assert hash_of(again) == room.state_hash
        assert again.plan == room.plan
        assert again.revision == room.revision
        await room.close()

    asyncio.run(law())


@settings(deadline=None, max_examples=60)
@given(sequences)
def test_whoever_applies_the_changes_in_order_has_the_view(happened: Steps) -> None:
    """V6."""

    async def law() -> None:
        room = await new_room()
        seen = room.view()

        def apply(told: Told) -> None:
            for change in told.changes(MAIN):
                if change.value is None:
                    del seen[change.kind][change.id]
                else:
                    seen[change.kind][change.id] = change.value
            assert seen == view_of(told.state.plan)

        room.subscribe(apply)
        await play(room, happened)
        assert seen == room.view()
        await room.close()

    asyncio.run(law())


@settings(deadline=None, max_examples=60)
@given(sequences)
def test_undoing_everything_gives_the_first_plan_and_redoing_the_last(happened: Steps) -> None:
    """U8."""

    async def law() -> None:
        room = await new_room()
        first = room.state_hash
        await play(room, happened)
        last = room.state_hash
        authors = await undo_everything(room)
        assert room.state_hash == first
        for number, member_id in enumerate(reversed(authors)):
            await room.submit(member_id, OperationId(f"again{number}"), Redo())
        assert room.state_hash == last
        await room.close()

    asyncio.run(law())


@settings(deadline=None, max_examples=60)
@given(sequences)
def test_an_undo_changes_only_what_its_operation_changed(happened: Steps) -> None:
    """U4."""

    async def law() -> None:
        room = await new_room()
        done: dict[str, set[tuple[str, str]]] = {}

        def note(told: Told) -> None:
            entry, changes = told.entry, told.changes(MAIN)
            keys = {(str(it.kind), it.id) for it in changes if it.kind in {"fragments", "cuts"}}
            if entry.undoes is not None:
                assert keys <= done[entry.undoes]
            done[entry.operation_id] = keys
            if entry.redoes is not None:
                done[entry.redoes] |= keys

        room.subscribe(note)
        await play(room, happened)
        await room.close()

    asyncio.run(law())


@settings(deadline=None, max_examples=40)
@given(st.lists(steps(), min_size=2, max_size=30), st.integers(1, 6))
def test_commands_asked_at_once_and_one_by_one_give_the_same_log(
    happened: Steps, at_once: int
) -> None:
    """R3."""

    async def law() -> None:
        together, alone = await new_room(), await new_room()
        happenings = [it for it in happened if not isinstance(it[1], RecordCut)]
        for start in range(0, len(happenings), at_once):
            group = happenings[start : start + at_once]
            await asyncio.gather(
                *(ask(together, m, f"op{start + n}", c) for n, (m, c) in enumerate(group))
            )
        await play(alone, happenings)
        assert [it.operation_id for it in together.entries] == [
            it.operation_id for it in alone.entries
        ]
        assert [(it.member_id, it.undoes) for it in together.entries] == [
            (it.member_id, it.undoes) for it in alone.entries
        ]
        assert together.plan.fragments == alone.plan.fragments
        assert together.plan.cuts == alone.plan.cuts
        await together.close()
        await alone.close()

    asyncio.run(law())
