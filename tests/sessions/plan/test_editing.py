"""Properties, names and locks."""

import pytest

from imaging.space import Plane, RigidTransform
from sessions.errors import RejectedCommandError
from sessions.plan.commands import (
    AdjustCut,
    ApplyCut,
    ChangeRole,
    DismissMember,
    EditNote,
    EditSegment,
    LockRecord,
    Redo,
    RemoveCut,
    RemoveNote,
    Rename,
    Undo,
    UnlockRecord,
)
from sessions.plan.records import (
    MAIN,
    CutId,
    MeasurementId,
    MemberId,
    NoteId,
    OperationId,
    Plan,
    RecordKind,
    RecordRef,
    Role,
    SegmentId,
)
from sessions.plan.rules import PlanCommand, decide
from sessions.room import Room
from sessions.telling import Told
from tests.sessions.conftest import Do
from tests.sessions.deciding import AT, after, halved
from tests.sessions.scene import ANA, BEN, CUT, POSITIVE, SKULL, measure, move, pieces, pin, place

HIGHER = Plane((0.0, 0.0, 5.0), (0.0, 0.0, 1.0))
LOWER = Plane((0.0, 0.0, -5.0), (0.0, 0.0, 1.0))
NOTE = NoteId("n1")
skull = SegmentId(SKULL)


def ref(kind: RecordKind, record_id: str) -> RecordRef:
    return RecordRef(kind=kind, record_id=record_id)


def refused(plan: Plan, command: PlanCommand, reason: str, by: MemberId = BEN) -> None:
    with pytest.raises(RejectedCommandError, match=reason):
        decide(plan, command, by=by, at=AT)


def test_a_segment_is_edited_property_by_property(plan: Plan) -> None:
    """P22."""
    edit = EditSegment(segment_id=skull, name="Cranium", opacity=1.0, colour=(1, 2, 3), owner="A")
    events = decide(plan, edit, by=BEN, at=AT)
    assert [it.field for it in events] == ["name", "colour", "owner"]  # type: ignore[union-attr]
    edited = after(plan, edit).segments[skull]
    assert (edited.name, edited.colour, edited.owner) == ("Cranium", (1, 2, 3), "A")
    assert decide(after(plan, edit), edit, by=BEN, at=AT) == ()


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (EditSegment(segment_id=SegmentId("none"), name="x"), "there is no such segment"),
        (EditSegment(segment_id=skull, name=" "), "the segment's name must have"),
        (EditSegment(segment_id=skull, name="a\nb"), "control character"),
        (EditSegment(segment_id=skull, opacity=1.5), "between 0 and 1"),
        (EditSegment(segment_id=skull, opacity=float("nan")), "the opacity"),
        (EditSegment(segment_id=skull, colour=(0, 0, 256)), "from 0 to 255"),
    ],
)
def test_a_property_that_is_none_is_refused(plan: Plan, edit: EditSegment, reason: str) -> None:
    """P22."""
    refused(plan, edit, reason)


async def test_two_members_who_edit_different_properties_do_not_collide(room: Room, do: Do) -> None:
    """U4."""
    await do(ANA, EditSegment(segment_id=skull, opacity=0.5))
    await do(BEN, EditSegment(segment_id=skull, name="Cranium"))
    await do(ANA, Undo())
    assert (room.plan.segments[skull].opacity, room.plan.segments[skull].name) == (1.0, "Cranium")
    await do(ANA, Redo())
    await do(BEN, EditSegment(segment_id=skull, opacity=0.25))
    with pytest.raises(RejectedCommandError, match="Ben changed the opacity of Cranium since"):
        await do(ANA, Undo())


