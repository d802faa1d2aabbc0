"""Volumes brought to other grids keep every value where it was."""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from imaging.errors import RefusedSeriesError
from imaging.resampling import isotropic, resample, right_angled, skew_deg, to_right_angles
from imaging.volume import Volume, VolumeGeometry
from tests.imaging.image_files.grids import SHEARED, geometries, volume_on

SLOPE = np.array((3.0, -2.0, 1.0))
"""Of a field that linear interpolation keeps exactly, per mm."""

FIELD_TOLERANCE = 0.02
"""float32 keeps values of 4,000 to 2e-4; ITK rounds places to a 1e-6 of a voxel."""


def tilted(angle_deg: float, shape: tuple[int, int, int] = (12, 20, 16)) -> VolumeGeometry:
    angle = math.radians(angle_deg)
    return VolumeGeometry(
        (0.8, 0.6, 2.5),
        (-5.0, 7.0, 100.0),
        ((1.0, 0.0, 0.0), (0.0, math.cos(angle), math.sin(angle)), (0.0, 0.0, 1.0)),
        shape,
    )


def places_of(geometry: VolumeGeometry) -> NDArray[np.float64]:
    k, j, i = np.indices(geometry.shape_kji)
    return geometry.index_to_world(np.stack([i, j, k], axis=-1))


def field_on(geometry: VolumeGeometry) -> Volume:
    """A volume whose values are a linear function of the place."""
    values = places_of(geometry) @ SLOPE
    return with_voxels(volume_on(geometry), values.astype(np.float32))


def with_voxels(volume: Volume, voxels: NDArray[np.float32]) -> Volume:
    return dataclasses.replace(volume, voxels=voxels)


def inside(geometry: VolumeGeometry, places: NDArray[np.float64]) -> NDArray[np.bool_]:
    index = geometry.world_to_index(places)
    last = np.array(geometry.shape_kji[::-1]) - 1
    return np.asarray(((index > 1e-6) & (index < last - 1e-6)).all(axis=-1))


def require_field(volume: Volume, source: VolumeGeometry) -> None:
    places = places_of(volume.geometry)
    within = inside(source, places)
    off = np.abs(volume.voxels - places @ SLOPE)[within]
    assert off.size == 0 or off.max() < FIELD_TOLERANCE


def covers(outer: VolumeGeometry, other: VolumeGeometry) -> bool:
    k, j, i = (size - 1 for size in other.shape_kji)
    corners = [(a, b, c) for a in (0, i) for b in (0, j) for c in (0, k)]
    index = outer.world_to_index(other.index_to_world(corners))
    last = np.array(outer.shape_kji[::-1]) - 1
    return bool((index > -1e-4).all() and (index < last + 1e-4).all())  # voxels


@settings(deadline=None, max_examples=50)
@given(geometry=geometries())
def test_a_linear_field_at_right_angles_is_the_same_field(geometry: VolumeGeometry) -> None:
    straight = to_right_angles(field_on(geometry))
    assert straight.geometry.is_right_angled
    assert covers(straight.geometry, geometry)
    assert np.sign(straight.geometry.handedness) == np.sign(geometry.handedness)
    require_field(straight, geometry)


@settings(deadline=None, max_examples=25)
@given(geometry=geometries(), spacing_mm=st.sampled_from([0.5, 1.0]))
def test_a_linear_field_at_an_even_spacing_is_the_same_field(
    geometry: VolumeGeometry, spacing_mm: float
) -> None:
    fine = VolumeGeometry((2.0, 3.0, 2.5), geometry.origin, geometry.direction, (4, 5, 6))
    even = isotropic(field_on(fine), spacing_mm)
    assert even.geometry.spacing == (spacing_mm,) * 3
    assert covers(even.geometry, fine)
    require_field(even, fine)


def test_an_affine_that_is_sheared_within_its_slices_is_straightened_too() -> None:
    skewed = VolumeGeometry(
        (1.0, 1.5, 2.0), (3.0, 4.0, 5.0), ((1, 0, 0), (0.28, 0.96, 0), (0.0, 0.6, 0.8)), (7, 8, 9)
    )
    straight = to_right_angles(field_on(skewed))
    assert straight.geometry.is_right_angled
    assert covers(straight.geometry, skewed)
    require_field(straight, skewed)


