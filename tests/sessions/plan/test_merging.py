"""Taking records over from a version."""

from functools import cache
from random import Random

import pytest
from msgspec.structs import replace

from imaging.space import Plane, RigidTransform
from sessions.errors import RejectedCommandError
from sessions.plan import merging
from sessions.plan.commands import (
    AdjustCut,
    AnyCommand,
    EditNote,
    EditSegment,
    MergeRecords,
    Redo,
    RemoveCut,
    RemoveMeasurement,
    RemoveNote,
    Rename,
    Undo,
)
from sessions.plan.content import content_hash
from sessions.plan.events import Merged, Renamed, SegmentAdded
from sessions.plan.evolving import evolve, evolve_all
from sessions.plan.merging import choices_between, merge
from sessions.plan.records import (
    CutId,
    MeasurementId,
    NoteId,
    OperationId,
    Plan,
    RecordKind,
    RecordRef,
    SegmentId,
    SolidId,
    VersionId,
)
from sessions.plan.soundness import require_whole
from sessions.state import Asking, State, propose
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
    segment,
)
from tests.sessions.simulated import simulate

V1 = VersionId("v1")
ASIDE = RigidTransform(translation_mm=(3.0, 4.0, 0.0))
HIGHER = Plane((0.0, 0.0, 5.0), (0.0, 0.0, 1.0))
UPPER = Plane((0.0, 0.0, 30.0), (0.0, 0.0, 1.0))


def ref(kind: RecordKind, record_id: str) -> RecordRef:
    return RecordRef(kind=kind, record_id=record_id)


def taken_over(ours: Plan, theirs: Plan, *choices: RecordRef) -> Plan:
    return evolve_all(ours, merge(ours, theirs, MergeRecords(version_id=V1, choices=choices)))


def refused(ours: Plan, theirs: Plan, reason: str, *choices: RecordRef) -> None:
    with pytest.raises(RejectedCommandError, match=reason):
        merge(ours, theirs, MergeRecords(version_id=V1, choices=choices))


def test_a_merge_begins_with_what_it_was_chosen_from(plan: Plan) -> None:
    """B6."""
    theirs = after(plan, pin())
    choices = (ref("note", "n1"), ref("note", "n1"))
    first, *rest = merge(plan, theirs, MergeRecords(version_id=V1, choices=choices))
    assert first == Merged(version_id=V1, choices=(ref("note", "n1"),))
    assert evolve_all(plan, rest) == theirs


def test_chosen_notes_come_change_and_go(plan: Plan) -> None:
    """B6."""
    ours = after(plan, pin("n1"), pin("n2"), pin("n4"))
    theirs = after(ours, EditNote(note_id=NoteId("n1"), text="x"), RemoveNote(note_id=NoteId("n2")))
    theirs = after(theirs, pin("n3"), RemoveNote(note_id=NoteId("n4")), pin("n4", point=(1, 1, 1)))
    choices = [ref("note", f"n{number}") for number in range(1, 5)]
    assert taken_over(ours, theirs, *choices) == theirs
    only = taken_over(ours, theirs, choices[0])
    assert set(only.notes) == {"n1", "n2", "n4"}
    assert only.notes[NoteId("n1")].text == "x"


def test_the_properties_of_a_chosen_segment_are_taken_over_each_by_itself(plan: Plan) -> None:
    """B6."""
    skull = SegmentId(SKULL)
    theirs = after(plan, EditSegment(segment_id=skull, name="Cranium", opacity=0.5))
    events = merge(plan, theirs, MergeRecords(version_id=V1, choices=(ref("segment", SKULL),)))
    assert [getattr(it, "field", None) for it in events] == [None, "name", "opacity"]
    assert evolve_all(plan, events) == theirs


def test_a_segment_that_came_in_later_stays(plan: Plan) -> None:
    """B6."""
    ours = evolve(plan, SegmentAdded(segment=segment("liver", "Liver")))
    assert choices_between(ours, plan) == ()
    refused(ours, plan, "Liver came in after this version", ref("segment", "liver"))


def test_a_cut_comes_with_its_fragments_where_their_parent_is_and_their_places_if_chosen(
    plan: Plan,
) -> None:
    """B7."""
    theirs = after(halved(plan), move(ASIDE))
    alone = taken_over(plan, theirs, ref("cut", CUT))
    assert alone.fragments[POSITIVE].transform == RigidTransform()
    assert alone.cuts == theirs.cuts
    with_place = taken_over(plan, theirs, ref("fragment", POSITIVE), ref("cut", CUT))
    assert with_place.fragments == theirs.fragments


def test_a_cut_goes_with_its_fragments_and_what_was_pinned_to_them_stays(plan: Plan) -> None:
    """B7."""
    ours = after(halved(plan), pin("n1", POSITIVE), measure("m1", solid_id=NEGATIVE))
    merged = taken_over(ours, plan, ref("cut", CUT))
    assert not merged.fragments
    assert not merged.cuts
    assert merged.notes[NoteId("n1")].anchor.solid_id == SKULL
    assert merged.measurements[MeasurementId("m1")].end.solid_id == SKULL


