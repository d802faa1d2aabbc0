"""What the list of activities says."""

from imaging.space import Plane, RigidTransform
from sessions.plan.commands import (
    AdjustCut,
    EditNote,
    RemoveCut,
    RemoveMeasurement,
    RemoveNote,
)
from sessions.plan.records import MeasurementId, NoteId, Plan
from sessions.plan.rules import PlanCommand, decide
from sessions.plan.summaries import summary_of
from tests.sessions.deciding import AT, after, halved
from tests.sessions.scene import ANA, CUT, POSITIVE, measure, move, pieces, pin, place


def said(plan: Plan, command: PlanCommand) -> str:
    return summary_of(plan, decide(plan, command, by=ANA, at=AT))


def test_every_operation_is_told_in_plain_words(plan: Plan) -> None:
    """V7."""
    assert said(plan, pin()) == "pinned a note on Skull"
    assert said(plan, measure()) == "measured 45.2 mm"
    assert said(plan, place()) == "placed a plane on Skull"
    full = after(plan, pin(), measure(), place())
    assert said(full, EditNote(note_id=NoteId("n1"), text="x")) == "edited the note on Skull"
    assert said(full, RemoveNote(note_id=NoteId("n1"))) == "removed the note on Skull"
    removal = RemoveMeasurement(measurement_id=MeasurementId("m1"))
    assert said(full, removal) == "removed Distance 1"
    higher = Plane((0, 0, 5), (0, 0, 1))
    assert said(full, AdjustCut(cut_id=CUT, plane=higher)) == "adjusted the plane of Cut 1"
    assert said(full, RemoveCut(cut_id=CUT)) == "removed the plane of Cut 1"
    assert said(full, pieces()) == "cut Skull into 2 fragments"


def test_a_move_is_told_by_how_far_the_centre_went_in_it(plan: Plan) -> None:
    """V7."""
    plan = after(halved(plan), move(RigidTransform(translation_mm=(100, 0, 0))))
    turn = RigidTransform.about_axis((0, 0, 1), 2.5, (100, 0, 30))
    there = RigidTransform(translation_mm=(12.3, 0, 0)) @ turn @ plan.fragments[POSITIVE].transform
    assert said(plan, move(there)) == "moved Skull 1 by 12.3 mm, 2.5°"


def test_a_note_is_told_to_be_on_the_piece_that_carries_it(plan: Plan) -> None:
    """V7."""
    assert said(halved(plan), pin()) == "pinned a note on Skull 1"