async def test_the_last_writer_wins_and_is_told_what_they_had_not_seen(room: Room) -> None:
    """P26."""
    told: list[Told] = []
    room.subscribe(told.append)
    seen = room.revision
    edits = (
        (ANA, EditSegment(segment_id=skull, opacity=0.5, owner="A")),
        (BEN, EditSegment(segment_id=skull, opacity=0.25)),
        (BEN, EditSegment(segment_id=skull, opacity=0.75)),
        (ANA, EditSegment(segment_id=skull, name="Cranium")),
    )
    for number, (member_id, edit) in enumerate(edits):
        await room.submit(member_id, OperationId(f"op{number}"), edit, seen=seen)
    assert room.plan.segments[skull].opacity == 0.75
    assert [len(entry.overwrote) for entry in told] == [0, 1, 0, 0]
    (overwrote,) = told[1].overwrote
    assert (overwrote.kind, overwrote.record_id, overwrote.member_id) == ("solid", SKULL, ANA)
    assert overwrote.summary == "changed the opacity of Skull, changed the owner of Skull"
    await room.submit(ANA, OperationId("op9"), edits[0][1], seen=room.revision)
    assert told[-1].overwrote == ()  # she had seen it


def test_names_of_cuts_and_measurements_are_their_own(plan: Plan) -> None:
    """P23."""
    plan = after(halved(plan), place("c2", POSITIVE, Plane((0, 0, 30), (0, 0, 1))), measure())
    window = Rename(ref=ref("cut", "c2"), name="Window")
    assert after(plan, window).cuts[CutId("c2")].name == "Window"
    refused(plan, Rename(ref=ref("cut", "c2"), name="Cut 1"), "there is a Cut 1 on this branch")
    distance = Rename(ref=ref("measurement", "m1"), name="Cut 1")
    assert after(plan, distance).measurements[MeasurementId("m1")].name == "Cut 1"
    piece = Rename(ref=ref("fragment", POSITIVE), name="Skull 2")
    assert after(plan, piece).fragments[POSITIVE].name == "Skull 2"
    assert decide(after(plan, window), window, by=BEN, at=AT) == ()


def test_only_what_has_a_name_of_its_own_is_renamed(plan: Plan) -> None:
    """P23."""
    plan = after(plan, pin(), place())
    refused(
        plan,
        Rename(ref=ref("note", "n1"), name="x"),
        "only cuts, fragments, measurements and markups",
    )
    refused(plan, Rename(ref=ref("segment", SKULL), name="x"), "only cuts, fragments")
    refused(plan, Rename(ref=ref("cut", "c9"), name="x"), "there is no such cut")
    refused(plan, Rename(ref=ref("cut", CUT), name=""), "the name must have 1 to 200")


async def test_what_somebody_renamed_is_not_taken_away_by_undo(room: Room, do: Do) -> None:
    """U4."""
    await do(ANA, place())
    await do(ANA, pieces())
    await do(BEN, Rename(ref=ref("fragment", POSITIVE), name="Flap"))
    with pytest.raises(RejectedCommandError, match="Ben renamed Skull 1 to Flap since"):
        await do(ANA, Undo())
    await do(BEN, Undo())
    await do(ANA, Undo())
    await do(BEN, Rename(ref=ref("cut", CUT), name="Window"))
    with pytest.raises(RejectedCommandError, match="Ben renamed Cut 1 to Window since"):
        await do(ANA, Undo())
    assert room.plan.cuts[CUT].name == "Window"


async def test_a_name_that_was_taken_comes_back_as_the_next_free_one(room: Room, do: Do) -> None:
    """U7."""
    await do(ANA, place())
    await do(ANA, Rename(ref=ref("cut", CUT), name="Window"))
    await do(BEN, place("c2"))
    assert room.plan.cuts[CUT].name == "Window"
    await do(ANA, Undo())
    assert sorted(it.name for it in room.plan.cuts.values()) == ["Cut 1", "Cut 2"]


def test_whoever_locks_first_keeps_the_others_from_changing_it(plan: Plan) -> None:
    """P24."""
    plan = after(halved(plan), pin("n1"), place("c2", POSITIVE, Plane((0, 0, 30), (0, 0, 1))))
    lock = LockRecord(ref=ref("cut", "c2"))
    locked = after(plan, lock, by=BEN)
    assert locked.locks["cut:c2"].member_id == BEN
    assert decide(locked, lock, by=BEN, at=AT) == ()
    refused(locked, lock, "Cut 2 is locked by Ben; ask Ben", by=ANA)
    refused(plan, LockRecord(ref=ref("cut", "c9")), "there is no such cut")
    held = after(plan, LockRecord(ref=ref("cut", "c2")), LockRecord(ref=ref("segment", SKULL)))
    upper = Plane((0.0, 0.0, 31.0), (0.0, 0.0, 1.0))
    refused(held, AdjustCut(cut_id=CutId("c2"), plane=upper), "Cut 2 is locked by Ana")
    refused(held, Rename(ref=ref("cut", "c2"), name="x"), "Cut 2 is locked by Ana")
    refused(held, EditSegment(segment_id=skull, name="x"), "Skull is locked by Ana")


