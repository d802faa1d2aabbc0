"""A real tilted series lies on the untilted one: the phantom did not move between the two.

The facts stand in MANIFEST.md beside the images, measured by another program.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from imaging.dicom.reading import read_volume
from imaging.resampling import skew_deg, to_right_angles
from imaging.volume import Volume
from segmentation.engines.components import largest_of

BONE_HU = 300
BONE_BOX_MM = {
    "thin_1mm": ((-72.6, 10.8, 694.2), (65.0, 197.1, 827.2)),
    "tilt_+16.5": ((-72.3, 10.5, 675.8), (65.4, 195.9, 826.3)),
}
"""Of the largest component above 300 HU. The series end at different heights below."""

BONE_ML = {"thin_1mm": 363.0, "tilt_+16.5": 360.7}
POLYMER_MM = {"thin_1mm": (-1.6, 114.2, 743.0), "tilt_+16.5": (-1.4, 113.2, 741.6)}
POLYMER_ML = {"thin_1mm": 157.8, "tilt_+16.5": 160.6}
POLYMER_HU = (-300, 250)

FACT_MM = 1.0
"""The facts were measured by another program with another opening; a voxel is up to 2.5 mm high."""

MOVED_MM = 2.0
"""The measured centroids of the two series lie 1.7 mm apart; a wrong sign of the tilt moves the
ends by 40 mm, and a shear that is left out by 20."""


def largest_bone(volume: Volume) -> NDArray[np.bool_]:
    return largest_of(np.asarray(volume.voxels > np.int16(BONE_HU)))


def box_mm(volume: Volume, mask: NDArray[np.bool_]) -> NDArray[np.float64]:
    k, j, i = np.nonzero(mask)
    world = volume.geometry.index_to_world(np.stack([i, j, k], axis=-1))
    return np.array((world.min(axis=0), world.max(axis=0)))


def polymer(volume: Volume) -> NDArray[np.bool_]:
    """Return the largest body of plastic within the skull, thin shells of partial volume opened."""
    from scipy import ndimage

    low, high = POLYMER_HU
    between = np.asarray(volume.voxels > np.int16(low)) & np.asarray(volume.voxels < np.int16(high))
    radius = [max(1, round(1.5 / mm)) for mm in volume.geometry.spacing[::-1]]
    box = np.ones([2 * n + 1 for n in radius], dtype=bool)
    return largest_of(np.asarray(ndimage.binary_opening(between, box)))


@pytest.fixture(scope="module", params=["thin_1mm", "tilt_+16.5"])
def name(request: pytest.FixtureRequest) -> str:
    chosen: str = request.param
    return chosen


@pytest.fixture(scope="module")
def phantom(shared_data: Path) -> dict[str, Volume]:
    return {name: read_volume([shared_data / "01_ct_skull_phantom" / name]) for name in BONE_BOX_MM}


@pytest.mark.shared_data
def test_the_tilted_series_is_sheared_by_its_tilt(phantom: dict[str, Volume]) -> None:
    geometry = phantom["tilt_+16.5"].geometry
    assert skew_deg(geometry) == pytest.approx(
        16.5, abs=0.05
    )  # degrees; the header has one decimal
    assert geometry.spacing[2] == pytest.approx(2.5, abs=0.01)


@pytest.mark.shared_data
def test_bone_has_the_box_and_the_volume_of_the_facts(
    phantom: dict[str, Volume], name: str
) -> None:
    volume = phantom[name]
    bone = largest_bone(volume)
    assert np.abs(box_mm(volume, bone) - BONE_BOX_MM[name]).max() < FACT_MM
    volume_ml = np.count_nonzero(bone) * volume.geometry.voxel_volume_mm3 / 1000
    assert volume_ml == pytest.approx(BONE_ML[name], rel=0.01)


@pytest.mark.shared_data
def test_straightened_it_has_the_same_box_and_the_same_volume(phantom: dict[str, Volume]) -> None:
    volume = phantom["tilt_+16.5"]
    straight = to_right_angles(volume)
    bone = largest_bone(straight)
    assert np.abs(box_mm(straight, bone) - BONE_BOX_MM["tilt_+16.5"]).max() < FACT_MM
    volume_ml = np.count_nonzero(bone) * straight.geometry.voxel_volume_mm3 / 1000
    assert volume_ml == pytest.approx(BONE_ML["tilt_+16.5"], rel=0.02)  # interpolation thins bone


@pytest.mark.shared_data
def test_the_top_of_the_skull_did_not_move_between_the_series(phantom: dict[str, Volume]) -> None:
    """Left, right, front, back and top; below, each series ends where its slices do."""
    boxes = [box_mm(volume, largest_bone(volume)) for volume in phantom.values()]
    off = np.abs(boxes[0] - boxes[1])
    off[0, 2] = 0
    assert off.max() < MOVED_MM


@pytest.mark.shared_data
@pytest.mark.parametrize("placed_by", [lambda volume: volume, to_right_angles])
def test_the_plastic_within_did_not_move_between_the_series(
    phantom: dict[str, Volume], placed_by: Callable[[Volume], Volume]
) -> None:
    centres = []
    for key, volume in phantom.items():
        placed = placed_by(volume)
        mask = polymer(placed)
        k, j, i = (float(axis.mean()) for axis in np.nonzero(mask))
        centres.append(placed.geometry.index_to_world((i, j, k)))
        volume_ml = np.count_nonzero(mask) * placed.geometry.voxel_volume_mm3 / 1000
        assert np.linalg.norm(centres[-1] - POLYMER_MM[key]) < FACT_MM / 2
        assert volume_ml == pytest.approx(POLYMER_ML[key], rel=0.03)  # the opening's edge
    assert np.linalg.norm(centres[0] - centres[1]) < MOVED_MM