def test_a_place_without_its_cut_is_refused(plan: Plan) -> None:
    """B8."""
    theirs = after(halved(plan), move(ASIDE))
    place_of = ref("fragment", POSITIVE)
    refused(plan, theirs, "Skull 1 comes and goes with Cut 1; choose that as well", place_of)
    refused(theirs, plan, "Skull 1 comes and goes with Cut 1; choose that as well", place_of)
    assert taken_over(theirs, halved(plan), place_of) == halved(plan)


def test_what_is_on_a_fragment_without_its_cut_is_refused(plan: Plan) -> None:
    """B8."""
    theirs = after(halved(plan), pin("n1", POSITIVE), place("c2", POSITIVE, UPPER))
    refused(plan, theirs, "the note is on Skull 1, which comes with Cut 1", ref("note", "n1"))
    refused(plan, theirs, "Cut 2 lies on Skull 1, which comes with Cut 1", ref("cut", "c2"))
    everything = choices_between(plan, theirs)
    assert taken_over(plan, theirs, *everything) == theirs


def test_a_cut_that_another_one_stands_on_does_not_go_without_it(plan: Plan) -> None:
    """B8."""
    ours = after(halved(plan), place("c2", POSITIVE, UPPER), pieces("c2", UPPER))
    refused(ours, plan, "Cut 2 lies on a fragment that goes with Cut 1", ref("cut", CUT))
    assert taken_over(ours, plan, *choices_between(ours, plan)) == plan


def test_a_cut_through_what_was_cut_otherwise_is_refused(plan: Plan) -> None:
    """B8."""
    ours = after(plan, place("c2", plane=HIGHER), pieces("c2", HIGHER), by=BEN)
    refused(ours, halved(plan), "Skull was cut along Ben's Cut 1 here", ref("cut", CUT))
    merged = taken_over(ours, halved(plan), ref("cut", CUT), ref("cut", "c2"))
    assert merged == halved(plan)


def test_a_fragment_that_was_cut_here_only_is_not_moved(plan: Plan) -> None:
    """B8."""
    ours = after(halved(plan), place("c2", POSITIVE, UPPER), pieces("c2", UPPER))
    theirs = after(halved(plan), move(ASIDE))
    refused(ours, theirs, "Skull 1 was cut along Cut 2 here", ref("fragment", POSITIVE))
    both = taken_over(ours, theirs, ref("fragment", POSITIVE), ref("cut", "c2"))
    assert both == theirs


def test_a_cut_of_one_id_along_two_planes_is_made_again_with_what_stands_on_it(plan: Plan) -> None:
    """B7."""
    placed = after(plan, place())
    ours = after(placed, pieces(), place("c2", POSITIVE, UPPER), pin("n1", POSITIVE))
    ours = after(ours, move(ASIDE, NEGATIVE))
    other = replace(pieces(plane=HIGHER), positive=replace(pieces().positive, sha256="d" * 64))
    theirs = after(placed, AdjustCut(cut_id=CUT, plane=HIGHER), other)
    refused(ours, theirs, "Cut 2 lies on a fragment", ref("cut", CUT))
    refused(ours, theirs, "comes and goes with Cut 1", ref("fragment", POSITIVE))
    merged = taken_over(ours, theirs, ref("cut", CUT), ref("cut", "c2"))
    assert merged.cuts == theirs.cuts
    assert merged.fragments[POSITIVE] == theirs.fragments[POSITIVE]
    assert merged.fragments[NEGATIVE].transform == ASIDE  # its place was not chosen
    assert merged.notes[NoteId("n1")].anchor.solid_id == SKULL
    assert taken_over(ours, theirs, *choices_between(ours, theirs)) == theirs


def test_a_name_that_is_taken_here_becomes_the_next_free_one(plan: Plan) -> None:
    """B9."""
    ours = after(plan, place("c2"), measure("m2"))
    theirs = after(plan, place("c1", plane=HIGHER), measure("m1"))
    merged = taken_over(ours, theirs, ref("cut", "c1"), ref("measurement", "m1"))
    assert {key: it.name for key, it in merged.cuts.items()} == {"c2": "Cut 1", "c1": "Cut 2"}
    assert sorted(it.name for it in merged.measurements.values()) == ["Distance 1", "Distance 2"]
    again = MergeRecords(version_id=V1, choices=(ref("cut", "c1"), ref("measurement", "m1")))
    assert merge(merged, theirs, again) == ()


def test_names_are_exchanged(plan: Plan) -> None:
    """B9."""
    ours = after(plan, place("c1"), place("c2"))
    cuts = (ref("cut", "c1"), ref("cut", "c2"))
    theirs = after(ours, Rename(ref=cuts[0], name="x"), Rename(ref=cuts[1], name="Cut 1"))
    theirs = after(theirs, Rename(ref=cuts[0], name="Cut 2"))
    events = merge(ours, theirs, MergeRecords(version_id=V1, choices=cuts))
    assert evolve_all(ours, events) == theirs
    named = {key: it.name for key, it in ours.cuts.items()}
    for event in events[1:]:
        assert isinstance(event, Renamed)
        named[CutId(event.ref.record_id)] = event.after
        assert len(set(named.values())) == len(named)


