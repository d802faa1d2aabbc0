"""What markups measure as things stand, and how sure that is."""

import math
import random
import statistics
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from imaging.space import RigidTransform, Vector
from sessions.plan.anatomy import applied_cuts
from sessions.plan.carrying import basis_of, leaves_of, world_points
from sessions.plan.casework import SYSTEM
from sessions.plan.commands import PlaceMarkup, RecordFindings
from sessions.plan.figures import CROSSING, Figure, Measured, awaited, is_current, measured
from sessions.plan.findings import Findings
from sessions.plan.records import (
    CaseSource,
    ControlPoint,
    Markup,
    MarkupId,
    MarkupKind,
    Plan,
    SegmentId,
    SolidId,
)
from sessions.plan.shapes import Quantity, angle_deg, polygon_area_mm2, polyline_length_mm
from tests.sessions.deciding import after, halved
from tests.sessions.scene import NEGATIVE, POSITIVE, SKULL, SOURCE, at, draw, move, place

K1 = MarkupId("k1")
U = tuple(it / math.sqrt(12) for it in SOURCE.spacing_mm)
"""Of a free point's coordinates: 0.5, 0.5 and 1 mm wide."""

ASIDE = RigidTransform(translation_mm=(7.0, 0.0, 24.0))
TURNED = RigidTransform.about_axis((0.2, 0.5, 0.7), 40.0, (3.0, 4.0, 5.0))


def drawn(plan: Plan, kind: MarkupKind, *points: Vector, on: str | None = None) -> Plan:
    return after(plan, draw("k1", kind, tuple(at(it, on) for it in points)))


def figures(plan: Plan) -> dict[str, Figure]:
    return {it.name: it for it in measured(plan, plan.markups[K1]).figures}


def found(plan: Plan, **findings: object) -> Plan:
    basis = basis_of(plan, plan.markups[K1])
    recorded = Findings(basis=basis, **findings)  # type: ignore[arg-type]
    return after(plan, RecordFindings(markup_id=K1, findings=recorded), by=SYSTEM)


def test_the_uncertainty_of_a_line_is_that_of_its_ends_along_it(plan: Plan) -> None:
    """G10."""
    along_z = figures(drawn(plan, "line", (0, 0, 0), (0, 0, 30)))["length"]
    assert (along_z.value, along_z.unit) == (30.0, "mm")
    assert along_z.uncertainty == pytest.approx(math.sqrt(2) * U[2], abs=1e-12)
    slanted = figures(drawn(plan, "line", (0, 0, 0), (0, 30, 40)))["length"]
    expected = math.sqrt(2 * ((0.6 * U[1]) ** 2 + (0.8 * U[2]) ** 2))
    assert slanted.uncertainty == pytest.approx(expected, abs=1e-12)


def test_the_uncertainty_of_an_angle_is_that_of_its_points_across_the_arms(plan: Plan) -> None:
    """G10; each end turns the angle by its uncertainty over the arm, the vertex by both."""
    angle = figures(drawn(plan, "angle", (20, 0, 0), (0, 0, 0), (0, 40, 0)))["angle"]
    assert (angle.value, angle.unit) == (90.0, "deg")
    ends = (U[1] / 20) ** 2 + (U[0] / 40) ** 2
    vertex = (U[1] / 20) ** 2 + (U[0] / 40) ** 2
    assert angle.uncertainty == pytest.approx(math.degrees(math.sqrt(ends + vertex)), abs=1e-12)
    straight = figures(drawn(plan, "angle", (20, 0, 0), (0, 0, 0), (-20, 0, 0)))["angle"]
    assert (straight.value, straight.uncertainty) == (180.0, None)


def test_the_uncertainty_of_an_area_is_that_of_its_corners_across_the_sides(plan: Plan) -> None:
    """G10; a corner of a square with sides of 20 mm moves its area by 10 mm2 a mm either way."""
    square = drawn(plan, "closed_curve", (0, 0, 0), (20, 0, 0), (20, 20, 0), (0, 20, 0))
    area, perimeter = figures(square)["area"], figures(square)["perimeter"]
    assert (area.value, area.unit, perimeter.value) == (400.0, "mm2", 80.0)
    expected = math.sqrt(4 * 10**2 * (U[0] ** 2 + U[1] ** 2))
    assert area.uncertainty == pytest.approx(expected, abs=1e-12)


def test_regions_of_interest_have_the_uncertainty_of_their_ends(plan: Plan) -> None:
    """G10."""
    box = figures(drawn(plan, "roi_box", (0, 0, 0), (10, 20, 30)))["volume"]
    assert (box.value, box.unit) == (6.0, "mL")
    by_end = (U[0] * 0.6) ** 2 + (U[1] * 0.3) ** 2 + (U[2] * 0.2) ** 2
    assert box.uncertainty == pytest.approx(math.sqrt(2 * by_end), abs=1e-12)


