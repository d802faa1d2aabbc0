"""Grey values in boxes and ellipses, against closed forms and plain numpy."""

import math
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from imaging.volume import VolumeGeometry
from imaging.volume_store.reading import OpenedVolume
from imaging.volume_store.store import VolumeStore
from tests.workspace.imagery.grids import GRIDS, X, Y, Z, middle_of, turned
from tests.workspace.imagery.stored_volumes import Ramp, places_of, ramp_volume, volume_of
from workspace.errors import PlanningError
from workspace.imagery.regions import in_box, in_ellipse

BRAIN_HU, NOISE_HU = 35.0, 15.0


def stored(folder: Path, voxels: NDArray[np.generic], geometry: VolumeGeometry) -> OpenedVolume:
    store = VolumeStore(folder)
    return store.open(store.put(volume_of(voxels, geometry)).key)


def brain(folder: Path, geometry: VolumeGeometry) -> OpenedVolume:
    noise = np.random.default_rng(7).normal(BRAIN_HU, NOISE_HU, geometry.shape_kji)
    return stored(folder, np.rint(noise).astype("<i2"), geometry)


@pytest.mark.parametrize("name", GRIDS)
def test_a_box_holds_the_voxels_whose_centres_lie_in_it(tmp_path: Path, name: str) -> None:
    geometry = GRIDS[name]
    volume = brain(tmp_path, geometry)
    middle = np.array(middle_of(geometry))
    low, high = middle - (6.3, 5.1, 7.7), middle + np.array([4.9, 6.2, 5.3])
    places = places_of(geometry)
    inside = ((places >= low) & (places <= high)).all(axis=-1)
    wanted = volume.read()[inside].astype(float)
    found = in_box(volume, tuple(high), (low[0], low[1], low[2]))
    assert found.voxels == wanted.size > 200
    assert found.mean == pytest.approx(wanted.mean(), abs=1e-9)
    assert found.sd == pytest.approx(wanted.std(), abs=1e-9)
    assert (found.minimum, found.maximum) == (wanted.min(), wanted.max())


def test_a_large_box_of_brain_measures_35_hu_with_15_of_noise(tmp_path: Path) -> None:
    geometry = VolumeGeometry((1.0, 1.0, 1.0), (0.0, 0.0, 0.0), (X, Y, Z), (70, 60, 60))
    found = in_box(brain(tmp_path, geometry), (5, 5, 2), (54, 54, 67))  # two layers of bricks
    assert found.voxels == 50 * 50 * 66
    assert found.mean == pytest.approx(BRAIN_HU, abs=4 * NOISE_HU / math.sqrt(found.voxels))
    assert found.sd == pytest.approx(NOISE_HU, abs=0.15)


def test_a_ramp_s_box_has_the_value_of_its_middle(tmp_path: Path) -> None:
    geometry = GRIDS["straight"]
    store = VolumeStore(tmp_path)
    volume = store.open(store.put(ramp_volume(geometry)).key)
    x, y, z = middle_of(geometry)
    found = in_box(volume, (x - 5, y - 4, z - 6), (x + 5, y + 4, z + 6))
    assert found.mean == pytest.approx(float(Ramp().at(np.array([x, y, z]))), abs=1e-3)


@pytest.mark.parametrize("spacing", [(1.0, 1.0, 1.0), (0.7, 0.7, 3.0)])
def test_an_ellipse_on_a_slice_holds_that_slice_s_voxels(
    tmp_path: Path, spacing: tuple[float, float, float]
) -> None:
    geometry = VolumeGeometry(spacing, (-20.0, -20.0, -20.0), (X, Y, Z), (12, 60, 60))
    volume = brain(tmp_path, geometry)
    x, y, z = geometry.index_to_world((29.3, 30.1, 5)).tolist()
    lean = math.radians(30)
    first = (x + 12 * math.cos(lean), y + 12 * math.sin(lean), z)
    second = (x - 8 * math.sin(lean), y + 8 * math.cos(lean), z)
    found = in_ellipse(volume, (x, y, z), first, second)
    dx, dy, _ = np.moveaxis(places_of(geometry)[5] - (x, y, z), -1, 0)
    along = dx * math.cos(lean) + dy * math.sin(lean)
    across = dy * math.cos(lean) - dx * math.sin(lean)
    inside = (along / 12) ** 2 + (across / 8) ** 2 <= 1
    wanted = volume.read()[5][inside].astype(float)
    assert found.voxels == inside.sum()
    assert found.mean == pytest.approx(wanted.mean(), abs=1e-9)
    assert found.sd == pytest.approx(wanted.std(), abs=1e-9)


@pytest.mark.parametrize("turn", [0.0, 20.0, 44.0])
def test_an_ellipse_across_the_voxels_has_its_area_and_sees_all_the_noise(
    tmp_path: Path, turn: float
) -> None:
    geometry = VolumeGeometry((1.0, 1.0, 1.0), (-40.0, -40.0, -40.0), (X, Y, Z), (80, 80, 80))
    volume = brain(tmp_path, geometry)
    axes = turned(turn, 1)
    first = tuple(25 * value for value in axes[0])
    found = in_ellipse(volume, (0.2, 0.1, 0.3), _plus(first), _plus((0.0, 18.0, 0.0)))
    area = math.pi * 25 * 18
    assert found.voxels == pytest.approx(area * math.cos(math.radians(turn)), rel=0.02)
    assert found.mean == pytest.approx(BRAIN_HU, abs=4 * NOISE_HU / math.sqrt(found.voxels))
    assert found.sd == pytest.approx(NOISE_HU, abs=4 * NOISE_HU / math.sqrt(2 * found.voxels))


def test_a_region_outside_the_images_says_so(tmp_path: Path) -> None:
    volume = brain(tmp_path, GRIDS["straight"])
    with pytest.raises(PlanningError, match="No voxel's centre lies in this region"):
        in_box(volume, (500, 500, 500), (510, 510, 510))
    with pytest.raises(PlanningError, match="No voxel's centre lies in this region"):
        in_ellipse(volume, (500, 0, 0), (510, 0, 0), (500, 10, 0))
    with pytest.raises(PlanningError, match="No voxel's centre lies in this region"):
        in_box(volume, (0.2, 0.2, 0.2), (0.4, 0.4, 0.4))


def _plus(offset: tuple[float, ...]) -> tuple[float, float, float]:
    return (0.2 + offset[0], 0.1 + offset[1], 0.3 + offset[2])
