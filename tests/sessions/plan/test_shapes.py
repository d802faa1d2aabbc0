"""Lengths, angles, areas and volumes, against answers that are known."""

import math
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imaging.space import RigidTransform, Vector, add, scale
from sessions.plan.shapes import (
    Quantity,
    angle_deg,
    box_volume_ml,
    crosses_itself,
    ellipse_area_mm2,
    perimeter_mm,
    polygon_area_mm2,
    polyline_length_mm,
)
from tests.sessions.strategies import points, transforms

EXACT = 1e-9
"""mm, mm2 or degrees."""

LENGTHS: list[tuple[list[Vector], float]] = [
    ([(0, 0, 0), (3, 4, 12)], 13.0),
    ([(-1.5, 2, 7), (-1.5, 2, 7.25)], 0.25),
    ([(0, 0, 0), (3, 4, 0), (3, 4, 12)], 17.0),
    ([(1e3, -1e3, 1e3), (1e3, -1e3, 1e3 - 0.001)], 0.001),
]


@pytest.mark.parametrize(("line", "truth"), LENGTHS)
def test_a_line_is_as_long_as_it_is(line: list[Vector], truth: float) -> None:
    """G9."""
    assert polyline_length_mm(line).value == pytest.approx(truth, abs=EXACT)


@pytest.mark.parametrize("angle", [0.0, 1e-4, 30.0, 90.0, 120.0, 179.9999, 180.0])
@pytest.mark.parametrize("arms", [(1.0, 1.0), (0.5, 200.0)])
def test_an_angle_is_as_wide_as_it_is(angle: float, arms: tuple[float, float]) -> None:
    """G9; also close to none and to straight, where an arc cosine would be off."""
    turn = RigidTransform.about_axis((0.3, -0.8, 0.2), 77.0, (5, 6, 7))
    radians = math.radians(angle)
    one = turn.apply((arms[0], 0, 0))
    other = turn.apply((arms[1] * math.cos(radians), arms[1] * math.sin(radians), 0))
    found = angle_deg(one, turn.apply((0, 0, 0)), other).value
    assert found == pytest.approx(angle, abs=1e-6 if angle in {0.0, 180.0} else 1e-7)


def regular(sides: int, radius: float, place: RigidTransform) -> tuple[Vector, ...]:
    """Return the corners of a regular polygon."""
    turns = (2 * math.pi * n / sides for n in range(sides))
    return tuple(
        place.apply((radius * math.cos(turn), radius * math.sin(turn), 0.0)) for turn in turns
    )


@pytest.mark.parametrize("sides", [3, 4, 6, 512])
@settings(deadline=None, max_examples=20)
@given(place=transforms())
def test_a_polygon_has_the_area_and_perimeter_that_it_has(
    sides: int, place: RigidTransform
) -> None:
    """G9; on any plane."""
    corners = regular(sides, 20.0, place)
    area = sides / 2 * 20.0**2 * math.sin(2 * math.pi / sides)
    assert polygon_area_mm2(corners).value == pytest.approx(area, abs=1e-8)
    around = 2 * sides * 20.0 * math.sin(math.pi / sides)
    assert perimeter_mm(corners).value == pytest.approx(around, abs=1e-8)
    assert not crosses_itself(corners)


def test_a_hollow_outline_has_its_own_area() -> None:
    """G9; an L of 3 squares of 10 mm."""
    corner = [(0, 0), (20, 0), (20, 10), (10, 10), (10, 20), (0, 20)]
    outline = tuple((float(x), 3.0, float(y)) for x, y in corner)
    assert polygon_area_mm2(outline).value == pytest.approx(300.0, abs=EXACT)
    assert polygon_area_mm2(outline[::-1]).value == pytest.approx(300.0, abs=EXACT)
    assert not crosses_itself(outline)


@settings(deadline=None, max_examples=20)
@given(transforms())
def test_ellipses_and_boxes_have_closed_forms(place: RigidTransform) -> None:
    """G9."""
    centre, first, second = (place.apply(it) for it in ((1, 2, 3), (8, 2, 3), (1, 2, 6)))
    assert ellipse_area_mm2(centre, first, second).value == pytest.approx(math.pi * 21, abs=EXACT)
    assert box_volume_ml((0, 0, 0), (-10, 20, 30)).value == pytest.approx(6.0, abs=EXACT)


CROSSING: list[tuple[Vector, ...]] = [
    ((0, 0, 0), (10, 10, 0), (10, 0, 0), (0, 10, 0)),
    ((0, 5, 0), (10, 5, 10), (10, 5, 0), (0, 5, 10)),
    ((0, 0, 0), (10, 0, 0), (10, 10, 0), (5, 0, 0), (0, 10, 0)),
]
"""Figures of eight, and an outline that touches its own side."""


@pytest.mark.parametrize("outline", CROSSING)
def test_an_outline_that_meets_itself_is_found(outline: tuple[Vector, ...]) -> None:
    """G11."""
    assert crosses_itself(outline)


def test_an_outline_that_ends_where_it_began_does_not_cross_itself() -> None:
    """G11; nor one with a point twice in a row."""
    square: tuple[Vector, ...] = ((0, 0, 0), (10, 0, 0), (10, 10, 0), (10, 10, 0), (0, 10, 0))
    assert not crosses_itself((*square, square[0]))
    assert not crosses_itself(((0, 0, 0), (1, 0, 0), (2, 0, 0)))


def far_apart(drawn: list[Vector]) -> bool:
    return all(math.dist(a, b) > 1 for n, a in enumerate(drawn) for b in drawn[:n])


STEP_MM = 1e-5


@settings(deadline=None, max_examples=100)
@given(st.lists(points, min_size=3, max_size=6).filter(far_apart))
def test_derivatives_are_those_of_the_value(drawn: list[Vector]) -> None:
    """G10; against differences."""
    require_slopes(polyline_length_mm, drawn)
    require_slopes(perimeter_mm, drawn)
    if polygon_area_mm2(drawn).value > 1:  # in one line the area is as far from smooth as it gets
        require_slopes(polygon_area_mm2, drawn)
    if 5 < angle_deg(*drawn[:3]).value < 175:
        require_slopes(lambda it: angle_deg(*it), drawn[:3])


def require_slopes(shape: Callable[[list[Vector]], Quantity], drawn: list[Vector]) -> None:
    gradients = shape(drawn).gradients
    assert gradients is not None
    for number, axis in ((n, axis) for n in range(len(drawn)) for axis in range(3)):
        slope_found = slope(lambda it: shape(it).value, drawn, number, axis)
        assert slope_found == pytest.approx(gradients[number][axis], abs=1e-2)


def slope(
    value: Callable[[list[Vector]], float], drawn: list[Vector], number: int, axis: int
) -> float:
    """Return how a value changes with a coordinate, by a difference."""
    step: Vector = (float(axis == 0), float(axis == 1), float(axis == 2))
    there, back = list(drawn), list(drawn)
    there[number] = add(there[number], scale(step, STEP_MM))
    back[number] = add(back[number], scale(step, -STEP_MM))
    return (value(there) - value(back)) / (2 * STEP_MM)
