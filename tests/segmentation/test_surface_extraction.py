import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imaging.space import Vector
from imaging.volume import VolumeGeometry
from segmentation.errors import EmptySegmentError, SurfaceError
from segmentation.surface.extraction import contour

RIGHT_HANDED = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
LEFT_HANDED = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, -1.0))
TILTED = ((0.6, 0.0, 0.8), (0.0, 1.0, 0.0), (-0.8, 0.0, 0.6))


def grid(
    shape_kji: tuple[int, int, int],
    spacing: Vector = (1.0, 1.0, 1.0),
    direction: tuple[Vector, Vector, Vector] = RIGHT_HANDED,
    origin: Vector = (-120.0, 30.0, 700.0),
) -> VolumeGeometry:
    return VolumeGeometry(spacing, origin, direction, shape_kji)


def distance_field(geometry: VolumeGeometry, centre: Vector, radius_mm: float) -> np.ndarray:
    """Return how deep inside a ball each voxel lies, mm."""
    k, j, i = np.indices(geometry.shape_kji)
    world = geometry.index_to_world(np.stack([i, j, k], axis=-1))
    depth: np.ndarray = radius_mm - np.linalg.norm(world - centre, axis=-1)
    return depth.astype(np.float32)


@pytest.mark.parametrize("direction", [RIGHT_HANDED, LEFT_HANDED, TILTED])
def test_a_ball_is_contoured_where_it_is_with_its_volume_outwards(
    direction: tuple[Vector, Vector, Vector],
) -> None:
    geometry = grid((40, 50, 60), (0.8, 0.9, 1.2), direction)
    centre = tuple(geometry.index_to_world((30, 25, 20)).tolist())
    surface = contour(distance_field(geometry, centre, 15), 0, geometry)
    assert surface.is_watertight
    assert surface.volume_ml == pytest.approx(4 / 3 * math.pi * 3.375, rel=0.005)
    radii = np.linalg.norm(surface.vertices - centre, axis=1)
    assert np.abs(radii - 15).max() < 0.03  # linear interpolation of a curved field


def test_material_cut_by_the_border_ends_in_a_flat_face_half_a_voxel_out() -> None:
    """Bone that fills the whole volume has the volume of all its voxels."""
    geometry = grid((5, 6, 7), (2.0, 3.0, 4.0))
    random = np.random.default_rng(1)
    surface = contour(random.normal(700, 15, geometry.shape_kji), 365.5, geometry)
    assert surface.is_watertight
    expected = (-121, -107, 28.5, 46.5, 698, 718)
    np.testing.assert_allclose(surface.bounds_mm, expected, atol=1e-3)
    bevelled = 5 * 6 * 7 * 24 / 1000 * 0.93  # the twelve edges are cut off
    assert bevelled < surface.volume_ml < 5 * 6 * 7 * 24 / 1000


def test_half_a_ball_at_the_border_is_closed() -> None:
    geometry = grid((40, 60, 60))
    centre = tuple(geometry.index_to_world((30, 30, -0.5)).tolist())
    surface = contour(distance_field(geometry, centre, 20), 0, geometry)
    assert surface.is_watertight
    assert surface.parts() == 1
    assert surface.volume_ml == pytest.approx(2 / 3 * math.pi * 8, rel=0.01)
    assert surface.bounds_mm[4] == pytest.approx(699.5, abs=1e-3)


def test_one_voxel_is_a_closed_surface() -> None:
    field = np.zeros((3, 3, 3), np.int16)
    field[1, 1, 1] = 100
    surface = contour(field, 50.5, grid((3, 3, 3)))
    assert surface.is_watertight
    np.testing.assert_allclose(
        np.mean(np.reshape(surface.bounds_mm, (3, 2)), axis=1), (-119, 31, 701)
    )


def test_a_volume_of_one_voxel_is_a_closed_surface() -> None:
    assert contour(np.full((1, 1, 1), 100, np.int16), 50.5, grid((1, 1, 1))).is_watertight


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**32 - 1), st.tuples(*[st.integers(1, 9)] * 3), st.floats(0.05, 0.95))
def test_the_contour_of_any_field_is_closed_and_encloses_material(
    seed: int, shape: tuple[int, int, int], share: float
) -> None:
    field = np.random.default_rng(seed).random(shape).astype(np.float32)
    field.flat[0] = 1.0
    surface = contour(field, share, grid(shape))
    assert surface.is_watertight
    assert surface.volume_ml > 0


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 2**32 - 1))
def test_a_field_whose_values_lie_on_the_isovalue_is_closed_too(seed: int) -> None:
    field = np.random.default_rng(seed).integers(0, 3, (5, 5, 5)).astype(np.int16)
    field[2, 2, 2] = 2
    assert contour(field, 1.0, grid((5, 5, 5))).is_watertight


def test_a_field_with_nothing_inside_is_refused() -> None:
    with pytest.raises(EmptySegmentError, match="no voxel"):
        contour(np.zeros((4, 4, 4), np.int16), 0.5, grid((4, 4, 4)))


def test_a_field_that_holds_no_numbers_is_refused() -> None:
    field = np.ones((4, 4, 4), np.float32)
    field[1, 1, 1] = np.nan
    with pytest.raises(SurfaceError, match="finite"):
        contour(field, 0.5, grid((4, 4, 4)))
