import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imaging.space import RigidTransform
from segmentation.errors import SurfaceError
from segmentation.surface.mesh import Surface, without_crumbs
from tests.segmentation.solids import ball, box, joined, opened, reversed_surface, shell, torus

TETRAHEDRON = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], dtype=np.float32)


def test_a_box_has_the_volume_area_and_bounds_of_a_box() -> None:
    surface = box((20, 30, 40), corner=(-5, 700, -900))
    assert surface.volume_ml == pytest.approx(24.0, rel=1e-12)
    assert surface.area_cm2 == pytest.approx(2 * (6 + 8 + 12), rel=1e-12)
    assert surface.bounds_mm == (-5, 15, 700, 730, -900, -860)


def test_a_ball_has_the_volume_and_area_of_a_ball() -> None:
    surface = ball(30, segments=256)
    assert surface.volume_ml == pytest.approx(4 / 3 * math.pi * 27, rel=1e-3)
    assert surface.area_cm2 == pytest.approx(4 * math.pi * 9, rel=1e-3)


def test_a_torus_has_the_volume_and_area_of_a_torus() -> None:
    """As the ring sinus of the phantom: 10.106 mL."""
    surface = torus(32, 4)
    assert surface.volume_ml == pytest.approx(2 * math.pi**2 * 3.2 * 0.4**2, rel=2e-3)
    assert surface.area_cm2 == pytest.approx(4 * math.pi**2 * 3.2 * 0.4, rel=2e-3)
    assert surface.parts() == 1


def test_a_closed_surface_is_watertight() -> None:
    assert ball(10).is_watertight


def test_a_surface_without_one_triangle_is_not_watertight() -> None:
    assert not opened(ball(10)).is_watertight


def test_a_surface_with_one_triangle_turned_is_not_watertight() -> None:
    surface = ball(10)
    triangles = surface.triangles.copy()
    triangles[0] = triangles[0, ::-1]
    assert not Surface(surface.vertices, triangles).is_watertight


def test_a_surface_with_a_doubled_sheet_is_not_watertight() -> None:
    surface = ball(10)
    doubled = Surface(surface.vertices, np.concatenate([surface.triangles, surface.triangles]))
    assert not doubled.is_watertight


def test_a_triangle_with_two_equal_corners_is_not_watertight() -> None:
    surface = Surface(TETRAHEDRON, np.array([[0, 0, 0], [0, 1, 1]], dtype=np.int32))
    assert not surface.is_watertight


def test_a_shell_with_a_cavity_is_one_part() -> None:
    skull = shell(30, 26)
    assert skull.parts() == 1
    assert skull.volume_ml == pytest.approx(ball(30).volume_ml - ball(26).volume_ml)


def test_two_balls_are_two_parts() -> None:
    assert joined(ball(10), ball(10, centre=(50, 0, 0))).parts() == 2


def test_a_ball_inside_a_cavity_is_a_part_of_its_own() -> None:
    assert joined(shell(30, 26), ball(5)).parts() == 2


def test_a_surface_turned_inside_out_has_a_negative_volume() -> None:
    assert reversed_surface(ball(10)).volume_ml == pytest.approx(-ball(10).volume_ml)


@settings(deadline=None, max_examples=30)
@given(
    st.tuples(*[st.floats(-1, 1)] * 3).filter(lambda axis: math.hypot(*axis) > 0.1),
    st.floats(-180, 180),
    st.tuples(*[st.floats(-1000, 1000)] * 3),
)
def test_a_rigid_motion_leaves_volume_and_area(
    axis: tuple[float, float, float], angle_deg: float, shift: tuple[float, float, float]
) -> None:
    surface = shell(30, 26)
    turn = RigidTransform.about_axis(axis, angle_deg)
    moved = surface.transformed(RigidTransform(turn.rotation, shift))
    assert moved.volume_ml == pytest.approx(surface.volume_ml, rel=1e-5)  # float32 at a metre
    assert moved.area_cm2 == pytest.approx(surface.area_cm2, rel=1e-5)
    assert moved.is_watertight


def test_crumbs_are_left_out_and_the_rest_stays_as_it_was() -> None:
    whole = ball(10)
    kept = without_crumbs(joined(whole, ball(0.1, centre=(50, 0, 0), segments=8)), 0.1)
    assert len(kept.vertices) == len(whole.vertices)
    assert kept.volume_ml == pytest.approx(whole.volume_ml)


def test_a_surface_of_nothing_but_crumbs_is_kept() -> None:
    crumb = ball(0.1, segments=8)
    assert without_crumbs(crumb, 0.1) is crumb


@pytest.mark.parametrize(
    ("vertices", "triangles", "reason"),
    [
        (TETRAHEDRON, np.zeros((0, 3), np.int32), "no triangle"),
        (TETRAHEDRON, np.array([[0, 1, 4]], np.int32), "does not have"),
        (TETRAHEDRON, np.array([[0, 1, -1]], np.int32), "does not have"),
        (TETRAHEDRON.astype(np.float64), np.array([[0, 1, 2]], np.int32), "float32"),
        (TETRAHEDRON, np.array([0, 1, 2], np.int32), "int32"),
        (np.full((3, 3), np.nan, np.float32), np.array([[0, 1, 2]], np.int32), "finite"),
    ],
)
def test_arrays_that_are_no_mesh_are_refused(
    vertices: np.ndarray, triangles: np.ndarray, reason: str
) -> None:
    with pytest.raises(SurfaceError, match=reason):
        Surface(vertices, triangles)


def test_the_arrays_of_a_surface_cannot_be_written_to() -> None:
    with pytest.raises(ValueError, match="read-only"):
        ball(10).vertices[0, 0] = 1
