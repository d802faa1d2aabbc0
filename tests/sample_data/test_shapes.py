"""Signed distances: sign, size and bounds."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imaging.space import Plane
from sample_data.shapes import (
    Ball,
    Box,
    Difference,
    HalfSpace,
    Intersection,
    Shape,
    Spheroid,
    Union,
)
from sample_data.tubes import Capsule, Cylinder, Helix, Torus

HELIX = Helix(winding_radius_mm=32, tube_radius_mm=4, pitch_mm=24)
EXACT: dict[str, Shape] = {
    "ball": Ball((3, -4, 5), 20),
    "box": Box((1, 2, 3), (20, 15, 10)),
    "torus": Torus((0, 0, 2), 30, 6),
    "cylinder": Cylinder((-10, 5, -20), (15, 0, 10), 5),
    "capsule": Capsule((-10, 5, -20), (15, 0, 10), 5),
    "helix": HELIX,
}
SHAPES: dict[str, Shape] = {
    **EXACT,
    "spheroid": Spheroid((0, 1, -2), 30, 40),
    "union": Union((Ball((-10, 0, 0), 15), Ball((10, 0, 0), 15))),
    "cut ball": Intersection((Ball((0, 0, 0), 20), HalfSpace(Plane((0, 0, 5), (0, 0, 1))))),
    "hollow ball": Difference(Ball((0, 0, 0), 20), Ball((0, 0, 0), 12)),
}
VOLUMES_MM3 = {
    "ball": 4 / 3 * math.pi * 20**3,
    "box": 40 * 30 * 20,
    "torus": 2 * math.pi**2 * 30 * 6**2,
    "cylinder": math.pi * 25 * math.dist((-10, 5, -20), (15, 0, 10)),
    "capsule": math.pi * 25 * math.dist((-10, 5, -20), (15, 0, 10)) + 4 / 3 * math.pi * 125,
    "helix": math.pi * 16 * math.hypot(64 * math.pi, 24) + 4 / 3 * math.pi * 64,
    "spheroid": 4 / 3 * math.pi * 30**2 * 40,
    "union": 2 * 4 / 3 * math.pi * 15**3 - math.pi * (4 * 15 + 20) * (2 * 15 - 20) ** 2 / 12,
    "cut ball": math.pi * 25**2 * (60 - 25) / 3,
    "hollow ball": 4 / 3 * math.pi * (20**3 - 12**3),
}

coordinate = st.floats(-60, 60)
point = st.tuples(coordinate, coordinate, coordinate)


@pytest.mark.parametrize("name", SHAPES)
def test_what_lies_inside_lies_within_the_bounds(name: str) -> None:
    low, high = SHAPES[name].bounds
    axes = [np.arange(-60, 60, 1.7)] * 3
    points = np.stack(np.meshgrid(*axes), axis=-1)
    inside = points[SHAPES[name].signed_distance_mm(points) < 0]
    assert len(inside) > 0
    assert (inside >= low).all()
    assert (inside <= high).all()


@pytest.mark.parametrize("name", SHAPES)
def test_the_inside_has_the_volume_of_the_formula(name: str) -> None:
    low, high = SHAPES[name].bounds
    axes = [
        np.arange(start + 0.25, stop, 0.5) for start, stop in zip(low, high, strict=True)
    ]  # cells of 0.5 mm
    points = np.stack(np.meshgrid(*axes), axis=-1)
    share = np.clip(0.5 - SHAPES[name].signed_distance_mm(points) / 0.5, 0, 1)
    assert share.sum() * 0.5**3 == pytest.approx(VOLUMES_MM3[name], rel=2e-3)


@pytest.mark.parametrize("name", [name for name in SHAPES if name != "spheroid"])
@given(a=point, b=point)
@settings(max_examples=60, deadline=None)
def test_a_distance_changes_no_faster_than_one_moves(
    name: str, a: tuple[float, float, float], b: tuple[float, float, float]
) -> None:
    """So no surface passes a voxel whose centre says that none is near. Spheroids: see below."""
    distances = SHAPES[name].signed_distance_mm(np.array([a, b]))
    assert abs(distances[0] - distances[1]) <= math.dist(a, b) + 1e-6


@given(
    azimuth=st.floats(-math.pi, math.pi),
    latitude=st.floats(-1.5, 1.5),
    offset=st.floats(-1, 1),
)
@settings(max_examples=100, deadline=None)
def test_near_a_spheroid_its_distance_is_right_to_a_hundredth_of_a_millimetre(
    azimuth: float, latitude: float, offset: float
) -> None:
    a, c = 62.5, 68.5
    across = np.array([math.cos(azimuth), math.sin(azimuth)]) * math.cos(latitude)
    surface = np.array([a * across[0], a * across[1], c * math.sin(latitude)])
    normal = surface / (a**2, a**2, c**2)
    normal /= np.linalg.norm(normal)
    distance = Spheroid((0, 0, 0), a, c).signed_distance_mm(surface + offset * normal)
    assert distance == pytest.approx(offset, abs=0.01)


def test_the_middle_of_a_spheroid_is_deep_inside() -> None:
    assert Spheroid((0, 0, 0), 30, 40).signed_distance_mm(np.zeros(3)) == -30


@given(azimuth=st.floats(-math.pi, math.pi), radius=st.floats(27, 37), z=st.floats(-16, 16))
@settings(max_examples=100, deadline=None)
def test_a_helix_is_as_far_as_the_nearest_of_many_points_on_it(
    azimuth: float, radius: float, z: float
) -> None:
    t = np.linspace(-math.pi, math.pi, 20_001)
    line = np.stack([32 * np.cos(t), 32 * np.sin(t), 24 * t / (2 * math.pi)], axis=-1)
    here = np.array([radius * math.cos(azimuth), radius * math.sin(azimuth), z])
    expected = np.linalg.norm(line - here, axis=-1).min() - 4
    if expected < 1:  # farther away only the side matters
        assert HELIX.signed_distance_mm(here) == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("name", EXACT)
def test_half_a_millimetre_outside_along_the_steepest_way_is_half_a_millimetre(name: str) -> None:
    shape = EXACT[name]
    low, high = shape.bounds
    axes = [np.linspace(start, stop, 23) for start, stop in zip(low, high, strict=True)]
    points = np.array(list(itertools.product(*axes)))
    near = points[np.abs(shape.signed_distance_mm(points)) < 0.3]
    step = 1e-5
    slopes = [
        (
            shape.signed_distance_mm(near + step * axis)
            - shape.signed_distance_mm(near - step * axis)
        )
        / (2 * step)
        for axis in np.eye(3)
    ]
    lengths = np.linalg.norm(slopes, axis=0)
    assert np.median(lengths) == pytest.approx(1, abs=1e-3)
