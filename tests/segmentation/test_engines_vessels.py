from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from imaging.dicom.reading import read_volume
from imaging.formats import read_image
from imaging.volume import Volume, VolumeGeometry
from sample_data.acquisition import Acquisition
from sample_data.craniopagus import craniopagus
from sample_data.series import scan
from segmentation.engines.table import run_engine
from segmentation.errors import EmptySegmentError
from tests.segmentation.engine_phantoms import ball, head, paint, torus

RING_ML = 2 * np.pi**2 * 20 * 4**2 / 1000


def test_a_ring_of_blood_is_found_without_bone_and_its_rim() -> None:
    volume = head(15, (torus(20, 4), 250.0))
    found = run_engine(volume, "vessels", {})
    z, y, x = np.indices(found.mask.shape) - 50
    off_ring_mm = np.hypot(np.hypot(x, y) - 20, z)
    assert off_ring_mm[found.mask].max() < 5.5  # the tube's 4 mm and a voxel's diagonal
    assert found.volume_ml == pytest.approx(RING_ML, rel=0.1)


def test_blood_that_touches_bone_is_parted_from_it() -> None:
    volume = head(15, (ball(8, (0, 0, 26)), 300.0))
    found = run_engine(volume, "vessels", {})
    assert found.mask[76, 50, 50]
    z, y, x = np.indices(found.mask.shape) - 50
    radius = np.sqrt(x**2 + y**2 + z**2)
    skull = (radius > 34) & (radius < 36)
    assert (found.mask & skull).sum() / skull.sum() < 0.01
    assert found.volume_ml == pytest.approx(4 / 3 * np.pi * 0.8**3, rel=0.15)


def test_a_head_without_contrast_is_refused_with_advice() -> None:
    with pytest.raises(EmptySegmentError, match="check that contrast was given"):
        run_engine(head(15), "vessels", {})


def test_in_mr_bright_blood_within_is_found_and_bright_scalp_is_not() -> None:
    layers = [(ball(45), 900.0), (ball(41), 50.0), (ball(38), 400.0), (torus(20, 4), 1000.0)]
    volume = paint(layers, 55, background=10.0, noise=20, hu=False)
    found = run_engine(volume, "vessels", {"scalp_mm": 8, "lower_hu": 700})
    assert found.volume_ml == pytest.approx(RING_ML, rel=0.15)


def test_the_craniopagus_sinus_is_one_piece_without_bone() -> None:
    volume = scan(craniopagus(), Acquisition(spacing_mm=(1.0, 1.0, 1.5), noise_sd=15.0, seed=1))
    found = run_engine(volume, "vessels", {})
    k, j, i = np.nonzero(found.mask)
    x, y, z = volume.geometry.index_to_world(np.stack([i, j, k], axis=1)).T
    assert np.hypot(x, y).max() < 38.5  # the skull's inner wall at z = 0
    assert np.abs(z).max() > 25  # the tributaries, 34 mm long
    assert found.volume_ml > 10.1


def indices_of(mask: NDArray[np.generic], geometry: VolumeGeometry) -> NDArray[np.float64]:
    k, j, i = np.nonzero(mask)
    return geometry.index_to_world(np.stack([i, j, k], axis=1))


def share_found(reference: Volume, found: NDArray[np.bool_], geometry: VolumeGeometry) -> float:
    world = indices_of(reference.voxels, reference.geometry)
    own = np.rint(geometry.world_to_index(world)).astype(int)
    return float(found[own[:, 2], own[:, 1], own[:, 0]].mean())


@pytest.mark.shared_data
def test_in_a_cta_the_lumen_of_the_aorta_is_found_and_a_vertebra_is_not(shared_data: Path) -> None:
    folder = shared_data / "03_cta_aortic_dissection_totalseg"
    found = run_engine(read_volume([folder / "dicom_derived"]), "vessels", {})

    def share(name: str) -> float:
        return share_found(read_image(folder / f"{name}.nii.gz"), found.mask, found.geometry)

    assert share("aorta") > 0.8  # all of it above 150 HU; the rest is thrombus and wall
    assert share("aorta_true_lumen") > 0.96
    assert share("brachiocephalic_trunk") > 0.95
    assert share("celiac_trunk") > 0.95
    assert share("vertebrae_T12") < 0.01


@pytest.mark.shared_data
def test_in_an_mr_with_contrast_the_deep_sinuses_are_found(shared_data: Path) -> None:
    volume = read_volume([shared_data / "02_mr_head_contrast_VS-SEG-001" / "dicom"])
    found = run_engine(volume, "vessels", {})
    assert 40 < found.volume_ml < 100
    assert found.parameters["lower_hu"] == pytest.approx(680, abs=20)
