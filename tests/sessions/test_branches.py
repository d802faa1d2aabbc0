"""Branches: lines of the plan of their own, in one room and one log."""

import json

import pytest

from imaging.space import RigidTransform
from sessions.errors import RejectedCommandError
from sessions.plan.casework import SYSTEM
from sessions.plan.codec import payload_of, seal
from sessions.plan.commands import (
    AddSegment,
    EditSegment,
    LockRecord,
    MemberCommand,
    MergeRecords,
    OpenBranch,
    RemoveNote,
    SaveVersion,
    SendMessage,
    Undo,
)
from sessions.plan.content import content_hash
from sessions.plan.events import BranchOpened, Entry
from sessions.plan.merging import choices_between
from sessions.plan.records import (
    MAIN,
    Branch,
    BranchId,
    MemberId,
    MessageId,
    NoteId,
    OperationId,
    RecordRef,
    SegmentId,
    VersionId,
)
from sessions.plan.room_soundness import require_sound_room_event
from sessions.plan.status import status_of
from sessions.room import Room
from tests.sessions.conftest import Do
from tests.sessions.scene import (
    ANA,
    BEN,
    CUT,
    POSITIVE,
    SKULL,
    counted,
    move,
    pieces,
    pin,
    place,
    segment,
)

B1, B2 = BranchId("b1"), BranchId("b2")
V1 = VersionId("v1")
NOTE = NoteId("n1")
_ids = counted("on")


async def on(room: Room, branch_id: BranchId, member_id: MemberId, command: MemberCommand) -> None:
    await room.submit(member_id, OperationId(_ids()), command, branch_id=branch_id)


async def branched(do: Do) -> None:
    """Cut the skull, pin a note, save that, and open two branches from there."""
    for command in (
        place(),
        pieces(),
        pin("n1", POSITIVE),
        SaveVersion(version_id=V1, name="posterior"),
        OpenBranch(branch_id=B1, name="anterior", version_id=V1),
        OpenBranch(branch_id=B2, name="lateral", version_id=V1),
    ):
        await do(ANA, command)


async def test_a_branch_begins_with_what_its_version_holds(room: Room, do: Do) -> None:
    """B1."""
    await do(ANA, LockRecord(ref=RecordRef(kind="segment", record_id=SKULL)))
    await branched(do)
    begun = room.plan_of(B1)
    assert content_hash(begun) == room.plan.versions[V1].content_hash
    assert begun.locks == {}
    assert status_of(begun).label == "v1 (posterior), draft"
    assert not room.can_undo(ANA, B1)
    assert room.view(B1)["status"]["status"]["branch_name"] == "anterior"


async def test_a_branch_has_the_segments_that_came_in_since(room: Room, do: Do) -> None:
    """B1."""
    await do(ANA, SaveVersion(version_id=V1, name="posterior"))
    await do(SYSTEM, AddSegment(segment=segment("liver", "Liver")))
    await do(ANA, OpenBranch(branch_id=B1, name="anterior", version_id=V1))
    assert SegmentId("liver") in room.plan_of(B1).segments
    assert status_of(room.plan_of(B1)).label == "Draft after v1 (posterior)"


async def test_a_branch_is_opened_once_from_a_version_that_there_is(room: Room, do: Do) -> None:
    """B2."""
    await branched(do)
    again = OpenBranch(branch_id=B1, name="anterior", version_id=V1)
    assert (await do(ANA, again)).entry is None
    for member_id, opening in (
        (BEN, again),
        (ANA, OpenBranch(branch_id=MAIN, name="main", version_id=V1)),
    ):
        with pytest.raises(RejectedCommandError, match="a branch of that id exists already"):
            await do(member_id, opening)
    with pytest.raises(RejectedCommandError, match="there is no such version"):
        await do(ANA, OpenBranch(branch_id=BranchId("b3"), name="x", version_id=VersionId("v9")))
    with pytest.raises(RejectedCommandError, match="there is no such branch in this room"):
        await on(room, BranchId("b9"), ANA, pin("n9"))
    branch = Branch(branch_id=MAIN, name="x", from_version_id=V1, author_id=ANA, created_at="2026")
    with pytest.raises(RejectedCommandError, match="the main branch is there from the first"):
        require_sound_room_event(BranchOpened(branch=branch))


async def test_two_members_on_two_branches_never_touch_each_others(room: Room, do: Do) -> None:
    """B3."""
    await branched(do)
    main = content_hash(room.plan)
    await on(room, B1, ANA, move(RigidTransform(translation_mm=(1.0, 0.0, 0.0))))
    await on(room, B2, BEN, move(RigidTransform(translation_mm=(2.0, 0.0, 0.0))))
    await on(room, B2, ANA, pin("n2"))
    await on(room, B1, BEN, EditSegment(segment_id=SegmentId(SKULL), opacity=0.5))
    assert content_hash(room.plan) == main
    assert room.plan_of(B1).fragments[POSITIVE].transform.translation_mm[0] == 1.0
    assert room.plan_of(B2).fragments[POSITIVE].transform.translation_mm[0] == 2.0
    assert set(room.plan_of(B1).notes) == {"n1"}
    assert room.plan_of(B2).segments[SegmentId(SKULL)].opacity == 1.0


