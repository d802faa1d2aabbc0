import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imaging.space import RigidTransform
from segmentation.errors import SurfaceError
from segmentation.surface.deviation import Ruler, deviation_between
from segmentation.surface.encoding import to_blob
from segmentation.surface.mesh import Surface
from segmentation.surface.refinement import refine, simplify, smooth
from segmentation.surface.solid import solid_of, surface_of_solid
from tests.segmentation.solids import ball, box, ellipsoid, opened, shell


def noisy(surface: Surface, sd_mm: float) -> Surface:
    random = np.random.default_rng(7)
    noise = random.normal(0, sd_mm, surface.vertices.shape).astype(np.float32)
    return Surface(surface.vertices + noise, surface.triangles)


@pytest.mark.parametrize("max_error_mm", [0.1, 0.25, 0.5])
def test_a_refined_surface_is_closed_lighter_and_within_its_bound(max_error_mm: float) -> None:
    rough = noisy(ball(40, segments=256), 0.02)
    refined = refine(rough, max_error_mm)
    assert refined.surface.is_watertight
    assert len(refined.surface.triangles) < len(rough.triangles)
    assert 0 < refined.error_p95_mm <= refined.error_max_mm <= max_error_mm
    assert refined.surface.volume_ml == pytest.approx(rough.volume_ml, rel=0.01)


def test_no_sampled_point_lies_farther_from_the_contour_than_reported() -> None:
    rough = noisy(ball(40, segments=256), 0.02)
    refined = refine(rough, 0.25)
    all_of_them = Ruler(rough).distances_mm(refined.surface.vertices)
    assert all_of_them.max() <= refined.error_max_mm + 0.02


def test_refining_without_a_bound_leaves_the_contour_as_it_is() -> None:
    contour = ball(40)
    refined = refine(contour, None)
    assert refined.surface is contour
    assert refined.error_max_mm == 0


def test_a_bound_that_cannot_be_held_leaves_the_contour_as_it_is() -> None:
    contour = noisy(ball(40), 1.0)
    refined = refine(contour, 1e-7)
    assert refined.error_max_mm <= 1e-7
    assert len(refined.surface.triangles) == len(contour.triangles)


def test_refining_twice_gives_the_same_bytes() -> None:
    rough = noisy(shell(40, 35), 0.02)
    assert to_blob(refine(rough, 0.25).surface) == to_blob(refine(rough, 0.25).surface)


def test_the_cavity_of_a_shell_stays_and_stays_no_part() -> None:
    refined = refine(shell(40, 36), 0.25).surface
    assert refined.parts() == 1
    assert refined.volume_ml == pytest.approx(shell(40, 36).volume_ml, rel=0.01)


def test_an_open_surface_is_refused() -> None:
    with pytest.raises(SurfaceError, match="open"):
        refine(opened(ball(40)), 0.25)
    with pytest.raises(SurfaceError, match="open"):
        refine(opened(ball(40)), None)


@pytest.mark.parametrize("bound", [0, -1, float("nan"), float("inf"), 21, 1e308])
def test_a_bound_that_is_no_length_is_refused(bound: float) -> None:
    with pytest.raises(SurfaceError, match="give more than 0"):
        refine(ball(40), bound)


def test_smoothing_takes_noise_away_and_keeps_the_volume() -> None:
    rough = noisy(ball(40, segments=256), 0.1)
    calm = smooth(rough, 1.0, 1.0)
    off_rough = np.abs(np.linalg.norm(rough.vertices, axis=1) - 40)
    off_calm = np.abs(np.linalg.norm(calm.vertices, axis=1) - 40)
    assert np.percentile(off_calm, 95) < np.percentile(off_rough, 95) / 2
    assert calm.volume_ml == pytest.approx(rough.volume_ml, rel=1e-3)


def test_smoothing_moves_no_vertex_farther_than_it_may() -> None:
    rough = noisy(ball(40), 0.3)
    moved = np.linalg.norm(smooth(rough, 0.05, 0.2).vertices - rough.vertices, axis=1)
    assert moved.max() <= 0.2 + 1e-4


def test_a_spur_that_simplifying_would_bite_off_is_kept() -> None:
    """A needle of 2 mm on a ball: thinner than the tolerance, longer than the bound."""
    needle = ellipsoid((0.05, 0.05, 3), (0, 0, 40))
    whole = surface_of_solid(solid_of(ball(40, segments=256)) + solid_of(needle))
    refined = refine(whole, 0.25)
    assert refined.error_max_mm <= 0.25
    assert refined.surface.bounds_mm[5] > 42.5
    assert refined.surface.parts() == 1
    assert len(refined.surface.triangles) < len(whole.triangles)


def test_a_flat_face_is_simplified_to_its_corners() -> None:
    fine = box((20, 20, 20))
    assert len(simplify(fine, 0.01).triangles) == 12


@settings(deadline=None, max_examples=20)
@given(st.floats(0.01, 5))
def test_a_shifted_ball_deviates_by_about_its_shift(shift_mm: float) -> None:
    surface = ball(40)
    shifted = surface.transformed(RigidTransform(translation_mm=(0, 0, shift_mm)))
    deviation = deviation_between(surface, shifted)
    assert deviation.max_mm == pytest.approx(shift_mm, rel=0.02)
    assert deviation.p95_mm <= deviation.max_mm


def test_a_surface_does_not_deviate_from_itself() -> None:
    assert deviation_between(ball(40), ball(40)).max_mm == pytest.approx(0, abs=1e-5)


def test_what_only_one_surface_has_counts_in_either_order() -> None:
    short, long = ellipsoid((20, 20, 20)), ellipsoid((20, 20, 30))
    forth, back = deviation_between(short, long), deviation_between(long, short)
    assert forth.max_mm == pytest.approx(back.max_mm)
    assert forth.max_mm == pytest.approx(10, rel=0.01)
