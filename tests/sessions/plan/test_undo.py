"""Own undo and redo."""

import pytest

from imaging.space import Plane, RigidTransform
from sessions.errors import RejectedCommandError
from sessions.plan.commands import (
    AdjustCut,
    EditNote,
    Redo,
    RemoveCut,
    RemoveMeasurement,
    RemoveNote,
    Undo,
)
from sessions.plan.records import CutId, MeasurementId, NoteId
from sessions.room import Room
from tests.sessions.conftest import Do
from tests.sessions.scene import (
    ANA,
    BEN,
    CUT,
    MIDDLE,
    NEGATIVE,
    POSITIVE,
    SKULL,
    measure,
    move,
    pieces,
    pin,
    place,
)

ASIDE = RigidTransform(translation_mm=(3.0, 0.0, 0.0))
AWAY = RigidTransform(translation_mm=(9.0, 0.0, 0.0))
HIGHER = Plane((0.0, 0.0, 5.0), (0.0, 0.0, 1.0))
NOTE = NoteId("n1")


async def test_undo_takes_back_ones_own_latest_operation(room: Room, do: Do) -> None:
    """U1."""
    await do(ANA, pin("n1"))
    await do(ANA, pin("n2"))
    await do(BEN, pin("n3"))
    receipt = await do(ANA, Undo())
    assert set(room.plan.notes) == {"n1", "n3"}
    assert receipt.entry is not None
    assert receipt.entry.undoes == "op-2"
    assert room.activity(1)[0].summary == "took back: pinned a note on Skull"


async def test_redo_does_it_again_and_undo_takes_that_back(room: Room, do: Do) -> None:
    """U2."""
    await do(ANA, pin())
    pinned = room.state_hash
    await do(ANA, Undo())
    receipt = await do(ANA, Redo())
    assert room.state_hash == pinned
    assert receipt.entry is not None
    assert receipt.entry.redoes == "op-1"
    assert room.activity(1)[0].summary == "did again: pinned a note on Skull"
    again = await do(ANA, Undo())
    assert again.entry is not None
    assert again.entry.undoes == "op-1"
    assert not room.plan.notes


async def test_a_new_operation_of_ones_own_clears_ones_redo(room: Room, do: Do) -> None:
    """U3."""
    await do(ANA, pin("n1"))
    await do(BEN, pin("n2"))
    await do(ANA, Undo())
    await do(BEN, Undo())
    await do(ANA, pin("n3"))
    assert (room.can_redo(ANA), room.can_redo(BEN)) == (False, True)
    with pytest.raises(RejectedCommandError, match="nothing of yours to do again"):
        await do(ANA, Redo())
    await do(BEN, Redo())
    assert set(room.plan.notes) == {"n2", "n3"}


async def test_there_may_be_nothing_to_take_back(room: Room, do: Do) -> None:
    """U1."""
    await do(BEN, pin())
    assert (room.can_undo(ANA), room.can_undo(BEN)) == (False, True)
    with pytest.raises(RejectedCommandError, match="nothing of yours to take back"):
        await do(ANA, Undo())


async def test_a_command_that_changed_nothing_is_no_operation_to_take_back(
    room: Room, do: Do
) -> None:
    """U1."""
    await do(ANA, RemoveNote(note_id=NoteId("none")))
    assert not room.can_undo(ANA)


async def cut_in_two(do: Do) -> None:
    await do(ANA, place())
    await do(ANA, pieces())


async def test_somebody_elses_later_change_is_never_taken_back(room: Room, do: Do) -> None:
    """U4."""
    await cut_in_two(do)
    await do(ANA, move(ASIDE))
    await do(BEN, move(AWAY))
    with pytest.raises(
        RejectedCommandError,
        match=r'"moved Skull 1 by 3.0 mm, 0.0°" cannot be taken back: '
        r"Ben moved Skull 1 by 6.0 mm, 0.0° since; ask Ben",
    ):
        await do(ANA, Undo())
    assert room.plan.fragments[POSITIVE].transform == AWAY
    await do(BEN, Undo())
    await do(ANA, Undo())
    assert room.plan.fragments[POSITIVE].transform == RigidTransform()


@pytest.mark.parametrize(
    ("command", "summary"),
    [
        (EditNote(note_id=NOTE, text="x"), "Ana edited the note on Skull since"),
        (RemoveNote(note_id=NOTE), "Ana removed the note on Skull since"),
    ],
)
async def test_the_refusal_says_who_changed_a_note(
    do: Do, command: EditNote | RemoveNote, summary: str
) -> None:
    """U4."""
    await do(BEN, pin())
    await do(ANA, command)
    with pytest.raises(RejectedCommandError, match=summary):
        await do(BEN, Undo())


async def test_a_plane_that_somebody_adjusted_stays(do: Do) -> None:
    """U4."""
    await do(ANA, place())
    await do(BEN, AdjustCut(cut_id=CUT, plane=HIGHER))
    with pytest.raises(RejectedCommandError, match="Ben adjusted the plane of Cut 1 since"):
        await do(ANA, Undo())


