"""What can be drawn and measured, and what is refused."""

import contextlib
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from imaging.space import Plane, RigidTransform, Vector
from sessions.errors import RejectedCommandError
from sessions.plan.commands import (
    EditMarkup,
    PlaceMarkup,
    RemoveMarkup,
    Rename,
)
from sessions.plan.marking import MAX_CONTROL_POINTS, MAX_MARKUPS
from sessions.plan.markup_events import MarkupPlaced, MarkupReshaped, MarkupReworded
from sessions.plan.outlines import POINTS
from sessions.plan.records import (
    ControlPoint,
    MarkupId,
    MarkupKind,
    Plan,
    RecordRef,
    SolidId,
)
from sessions.plan.rules import PlanCommand, decide
from sessions.plan.summaries import summary_of
from tests.sessions.deciding import AT, after, halved
from tests.sessions.scene import (
    ANA,
    BEN,
    NEGATIVE,
    POSITIVE,
    SKULL,
    at,
    draw,
    move,
)

K1 = MarkupId("k1")
AXIAL = Plane((0.0, 0.0, 0.0), (0.0, 0.0, 1.0))
ASIDE = RigidTransform(translation_mm=(3.0, 0.0, 0.0))
REF = RecordRef(kind="markup", record_id="k1")


def refused(plan: Plan, command: PlanCommand, reason: str) -> None:
    with pytest.raises(RejectedCommandError, match=reason):
        decide(plan, command, by=ANA, at=AT)


def many(count: int, solid_id: str | None = None) -> tuple[ControlPoint, ...]:
    """Return points on a circle of 20 mm on the axial slice."""
    turns = (2 * math.pi * n / max(count, 1) for n in range(count))
    return tuple(at((20 * math.cos(it), 20 * math.sin(it), 0.0), solid_id) for it in turns)


def wanted(kind: MarkupKind, count: int) -> PlaceMarkup:
    """Return a markup with so many points, all else right for its kind."""
    solids = (SKULL, SolidId("brain")) if kind == "gap" else ()
    if kind == "roi_ellipse" and count == 3:
        half_axes = (at((0, 0, 0)), at((10, 0, 0)), at((0, 5, 0)))
        return draw("k1", kind, half_axes, plane=AXIAL)
    points = many(count, SKULL if kind == "surface_path" else None)
    return draw("k1", kind, points, text="here" if kind == "text" else "", solid_ids=solids)


@pytest.mark.parametrize("kind", POINTS)
def test_each_kind_has_its_number_of_points(plan: Plan, kind: MarkupKind) -> None:
    """G1."""
    least, most = POINTS[kind]
    for count in {least, most}:
        assert len(after(plan, wanted(kind, count)).markups[K1].points) == count
    for count in {least - 1, most + 1} - {-1}:
        refused(plan, wanted(kind, count), rf"has .*points?, and {count} came")


