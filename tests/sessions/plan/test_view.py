"""What the page is given."""

import math

import msgspec
import pytest

from imaging.space import Plane, RigidTransform
from sessions.plan.commands import OpenThread, Rename
from sessions.plan.records import (
    AboutRecord,
    CommentId,
    FragmentId,
    Plan,
    RecordRef,
    SolidId,
    ThreadId,
)
from sessions.plan.view import changes_between, view_of
from tests.sessions.deciding import after, halved
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


def test_a_view_shows_the_case_and_all_records(plan: Plan) -> None:
    """V1."""
    view = view_of(after(plan, pin(), by=BEN))
    assert view["case"]["case"]["title"] == "Phantom"
    assert view["case"]["case"]["source"]["modality"] == "CT"
    assert set(view["members"]) == {"ana", "ben", "ole"}
    note = view["notes"]["n1"]
    assert (note["text"], note["author_name"], note["colour"]) == (
        "mind the sinus",
        "Ben",
        "#ff8a3d",
    )
    assert msgspec.json.encode(view)


def test_a_cut_solid_is_no_leaf_and_its_fragments_are(plan: Plan) -> None:
    """V2."""
    assert view_of(plan)["segments"][SKULL]["leaf"] is True
    view = view_of(halved(plan))
    assert view["segments"][SKULL]["leaf"] is False
    assert view["segments"]["brain"]["leaf"] is True
    for fragment_id in (POSITIVE, NEGATIVE):
        fragment = view["fragments"][fragment_id]
        assert fragment["leaf"] is True
        assert fragment["segment_id"] == SKULL
        assert fragment["owner"] == "shared"
        assert tuple(fragment["colour"]) == (241, 214, 145)


def test_the_rehearsed_motion_of_a_fragment_is_reported_as_it_was_made(plan: Plan) -> None:
    """V3; phantom check 9: (1.2, 0, 0) mm and 2.5 degrees about the fragment's centre."""
    centre = (0.0, 0.0, 30.0)
    turn = RigidTransform.about_axis((0.2, -0.5, 0.8), 2.5, centre)
    plan = after(halved(plan), move(RigidTransform(translation_mm=(1.2, 0.0, 0.0)) @ turn))
    fragment = view_of(plan)["fragments"][POSITIVE]
    assert fragment["moved_mm"] == pytest.approx((1.2, 0.0, 0.0), abs=0.01)  # mm, as check 9 asks
    assert fragment["moved_deg"] == pytest.approx(2.5, abs=0.01)


def test_a_point_is_carried_by_the_fragment_on_its_side_of_each_cut(plan: Plan) -> None:
    """V4."""
    plan = after(plan, pin("n1", point=(0, 0, 10)), pin("n2", point=(0, 0, -10)))
    plan = after(halved(plan), place("c2", POSITIVE, Plane((0, 0, 20), (0, 0, -1))))
    notes = view_of(plan)["notes"]
    assert [notes[key]["leaf_id"] for key in ("n1", "n2")] == ["c1+", "c1-"]
    plan = after(plan, pieces("c2", Plane((0, 0, 20), (0, 0, -1))))
    assert view_of(plan)["notes"]["n1"]["leaf_id"] == "c2+"


def test_a_point_goes_where_its_fragment_goes(plan: Plan) -> None:
    """V5."""
    plan = after(plan, measure(start=(0, 0, 10), end=(0, 0, -10)), pin("n1", point=(0, 0, 10)))
    plan = after(halved(plan), move(RigidTransform(translation_mm=(0, 0, 5))))
    view = view_of(plan)
    measurement = view["measurements"]["m1"]
    assert measurement["start_world_mm"] == (0, 0, 15)
    assert (measurement["start_leaf_id"], measurement["end_leaf_id"]) == ("c1+", "c1-")
    assert measurement["length_mm"] == pytest.approx(25.0)
    assert view["notes"]["n1"]["world_mm"] == (0, 0, 15)