def test_a_box_on_one_slice_has_an_area(plan: Plan) -> None:
    """G9; G10."""
    area = figures(drawn(plan, "roi_box", (0, 9, 0), (-10, 9, 30)))["area"]
    assert (area.value, area.unit) == (300.0, "mm2")
    expected = math.sqrt(2 * ((U[0] * 30) ** 2 + (U[2] * 10) ** 2))
    assert area.uncertainty == pytest.approx(expected, abs=1e-12)


def test_the_axes_of_the_grid_count_where_the_case_tells_them(plan: Plan) -> None:
    """G10; of sagittal slices 3 mm apart it is left and right that is uncertain."""
    sagittal = replace(
        SOURCE, spacing_mm=(0.5, 0.5, 3.0), axes=((0.0, 1.0, 0.0), (0.0, 0.0, 1.0), (1.0, 0.0, 0.0))
    )
    plan = replace(plan, source=sagittal)
    across = figures(drawn(plan, "line", (0, 0, 0), (30, 0, 0)))["length"]
    assert across.uncertainty == pytest.approx(3.0 / math.sqrt(6), abs=1e-12)
    down = figures(drawn(plan, "line", (0, 0, 0), (0, 0, 30)))["length"]
    assert down.uncertainty == pytest.approx(0.5 / math.sqrt(6), abs=1e-12)


def test_a_surface_that_is_off_makes_points_on_it_less_certain(plan: Plan) -> None:
    """G10."""
    skull = plan.segments[SegmentId(SKULL)]
    rough = replace(skull, surface=replace(skull.surface, error_p95_mm=0.329))
    plan = replace(plan, segments={**plan.segments, skull.segment_id: rough})
    length = figures(drawn(plan, "line", (0, 0, 0), (0, 0, 30), on=SKULL))["length"]
    assert length.uncertainty == pytest.approx(math.sqrt(2 * (U[2] ** 2 + 0.2**2)), abs=1e-12)


def test_without_images_nobody_says_how_sure_it_is(plan: Plan) -> None:
    """G10."""
    plan = replace(plan, source=None)
    assert figures(drawn(plan, "line", (0, 0, 0), (3, 4, 0)))["length"].uncertainty is None


coordinates = st.floats(-30, 30).map(lambda it: round(it, 1))
places = st.tuples(coordinates, coordinates, coordinates)
SAMPLES = 2000
"""A standard deviation of so many is within 5 % of the truth, three times of a thousand off."""

TRIED: dict[MarkupKind, Callable[..., Quantity]] = {
    "line": lambda *ends: polyline_length_mm(ends),
    "angle": angle_deg,
    "closed_curve": lambda *corners: polygon_area_mm2(corners),
}


def apart(points: tuple[Vector, ...]) -> bool:
    sides = [math.dist(a, b) for n, a in enumerate(points) for b in points[:n]]
    return min(sides) > 15 and sum(sides) > 2.2 * max(sides)


@settings(deadline=None, max_examples=8)
@given(st.tuples(places, places, places).filter(apart), st.integers(0, 2**32))
def test_uncertainties_are_the_spread_of_what_clicks_in_the_same_voxels_measure(
    points: tuple[Vector, Vector, Vector], seed: int
) -> None:
    """G10; by trying: well off straight a value spreads as was propagated, within 10 %."""
    generator = random.Random(seed)
    for kind, measure in TRIED.items():
        clicked = points[:2] if kind == "line" else points
        told = measured(Plan(source=SOURCE), unplaced(kind, clicked)).figures[0]
        tried = [
            measure(*(anywhere(it, generator) for it in clicked)).value for _ in range(SAMPLES)
        ]
        assert told.uncertainty == pytest.approx(statistics.stdev(tried), rel=0.1)


def unplaced(kind: MarkupKind, points: tuple[Vector, ...]) -> Markup:
    return after(Plan(source=SOURCE), draw("k1", kind, tuple(at(it) for it in points))).markups[K1]


def anywhere(point: Vector, generator: random.Random) -> Vector:
    """Return a place in the voxel around a point."""
    x, y, z = (
        value + (generator.random() - 0.5) * spacing
        for value, spacing in zip(point, SOURCE.spacing_mm, strict=True)
    )
    return x, y, z


def test_points_move_with_the_fragment_that_carries_them(plan: Plan) -> None:
    """G9; one end above the cut, one below, one in the images."""
    plan = halved(drawn(plan, "line", (0, 0, 10), (0, 0, -35), on=SKULL))
    plan = after(plan, draw("k2", "line", (at((0, 0, 10)), at((0, 0, -35)))))
    moved = after(plan, move(ASIDE))
    assert figures(moved)["length"].value == pytest.approx(math.hypot(7, 24 + 45), abs=1e-9)
    ends = world_points(moved, moved.markups[K1].points)
    assert ends == ((7.0, 0.0, 34.0), (0.0, 0.0, -35.0))
    free = measured(moved, moved.markups[MarkupId("k2")]).figures[0]
    assert free.value == pytest.approx(45, abs=1e-9)


