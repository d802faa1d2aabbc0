import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from segmentation.engines.levels import isovalue_at, otsu_level
from segmentation.engines.table import run_engine
from tests.segmentation.engine_phantoms import ball, paint, volume_of


@pytest.mark.parametrize("spacing_mm", [2.0, 1.0])
def test_a_ball_has_the_volume_of_a_ball(spacing_mm: float) -> None:
    volume = paint([(ball(20), 700)], 25, (spacing_mm, spacing_mm, spacing_mm))
    found = run_engine(volume, "threshold", {"lower_hu": -150})
    assert found.volume_ml == pytest.approx(4 / 3 * math.pi * 2**3, rel=0.01)  # of voxels


def test_the_voxels_of_a_ball_do_not_depend_on_the_shape_of_voxels() -> None:
    volume = paint([(ball(20), 700)], 25, (0.5, 1.0, 2.5))
    found = run_engine(volume, "threshold", {"lower_hu": -150})
    assert found.volume_ml == pytest.approx(4 / 3 * math.pi * 2**3, rel=0.02)


voxel_blocks = st.integers(0, 2**32 - 1).map(
    lambda seed: np.random.default_rng(seed).integers(-1024, 3072, (3, 4, 5)).astype(np.int16)
)


@settings(deadline=None, max_examples=50)
@given(voxels=voxel_blocks, lower=st.integers(-1000, 2500), width=st.integers(0, 3000))
def test_a_voxel_is_inside_when_its_value_lies_between_the_bounds(
    voxels: NDArray[np.int16], lower: int, width: int
) -> None:
    inside = (voxels >= lower) & (voxels <= lower + width)
    voxels[0, 0, 0] = lower  # so that one voxel is always inside
    inside[0, 0, 0] = True
    found = run_engine(
        volume_of(voxels), "threshold", {"lower_hu": lower, "upper_hu": lower + width + 0.5}
    )
    np.testing.assert_array_equal(found.mask, inside)
    np.testing.assert_array_equal(np.greater(found.field, found.isovalue), inside)


@settings(deadline=None, max_examples=30)
@given(voxels=voxel_blocks)
def test_float_values_at_a_bound_lie_inside(voxels: NDArray[np.int16]) -> None:
    values = voxels.astype(np.float32) / 7
    low, high = float(values.min()), float(np.sort(values.ravel())[-2])
    found = run_engine(volume_of(values), "threshold", {"lower_hu": low, "upper_hu": high})
    assert found.field.dtype == np.float32
    np.testing.assert_array_equal(found.mask, values <= np.float32(high))


def test_between_tissue_and_bone_there_is_no_thin_shell_of_the_band() -> None:
    voxels = np.full((3, 3, 8), 0, dtype=np.int16)
    voxels[:, :, 3:] = 1000
    voxels[1, 1, 6] = 300
    found = run_engine(volume_of(voxels), "threshold", {"lower_hu": 200, "upper_hu": 500})
    assert found.voxels == 1


def test_one_contour_crosses_where_both_bounds_are() -> None:
    ramp = np.tile(np.arange(0, 1000, 10, dtype=np.int16), (2, 2, 1))
    found = run_engine(volume_of(ramp), "threshold", {"lower_hu": 205, "upper_hu": 505})
    line = found.field[0, 0].astype(float) - found.isovalue
    at = np.flatnonzero(np.diff(np.sign(line)))
    crossings = at + line[at] / (line[at] - line[at + 1])
    np.testing.assert_allclose(crossings * 10, [205, 505], atol=0.5)  # half a grey value


def test_grey_values_are_kept_where_there_is_no_upper_bound() -> None:
    volume = paint([(ball(10), 700)], 15)
    found = run_engine(volume, "threshold", {"lower_hu": 200})
    np.testing.assert_array_equal(found.field, volume.voxels)
    assert found.isovalue == 199.5


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int32, np.float32, np.float64])
def test_other_number_types_give_int16_or_float32(dtype: type[np.generic]) -> None:
    voxels = np.arange(60).reshape(3, 4, 5).astype(dtype)
    found = run_engine(volume_of(voxels), "threshold", {"lower_hu": 30})
    assert found.field.dtype == (np.int16 if np.issubdtype(dtype, np.integer) else np.float32)
    assert found.voxels == 30


def test_integers_beyond_int16_become_float32_and_stay_right() -> None:
    voxels = np.array([[[0, 40_000], [50_000, 65_535]]], dtype=np.uint16)
    found = run_engine(volume_of(voxels, hu=False), "threshold", {"lower_hu": 50_000})
    assert found.field.dtype == np.float32
    assert found.voxels == 2


def test_without_bounds_otsu_parts_body_from_air_and_the_level_is_recorded() -> None:
    found = run_engine(paint([(ball(20), 40)], 25, noise=10), "threshold", {})
    assert -700 < found.parameters["lower_hu"] < -300


def test_otsu_lies_in_the_middle_of_the_gap_between_two_classes() -> None:
    sample = np.concatenate([np.full(900, 10.0), np.full(100, 110.0)])
    assert otsu_level(sample) == pytest.approx(60, abs=1)


def test_the_isovalue_of_integers_is_halfway_between_two() -> None:
    whole = np.zeros(1, dtype=np.int16)
    assert isovalue_at(whole, 250) == 249.5
    assert isovalue_at(whole, 250.4) == 250.5
