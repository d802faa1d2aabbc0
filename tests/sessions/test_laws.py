"""What holds for every sequence of commands, on every branch."""

import asyncio
import io
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from sessions.archive import export_entries, import_entries
from sessions.errors import RejectedCommandError
from sessions.eventlog import MemoryLog
from sessions.plan.commands import MergeRecords, RecordCut, Redo, Undo
from sessions.plan.content import content_hash
from sessions.plan.events import Entry
from sessions.plan.records import MAIN, BranchId, MemberId, OperationId
from sessions.plan.undo import Operation
from sessions.plan.view import View, view_of
from sessions.protocol import Change
from sessions.room import Room
from sessions.state import State, branch_of, hash_of, replay
from sessions.telling import Told
from tests.sessions.scene import Ticking, counted, furnish
from tests.sessions.strategies import PRELUDE, Wish, planning_wishes, wishes

sequences = st.lists(wishes, min_size=1, max_size=40)
planning = st.lists(planning_wishes, min_size=1, max_size=40)


async def new_room() -> Room:
    return await furnish(await Room.over(MemoryLog(), "r", clock=Ticking(), new_id=counted()))


async def ask(room: Room, number: str, wish: Wish) -> Entry | None:
    member_id, branch_id, command = wish.on_screen(room.state)
    try:
        if isinstance(command, RecordCut):
            asked = room.record(member_id, OperationId(number), command, branch_id=branch_id)
        else:
            asked = room.submit(member_id, OperationId(number), command, branch_id=branch_id)
        return (await asked).entry
    except RejectedCommandError:
        return None


async def play(room: Room, happened: Sequence[Wish]) -> None:
    for number, wish in enumerate((*PRELUDE, *happened)):
        await ask(room, f"op{number}", wish)


def contents(state: State) -> dict[BranchId, str]:
    return {key: content_hash(line.plan) for key, line in state.lines.items()}


async def latest_standing(room: Room) -> tuple[BranchId, Operation] | None:
    """Return the operation that was done, or done again, last and still stands."""
    entries = await room.entries()
    done = {entry.redoes or entry.operation_id: entry.revision for entry in entries}
    standing = [
        (key, it)
        for key, line in room.state.lines.items()
        for own in line.ledger.undoable.values()
        for it in own
    ]
    return max(standing, key=lambda it: done[it[1].operation_id], default=None)


async def undo_everything(room: Room) -> list[tuple[BranchId, MemberId]]:
    """Take back what stands, the latest first, and return where and by whom each was done."""
    undone: list[tuple[BranchId, MemberId]] = []
    while latest := await latest_standing(room):
        branch_id, operation = latest
        receipt = await room.submit(
            operation.member_id, OperationId(f"back{len(undone)}"), Undo(), branch_id=branch_id
        )
        assert receipt.entry is not None
        assert receipt.entry.undoes == operation.operation_id
        undone.append((branch_id, operation.member_id))
    return undone


def applied(view: View, changes: Sequence[Change]) -> View:
    """Return a view after changes, as a page applies them."""
    for change in changes:
        if change.value is None:
            del view[change.kind][change.id]
        else:
            view[change.kind][change.id] = change.value
    return view


@settings(deadline=None, max_examples=50)
@given(sequences)
def test_a_replay_of_the_log_is_the_state(happened: Sequence[Wish]) -> None:
    """L2."""

    async def law() -> None:
        room = await new_room()
        await play(room, happened)
        again = replay(await room.entries())
        assert hash_of(again) == room.state_hash
        assert again == room.state
        await room.close()

    asyncio.run(law())


@settings(deadline=None, max_examples=50)
@given(sequences)
def test_whoever_applies_the_changes_in_order_has_the_view(happened: Sequence[Wish]) -> None:
    """V6."""

    async def law() -> None:
        room = await new_room()
        seen = {MAIN: room.view()}

        def apply(told: Told) -> None:
            for branch_id, line in told.state.lines.items():
                if branch_id in seen:
                    applied(seen[branch_id], told.changes(branch_id))
                else:
                    seen[branch_id] = view_of(line.plan)
                assert seen[branch_id] == view_of(line.plan)

        room.subscribe(apply)
        await play(room, happened)
        assert seen == {key: room.view(key) for key in room.state.lines}
        await room.close()

    asyncio.run(law())


