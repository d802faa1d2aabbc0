import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imaging.space import Vector
from imaging.volume import VolumeGeometry
from segmentation.dicom_seg import read_seg
from segmentation.errors import EmptySegmentError
from segmentation.surface.label_surfaces import label_surface_of, voxel_borders

LEFT_HANDED = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, -1.0))


def grid(shape_kji: tuple[int, int, int], spacing: Vector = (1.0, 1.0, 1.0)) -> VolumeGeometry:
    return VolumeGeometry(spacing, (-30.0, 40.0, 900.0), LEFT_HANDED, shape_kji)


def ball_of_voxels(geometry: VolumeGeometry, radius_mm: float) -> tuple[np.ndarray, np.ndarray]:
    k, j, i = np.indices(geometry.shape_kji)
    world = geometry.index_to_world(np.stack([i, j, k], axis=-1))
    centre = world.reshape(-1, 3).mean(axis=0) + np.array((0.1, 0.2, 0.3))
    mask: np.ndarray = np.linalg.norm(world - centre, axis=-1) < radius_mm
    return mask, centre


def test_the_borders_of_voxels_enclose_just_their_volume() -> None:
    geometry = grid((20, 20, 20), (0.8, 0.9, 1.5))
    mask = np.zeros(geometry.shape_kji, bool)
    mask[2:7, 3:9, 0:20] = True
    surface = voxel_borders(mask, geometry)
    assert surface.is_watertight
    assert surface.volume_ml == pytest.approx(mask.sum() * 0.8 * 0.9 * 1.5 / 1000, rel=1e-5)


def test_the_surface_of_a_label_is_smooth_and_keeps_its_volume() -> None:
    geometry = grid((48, 48, 48))
    mask, centre = ball_of_voxels(geometry, 20)
    refined = label_surface_of(mask, geometry)
    surface = refined.surface
    assert surface.is_watertight
    assert surface.volume_ml == pytest.approx(mask.sum() / 1000, rel=0.005)
    off = np.abs(np.linalg.norm(surface.vertices - centre, axis=1) - 20)
    assert np.percentile(off, 95) <= 0.38  # a binary mask, contoured as it is
    assert 0 < refined.error_max_mm <= 0.75 * math.sqrt(3)


def test_a_bound_of_the_user_holds_for_labels_too() -> None:
    geometry = grid((30, 30, 30))
    mask, _ = ball_of_voxels(geometry, 10)
    assert label_surface_of(mask, geometry, 0.3).error_max_mm <= 0.3


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 2**32 - 1), st.tuples(*[st.integers(1, 7)] * 3), st.floats(0.05, 0.9))
def test_the_surface_of_any_voxels_is_closed(
    seed: int, shape: tuple[int, int, int], share: float
) -> None:
    """Voxels that touch in edges and corners, too."""
    mask = np.random.default_rng(seed).random(shape) < share
    mask.flat[0] = True
    surface = label_surface_of(mask, grid(shape)).surface
    assert surface.is_watertight
    assert surface.volume_ml > 0


def test_two_voxels_that_touch_in_a_corner_do_not_vanish() -> None:
    mask = np.zeros((4, 4, 4), bool)
    mask[1, 1, 1] = mask[2, 2, 2] = True
    surface = label_surface_of(mask, grid((4, 4, 4))).surface
    assert surface.parts() == 2
    assert surface.volume_ml == pytest.approx(0.002, rel=0.05)


def test_a_label_that_no_voxel_has_is_refused() -> None:
    with pytest.raises(EmptySegmentError, match="another segment"):
        label_surface_of(np.zeros((3, 3, 3), bool), grid((3, 3, 3)))


@pytest.mark.shared_data
def test_a_real_liver_from_a_dicom_seg_keeps_its_volume(shared_data: Path) -> None:
    labelmap = read_seg(shared_data / "04_ct_liver_seg_dcmqi" / "liver.dcm")
    surface = label_surface_of(labelmap.mask(1), labelmap.geometry).surface
    assert surface.is_watertight
    assert surface.volume_ml == pytest.approx(labelmap.volume_ml(1), rel=0.005)