async def test_a_cut_whose_fragments_somebody_moved_or_planned_on_stays(do: Do) -> None:
    """U5."""
    await cut_in_two(do)
    await do(BEN, move(ASIDE, NEGATIVE))
    with pytest.raises(RejectedCommandError, match=r"Ben moved Skull 2 by 3.0 mm"):
        await do(ANA, Undo())
    await do(BEN, Undo())
    await do(BEN, place("c2", POSITIVE, Plane((0, 0, 30), (0, 0, 1))))
    with pytest.raises(RejectedCommandError, match="Ben placed a plane on Skull 1 since"):
        await do(ANA, Undo())
    await do(BEN, Undo())
    await do(ANA, Undo())


async def test_what_others_pinned_to_fragments_survives_the_undo_of_the_cut(
    room: Room, do: Do
) -> None:
    """U5."""
    await cut_in_two(do)
    await do(BEN, pin(solid_id=POSITIVE))
    await do(BEN, measure(solid_id=NEGATIVE))
    await do(ANA, Undo())
    assert not room.plan.fragments
    assert room.plan.notes[NOTE].anchor.solid_id == SKULL
    assert room.view()["notes"]["n1"]["leaf_id"] == SKULL
    await do(ANA, Redo())
    assert room.view()["notes"]["n1"]["leaf_id"] == POSITIVE
    await do(BEN, Undo())
    await do(BEN, Undo())
    assert not room.plan.notes


async def test_a_parent_that_was_cut_since_is_not_moved_back(do: Do) -> None:
    """U5."""
    await cut_in_two(do)
    await do(BEN, move(ASIDE))
    upper = Plane((0, 0, 30), (0, 0, 1))
    await do(ANA, place("c2", POSITIVE, upper))
    await do(ANA, pieces("c2", upper))
    with pytest.raises(RejectedCommandError, match="Ana cut Skull 1 into 2 fragments since"):
        await do(BEN, Undo())


async def test_a_cut_is_not_done_again_along_a_plane_that_was_adjusted(do: Do) -> None:
    """U6."""
    await cut_in_two(do)
    await do(ANA, Undo())
    await do(BEN, AdjustCut(cut_id=CUT, plane=HIGHER))
    with pytest.raises(RejectedCommandError, match="cannot be done again: Ben adjusted the plane"):
        await do(ANA, Redo())
    await do(BEN, Undo())
    await do(ANA, Redo())


async def test_a_cut_is_not_done_again_where_somebody_cut_in_the_meantime(do: Do) -> None:
    """U6."""
    await cut_in_two(do)
    await do(ANA, Undo())
    await do(BEN, place("c2"))
    await do(BEN, pieces("c2"))
    with pytest.raises(RejectedCommandError, match="Ben cut Skull into 2 fragments since"):
        await do(ANA, Redo())


async def test_what_comes_back_to_a_fragment_that_is_gone_comes_to_its_parent(
    room: Room, do: Do
) -> None:
    """U7."""
    await cut_in_two(do)
    await do(BEN, pin(solid_id=POSITIVE))
    await do(BEN, measure(solid_id=NEGATIVE))
    await do(BEN, place("c2", POSITIVE, Plane((0, 0, 30), (0, 0, 1))))
    await do(BEN, RemoveCut(cut_id=CutId("c2")))
    await do(BEN, RemoveMeasurement(measurement_id=MeasurementId("m1")))
    await do(BEN, RemoveNote(note_id=NOTE))
    await do(ANA, Undo())
    await do(ANA, Undo())
    for _ in range(3):
        await do(BEN, Undo())
    assert room.plan.notes[NOTE].anchor.solid_id == SKULL
    assert room.plan.measurements[MeasurementId("m1")].end.solid_id == SKULL
    assert room.plan.cuts[CutId("c2")].target_id == SKULL


async def test_what_comes_back_gets_another_name_where_its_own_was_taken(
    room: Room, do: Do
) -> None:
    """U7."""
    await do(ANA, place("c1"))
    await do(ANA, measure("m1"))
    await do(ANA, Undo())
    await do(BEN, measure("m2"))
    await do(ANA, Redo())
    assert sorted(it.name for it in room.plan.measurements.values()) == [
        "Distance 1",
        "Distance 2",
    ]
    await do(ANA, Undo())
    await do(ANA, RemoveCut(cut_id=CUT))
    await do(BEN, place("c2", plane=MIDDLE))
    await do(ANA, Undo())
    assert sorted(it.name for it in room.plan.cuts.values()) == ["Cut 1", "Cut 2"]


async def test_an_operation_may_be_taken_back_when_the_change_to_it_was_taken_back(
    room: Room, do: Do
) -> None:
    """U4."""
    before = room.state_hash
    await do(BEN, pin())
    await do(ANA, EditNote(note_id=NOTE, text="x"))
    await do(ANA, Undo())
    await do(BEN, Undo())
    assert room.state_hash == before
    with pytest.raises(RejectedCommandError, match="cannot be done again"):
        await do(ANA, Redo())