async def test_undo_is_of_the_branch_on_which_it_is_asked(room: Room, do: Do) -> None:
    """B3."""
    await branched(do)
    await on(room, B1, BEN, pin("n2"))
    await on(room, B2, BEN, pin("n3"))
    await on(room, B1, BEN, Undo())
    assert set(room.plan_of(B1).notes) == {"n1"}
    assert set(room.plan_of(B2).notes) == {"n1", "n3"}
    assert (room.can_redo(BEN, B1), room.can_redo(BEN, B2)) == (True, False)
    with pytest.raises(RejectedCommandError, match="nothing of yours to take back"):
        await on(room, B1, BEN, Undo())


async def test_what_is_the_rooms_is_on_every_branch(room: Room, do: Do) -> None:
    """B4."""
    await branched(do)
    await on(room, B1, BEN, SendMessage(message_id=MessageId("h1"), text="look at this one"))
    await on(room, B2, BEN, SaveVersion(version_id=VersionId("v2"), name="lateral"))
    await do(SYSTEM, AddSegment(segment=segment("liver", "Liver")))
    for branch_id in (MAIN, B1, B2):
        plan = room.plan_of(branch_id)
        assert set(plan.chat) == {"h1"}
        assert set(plan.versions) == {"v1", "v2"}
        assert SegmentId("liver") in plan.segments
        assert plan.members == room.plan.members
    assert room.plan_of(B2).base_version_id == "v2"
    assert room.plan_of(B1).base_version_id == "v1"


async def test_an_entry_names_its_branch_and_one_of_the_main_one_hashes_as_ever(
    room: Room, do: Do
) -> None:
    """B5."""
    await branched(do)
    await on(room, B1, BEN, pin("n2"))
    entries = await room.entries()
    assert entries[-1].branch_id == "b1"
    assert json.loads(payload_of(entries[-1]))["branch_id"] == "b1"
    assert all("branch_id" not in json.loads(payload_of(it)) for it in entries[:-1])
    as_ever = Entry(
        revision=1,
        operation_id=OperationId("op-1"),
        member_id=ANA,
        at="2026-01-02T03:04:05.000Z",
        events=(),
        previous_hash="0" * 64,
        hash="",
    )
    # worked out before there were branches
    assert payload_of(as_ever) == (
        b'{"at":"2026-01-02T03:04:05.000Z","events":[],"hash":"","member_id":"ana",'
        b'"operation_id":"op-1","previous_hash":"' + b"0" * 64 + b'","redoes":null,'
        b'"revision":1,"undoes":null}'
    )
    assert seal(as_ever).hash == "338a6d294962d9367863f1fe12e3711ef14d79265ca8270dcd85046c0f6fb4b9"


async def test_what_comes_back_on_a_branch_comes_to_what_its_fragment_was_cut_from(
    room: Room, do: Do
) -> None:
    """U7."""
    await do(ANA, SaveVersion(version_id=VersionId("v0"), name="uncut"))
    await branched(do)
    await on(room, B1, ANA, RemoveNote(note_id=NOTE))
    whole = MergeRecords(
        version_id=VersionId("v0"), choices=(RecordRef(kind="cut", record_id=CUT),)
    )
    await on(room, B1, BEN, whole)
    assert not room.plan_of(B1).fragments
    await on(room, B1, ANA, Undo())
    assert room.plan_of(B1).notes[NOTE].anchor.solid_id == SKULL


async def test_a_merge_is_one_entry_and_one_undo_takes_it_back(room: Room, do: Do) -> None:
    """B6."""
    await branched(do)
    await on(room, B1, BEN, move(RigidTransform(translation_mm=(3.0, 4.0, 0.0))))
    await on(room, B1, BEN, pin("n2"))
    await on(room, B1, BEN, SaveVersion(version_id=VersionId("v2"), name="anterior"))
    before = content_hash(room.plan)
    version = room.state.version(VersionId("v2"))
    choices = choices_between(room.plan, version.plan)
    receipt = await do(ANA, MergeRecords(version_id=VersionId("v2"), choices=choices))
    assert receipt.entry is not None
    assert len(receipt.entry.events) == 3
    assert room.activity(1)[0].summary == "took 2 things over from v2 (anterior)"
    assert content_hash(room.plan) == content_hash(version.plan)
    await do(ANA, Undo())
    assert content_hash(room.plan) == before
    assert room.activity(1)[0].summary == "took back: took 2 things over from v2 (anterior)"
    with pytest.raises(RejectedCommandError, match="there is no such version"):
        await do(ANA, MergeRecords(version_id=VersionId("v9"), choices=choices))


async def test_what_somebody_locked_is_not_merged_over(do: Do) -> None:
    """B6."""
    await branched(do)
    await do(ANA, RemoveNote(note_id=NOTE))
    await do(ANA, pin("n1", point=(1.0, 0.0, 10.0)))
    await do(ANA, LockRecord(ref=RecordRef(kind="note", record_id="n1")))
    choices = (RecordRef(kind="note", record_id="n1"),)
    with pytest.raises(RejectedCommandError, match="the note is locked by Ana"):
        await do(BEN, MergeRecords(version_id=V1, choices=choices))
