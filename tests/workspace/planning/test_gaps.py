"""Least distances between surfaces, against closed forms and brute force."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imaging.space import RigidTransform
from segmentation.surface.mesh import Surface
from tests.segmentation.solids import ball, box
from workspace.planning.closest import Corners, nearest_of_triangles
from workspace.planning.gaps import gap_between


def corners(surface: Surface, transform: RigidTransform | None = None) -> Corners:
    matrix = np.array((transform or RigidTransform()).matrix())
    moved = surface.vertices.astype(np.float64) @ matrix[:3, :3].T + matrix[:3, 3]
    return np.asarray(moved[surface.triangles])


def test_halves_that_were_pulled_12_34_mm_apart_are_12_34_mm_apart() -> None:
    """Check 5 of the phantom's list, on a ball of fine triangles."""
    one = corners(ball(40, segments=96))
    gap = gap_between(one, one + np.array([80 + 12.34, 0, 0]))
    assert gap.distance_mm == pytest.approx(12.34, abs=1e-4)
    assert gap.first == pytest.approx((40, 0, 0), abs=1e-4)
    assert gap.second == pytest.approx((52.34, 0, 0), abs=1e-4)


def test_boxes_are_nearest_where_their_edges_cross() -> None:
    lying, standing = box((100, 2, 2), (-50, -1, -1)), box((2, 2, 100), (-1, -1, -50))
    turned = RigidTransform.about_axis((0, 1, 0), 45.0)
    away = RigidTransform(turned.rotation, (0.0, 9.5, 0.0))
    gap = gap_between(corners(lying), corners(standing, away))
    assert gap.distance_mm == pytest.approx(7.5, abs=1e-6)


def test_a_corner_over_a_face_is_nearest_to_its_foot() -> None:
    floor = box((100, 100, 10), (-50, -50, -10))
    on_corner = RigidTransform.about_axis((1, -1, 0), math.degrees(math.atan(math.sqrt(2))))
    above = RigidTransform(on_corner.rotation, (3.0, 4.0, 6.25))
    gap = gap_between(corners(floor), corners(box((10, 10, 10)), above))
    lowest = float(corners(box((10, 10, 10)), above)[..., 2].min())
    assert gap.distance_mm == pytest.approx(lowest, abs=1e-6)
    assert gap.first[2] == pytest.approx(0, abs=1e-6)


def test_a_small_thing_inside_a_hollow_one_is_as_far_as_its_wall() -> None:
    wall, core = box((200, 200, 200), (-100, -100, -100)), ball(30, (10, 0, 0), segments=64)
    assert gap_between(corners(wall), corners(core)).distance_mm == pytest.approx(60.0, abs=1e-3)


@pytest.mark.parametrize("away", [(75.0, 0.0, 0.0), (0.0, 80.0, 0.0), (5.0, 5.0, 5.0)])
def test_surfaces_that_meet_have_no_gap(away: tuple[float, float, float]) -> None:
    one = corners(ball(40, segments=48))
    gap = gap_between(one, one + np.array(away))
    assert gap.distance_mm == pytest.approx(0.0, abs=1e-4)


@given(
    turn=st.floats(-180, 180),
    axis=st.tuples(*[st.floats(-1, 1)] * 3).filter(lambda it: math.hypot(*it) > 0.1),
    away=st.tuples(*[st.floats(-60, 60)] * 3),
)
@settings(max_examples=10, deadline=None)
def test_no_pair_of_triangles_is_nearer(
    turn: float, axis: tuple[float, float, float], away: tuple[float, float, float]
) -> None:
    motion = RigidTransform(RigidTransform.about_axis(axis, turn).rotation, away)
    one = corners(ball(20, segments=8))
    other = corners(box((30, 5, 10)), motion)
    gap = gap_between(one, other)
    ones = np.repeat(one, len(other), axis=0)
    others = np.tile(other, (len(one), 1, 1))
    first, second = nearest_of_triangles(ones, others)
    wanted = float(np.linalg.norm(first - second, axis=1).min())
    assert gap.distance_mm == pytest.approx(wanted, abs=1e-9)
    assert math.dist(gap.first, gap.second) == pytest.approx(gap.distance_mm, abs=1e-9)


@given(st.lists(st.floats(-10, 10), min_size=18, max_size=18))
@settings(max_examples=60, deadline=None)
def test_the_nearest_points_of_two_triangles_beat_every_sample(numbers: list[float]) -> None:
    pair = np.array(numbers).reshape(2, 1, 3, 3)
    first, second = nearest_of_triangles(pair[0], pair[1])
    found = float(np.linalg.norm(first - second))
    grid = [(i / 8, j / 8) for i in range(9) for j in range(9 - i)]
    weights = np.array([(1 - u - v, u, v) for u, v in grid])
    ones, others = weights @ pair[0, 0], weights @ pair[1, 0]
    sampled = float(np.linalg.norm(ones[:, None] - others[None], axis=2).min())
    assert found <= sampled + 1e-9


def test_triangles_of_no_area_are_segments() -> None:
    flat = np.array([[[0.0, 0, 0], [10, 0, 0], [5, 0, 0]]])
    across = np.array([[[5.0, 3, -5], [5, 3, 5], [5, 3, 0]]])
    first, second = nearest_of_triangles(flat, across)
    assert float(np.linalg.norm(first - second)) == pytest.approx(3.0)