def test_a_plane_on_a_moved_fragment_goes_along(plan: Plan) -> None:
    """V5."""
    upright = Plane((5.0, 0.0, 30.0), (1.0, 0.0, 0.0))
    quarter = RigidTransform.about_axis((0, 0, 1), 90)
    plan = after(halved(plan), move(quarter), place("c2", POSITIVE, upright))
    cut = view_of(plan)["cuts"]["c2"]
    assert cut["world_plane"]["origin"] == pytest.approx((0, 5, 30))
    assert cut["world_plane"]["normal"] == pytest.approx((0, 1, 0))
    assert cut["plane"]["normal"] == (1, 0, 0)
    assert cut["author_name"] == "Ana"


def test_only_what_changed_is_sent(plan: Plan) -> None:
    """V6."""
    plan = after(plan, pin("n1", point=(0, 0, 10)), pin("n2", point=(0, 0, -10)), measure())
    whole = halved(plan)
    moved = after(whole, move(RigidTransform(translation_mm=(1, 0, 0))), by=BEN)
    changed = {(it.kind, it.id) for it in changes_between(whole, moved)}
    assert changed == {("fragments", "c1+"), ("notes", "n1"), ("measurements", "m1")}
    assert changes_between(moved, moved) == ()


def test_a_record_that_is_gone_is_sent_as_none(plan: Plan) -> None:
    """V6."""
    changes = changes_between(halved(plan), plan)
    assert {it.id for it in changes if it.value is None} == {CUT, POSITIVE, NEGATIVE}


def test_a_renamed_member_changes_what_they_made(plan: Plan) -> None:
    """V6."""
    before = after(plan, pin(), place(plane=MIDDLE), by=BEN)
    members = {**before.members, BEN: msgspec.structs.replace(before.members[BEN], name="Benno")}
    changes = changes_between(before, msgspec.structs.replace(before, members=members))
    assert {(it.kind, it.id) for it in changes} == {
        ("members", BEN),
        ("notes", "n1"),
        ("cuts", CUT),
    }
    assert view_of(before)["notes"]["n1"]["author_id"] != ANA


def test_half_a_turn_is_half_a_turn(plan: Plan) -> None:
    """V3."""
    plan = after(halved(plan), move(RigidTransform.about_axis((0, 0, 1), 180, (0, 0, 30))))
    fragment = view_of(plan)["fragments"][POSITIVE]
    assert fragment["moved_deg"] == pytest.approx(180)
    assert math.hypot(*fragment["moved_mm"]) == pytest.approx(0, abs=1e-9)


def test_a_fragment_that_comes_from_elsewhere_is_sent(plan: Plan) -> None:
    """V6; found by random events: neither root is a segment, so both lack one alike."""
    whole = halved(plan)
    lost = msgspec.structs.replace(whole, segments={})
    orphan = msgspec.structs.replace(whole.fragments[POSITIVE], parent_id=SolidId("elsewhere"))
    upper = msgspec.structs.replace(
        orphan, fragment_id=FragmentId("c2+"), parent_id=SolidId(POSITIVE)
    )
    before = msgspec.structs.replace(lost, fragments={**whole.fragments, upper.fragment_id: upper})
    after_it = msgspec.structs.replace(
        before, fragments={**before.fragments, orphan.fragment_id: orphan}
    )
    changed = {it.id for it in changes_between(before, after_it)}
    assert changed == {POSITIVE, "c2+"}


def test_a_thread_is_shown_again_when_what_it_is_about_gets_another_name(plan: Plan) -> None:
    """V6; found by five simulated members."""
    ref = RecordRef(kind="cut", record_id=CUT)
    opened = OpenThread(
        thread_id=ThreadId("t1"),
        about=AboutRecord(ref=ref),
        comment_id=CommentId("k1"),
        text="too close?",
    )
    before = after(plan, place(), opened)
    renamed = after(before, Rename(ref=ref, name="Window"))
    changes = {it.kind: it.value for it in changes_between(before, renamed)}
    assert changes["threads"] is not None
    assert changes["threads"]["subject"] == "Window"