def test_what_moves_as_one_measures_the_same(plan: Plan) -> None:
    """G9; G10: also its uncertainty turns along."""
    corners = ((10, 0, 10), (40, 0, 10), (40, 30, 20))
    plan = drawn(halved(plan), "closed_curve", *corners, on=POSITIVE)
    before, moved = figures(plan), figures(after(plan, move(TURNED)))
    for name in ("area", "perimeter"):
        assert moved[name].value == pytest.approx(before[name].value, abs=1e-9)
        assert moved[name].uncertainty == pytest.approx(before[name].uncertainty, abs=1e-9)


def test_a_curve_that_crosses_itself_has_no_area(plan: Plan) -> None:
    """G11."""
    eight = drawn(plan, "closed_curve", (0, 0, 0), (10, 10, 0), (10, 0, 0), (0, 10, 0))
    told = measured(eight, eight.markups[K1])
    assert [it.name for it in told.figures] == ["perimeter"]
    assert told.problem == CROSSING


WAY = ((0.0, 0.0, 50.0), (5.0, 0.0, 50.0), (10.0, 0.0, 40.0))


def test_findings_hold_while_what_they_follow_from_is_there(plan: Plan) -> None:
    """G7."""
    plan = drawn(halved(plan), "surface_path", WAY[0], WAY[-1], on=POSITIVE)
    assert measured(plan, plan.markups[K1]) == Measured(pending=True)
    assert awaited(plan) == (plan.markups[K1],)
    plan = found(plan, length_mm=20.0, path_mm=WAY)
    assert awaited(plan) == ()
    assert figures(plan)["length"].value == 20.0
    moved = after(plan, move(ASIDE))
    assert not is_current(moved, moved.markups[K1])
    assert measured(moved, moved.markups[K1]) == Measured(pending=True)
    back = after(moved, move(RigidTransform()))
    assert figures(back)["length"].value == 20.0
    other = after(plan, move(ASIDE, NEGATIVE))
    assert is_current(other, other.markups[K1]), "it is on the other piece"


def test_a_way_is_as_uncertain_as_its_ends_along_it(plan: Plan) -> None:
    """G10; the first variation of the length of a shortest way."""
    plan = drawn(plan, "surface_path", WAY[0], WAY[-1], on=SKULL)
    length = figures(found(plan, length_mm=16.2, path_mm=WAY))["length"]
    slope = (5 / math.hypot(5, 10), 10 / math.hypot(5, 10))
    expected = math.sqrt(U[0] ** 2 + (slope[0] * U[0]) ** 2 + (slope[1] * U[2]) ** 2)
    assert length.uncertainty == pytest.approx(expected, abs=1e-12)


def test_a_gap_is_between_all_pieces_of_both_sides(plan: Plan) -> None:
    """G7; G10."""
    gap = PlaceMarkup(markup_id=K1, kind="gap", solid_ids=(SolidId(SKULL), SolidId("brain")))
    plan = after(plan, gap)
    plan = found(plan, length_mm=12.34, path_mm=((0, 0, 0), (0, 0, 12.34)))
    told = figures(plan)["distance"]
    assert (told.value, told.unit) == (12.34, "mm")
    assert told.uncertainty == pytest.approx(math.sqrt(2) * U[2], abs=1e-12)
    cut = halved(plan)
    assert basis_of(cut, cut.markups[K1]).solid_ids == (POSITIVE, NEGATIVE, "brain")
    assert measured(cut, cut.markups[K1]).pending
    assert leaves_of(SKULL, applied_cuts(cut)) == tuple(map(SolidId, cut.fragments))


def test_grey_values_are_told_with_their_unit_and_problems_in_words(plan: Plan) -> None:
    """G7."""
    plan = drawn(plan, "roi_box", (0, 0, 0), (10, 10, 10))
    read = found(plan, mean=35.0, sd=15.0, minimum=-20.0, maximum=80.0, voxels=4000, unit="HU")
    told = {it.name: (it.value, it.unit) for it in measured(read, read.markups[K1]).figures}
    assert told["mean"] == (35.0, "HU")
    assert told["voxels"] == (4000, "")
    assert set(told) == {"volume", "mean", "sd", "minimum", "maximum", "voxels"}
    unread = found(plan, problem="the images are not on this server")
    said = measured(unread, unread.markups[K1])
    assert (said.problem, said.pending) == ("the images are not on this server", False)


def test_a_hand_drawn_line_of_the_longest_kind_is_measured(plan: Plan) -> None:
    """G9."""
    line = tuple(ControlPoint(point_mm=(n * 0.01, 0.0, 0.0)) for n in range(2048))
    plan = after(plan, draw("k1", "freehand", line))
    assert figures(plan)["length"].value == pytest.approx(20.47, abs=1e-9)


def test_a_plan_of_another_case_tells_other_uncertainties(plan: Plan) -> None:
    """G10."""
    thick: CaseSource = replace(SOURCE, spacing_mm=(0.5, 0.5, 5.0))
    plan = drawn(replace(plan, source=thick), "line", (0, 0, 0), (0, 0, 30))
    assert figures(plan)["length"].uncertainty == pytest.approx(5 / math.sqrt(6), abs=1e-12)
    assert after(plan, place()).markups == plan.markups
