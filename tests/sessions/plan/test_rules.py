"""The rules of the plan, one by one."""

import math
from typing import Any

import pytest
from msgspec.structs import replace

from imaging.space import Plane, RigidTransform
from sessions.errors import RejectedCommandError
from sessions.plan.casework import SYSTEM
from sessions.plan.commands import (
    AddSegment,
    AdjustCut,
    AdmitMember,
    ApplyCut,
    EditNote,
    OpenCase,
    RemoveCut,
    RemoveMeasurement,
    RemoveNote,
)
from sessions.plan.events import CutApplied, MemberAdmitted, NotePinned, SegmentAdded
from sessions.plan.evolving import evolve
from sessions.plan.records import CutId, MeasurementId, Member, MemberId, NoteId, Plan, Role
from sessions.plan.requirements import MAX_RECORDS
from sessions.plan.rules import PlanCommand, decide
from tests.sessions.deciding import AT, after, halved
from tests.sessions.scene import (
    ANA,
    BEN,
    CUT,
    MIDDLE,
    NEGATIVE,
    POSITIVE,
    SKULL,
    SOURCE,
    measure,
    move,
    pieces,
    pin,
    place,
    segment,
    surface,
)

HIGHER = Plane((0.0, 0.0, 5.0), (0.0, 0.0, 1.0))


def refused(plan: Plan, command: PlanCommand, reason: str, by: MemberId = ANA) -> None:
    with pytest.raises(RejectedCommandError, match=reason):
        decide(plan, command, by=by, at=AT)


@pytest.mark.parametrize("note_id", ["", "a b", "../n", "n" * 65, "ñ", "n\n"])
def test_an_id_of_other_characters_is_refused(plan: Plan, note_id: str) -> None:
    """P1."""
    refused(plan, pin(note_id), "the id of the note must be 1 to 64 letters")
    refused(plan, measure(note_id), "the id of the measurement must be 1 to 64 letters")
    refused(plan, place(note_id), "the id of the cut must be 1 to 64 letters")


def test_an_id_that_is_taken_is_refused(plan: Plan) -> None:
    """P2."""
    plan = after(plan, pin(), measure(), place())
    refused(plan, pin(text="another"), "a note of that id exists already")
    refused(plan, pin(), "a note of that id exists already", by=BEN)
    refused(plan, measure(end=(1.0, 0.0, 0.0)), "a measurement of that id exists already")
    refused(plan, place(plane=HIGHER), "a cut of that id exists already")
    refused(plan, AddSegment(segment=segment(name="Other")), "a solid of that id exists already")


def test_a_cut_whose_fragments_would_have_a_taken_id_is_refused(plan: Plan) -> None:
    """P2."""
    odd = AddSegment(segment=segment("c1-", "Odd"))
    refused(plan, odd, "the id of a segment must not end in a hyphen", by=SYSTEM)
    plan = evolve(plan, SegmentAdded(segment=odd.segment))  # of an older log
    refused(plan, place(), "a solid has the id of this cut's fragment")


@pytest.mark.parametrize("text", ["", "   ", "\n", "x" * 2001, "bell\a", "tab\t", "\u202eabc"])
def test_a_text_that_is_blank_too_long_or_holds_controls_is_refused(plan: Plan, text: str) -> None:
    """P3."""
    refused(plan, pin(text=text), "the note")
    plan = after(plan, pin())
    refused(plan, EditNote(note_id=NoteId("n1"), text=text), "the note")


@pytest.mark.parametrize("text", ["x", "x" * 2000, "two\nlines", "Ärztin 手術 😀"])
def test_any_other_text_is_a_note(plan: Plan, text: str) -> None:
    """P3."""
    assert after(plan, pin(text=text)).notes[NoteId("n1")].text == text


def test_a_lone_surrogate_is_refused_before_it_could_break_the_log(plan: Plan) -> None:
    """P3."""
    refused(plan, pin(text="\ud800"), "control character")


@pytest.mark.parametrize(
    "point",
    [(130.1, 0.0, 0.0), (0.0, -150.1, 0.0), (0.0, 0.0, 1e300), (math.nan, 0.0, 0.0)],
)
def test_a_point_far_from_its_solid_is_refused(
    plan: Plan, point: tuple[float, float, float]
) -> None:
    """P4."""
    refused(plan, pin(point=point), "the point")
    refused(plan, measure(start=point), "the point")
    refused(plan, measure(end=point), "the point")


def test_a_point_within_the_margin_of_its_solid_is_fine(plan: Plan) -> None:
    """P4."""
    assert after(plan, pin(point=(130.0, -150.0, 110.0))).notes


def test_what_is_pinned_to_no_solid_is_refused(plan: Plan) -> None:
    """P4."""
    refused(plan, pin(solid_id="liver"), "there is no such segment or fragment")
    refused(plan, measure(solid_id="liver"), "there is no such segment or fragment")
    refused(plan, place(target_id="liver"), "there is no such segment or fragment")


