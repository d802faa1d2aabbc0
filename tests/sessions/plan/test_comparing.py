"""What differs between two plans, in numbers."""

import math

import msgspec
import pytest
from msgspec.structs import replace

from imaging.space import Plane, RigidTransform, Vector
from sessions.plan.commands import (
    AdjustCut,
    EditNote,
    EditSegment,
    RemoveMeasurement,
    RemoveNote,
    Rename,
)
from sessions.plan.comparing import Difference, compare
from sessions.plan.comparing_values import Value
from sessions.plan.records import MAIN, MeasurementId, NoteId, Plan, RecordRef, SegmentId
from sessions.room import Room
from sessions.state import Kept
from tests.sessions.conftest import Do
from tests.sessions.deciding import after, halved
from tests.sessions.scene import (
    ANA,
    BEN,
    CUT,
    NEGATIVE,
    POSITIVE,
    SKULL,
    measure,
    move,
    pieces,
    pin,
    place,
)
from tests.sessions.simulated import simulate


def kept(plan: Plan) -> Kept:
    return Kept(plan, {})


def only(before: Plan, after_: Plan) -> Difference:
    (difference,) = compare(kept(before), kept(after_)).differences
    return difference


def changes(difference: Difference) -> dict[str, float | None]:
    return {value.property: value.change for value in difference.values}


def test_equal_plans_differ_in_nothing(plan: Plan) -> None:
    """C1."""
    plan = after(halved(plan), pin(), measure())
    assert compare(kept(plan), kept(plan)).differences == ()


def test_what_is_only_on_one_side_was_added_or_removed(plan: Plan) -> None:
    """C1."""
    full = after(plan, pin(), measure(), place())
    there = compare(kept(plan), kept(full)).differences
    assert [(it.ref.kind, it.what, it.sentence) for it in there] == [
        ("cut", "added", "Cut 1 was added"),
        ("note", "added", 'the note was added (text "mind the sinus")'),
        ("measurement", "added", "Distance 1 was added (length 45.2 mm)"),
    ]
    back = compare(kept(full), kept(plan)).differences
    assert {it.what for it in back} == {"removed"}


@pytest.mark.parametrize(
    ("way", "moved_mm"), [((3.0, 4.0, 0.0), 5.0), ((0.0, 0.0, -2.5), 2.5), ((1, 2, 2), 3.0)]
)
def test_a_fragment_moved_by_the_length_of_its_way(
    plan: Plan, way: Vector, moved_mm: float
) -> None:
    """C2."""
    plan = halved(plan)
    difference = only(plan, after(plan, move(RigidTransform(translation_mm=way))))
    assert changes(difference) == pytest.approx({"moved": moved_mm, "turned": 0.0})


def test_a_fragment_that_turns_about_its_centre_does_not_move(plan: Plan) -> None:
    """C2."""
    plan = halved(plan)
    turn = RigidTransform.about_axis((0, 0, 1), 10.0, (0.0, 0.0, 30.0))
    difference = only(plan, after(plan, move(turn)))
    assert changes(difference) == pytest.approx({"moved": 0.0, "turned": 10.0}, abs=1e-9)
    assert difference.sentence == "Skull 1: moved by 0.0 mm; turned by 10.0°"


def test_a_fragment_that_turns_about_a_point_goes_along_the_chord(plan: Plan) -> None:
    """C2."""
    plan = halved(plan)
    turn = RigidTransform.about_axis((0, 0, 1), 60.0, (40.0, 0.0, 30.0))
    difference = only(plan, after(plan, move(turn)))
    assert changes(difference) == pytest.approx({"moved": 40.0, "turned": 60.0})


def test_a_plane_is_measured_at_the_centre_of_what_it_goes_through(plan: Plan) -> None:
    """C2."""
    plan = after(plan, place())
    shifted = after(plan, AdjustCut(cut_id=CUT, plane=Plane((7.0, -3.0, 2.0), (0.0, 0.0, 1.0))))
    assert changes(only(plan, shifted)) == pytest.approx({"plane moved": 2.0, "plane turned": 0.0})
    angle = math.radians(10)
    tilted = Plane((0.0, 0.0, 0.0), (math.sin(angle), 0.0, math.cos(angle)))
    turned = after(plan, AdjustCut(cut_id=CUT, plane=tilted))
    assert changes(only(plan, turned)) == pytest.approx({"plane moved": 0.0, "plane turned": 10.0})
    assert only(plan, turned).sentence == "Cut 1: plane moved by 0.0 mm; plane turned by 10.0°"


def test_a_plane_moved_within_itself_cuts_the_same(plan: Plan) -> None:
    """C2."""
    plan = after(plan, place())
    slid = after(plan, AdjustCut(cut_id=CUT, plane=Plane((5.0, 6.0, 0.0), (0.0, 0.0, 1.0))))
    assert changes(only(plan, slid)) == pytest.approx({"plane moved": 0.0, "plane turned": 0.0})


