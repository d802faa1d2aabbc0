"""What becomes of what was drawn: undone, computed, locked, merged."""

import math

import pytest
from msgspec.structs import replace

from sessions.errors import ForbiddenError, RejectedCommandError
from sessions.plan.carrying import basis_of
from sessions.plan.casework import SYSTEM
from sessions.plan.commands import (
    EditMarkup,
    LockRecord,
    MergeRecords,
    RecordFindings,
    Redo,
    RemoveMarkup,
    Rename,
    SaveVersion,
    Undo,
)
from sessions.plan.comparing import compare
from sessions.plan.content import content_hash
from sessions.plan.figures import CLOSED, Measured, awaited, measured
from sessions.plan.findings import Basis, Findings
from sessions.plan.marking import MAX_PATH_POINTS
from sessions.plan.merging import choices_between
from sessions.plan.records import (
    MarkupId,
    OperationId,
    Plan,
    RecordRef,
    SolidId,
    VersionId,
)
from sessions.plan.rules import decide
from sessions.room import Room
from sessions.state import Kept
from tests.sessions.conftest import Do
from tests.sessions.deciding import AT, after
from tests.sessions.plan.test_marking import K1, many
from tests.sessions.scene import (
    ANA,
    BEN,
    NEGATIVE,
    POSITIVE,
    SKULL,
    at,
    draw,
    pieces,
    place,
)

REF = RecordRef(kind="markup", record_id="k1")


async def test_undo_takes_back_one_property_past_anothers_other_one(room: Room, do: Do) -> None:
    """U4; property by property; Ben's draft has points of his, and a text of Ana's."""
    await do(BEN, draw())
    ends = (at((0, 0, 10)), at((0, 0, 20)))
    await do(BEN, EditMarkup(markup_id=K1, points=ends))
    await do(ANA, EditMarkup(markup_id=K1, text="rim"))
    await do(BEN, Undo())
    markup = room.plan.markups[K1]
    assert (markup.text, markup.points) == ("rim", draw().points)
    with pytest.raises(RejectedCommandError, match="Ana reworded Line 1 since"):
        await do(BEN, Undo())
    await do(BEN, Redo())
    assert room.plan.markups[K1].points == ends


async def test_what_was_removed_comes_back_with_what_was_computed(room: Room, do: Do) -> None:
    """U1; G7."""
    await do(ANA, draw("k1", "surface_path"))
    await computed(room, do, 45.2)
    kept = room.plan.markups[K1]
    await do(ANA, RemoveMarkup(markup_id=K1))
    await do(BEN, draw("k2", "surface_path"))
    await do(ANA, Undo())
    assert room.plan.markups[K1] == replace(kept, name="Path 2"), "Path 1 is Ben's by now"


async def computed(room: Room, do: Do, length_mm: float) -> None:
    basis = basis_of(room.plan, room.plan.markups[K1])
    await do(
        SYSTEM,
        RecordFindings(markup_id=K1, findings=Findings(basis=basis, length_mm=length_mm)),
    )


async def test_findings_are_no_step_and_no_edit(room: Room, do: Do) -> None:
    """G7."""
    await do(ANA, draw("k1", "surface_path"))
    await do(ANA, SaveVersion(version_id=VersionId("v1"), name="plan"))
    await do(ANA, draw("k2"))
    await do(ANA, Undo())
    await do(ANA, SaveVersion(version_id=VersionId("v2"), name="plan"))
    before = content_hash(room.plan)
    await computed(room, do, 45.2)
    assert room.activity(1)[0].summary == "computed Path 1: 45.2 mm"
    assert not room.plan.edited
    assert content_hash(room.plan) == before
    saved: Kept = room.state.kept[VersionId("v1")]
    assert choices_between(room.plan, saved.plan) == ()
    assert compare(saved, Kept(room.plan, room.state.ledger.latest)).differences == ()
    assert not room.can_undo(SYSTEM)
    await do(ANA, Redo())
    assert MarkupId("k2") in room.plan.markups


async def test_stale_and_foreign_findings_are_passed_over(room: Room, do: Do) -> None:
    """G7."""
    await do(ANA, draw("k1", "surface_path"))
    revision = room.revision
    now = basis_of(room.plan, room.plan.markups[K1])
    elsewhere = replace(now, world_mm=((0.0, 0.0, 0.0), (1.0, 1.0, 1.0)))
    for markup_id, basis in ((K1, elsewhere), (K1, Basis()), (MarkupId("no"), now)):
        findings = Findings(basis=basis, length_mm=1.0)
        await do(SYSTEM, RecordFindings(markup_id=markup_id, findings=findings))
    await do(ANA, draw("k2"))
    line = basis_of(room.plan, room.plan.markups[MarkupId("k2")])
    await do(SYSTEM, RecordFindings(markup_id=MarkupId("k2"), findings=Findings(basis=line)))
    assert room.revision == revision + 1
    with pytest.raises(ForbiddenError):
        await do(ANA, RecordFindings(markup_id=K1, findings=Findings(basis=now)))


BROKEN = {
    "no number": ({"length_mm": math.inf}, "no finite number"),
    "a way without an end": (
        {"path_mm": ((0.0, 0.0, 0.0),) * (MAX_PATH_POINTS + 1)},
        "over 1024 points",
    ),
    "a speech": ({"problem": "x" * 2001}, "no sentence"),
}