FAR_OFF = 5001.0
REFUSED: dict[str, tuple[PlaceMarkup, str]] = {
    "a text without one": (draw("k1", "text", many(1)), "the text must have 1 to 2000 characters"),
    "too long a text": (draw("k1", text="x" * 2001), "must have 1 to 2000 characters"),
    "a text that turns round": (draw("k1", text="a\u202eb"), "control character"),
    "an id that is none": (draw("../k1"), "the id of the markup must be"),
    "a solid for a line": (draw("k1", solid_ids=(SKULL,)), "a line is drawn through points"),
    "one solid for a gap": (draw("k1", "gap", (), solid_ids=(SKULL,)), "choose two"),
    "one solid twice": (
        draw("k1", "gap", (), solid_ids=(SKULL, SKULL)),
        "a gap is between two solids, and Skull came twice",
    ),
    "an unknown solid in a gap": (
        draw("k1", "gap", (), solid_ids=(SKULL, SolidId("no"))),
        "there is no such segment or fragment",
    ),
    "a point on an unknown solid": (
        draw("k1", "point", (at((0, 0, 0), "no"),)),
        "there is no such segment or fragment",
    ),
    "a point beside its solid": (
        draw("k1", "point", (at((0, 0, 200), SKULL),)),
        "the point lies more than 50 mm outside Skull",
    ),
    "a point that is no number": (
        draw("k1", "point", (at((math.nan, 0, 0)),)),
        "the point holds a value that is no finite number",
    ),
    "a point out of the hospital": (
        draw("k1", "point", (at((0, FAR_OFF, 0)),)),
        "a point lies more than 5 m from the origin of the images",
    ),
    "a line without a length": (
        draw("k1", "line", (at((1, 2, 3)), at((1, 2, 3)))),
        "two points of a line are at the same place",
    ),
    "an angle without an arm": (
        draw("k1", "angle", (at((1, 2, 3)), at((1, 2, 3)), at((5, 5, 5)))),
        "two points of an angle are at the same place",
    ),
    "a curve off its slice": (
        draw("k1", "closed_curve", (*many(3), at((0, 0, 1.5))), plane=AXIAL),
        "a point lies 1.5 mm off the slice",
    ),
    "an ellipse in the air": (wanted("roi_ellipse", 3), ""),
    "a skewed ellipse": (
        draw("k1", "roi_ellipse", (at((0, 0, 0)), at((9, 0, 0)), at((5, 5, 0))), plane=AXIAL),
        "not at right angles",
    ),
    "an ellipse without a width": (
        draw("k1", "roi_ellipse", (at((0, 0, 0)), at((9, 0, 0)), at((0, 0, 0))), plane=AXIAL),
        "the ellipse has no width",
    ),
    "a region on a solid": (
        draw("k1", "roi_box", (at((0, 0, 0), SKULL), at((9, 9, 9)))),
        "a box is read in the images",
    ),
    "a path from solid to solid": (
        draw("k1", "surface_path", (at((0, 0, 0), SKULL), at((9, 0, 0), "brain"))),
        "a path runs along one surface",
    ),
    "a path in the images": (draw("k1", "surface_path", many(2)), "a path runs along one surface"),
}
REFUSED["an ellipse in the air"] = (
    replace(wanted("roi_ellipse", 3), plane=None),
    "an ellipse lies on a slice",
)