def test_a_distance_follows_what_was_moved(plan: Plan) -> None:
    """C3."""
    plan = after(halved(plan), measure())
    moved = after(plan, move(RigidTransform(translation_mm=(0.0, 0.0, 4.8))))
    fragment, distance = compare(kept(plan), kept(moved)).differences
    assert fragment.ref.record_id == POSITIVE
    assert distance.ref == RecordRef(kind="measurement", record_id="m1")
    (length,) = distance.values
    assert (length.before, length.after, length.change) == pytest.approx((45.2, 50.0, 4.8))
    assert distance.sentence == "Distance 1: length was 45.2 mm, is 50.0 mm"
    assert distance.member_id is None


def test_the_pieces_of_a_cut_are_compared_in_millilitres(plan: Plan) -> None:
    """C3."""
    placed = after(plan, place())
    made = replace(pieces(), positive=replace(pieces().positive, volume_ml=180.5))
    cut = compare(kept(placed), kept(after(placed, made))).differences
    there = next(it for it in cut if it.ref.kind == "cut")
    assert Value(property="state", before="placed", after="cut") in there.values
    assert there.sentence == (
        'Cut 1: state was "placed", is "cut"; volume of piece 1 180.5 mL is new; '
        "volume of piece 2 365.3 mL is new"
    )
    added = next(it for it in cut if it.ref.record_id == POSITIVE)
    assert added.sentence == "Skull 1 was added (volume 180.5 mL)"


def test_words_and_properties_are_shown_as_they_were_and_are(plan: Plan) -> None:
    """C3."""
    plan = after(plan, pin(), place())
    edited = after(
        plan,
        EditSegment(segment_id=SegmentId(SKULL), opacity=0.5, owner="A", colour=(255, 0, 16)),
        EditNote(note_id=NoteId("n1"), text="mind the nerve"),
        Rename(ref=RecordRef(kind="cut", record_id=CUT), name="Window"),
    )
    said = [it.sentence for it in compare(kept(plan), kept(edited)).differences]
    assert said == [
        (
            'Skull: owner was "shared", is "A"; colour was "#f1d691", is "#ff0010"; '
            "opacity was 1, is 0.5"
        ),
        'Cut 1: name was "Cut 1", is "Window"',
        'the note: text was "mind the sinus", is "mind the nerve"',
    ]


def test_what_was_pinned_elsewhere_is_told_by_how_far(plan: Plan) -> None:
    """C2."""
    before = after(plan, pin(), measure())
    elsewhere = after(
        before,
        RemoveNote(note_id=NoteId("n1")),
        RemoveMeasurement(measurement_id=MeasurementId("m1")),
        pin(point=(3.0, 4.0, 10.0)),
        measure(start=(0.0, 0.0, 12.0), end=(0.0, 0.0, -33.2)),
    )
    note, distance = compare(kept(before), kept(elsewhere)).differences
    assert changes(note) == pytest.approx({"moved": 5.0})
    assert changes(distance) == pytest.approx({"start moved": 2.0, "end moved": 2.0})


async def test_a_difference_names_who_made_it_and_how(room: Room, do: Do) -> None:
    """C4."""
    await do(ANA, pin("n1"))
    await do(ANA, place())
    await do(ANA, pieces())
    first = Kept(room.plan, room.state.ledger.latest)
    await do(BEN, move(RigidTransform(translation_mm=(3.0, 4.0, 0.0)), NEGATIVE))
    await do(ANA, EditNote(note_id=NoteId("n1"), text="x"))
    line = room.state.line(MAIN)
    piece, note = compare(first, Kept(line.plan, line.ledger.latest)).differences
    assert (piece.member_id, piece.did) == (BEN, "moved Skull 2 by 5.0 mm, 0.0°")
    assert (note.member_id, note.did) == (ANA, "edited the note on Skull 1")
    assert note.revision == room.revision


@pytest.mark.parametrize("seed", [1, 2])
def test_the_other_way_round_everything_is_exchanged(seed: int) -> None:
    """C5."""
    state = simulate(seed, 300)
    line = state.line(MAIN)
    here = Kept(line.plan, line.ledger.latest)
    assert state.kept
    for there in state.kept.values():
        one, other = compare(here, there).differences, compare(there, here).differences
        assert [it.ref for it in one] == [it.ref for it in other]
        for forth, back in zip(one, other, strict=True):
            assert {forth.what, back.what} in ({"added", "removed"}, {"changed"})
            assert (forth.member_id, forth.revision) == (back.member_id, back.revision)
            for value, exchanged in zip(forth.values, back.values, strict=True):
                assert (value.before, value.after) == (exchanged.after, exchanged.before)
                assert abs(value.change or 0) == pytest.approx(abs(exchanged.change or 0))
        assert msgspec.json.decode(msgspec.json.encode(one), type=tuple[Difference, ...]) == one