def test_slices_stay_in_their_planes_and_the_first_one_as_it_is() -> None:
    volume = volume_on(tilted(16.5))
    straight = to_right_angles(volume)
    geometry = straight.geometry
    assert geometry.shape_kji[0] == 12
    assert geometry.spacing == pytest.approx((0.8, 0.6, 2.5 * math.cos(math.radians(16.5))))
    (i, j, _) = np.rint(geometry.world_to_index(volume.geometry.origin)).astype(int).tolist()
    assert np.array_equal(straight.voxels[0, j : j + 20, i : i + 16], volume.voxels[0])


@pytest.mark.parametrize("angle_deg", [16.5, -25.0])
def test_what_no_slice_covers_has_the_lowest_value(angle_deg: float) -> None:
    volume = volume_on(tilted(angle_deg))
    straight = to_right_angles(volume)
    beyond = volume.geometry.world_to_index(places_of(straight.geometry))
    outside = ((beyond < -1.01) | (beyond > np.array((15, 19, 11)) + 1.01)).any(axis=-1)
    assert outside.any()
    assert set(np.unique(straight.voxels[outside])) == {volume.voxels.min()}


def test_the_whole_is_kept_where_it_lies_in_air() -> None:
    """Linear interpolation shares each value out, and loses none."""
    geometry = tilted(20.0)
    voxels = np.zeros(geometry.shape_kji, np.float32)
    voxels[3:9, 5:15, 4:12] = np.random.default_rng(1).uniform(0, 1000, (6, 10, 8))
    straight = to_right_angles(with_voxels(volume_on(geometry), voxels))
    assert straight.voxels.sum(dtype=float) == pytest.approx(voxels.sum(dtype=float), rel=1e-5)


def test_a_volume_at_right_angles_is_returned_as_it_is() -> None:
    volume = volume_on(tilted(0.0))
    assert to_right_angles(volume) is volume


def test_the_warning_names_the_angle_and_stays_with_the_others() -> None:
    ((code, message),) = to_right_angles(volume_on(tilted(-16.5))).warnings
    assert code == "resampled"
    assert "16.5 degrees" in message
    assert skew_deg(tilted(-16.5)) == pytest.approx(16.5)


def test_onto_its_own_grid_nothing_changes() -> None:
    volume = volume_on(SHEARED)
    assert np.array_equal(resample(volume, SHEARED).voxels, volume.voxels)


def test_whole_numbers_are_rounded_and_not_cut_off() -> None:
    geometry = VolumeGeometry((1, 1, 1), (0, 0, 0), ((1, 0, 0), (0, 1, 0), (0, 0, 1)), (4, 4, 4))
    volume = volume_on(geometry)
    moved = VolumeGeometry((1, 1, 1), (0.75, 0, 0), geometry.direction, (4, 4, 3))
    values = resample(volume, moved).voxels
    assert values.dtype == np.int16
    assert np.array_equal(values, volume.voxels[:, :, 1:])  # a step of 1 along i: 0.75 rounds up


def test_fine_stripes_do_not_come_back_as_coarse_ones() -> None:
    """Every second slice bright: at four times the spacing, grey, and no pattern of its own."""
    geometry = VolumeGeometry(
        (1.0, 1.0, 0.5), (0, 0, 0), ((1, 0, 0), (0, 1, 0), (0, 0, 1)), (64, 8, 8)
    )
    volume = volume_on(geometry, np.float32)
    stripes = np.zeros(geometry.shape_kji, np.float32)
    stripes[::2] = 1000
    even = isotropic(with_voxels(volume, stripes), 2.3)
    middle = even.voxels[2:-2, :-1, :-1]
    assert np.abs(middle - 500).max() < 25  # of 1000: what the blur leaves of the finest stripes


def test_a_grid_that_would_fill_the_memory_is_refused() -> None:
    with pytest.raises(RefusedSeriesError, match="choose a larger spacing") as caught:
        isotropic(volume_on(tilted(16.5)), 0.001)
    assert caught.value.code == "too_large"


@pytest.mark.parametrize("spacing_mm", [0.0, -1.0, math.nan])
def test_a_spacing_that_is_none_is_refused(spacing_mm: float) -> None:
    with pytest.raises(ValueError, match="positive"):
        isotropic(volume_on(tilted(16.5)), spacing_mm)


def test_the_grid_at_right_angles_is_no_larger_than_it_must_be() -> None:
    geometry = tilted(16.5)
    straight = right_angled(geometry)
    shift = 11 * 2.5 * math.sin(math.radians(16.5)) / 0.6
    assert straight.shape_kji == (12, 20 + math.ceil(shift), 16)