def test_a_note_may_be_pinned_to_a_solid_that_was_cut_in_the_meantime(plan: Plan) -> None:
    """P4."""
    assert after(halved(plan), pin()).notes[NoteId("n1")].anchor.solid_id == SKULL


def test_a_solid_that_was_cut_cannot_be_cut_again(plan: Plan) -> None:
    """P5."""
    refused(halved(plan), place("c2"), "Skull was cut along Ana's Cut 1; use its fragments")


def test_a_plane_that_passes_by_its_solid_is_refused(plan: Plan) -> None:
    """P6."""
    beside = Plane((0.0, 0.0, 60.0), (0.0, 0.0, 1.0))
    refused(plan, place(plane=beside), "the plane passes by Skull")
    plan = after(plan, place())
    refused(plan, AdjustCut(cut_id=CUT, plane=beside), "the plane passes by Skull")


def test_any_surgeon_may_adjust_a_plane_that_is_not_applied(plan: Plan) -> None:
    """P6."""
    plan = after(after(plan, place()), AdjustCut(cut_id=CUT, plane=HIGHER), by=BEN)
    assert plan.cuts[CUT].plane == HIGHER
    assert plan.cuts[CUT].author_id == ANA


def test_an_applied_cut_can_only_be_undone(plan: Plan) -> None:
    """P7."""
    plan = halved(plan)
    for command in (
        AdjustCut(cut_id=CUT, plane=HIGHER),
        RemoveCut(cut_id=CUT),
        ApplyCut(cut_id=CUT),
        pieces(),
    ):
        refused(plan, command, "Cut 1 has been applied; only undo takes it back")


def test_pieces_along_another_plane_are_refused(plan: Plan) -> None:
    """P8."""
    plan = after(plan, place(), AdjustCut(cut_id=CUT, plane=HIGHER))
    refused(plan, pieces(plane=MIDDLE), "moved while it was being cut; cut again")


def test_pieces_of_a_solid_that_was_cut_in_the_meantime_are_refused(plan: Plan) -> None:
    """P8."""
    plan = after(plan, place(), place("c2"), pieces("c2"))
    refused(plan, pieces(), "Skull was cut along Ana's Cut 2; use its fragments")
    refused(plan, ApplyCut(cut_id=CUT), "Skull was cut along")


def test_a_cut_leaves_two_fragments_named_after_what_was_cut(plan: Plan) -> None:
    """P9."""
    plan = halved(plan)
    assert [(it.fragment_id, it.name, it.side) for it in plan.fragments.values()] == [
        ("c1+", "Skull 1", "positive"),
        ("c1-", "Skull 2", "negative"),
    ]
    assert {it.parent_id for it in plan.fragments.values()} == {SKULL}


def test_a_fragment_of_a_moved_fragment_is_where_that_was(plan: Plan) -> None:
    """P9."""
    turn = RigidTransform.about_axis((0, 0, 1), 2.5, (10, 0, 0))
    upper = Plane((0.0, 0.0, 30.0), (0.0, 0.0, 1.0))
    plan = after(halved(plan), move(turn), place("c2", POSITIVE, upper))
    (event,) = decide(plan, pieces("c2", upper), by=ANA, at=AT)
    assert isinstance(event, CutApplied)
    assert {piece.transform for piece in event.fragments} == {turn}
    assert [piece.name for piece in event.fragments] == ["Skull 1 1", "Skull 1 2"]


def test_only_fragments_that_were_not_cut_can_move(plan: Plan) -> None:
    """P10."""
    refused(plan, move(RigidTransform(), SKULL), "only the pieces of a cut can move")
    upper = Plane((0.0, 0.0, 30.0), (0.0, 0.0, 1.0))
    plan = after(halved(plan), place("c2", POSITIVE, upper), pieces("c2", upper))
    refused(plan, move(RigidTransform()), "Skull 1 was cut along Ana's Cut 2")


@pytest.mark.parametrize("x", [2000.1, -2000.1])
def test_a_fragment_stays_within_two_metres(plan: Plan, x: float) -> None:
    """P11."""
    plan = halved(plan)
    refused(plan, move(RigidTransform(translation_mm=(x, 0, 0))), "more than 2000 mm")
    assert after(plan, move(RigidTransform(translation_mm=(2000, 0, 0)))) != plan


@pytest.mark.parametrize("author", [BEN, ANA])
def test_the_author_and_an_owner_may_change_what_was_pinned(plan: Plan, author: MemberId) -> None:
    """P12."""
    plan = after(plan, pin(), measure(), place(), by=author)
    edit = EditNote(note_id=NoteId("n1"), text="another")
    removals = (
        RemoveNote(note_id=NoteId("n1")),
        RemoveMeasurement(measurement_id=MeasurementId("m1")),
        RemoveCut(cut_id=CUT),
    )
    assert after(plan, edit, by=author).notes[NoteId("n1")].text == "another"
    emptied = after(plan, edit, *removals)  # by Ana, who owns the room
    assert not emptied.notes
    assert not emptied.measurements
    assert not emptied.cuts


