"""Pictures of planes: the values at the pixels are those of the places where the pixels lie."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates

from imaging.space import cross
from imaging.volume import VolumeGeometry
from tests.workspace.imagery.grids import GRIDS, X, Y, Z, middle_of, planes
from tests.workspace.imagery.stored_volumes import Ramp, ramp_volume
from workspace.imagery.reslicing import Mode, PicturePlane, plane_values, slab_values

RAMP = Ramp()
MODES: tuple[Mode, ...] = ("max", "min", "mean")
ROUNDING = 2e-3
"""Of float32 values up to some hundreds, blended three times."""


def within_centres(geometry: VolumeGeometry, plane: PicturePlane) -> NDArray[np.bool_]:
    """Say which pixels lie between voxel centres, where a ramp is exact."""
    index = geometry.world_to_index(plane.places())
    k, j, i = geometry.shape_kji
    inside = (index >= 0) & (index <= np.array([i - 1, j - 1, k - 1]))
    return np.asarray(inside.all(axis=-1))


@pytest.mark.parametrize("name", GRIDS)
@given(plane=planes())
@settings(max_examples=25, deadline=None)
def test_each_pixel_has_the_value_of_its_place(name: str, plane: PicturePlane) -> None:
    geometry = GRIDS[name]
    values = plane_values(ramp_volume(geometry).voxels, geometry, plane)
    inside = within_centres(geometry, plane)
    assert np.allclose(values[inside], RAMP.at(plane.places())[inside], rtol=0, atol=ROUNDING)


@pytest.mark.parametrize("name", GRIDS)
@pytest.mark.parametrize(
    ("right", "down"),
    [(X, Y), (Y, (0.0, 0.0, -1.0)), (X, (0.0, 0.0, -1.0)), ((-1.0, 0.0, 0.0), Z)],
    ids=["axial", "sagittal", "coronal", "coronal from behind"],
)
def test_the_planes_of_the_patient_are_right_on_every_grid(
    name: str, right: tuple[float, float, float], down: tuple[float, float, float]
) -> None:
    geometry = GRIDS[name]
    plane = PicturePlane(middle_of(geometry), right, down, 60, 50, 0.45)
    values = plane_values(ramp_volume(geometry).voxels, geometry, plane)
    inside = within_centres(geometry, plane)
    assert inside.sum() > 1000
    assert np.allclose(values[inside], RAMP.at(plane.places())[inside], rtol=0, atol=ROUNDING)


@pytest.mark.parametrize("name", GRIDS)
@given(plane=planes())
@settings(max_examples=10, deadline=None)
def test_values_agree_with_scipy_s_and_are_missing_outside_the_voxels(
    name: str, plane: PicturePlane
) -> None:
    geometry = GRIDS[name]
    voxels = np.random.default_rng(1).integers(-1000, 1000, geometry.shape_kji).astype("<i2")
    values = plane_values(voxels, geometry, plane)
    index = geometry.world_to_index(plane.places())
    k, j, i = geometry.shape_kji
    counts = np.array([i, j, k])
    margin = 1e-6  # neither of two roundings decides
    inside = ((index > -0.5 + margin) & (index < counts - 0.5 - margin)).all(axis=-1)
    outside = ((index < -0.5 - margin) | (index > counts - 0.5 + margin)).any(axis=-1)
    wanted = map_coordinates(
        voxels.astype(np.float64), np.moveaxis(index[..., ::-1], -1, 0), order=1, mode="nearest"
    )
    assert np.allclose(values[inside], wanted[inside], rtol=0, atol=0.02)
    assert np.isnan(values[outside]).all()


@pytest.mark.parametrize("name", ["straight", "tilted gantry", "turned"])
@pytest.mark.parametrize("tilt", [0.0, 0.3])
def test_a_slab_of_a_ramp_is_known_in_closed_form(name: str, tilt: float) -> None:
    geometry = GRIDS[name]
    down = (0.0, float(np.cos(tilt)), float(np.sin(tilt)))
    plane = PicturePlane(middle_of(geometry), X, down, 9, 9, 0.5)
    voxels = ramp_volume(geometry).voxels
    rise = abs(np.dot(RAMP.gradient, cross(plane.right, plane.down))) * 6.0 / 2
    middle = RAMP.at(plane.places())
    for mode, wanted in zip(MODES, (middle + rise, middle - rise, middle), strict=True):
        values = slab_values(voxels, geometry, plane, mode, 6.0)
        assert np.allclose(values, wanted, rtol=0, atol=ROUNDING * 3)


def test_a_slab_that_reaches_out_of_the_volume_counts_what_is_inside() -> None:
    geometry = GRIDS["straight"]
    edge = dataclasses.replace(
        PicturePlane(middle_of(geometry), X, Y, 5, 5, 1.0),
        centre=(0.0, 0.0, geometry.origin[2]),
    )
    voxels = np.full(geometry.shape_kji, 7.0, np.float32)
    for mode in MODES:
        assert (slab_values(voxels, geometry, edge, mode, 8.0) == 7.0).all()
    far = edge.moved(-50.0)
    assert np.isnan(slab_values(voxels, geometry, far, "mean", 8.0)).all()


def test_left_is_left_in_an_axial_picture_seen_from_the_feet() -> None:
    geometry = GRIDS["feet first"]
    values = np.zeros(geometry.shape_kji, np.float32)
    left = geometry.world_to_index((middle_of(geometry)[0] + 8.0, 0.0, 0.0)).round().astype(int)
    values[:, :, left[0]] = 1.0
    plane = PicturePlane(middle_of(geometry), X, Y, 41, 11, 0.5)  # right of the picture: left
    picture = plane_values(values, geometry, plane)
    assert picture[5].argmax() > 30
