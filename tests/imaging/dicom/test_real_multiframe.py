"""Real mosaics, enhanced and converted images against another tool's answers and their twins."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from imaging.dicom.inspecting import inspect
from imaging.dicom.reading import read_volume
from imaging.errors import ImagingError, SourceError
from imaging.formats import read_image
from imaging.volume import Volume

pytestmark = pytest.mark.shared_data

LPS_FROM_RAS = np.diag([-1.0, -1.0, 1.0, 1.0])
SAME_PLACE_MM = 5e-3
"""dcm2niix takes the direction of slices from the normal, we from their positions, which scanners
round: 0.002 mm over this stack. NIfTI's float32 adds less."""


def matches(ours: Volume, voxels: NDArray[Any], affine_lps: NDArray[np.float64]) -> float:
    """Return the part of 4,000 random voxels that agree in value, and in place to 0.005 mm."""
    k, j, i = np.random.default_rng(11).integers(0, ours.voxels.shape, (4000, 3)).T
    world = ours.geometry.index_to_world(np.column_stack([i, j, k]))
    index = (world - affine_lps[:3, 3]) @ np.linalg.inv(affine_lps[:3, :3]).T
    whole = np.rint(index).astype(int)
    off_mm = np.linalg.norm((index - whole) @ affine_lps[:3, :3].T, axis=1)
    same = voxels[tuple(whole.T)] == ours.voxels[k, j, i]
    return float(np.mean(same & (off_mm < SAME_PLACE_MM)))


def test_the_mosaic_agrees_with_dcm2niix_in_every_encoding(shared_data: Path) -> None:
    import nibabel

    folder = shared_data / "06_transfer_syntaxes" / "siemens_mosaic_9ts"
    theirs = nibabel.load(folder / "Ref" / "1.nii")
    affine = LPS_FROM_RAS @ theirs.affine
    voxels = np.asarray(theirs.dataobj)
    for file in sorted((folder / "In").iterdir()):
        assert matches(read_volume([file]), voxels, affine) == 1.0, file.name


def test_the_enhanced_time_series_agrees_with_dcm2niix(shared_data: Path) -> None:
    import nibabel

    folder = shared_data / "07_multiframe"
    (reference,) = (folder / "ref").glob("*.nii")
    theirs = nibabel.load(reference)
    voxels, affine = np.asarray(theirs.dataobj), LPS_FROM_RAS @ theirs.affine
    found = inspect([folder / "siemens_xa10_enhanced"]).volumes
    times = set()
    for listed in found:
        volume = read_volume([folder / "siemens_xa10_enhanced"], listed.id)
        (time,) = [t for t in range(4) if matches(volume, voxels[..., t], affine) == 1.0]
        times.add(time)
    assert times == {0, 1, 2, 3}


@pytest.mark.parametrize("name", ["24x38x3", "23x38x3"])
def test_a_converted_image_equals_its_single_frames(shared_data: Path, name: str) -> None:
    folder = shared_data / "04_ct_liver_seg_dcmqi" / name
    whole, single = read_volume([folder / "multiframe"]), read_volume([folder / "image"])
    assert np.array_equal(whole.voxels, single.voxels)
    assert np.allclose(whole.geometry.affine_lps, single.geometry.affine_lps, atol=1e-9)
    assert whole.frame_of_reference_uid == single.frame_of_reference_uid


def test_the_enhanced_ct_lies_where_its_groups_put_it(shared_data: Path) -> None:
    from pydicom import dcmread

    file = shared_data / "07_multiframe" / "eCT_Supplemental.dcm"
    dataset = dcmread(file)
    volume = read_volume([file])
    shared = dataset.SharedFunctionalGroupsSequence[0]
    positions = []
    for frame in dataset.PerFrameFunctionalGroupsSequence:
        positions.append([float(x) for x in frame.PlanePositionSequence[0].ImagePositionPatient])
        groups = [frame, shared]
        (measures,) = next(
            it.PixelMeasuresSequence for it in groups if "PixelMeasuresSequence" in it
        )
        down, across = (float(x) for x in measures.PixelSpacing)
        assert volume.geometry.spacing[:2] == pytest.approx((across, down))
    found = [tuple(volume.geometry.index_to_world([0, 0, k])) for k in range(len(positions))]
    assert np.allclose(sorted(found), sorted(positions), atol=1e-6)


def test_every_file_alone_is_inspected_without_a_fault(shared_data: Path) -> None:
    """Each file of the set, of whatever kind, is a volume, refused by name, or skipped."""
    files = [path for path in sorted(shared_data.rglob("*")) if path.is_file()]
    assert len(files) > 600
    for file in files[::3] + [path for path in files if "malformed" in str(path)]:
        try:
            found = inspect([file])
        except SourceError as error:
            assert error.code == "no_dicom"  # noqa: PT017 - most files raise nothing
            continue
        for listed in found.volumes:
            read_volume([file], listed.id)
        assert all(refused.code not in {"", "imaging"} for refused in found.refused)


def test_every_folder_is_inspected_without_a_fault(shared_data: Path) -> None:
    for folder in sorted(path for path in shared_data.rglob("*") if path.is_dir()):
        try:
            found = inspect([folder])
        except ImagingError as error:
            assert error.code == "no_dicom"  # noqa: PT017 - most folders raise nothing
            continue
        assert all(refused.code not in {"", "imaging"} for refused in found.refused)


def test_compressed_enhanced_images_are_refused_alike_where_they_have_no_place(
    shared_data: Path,
) -> None:
    codes = {
        file.name: [refused.code for refused in inspect([file]).refused]
        for file in sorted((shared_data / "07_multiframe").glob("emri_small*.dcm"))
    }
    assert len(codes) == 5
    assert all(found == ["no_position"] for found in codes.values()), codes


def test_a_nifti_of_the_mosaic_read_by_us_agrees_too(shared_data: Path) -> None:
    folder = shared_data / "06_transfer_syntaxes" / "siemens_mosaic_9ts"
    theirs = read_image(folder / "Ref" / "1.nii")
    voxels = np.transpose(theirs.voxels, (2, 1, 0))
    assert matches(read_volume([folder / "In" / "1.dcm"]), voxels, theirs.geometry.affine_lps) == 1
