"""Snapshots of a room's state, and the room as it was."""

from pathlib import Path

import pytest

from sessions import memory, remembering
from sessions.errors import RejectedCommandError
from sessions.plan.commands import EditNote, OpenBranch, SaveVersion, Undo
from sessions.plan.records import MAIN, BranchId, NoteId, OperationId, VersionId
from sessions.plan.view import view_of
from sessions.room import Room
from sessions.state import State, hash_of
from tests.sessions.scene import ANA, BEN, furnish, pin


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep a snapshot every ten entries."""
    monkeypatch.setattr(memory, "KEEP_EVERY", 10)


async def worked_in(folder: Path) -> tuple[Room, list[tuple[int, str]]]:
    """Return a room with versions, a branch, notes and undone work; and each state's hash."""
    room = await furnish(await Room.open(folder, "r"))
    hashes: list[tuple[int, str]] = []
    room.subscribe(lambda told: hashes.append((told.entry.revision, hash_of(told.state))))
    await room.submit(ANA, OperationId("v1"), SaveVersion(version_id=VersionId("v1"), name="one"))
    branch = OpenBranch(branch_id=BranchId("b"), name="other", version_id=VersionId("v1"))
    await room.submit(ANA, OperationId("b"), branch)
    for number in range(40):
        branch_id = BranchId("b") if number % 3 == 0 else MAIN
        note = pin(f"n{number}", text=f"note number {number}")
        await room.submit(BEN, OperationId(f"p{number}"), note, branch_id=branch_id)
    await room.submit(BEN, OperationId("u"), Undo())
    await room.submit(BEN, OperationId("e"), EditNote(note_id=NoteId("n1"), text="otherwise"))
    return room, hashes


@pytest.mark.usefixtures("often")
async def test_a_room_that_opens_at_a_snapshot_is_as_it_was_left(tmp_path: Path) -> None:
    """L2."""
    room, _ = await worked_in(tmp_path)
    left = room.state, room.activity(99)
    await room.close()
    again = await Room.open(tmp_path, "r")
    assert (again.state, again.activity(99)) == left
    receipt = await again.submit(BEN, OperationId("undo"), Undo())
    assert receipt.revision == left[0].revision + 1
    assert (await again.submit(BEN, OperationId("p3"), pin("n3"))).revision < receipt.revision
    await again.close()


@pytest.mark.usefixtures("often")
async def test_any_revision_is_found_as_it_was(tmp_path: Path) -> None:
    """R12."""
    room, hashes = await worked_in(tmp_path)
    for revision, state_hash in hashes:
        assert hash_of(await room.past.at(revision)) == state_hash
    assert await room.past.at(0) == State()
    with pytest.raises(RejectedCommandError, match="not come to revision 9999 yet"):
        await room.past.at(9999)
    activities = await room.past.activities(room.revision + 1, 20)
    assert activities == room.activity(20)
    assert [it.revision for it in await room.past.activities(4, 20)] == [1, 2, 3]
    await room.close()


@pytest.mark.usefixtures("often")
async def test_whoever_applies_what_was_told_from_some_revision_has_the_view(
    tmp_path: Path,
) -> None:
    """R12."""
    room, _ = await worked_in(tmp_path)
    for first in (8, 15, 31):
        seen = view_of((await room.past.at(first)).line(BranchId("b")).plan)
        async for told in room.past.told(first, 1000):
            for change in told.changes(BranchId("b")):
                if change.value is None:
                    del seen[change.kind][change.id]
                else:
                    seen[change.kind][change.id] = change.value
        assert seen == room.view(BranchId("b"))
    await room.close()


async def test_what_was_written_is_found(tmp_path: Path) -> None:
    """R13."""
    room, _ = await worked_in(tmp_path)
    (found,) = await room.search("number 17")
    assert (found.kind, found.record_id, found.member_id) == ("note", "n17", BEN)
    assert [it.record_id for it in await room.search("otherwise")] == ["n1"]
    assert not await room.search("number 99")
    await room.close()


@pytest.mark.usefixtures("often")
async def test_a_state_comes_back_from_its_bytes(tmp_path: Path) -> None:
    """L2."""
    room, _ = await worked_in(tmp_path)
    payload = remembering.to_bytes(room.state, room.activity(99))
    state, activity = remembering.from_bytes(payload)
    assert state == room.state
    assert hash_of(state) == room.state_hash
    assert activity == room.activity(99)
    await room.close()


@pytest.mark.parametrize("payload", [b"", b"x" * 100, remembering.to_bytes(State(), ())[:-9]])
def test_bytes_that_are_no_snapshot_are_refused(payload: bytes) -> None:
    """L2."""
    with pytest.raises(ValueError, match="no snapshot of this format"):
        remembering.from_bytes(payload)
