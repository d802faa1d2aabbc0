"""Real series against known answers, and every real folder against its oddities."""

import hashlib
import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from imaging.dicom.inspecting import inspect
from imaging.dicom.reading import read_volume
from imaging.errors import ImagingError, SourceError
from imaging.formats import read_image

pytestmark = pytest.mark.shared_data

REGULAR = (
    "01_ct_skull_phantom/thick_5mm",
    "01_ct_skull_phantom/thin_1mm",
    "01_ct_skull_phantom/tilt_+16.5",
    "02_mr_head_contrast_VS-SEG-001/dicom",
    "03_cta_aortic_dissection_totalseg/dicom_derived",
    "04_ct_liver_seg_dcmqi/ct-3slice",
    "08_rtstruct_sr_seg/rtstruct_MIM_phantom",
)
NO_VOLUMES = {
    "01_ct_skull_phantom/localizer": "localizer",
    "01_ct_skull_phantom/screenshots_sc": "secondary_capture",
}


def expected(folder: Path, name: str) -> dict[str, Any]:
    answers = json.loads((folder / "expected.json").read_text())
    (found,) = [value for key, value in answers.items() if key.startswith(f"{name}|")]
    answer: dict[str, Any] = found
    return answer


@pytest.mark.parametrize("name", REGULAR)
def test_voxels_and_affine_are_the_known_ones(shared_data: Path, name: str) -> None:
    answer = expected(shared_data, name)
    volume = read_volume([shared_data / name])
    digest = hashlib.sha256(volume.voxels.astype("<i2").tobytes()).hexdigest()
    assert digest == answer["sha256_rescaled_kji"]
    # the answers are rounded to 1e-5
    assert np.allclose(volume.geometry.affine_lps, answer["affine_LPS"], atol=1e-5)
    assert volume.frame_of_reference_uid == answer["frame_uid"]
    assert volume.modality == answer["modality"]


@pytest.mark.parametrize("name", [REGULAR[0], REGULAR[1], REGULAR[3]])
def test_dcm2niix_puts_the_corners_in_the_same_places(shared_data: Path, name: str) -> None:
    answer = expected(shared_data, name)
    affine = np.diag([-1, -1, 1, 1]) @ np.array(answer["dcm2niix"]["nifti_affine_RAS"])

    def corners(matrix: np.ndarray, shape: list[int]) -> np.ndarray:
        ends = itertools.product(*((0, size - 1) for size in shape))
        places = np.array([[*end, 1] for end in ends]) @ matrix.T
        return np.array(sorted(np.round(places[:, :3], 1).tolist()))

    geometry = read_volume([shared_data / name]).geometry
    ours = corners(geometry.affine_lps, list(reversed(geometry.shape_kji)))
    # nifti answers are rounded to 1e-5, which 512 columns make 0.005 mm
    assert np.allclose(ours, corners(affine, answer["dcm2niix"]["nifti_shape"]), atol=0.11)


def test_dcm2niix_has_the_same_value_in_the_same_place(shared_data: Path) -> None:
    folder = shared_data / "01_ct_skull_phantom"
    ours = read_volume([folder / "thick_5mm"])
    theirs = read_image(folder / "ref" / "thick_5mm_dcm2niix.nii.gz")
    index = np.random.default_rng(3).integers(0, (512, 512, 28), (2000, 3))
    world = ours.geometry.index_to_world(index)
    i, j, k = np.rint(theirs.geometry.world_to_index(world)).astype(int).T
    off = theirs.geometry.index_to_world(np.column_stack([i, j, k])) - world
    assert np.abs(off).max() < 1e-3  # mm; NIfTI keeps float32
    assert np.array_equal(theirs.voxels[k, j, i], ours.voxels[tuple(index.T[::-1])])


@pytest.mark.parametrize("name", NO_VOLUMES)
def test_what_is_no_volume_is_refused_by_name(shared_data: Path, name: str) -> None:
    found = inspect([shared_data / name])
    assert not found.volumes
    assert {refused.code for refused in found.refused} == {NO_VOLUMES[name]}


def test_every_compression_decodes_to_the_same_slice(shared_data: Path, tmp_path: Path) -> None:
    """NEMA WG-04 samples, each made into two slices."""
    from pydicom import dcmread

    samples = shared_data / "06_transfer_syntaxes" / "nema_wg04"
    for kind in ("CT1", "MR1", "MR4"):
        volumes = {}
        for packing in ("UNC", "RLE", "JPLL", "JLSL", "J2KR"):
            folder = tmp_path / kind / packing
            folder.mkdir(parents=True)
            for k in (0, 1):
                dataset = dcmread(samples / f"{kind}_{packing}")
                dataset.SOPInstanceUID += f".{k}"
                x, y, z = (float(value) for value in dataset.ImagePositionPatient)
                row, column = np.array(dataset.ImageOrientationPatient, float).reshape(2, 3)
                place = np.array([x, y, z]) + 5 * k * np.cross(row, column)
                dataset.ImagePositionPatient = [f"{value:.5f}" for value in place]
                dataset.save_as(folder / f"{k}.dcm")
            volumes[packing] = read_volume([folder]).voxels
        for packing, voxels in volumes.items():
            assert np.array_equal(voxels, volumes["UNC"]), (kind, packing)


def folders(root: Path) -> Iterator[Path]:
    yield root
    for path in sorted(root.rglob("*")):
        if path.is_dir():
            yield path


@pytest.mark.parametrize(
    "name",
    [
        "01_ct_skull_phantom",
        "04_ct_liver_seg_dcmqi",
        "06_transfer_syntaxes",
        "07_multiframe",
        "08_rtstruct_sr_seg",
        "09_malformed",
    ],
)
def test_every_folder_is_inspected_without_a_fault_or_a_name(shared_data: Path, name: str) -> None:
    for folder in folders(shared_data / name):
        try:
            found = inspect([folder])
        except SourceError as error:
            assert error.code == "no_dicom"  # noqa: PT017 - most folders raise nothing
            continue
        for volume in found.volumes:
            try:
                read_volume([folder], volume.id)
            except ImagingError as error:
                assert error.code != "imaging"  # noqa: PT017 - most volumes raise nothing
        messages = json.dumps([refused.message for refused in found.refused])
        assert not any(secret in messages for secret in ("PLASTIC", "JANCT", "HEAD"))