def test_a_locked_solid_is_neither_moved_nor_cut(plan: Plan) -> None:
    """P24."""
    upper = Plane((0.0, 0.0, 30.0), (0.0, 0.0, 1.0))
    plan = after(halved(plan), place("c2", POSITIVE, upper))
    plan = after(plan, LockRecord(ref=ref("fragment", POSITIVE)))
    aside = RigidTransform(translation_mm=(1.0, 0.0, 0.0))
    refused(plan, move(aside), "Skull 1 is locked by Ana; ask Ana to unlock it")
    refused(plan, pieces("c2", upper), "Skull 1 is locked by Ana")
    refused(plan, ApplyCut(cut_id=CutId("c2")), "Skull 1 is locked by Ana")


def test_an_owner_goes_past_locks_and_opens_them(plan: Plan) -> None:
    """P24."""
    plan = after(plan, pin(), LockRecord(ref=ref("note", "n1")), by=BEN)
    assert after(plan, EditNote(note_id=NOTE, text="x"), by=ANA).notes[NOTE].text == "x"
    assert not after(plan, UnlockRecord(ref=ref("note", "n1")), by=ANA).locks
    by_ana = after(after(plan, UnlockRecord(ref=ref("note", "n1"))), LockRecord(ref=_note()))
    refused(by_ana, UnlockRecord(ref=_note()), "the note is locked by Ana; ask Ana or the room's")
    assert decide(plan, UnlockRecord(ref=ref("note", "n9")), by=BEN, at=AT) == ()


def _note() -> RecordRef:
    return ref("note", "n1")


async def test_what_somebody_locked_is_not_taken_back_by_undo(room: Room, do: Do) -> None:
    """P24."""
    await do(BEN, pin())
    await do(ANA, LockRecord(ref=_note()))
    with pytest.raises(RejectedCommandError, match="the note is locked by Ana"):
        await do(BEN, Undo())
    await do(ANA, UnlockRecord(ref=_note()))
    await do(BEN, Undo())
    assert not room.plan.notes


async def test_a_lock_is_not_undone(room: Room, do: Do) -> None:
    """P24."""
    await do(BEN, pin())
    await do(BEN, LockRecord(ref=_note()))
    await do(BEN, Undo())
    assert not room.plan.notes  # the note, not its lock


def test_a_lock_ends_with_its_record(plan: Plan) -> None:
    """P25."""
    plan = after(plan, pin(), place(), LockRecord(ref=_note()), LockRecord(ref=ref("cut", CUT)))
    assert set(after(plan, RemoveNote(note_id=NOTE)).locks) == {"cut:c1"}
    assert not after(plan, RemoveNote(note_id=NOTE), RemoveCut(cut_id=CUT)).locks
    assert not after(plan, RemoveNote(note_id=NOTE), pin()).locks.keys() & {"note:n1"}


@pytest.mark.parametrize(
    "command",
    [
        ChangeRole(member_id=BEN, expected=Role.SURGEON, role=Role.TRAINEE),
        DismissMember(member_id=BEN),
    ],
)
async def test_a_lock_ends_when_its_holder_gets_another_role_or_is_sent_away(
    room: Room, do: Do, command: ChangeRole | DismissMember
) -> None:
    """P25."""
    await do(ANA, pin("n1"))
    await do(ANA, pin("n2"))
    await do(BEN, LockRecord(ref=_note()))
    await do(ANA, LockRecord(ref=ref("note", "n2")))
    await do(ANA, command)
    assert set(room.plan_of(MAIN).locks) == {"note:n2"}