@pytest.mark.parametrize(("fields", "reason"), BROKEN.values(), ids=BROKEN)
def test_findings_that_no_markup_can_have_are_refused(
    plan: Plan, fields: dict[str, object], reason: str
) -> None:
    """G7."""
    plan = after(plan, draw("k1", "surface_path"))
    findings = Findings(basis=basis_of(plan, plan.markups[K1]), **fields)  # type: ignore[arg-type]
    with pytest.raises(RejectedCommandError, match=reason):
        decide(plan, RecordFindings(markup_id=K1, findings=findings), by=SYSTEM, at=AT)


def test_other_points_void_what_was_computed(plan: Plan) -> None:
    """G7."""
    plan = after(plan, draw("k1", "surface_path"))
    findings = Findings(basis=basis_of(plan, plan.markups[K1]), length_mm=45.2)
    plan = after(plan, RecordFindings(markup_id=K1, findings=findings), by=SYSTEM)
    reworded = after(plan, EditMarkup(markup_id=K1, text="rim"))
    assert reworded.markups[K1].findings == findings
    reshaped = after(plan, EditMarkup(markup_id=K1, points=many(3, SKULL)))
    assert reshaped.markups[K1].findings is None


async def test_joined_fragments_hand_their_markups_up(room: Room, do: Do) -> None:
    """P21; U5: a gap between pieces that are one again has no sides."""
    await do(ANA, place())
    await room.record(ANA, OperationId("op-cut"), pieces())
    await do(BEN, draw("k1", "line", (at((0, 0, 10), POSITIVE), at((0, 0, -10), NEGATIVE))))
    sides = (SolidId(POSITIVE), SolidId(NEGATIVE))
    await do(BEN, draw("k2", "gap", (), solid_ids=sides))
    await do(ANA, Undo())
    assert {it.solid_id for it in room.plan.markups[K1].points} == {SKULL}
    gap = room.plan.markups[MarkupId("k2")]
    assert gap.solid_ids == (SKULL, SKULL)
    assert measured(room.plan, gap) == Measured(problem=CLOSED)
    assert gap not in awaited(room.plan)


async def test_what_is_written_beside_a_markup_is_found(room: Room, do: Do) -> None:
    """R13."""
    await do(ANA, draw("k1", "text", many(1), text="mind the sinus"))
    await do(ANA, draw("k2"))
    await do(ANA, EditMarkup(markup_id=MarkupId("k2"), text="sinus to rim"))
    found = await room.search("sinu")
    assert [(it.kind, it.record_id) for it in found] == [("markup", "k2"), ("markup", "k1")]


async def test_a_locked_markup_is_left_alone(room: Room, do: Do) -> None:
    """P24; but what the server computes goes on."""
    await do(BEN, draw("k1", "surface_path"))
    await do(ANA, LockRecord(ref=REF))
    with pytest.raises(RejectedCommandError, match="Path 1 is locked by Ana"):
        await do(BEN, EditMarkup(markup_id=K1, text="x"))
    with pytest.raises(RejectedCommandError, match="Path 1 is locked by Ana"):
        await do(BEN, Rename(ref=REF, name="Way"))
    await computed(room, do, 45.2)
    assert room.plan.markups[K1].findings is not None


async def test_a_merge_takes_markups_over_property_by_property(room: Room, do: Do) -> None:
    """B6."""
    await do(BEN, draw("k1", "closed_curve", many(4), text="rim"))
    await do(BEN, draw("k2"))
    await do(BEN, SaveVersion(version_id=VersionId("v1"), name="plan"))
    await do(BEN, EditMarkup(markup_id=K1, points=many(6), text="brim"))
    await do(BEN, RemoveMarkup(markup_id=MarkupId("k2")))
    await do(BEN, draw("k3"))
    saved = room.state.kept[VersionId("v1")]
    told = compare(saved, Kept(room.plan, room.state.ledger.latest)).differences
    assert [(it.ref.record_id, it.what) for it in told] == [
        ("k1", "changed"),
        ("k2", "removed"),
        ("k3", "added"),
    ]
    assert "area was 800.0 mm2" in told[0].sentence
    assert "(length 45.2 mm)" in told[1].sentence
    await do(ANA, MergeRecords(version_id=VersionId("v1"), choices=tuple(it.ref for it in told)))
    assert content_hash(room.plan) == content_hash(saved.plan)
    await do(ANA, Undo())
    assert room.plan.markups[K1].text == "brim"


async def test_what_is_drawn_on_a_fragment_comes_with_its_cut(room: Room, do: Do) -> None:
    """B8."""
    await do(BEN, place())
    await room.record(BEN, OperationId("op-cut"), pieces())
    await do(BEN, draw("k1", "point", (at((0, 0, 10), POSITIVE),)))
    await do(BEN, SaveVersion(version_id=VersionId("v1"), name="cut"))
    for _ in range(2):
        await do(BEN, Undo())
    with pytest.raises(
        RejectedCommandError,
        match="the markup is on Skull 1, which comes with Cut 1; choose that as well",
    ):
        await do(ANA, MergeRecords(version_id=VersionId("v1"), choices=(REF,)))