@pytest.mark.parametrize(("command", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_drawn_is_refused_with_a_reason(
    plan: Plan, command: PlaceMarkup, reason: str
) -> None:
    """G4; G1, G2, G3."""
    refused(plan, command, reason)


def test_a_slice_that_is_none_does_not_come_off_the_wire() -> None:
    """G3."""
    with pytest.raises(ValueError, match="the plane's normal is not one long"):
        Plane((0.0, 0.0, 0.0), (0.0, 0.0, 2.0))


def test_points_are_on_the_slice_where_their_solid_is_now(plan: Plan) -> None:
    """G3; what was moved is drawn on as it lies there."""
    plan = after(halved(plan), move(RigidTransform(translation_mm=(0.0, 0.0, 7.0))))
    on_piece = (at((0, 0, 10), POSITIVE), at((5, 0, 10), POSITIVE))
    seventeen = Plane((0.0, 0.0, 17.0), (0.0, 0.0, 1.0))
    assert after(plan, draw("k1", "line", on_piece, plane=seventeen)).markups
    refused(plan, draw("k1", "line", on_piece, plane=AXIAL), "17.0 mm off the slice")


def test_a_gap_is_not_between_a_solid_and_its_own_piece(plan: Plan) -> None:
    """G4."""
    plan = halved(plan)
    pair = (SKULL, SolidId(POSITIVE))
    refused(plan, draw("k1", "gap", (), solid_ids=pair), "have a piece in common")
    apart = (SolidId(POSITIVE), SolidId(NEGATIVE))
    assert after(plan, draw("k1", "gap", (), solid_ids=apart)).markups[K1].solid_ids == apart


def test_a_branch_holds_so_many_markups_and_points(plan: Plan) -> None:
    """G5."""
    one = after(plan, draw("k1", "point", many(1))).markups[K1]
    full = replace(plan, markups={MarkupId(f"k{n}"): one for n in range(MAX_MARKUPS)})
    refused(full, draw("more", "point", many(1)), "the plan holds 1000 markups")
    long = replace(one, points=many(2000))
    drawings = {MarkupId(f"k{n}"): replace(long, markup_id=MarkupId(f"k{n}")) for n in range(8)}
    assert sum(len(it.points) for it in drawings.values()) == MAX_CONTROL_POINTS
    heavy = replace(plan, markups=drawings)
    refused(heavy, draw("more", "point", many(1)), "16000 points in all; remove some drawings")
    drawn = replace(plan, markups={K1: replace(long, kind="freehand", author_id=ANA)})
    fewer = EditMarkup(markup_id=K1, points=many(10))
    assert len(after(drawn, fewer).markups[K1].points) == 10


def test_an_id_is_used_once_and_a_repeat_changes_nothing(plan: Plan) -> None:
    """G6; P2, P13."""
    plan = after(plan, draw())
    assert decide(plan, draw(), by=ANA, at="later") == ()
    refused(plan, draw("k1", text="other"), "a markup of that id exists already")
    assert decide(plan, RemoveMarkup(markup_id=MarkupId("no")), by=ANA, at=AT) == ()
    refused(plan, EditMarkup(markup_id=MarkupId("no"), text="x"), "there is no such markup")


def test_points_and_text_are_edited_each_by_itself(plan: Plan) -> None:
    """G6."""
    plan = after(plan, draw("k1", "closed_curve", many(4), plane=AXIAL))
    both = EditMarkup(markup_id=K1, points=many(5), text="rim")
    events = decide(plan, both, by=ANA, at=AT)
    assert [type(it) for it in events] == [MarkupReshaped, MarkupReworded]
    edited = after(plan, both).markups[K1]
    assert (len(edited.points), edited.text, edited.plane) == (5, "rim", AXIAL)
    assert decide(after(plan, both), both, by=ANA, at=AT) == ()
    higher = Plane((0.0, 0.0, 9.0), (0.0, 0.0, 1.0))
    refused(plan, EditMarkup(markup_id=K1, plane=higher), "another slice with other points only")
    refused(plan, EditMarkup(markup_id=K1, points=many(2)), "a closed curve has 3 to 512 points")
    raised = tuple(at((x, y, 9.0)) for x, y, _ in (it.point_mm for it in many(4)))
    moved = after(plan, EditMarkup(markup_id=K1, points=raised, plane=higher)).markups[K1]
    assert moved.plane == higher


def test_who_drew_it_edits_and_removes_it(plan: Plan) -> None:
    """P12."""
    plan = after(plan, draw())
    for command in (EditMarkup(markup_id=K1, text="x"), RemoveMarkup(markup_id=K1)):
        with pytest.raises(RejectedCommandError, match="the markup is Ana's"):
            decide(plan, command, by=BEN, at=AT)
    others = after(plan, draw("k2"), by=BEN)
    assert MarkupId("k2") not in after(others, RemoveMarkup(markup_id=MarkupId("k2"))).markups


def test_markups_are_named_by_their_kind_and_renamed(plan: Plan) -> None:
    """P15; P23."""
    plan = after(plan, draw("k1"), draw("k2"), draw("k3", "angle", many(3)))
    assert [it.name for it in plan.markups.values()] == ["Line 1", "Line 2", "Angle 1"]
    renamed = after(plan, Rename(ref=REF, name="Window"))
    assert renamed.markups[K1].name == "Window"
    refused(plan, Rename(ref=REF, name="Line 2"), "there is a Line 2 on this branch already")


DONE: dict[str, tuple[PlaceMarkup, str]] = {
    "line": (draw(), "measured 45.2 mm"),
    "angle": (draw("k1", "angle", many(3)), "measured 60.0°"),
    "point": (draw("k1", "point", many(1)), "marked Point 1"),
    "text": (draw("k1", "text", many(1), text="rim"), "wrote Text 1"),
    "curve": (draw("k1", "closed_curve", many(5)), "drew Curve 1"),
    "path": (draw("k1", "surface_path"), "measured along the surface: Path 1"),
    "gap": (wanted("gap", 0), "measured the gap between Skull and Brain"),
}


@pytest.mark.parametrize(("command", "said"), DONE.values(), ids=DONE)
def test_drawing_is_told_in_plain_words(plan: Plan, command: PlaceMarkup, said: str) -> None:
    """V7."""
    assert summary_of(plan, decide(plan, command, by=ANA, at=AT)) == said


finite = st.floats(allow_nan=True, allow_infinity=True)
anywhere: st.SearchStrategy[Vector] = st.tuples(finite, finite, finite)


@settings(deadline=None, max_examples=200)
@given(
    st.sampled_from(sorted(POINTS)), st.lists(anywhere, max_size=4), st.sampled_from([None, SKULL])
)
def test_whatever_comes_is_drawn_or_refused_in_a_sentence(
    kind: MarkupKind, places: list[Vector], on: str | None
) -> None:
    """G2."""
    points = tuple(at(it, on) for it in places)
    with contextlib.suppress(RejectedCommandError):
        (event,) = decide(Plan(), draw("k1", kind, points, text="x"), by=ANA, at=AT)
        assert isinstance(event, MarkupPlaced)
        assert all(math.isfinite(value) for it in event.markup.points for value in it.point_mm)