@settings(deadline=None, max_examples=50)
@given(planning)
def test_undoing_everything_gives_the_first_plan_and_redoing_the_last(
    happened: Sequence[Wish],
) -> None:
    """U8."""

    async def law() -> None:
        room = await new_room()
        first = {MAIN: content_hash(room.plan)}

        def begin(told: Told) -> None:
            for key, line in told.state.lines.items():
                first.setdefault(key, content_hash(line.plan))

        room.subscribe(begin)
        await play(room, happened)
        last = contents(room.state)
        undone = await undo_everything(room)
        assert contents(room.state) == first
        for number, (branch_id, member_id) in enumerate(reversed(undone)):
            await room.submit(member_id, OperationId(f"again{number}"), Redo(), branch_id=branch_id)
        assert contents(room.state) == last
        await room.close()

    asyncio.run(law())


@settings(deadline=None, max_examples=50)
@given(planning)
def test_an_undo_changes_only_what_its_operation_changed(happened: Sequence[Wish]) -> None:
    """U4."""

    async def law() -> None:
        room = await new_room()
        done: dict[str, set[tuple[str, str]]] = {}

        def note(told: Told) -> None:
            entry, changes = told.entry, told.changes(branch_of(told.entry))
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


@settings(deadline=None, max_examples=50)
@given(sequences)
def test_a_branch_is_changed_by_its_own_entries_only(happened: Sequence[Wish]) -> None:
    """B3."""

    async def law() -> None:
        room = await new_room()

        def compare(told: Told) -> None:
            was = told.before.lines
            for key, line in told.state.lines.items():
                if key in was and key != branch_of(told.entry):
                    assert line.plan.cuts is was[key].plan.cuts
                    assert line.plan.notes is was[key].plan.notes
                    assert line.plan.fragments is was[key].plan.fragments
                    assert line.plan.measurements is was[key].plan.measurements
                    assert line.ledger.undoable == was[key].ledger.undoable

        room.subscribe(compare)
        await play(room, happened)
        await room.close()

    asyncio.run(law())


@settings(deadline=None, max_examples=50)
@given(sequences)
def test_a_log_of_branches_and_versions_goes_out_and_in_again(happened: Sequence[Wish]) -> None:
    """A1."""

    async def law() -> None:
        room = await new_room()
        await play(room, happened)
        entries = await room.entries()
        archive = io.BytesIO(b"".join(export_entries(entries)))
        assert import_entries(archive) == entries
        await room.close()

    asyncio.run(law())


@settings(deadline=None, max_examples=20)
@given(st.lists(wishes, min_size=2, max_size=30), st.integers(1, 6))
def test_commands_asked_at_once_and_one_by_one_give_the_same_log(
    happened: Sequence[Wish], at_once: int
) -> None:
    """R3."""

    async def law() -> None:
        together, alone = await new_room(), await new_room()
        asked = [it for it in happened if not isinstance(it.command, RecordCut | MergeRecords)]
        for start in range(0, len(asked), at_once):
            group = asked[start : start + at_once]
            await asyncio.gather(
                *(ask_as_it_is(together, f"op{start + n}", wish) for n, wish in enumerate(group))
            )
        for number, wish in enumerate(asked):
            await ask_as_it_is(alone, f"op{number}", wish)
        assert [_told(it) for it in await together.entries()] == [
            _told(it) for it in await alone.entries()
        ]
        assert contents(together.state).keys() == contents(alone.state).keys()
        assert together.plan.fragments == alone.plan.fragments
        assert together.plan.cuts == alone.plan.cuts
        await together.close()
        await alone.close()

    asyncio.run(law())


async def ask_as_it_is(room: Room, number: str, wish: Wish) -> None:
    """Ask for a command as it is."""
    try:
        await room.submit(
            wish.member_id,
            OperationId(number),
            wish.command,
            branch_id=wish.branch_id,
        )
    except RejectedCommandError:
        return


def _told(entry: Entry) -> tuple[object, ...]:
    types = [type(it) for it in entry.events]
    return (entry.operation_id, entry.member_id, entry.undoes, entry.branch_id, types)
