"""Ways along surfaces, against great circles and unfolded boxes."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation.surface.mesh import Surface
from tests.segmentation.solids import ball, box, joined
from workspace.errors import PlanningError
from workspace.planning.geodesics import Terrain, length_mm, shortest_way, thinned

RADIUS_MM = 40.0


def terrain_of(surface: Surface) -> Terrain:
    return Terrain.of(surface.vertices.astype(np.float64), surface.triangles.astype(np.int64))


BALL = terrain_of(ball(RADIUS_MM, segments=160))
CUBE = terrain_of(box((100, 100, 100)))


def on_ball(
    longitude_deg: float, latitude_deg: float
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    a, b = math.radians(longitude_deg), math.radians(latitude_deg)
    return RADIUS_MM * np.array([math.cos(b) * math.cos(a), math.cos(b) * math.sin(a), math.sin(b)])


@given(
    one=st.tuples(st.floats(-180, 180), st.floats(-89, 89)),
    other=st.tuples(st.floats(-180, 180), st.floats(-89, 89)),
)
@settings(max_examples=12, deadline=None)
def test_a_way_on_a_ball_is_as_long_as_the_great_circle(
    one: tuple[float, float], other: tuple[float, float]
) -> None:
    start, end = on_ball(*one), on_ball(*other)
    cosine = float(np.clip(start @ end / RADIUS_MM**2, -1, 1))
    great_circle_mm = RADIUS_MM * math.acos(cosine)
    way = shortest_way(BALL, start, end)
    # the ball of flat facets lies up to 0.02 mm below the round one
    assert length_mm(way) == pytest.approx(great_circle_mm, abs=0.1, rel=0.002)


def test_a_way_on_a_ball_stays_on_it() -> None:
    way = shortest_way(BALL, on_ball(10, 20), on_ball(80, -30))
    assert np.abs(np.linalg.norm(way, axis=1) - RADIUS_MM).max() < 0.05
    normal = np.cross(on_ball(10, 20), on_ball(80, -30))
    assert np.abs(way @ normal / np.linalg.norm(normal)).max() < 0.5  # and in the circle's plane


@pytest.mark.parametrize(
    ("start", "end", "wanted"),
    [
        ((10, 20, 0), (90, 70, 0), math.hypot(80, 50)),  # one face
        ((50, 0, 50), (50, 100, 50), 200.0),  # to the opposite face
        ((90, 50, 100), (100, 50, 80), 30.0),  # over an edge
        ((100, 50, 80), (80, 0, 60), math.hypot(70, 20)),  # over an edge, slanting
        ((0, 0, 0), (100, 100, 100), math.hypot(100, 200)),  # corner to corner
        ((20, 20, 100), (20, 20, 100), 0.0),  # nowhere
        ((0, 30, 100), (100, 30, 100), 100.0),  # edge to edge
    ],
)
def test_a_way_on_a_box_is_straight_when_the_box_is_unfolded(
    start: tuple[float, ...], end: tuple[float, ...], wanted: float
) -> None:
    way = shortest_way(CUBE, np.array(start, float), np.array(end, float))
    assert length_mm(way) == pytest.approx(wanted, abs=1e-6)
    assert way[0] == pytest.approx(start)
    assert way[-1] == pytest.approx(end)


def test_a_way_there_is_as_long_as_the_way_back() -> None:
    one, other = on_ball(15, 40), on_ball(-70, 10)
    there, back = shortest_way(BALL, one, other), shortest_way(BALL, other, one)
    assert length_mm(there) == pytest.approx(length_mm(back), abs=1e-6)


def test_no_way_leads_between_parts_that_do_not_hang_together() -> None:
    two = terrain_of(joined(box((10, 10, 10)), box((10, 10, 10), corner=(20, 0, 0))))
    with pytest.raises(PlanningError, match="do not hang together"):
        shortest_way(two, np.array([5.0, 5.0, 10.0]), np.array([25.0, 5.0, 10.0]))


def test_pieces_that_touch_in_a_corner_are_no_way() -> None:
    two = joined(box((10, 10, 10)), box((10, 10, 10), corner=(10, 10, 10)))
    vertices, inverse = np.unique(two.vertices, axis=0, return_inverse=True)
    touching = Terrain.of(
        vertices.astype(np.float64), inverse.reshape(-1)[two.triangles].astype(np.int64)
    )
    way = shortest_way(touching, np.array([2.0, 5.0, 10.0]), np.array([8.0, 5.0, 10.0]))
    assert length_mm(way) == pytest.approx(6.0)
    with pytest.raises(PlanningError, match="could not be computed"):
        shortest_way(touching, np.array([5.0, 5.0, 10.0]), np.array([15.0, 15.0, 20.0]))


def test_a_point_off_the_surface_is_refused_and_one_nearly_on_it_is_taken_onto_it() -> None:
    with pytest.raises(PlanningError, match=r"A point lies 5\.0 mm off the surface"):
        shortest_way(CUBE, np.array([50.0, 50.0, 105.0]), np.array([60.0, 50.0, 100.0]))
    way = shortest_way(CUBE, np.array([50.0, 50.0, 100.01]), np.array([60.0, 50.0, 99.99]))
    assert length_mm(way) == pytest.approx(10.0)


def test_a_thinned_way_keeps_its_ends_and_its_shape() -> None:
    angles = np.linspace(0, math.pi, 5000)
    way = np.stack([np.cos(angles), np.sin(angles), 0 * angles], axis=1) * 50
    few = thinned(way, 1024)
    assert len(few) <= 1024
    assert np.array_equal(few[[0, -1]], way[[0, -1]])
    assert length_mm(few) == pytest.approx(length_mm(way), rel=1e-5)