def test_a_surgeon_may_not_change_what_others_pinned(plan: Plan) -> None:
    """P12."""
    plan = after(plan, pin(), measure(), place())
    refused(plan, EditNote(note_id=NoteId("n1"), text="x"), "the note is Ana's", by=BEN)
    refused(plan, RemoveNote(note_id=NoteId("n1")), "the note is Ana's", by=BEN)
    removal = RemoveMeasurement(measurement_id=MeasurementId("m1"))
    refused(plan, removal, "the measurement is Ana's", by=BEN)
    refused(plan, RemoveCut(cut_id=CUT), "the cut is Ana's", by=BEN)


def test_a_command_that_changes_nothing_leads_to_no_event(plan: Plan) -> None:
    """P13."""
    plan = after(halved(plan), pin(), measure(), place("c2", NEGATIVE, _lower()))
    for command in (
        pin(),
        EditNote(note_id=NoteId("n1"), text="mind the sinus"),
        RemoveNote(note_id=NoteId("n2")),
        measure(),
        RemoveMeasurement(measurement_id=MeasurementId("m2")),
        place("c2", NEGATIVE, _lower()),
        AdjustCut(cut_id=CutId("c2"), plane=_lower()),
        RemoveCut(cut_id=CutId("c3")),
        move(RigidTransform()),
        OpenCase(title="Phantom", source=SOURCE),
        AddSegment(segment=segment()),
        AdmitMember(member=plan.members[ANA]),
    ):
        assert decide(plan, command, by=ANA, at=AT) == ()


def _lower() -> Plane:
    return Plane((0.0, 0.0, -30.0), (0.0, 0.0, 1.0))


def test_what_is_not_there_cannot_be_changed(plan: Plan) -> None:
    """P14."""
    refused(plan, EditNote(note_id=NoteId("n9"), text="x"), "the note is gone")
    refused(plan, AdjustCut(cut_id=CutId("c9"), plane=MIDDLE), "there is no such cut")
    refused(plan, ApplyCut(cut_id=CutId("c9")), "there is no such cut")
    refused(plan, pieces("c9"), "there is no such cut")


def test_names_count_on_after_the_highest(plan: Plan) -> None:
    """P15."""
    plan = after(plan, place(), place("c2"), place("c3"), RemoveCut(cut_id=CutId("c2")))
    plan = after(plan, place("c4"), measure("m1"), measure("m2"))
    assert [cut.name for cut in plan.cuts.values()] == ["Cut 1", "Cut 3", "Cut 4"]
    assert [it.name for it in plan.measurements.values()] == ["Distance 1", "Distance 2"]


def test_a_room_holds_one_case(plan: Plan) -> None:
    """P16."""
    refused(plan, OpenCase(title="Other", source=SOURCE), "this room holds a case already")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"member_id": "system"}, "the server's own"),
        ({"member_id": "a b"}, "the id of the member"),
        ({"name": ""}, "the name"),
        ({"name": "A\nB"}, "control character"),
        ({"colour": "red;}"}, "#rrggbb"),
    ],
)
def test_a_member_has_a_decent_id_name_and_colour(
    plan: Plan, fields: dict[str, Any], reason: str
) -> None:
    """P17."""
    member = Member(member_id=MemberId("eva"), name="Eva", role=Role.SURGEON, colour="#35a7ff")
    (event,) = decide(plan, AdmitMember(member=member), by=SYSTEM, at=AT)
    assert event == MemberAdmitted(member=member)
    refused(plan, AdmitMember(member=replace(member, **fields)), reason, by=SYSTEM)


@pytest.mark.parametrize("sha256", ["", "../../etc/passwd", "A" * 64, "a" * 63])
def test_a_surface_is_named_by_a_hash(plan: Plan, sha256: str) -> None:
    """P18."""
    bad = replace(surface(), sha256=sha256)
    refused(plan, AddSegment(segment=replace(segment("s2"), surface=bad)), "64 hexadecimal")
    plan = after(plan, place())
    refused(plan, replace(pieces(), positive=bad), "64 hexadecimal")
    refused(plan, replace(pieces(), negative=bad), "64 hexadecimal")


def test_a_plan_that_is_full_takes_no_more(plan: Plan) -> None:
    """P19."""
    (event,) = decide(plan, pin(), by=ANA, at=AT)
    assert isinstance(event, NotePinned)
    full = replace(plan, notes={NoteId(f"x{i}"): event.note for i in range(MAX_RECORDS)})
    refused(full, pin(), f"holds {MAX_RECORDS} notes")