def test_a_name_that_something_keeps_is_not_taken_from_it(plan: Plan) -> None:
    """B9."""
    base = after(plan, place("c1"), place("c2"))
    ours = after(base, Rename(ref=ref("cut", "c2"), name="Window"))
    theirs = after(base, Rename(ref=ref("cut", "c1"), name="Window"))
    refused_name = taken_over(ours, theirs, ref("cut", "c1"))
    assert refused_name.cuts[CutId("c1")].name == "Cut 1"


def test_a_merge_of_too_much_is_refused(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    """B10."""
    theirs = after(plan, pin("n1"))
    monkeypatch.setattr(merging, "MAX_MERGE_BYTES", 100)
    refused(plan, theirs, "too much for one merge; choose less", ref("note", "n1"))
    monkeypatch.setattr(merging, "MAX_RECORDS", 0)
    refused(plan, theirs, "more than 0 ", ref("note", "n1"))


def test_what_is_on_neither_side_is_passed_over(plan: Plan) -> None:
    """B6."""
    kinds: tuple[RecordKind, ...] = ("segment", "fragment", "cut", "note", "measurement")
    nothing = tuple(ref(kind, "none") for kind in kinds)
    assert merge(plan, plan, MergeRecords(version_id=V1, choices=nothing)) == ()


@pytest.mark.parametrize(
    "later",
    [
        (RemoveMeasurement(measurement_id=MeasurementId("m1")),),
        (RemoveCut(cut_id=CutId("c2")),),
        (pin("n1", point=(1, 2, 3)),),
        (place("c3", SolidId(POSITIVE), UPPER), pieces("c3", UPPER), move(ASIDE, "c3+")),
        (place("c3", SolidId(NEGATIVE), Plane((0, 0, -30), (0, 0, 1))), pin("n3", NEGATIVE)),
    ],
)
def test_everything_taken_over_is_the_version_in_both_directions(
    plan: Plan, later: tuple[AnyCommand, ...]
) -> None:
    """B11."""
    base = after(halved(plan), measure(), place("c2", NEGATIVE, Plane((0, 0, -20), (0, 0, 1))))
    other = after(base, *later)  # type: ignore[arg-type]  # the plan alone decides these
    for ours, theirs in ((base, other), (other, base)):
        merged = taken_over(ours, theirs, *choices_between(ours, theirs))
        assert content_hash(merged) == content_hash(theirs)


@cache
def simulated(seed: int) -> State:
    return simulate(seed, 350)


def done(state: State, command: AnyCommand, number: str, branch_id: str) -> State:
    asking = Asking(ANA, OperationId(number), command, state.lines[branch_id].plan.branch_id)  # type: ignore[index]
    step = propose(state, asking, "")
    assert step is not None
    return step.state


@pytest.mark.parametrize("seed", range(6))
def test_taking_everything_over_gives_the_version_once_and_undo_gives_it_back(seed: int) -> None:
    """B11."""
    state = simulated(seed)
    assert state.kept
    for branch_id, line in state.lines.items():
        for version_id, kept in state.kept.items():
            choices = choices_between(line.plan, kept.plan)
            if not choices:
                continue
            command = MergeRecords(version_id=version_id, choices=choices)
            merged = done(state, command, "merge", branch_id)
            plan = merged.lines[branch_id].plan
            assert content_hash(plan) == content_hash(kept.plan)
            assert merge(plan, kept.plan, command) == ()
            back = done(merged, Undo(), "back", branch_id)
            assert content_hash(back.lines[branch_id].plan) == content_hash(line.plan)
            again = done(back, Redo(), "again", branch_id)
            assert content_hash(again.lines[branch_id].plan) == content_hash(plan)


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_chosen_leaves_a_whole_plan_or_a_refusal_and_can_be_taken_back(
    seed: int,
) -> None:
    """B12."""
    random, state = Random(seed), simulated(seed)
    tried = 0
    for branch_id, line in state.lines.items():
        for version_id, kept in state.kept.items():
            every = choices_between(line.plan, kept.plan)
            choices = tuple(it for it in every if random.random() < 0.4)
            command = MergeRecords(version_id=version_id, choices=choices)
            try:
                if not merge(line.plan, kept.plan, command):
                    continue
            except RejectedCommandError:
                continue
            merged = done(state, command, "merge", branch_id)
            plan = merged.lines[branch_id].plan
            require_whole(plan)
            for records in (plan.cuts, plan.measurements):
                assert len({it.name for it in records.values()}) == len(records)
            assert merge(plan, kept.plan, command) == ()
            back = done(merged, Undo(), "back", branch_id)
            assert content_hash(back.lines[branch_id].plan) == content_hash(line.plan)
            tried += 1
    assert tried
