"""DICOM series and image files beside them: all are found, and one is read."""

import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest

from imaging.errors import ImagingError, RefusedFileError, SourceError
from imaging.formats import SUFFIXES, write_volume
from imaging.importing import import_volume, inspect_paths
from imaging.reading import inspect_all, read_any
from tests.imaging.dicom.written_series import write_series
from tests.imaging.image_files.grids import SHEARED, volume_on


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_image_alone_is_one_volume_without_a_study_or_a_unit(
    tmp_path: Path, suffix: str
) -> None:
    write_volume(tmp_path / f"x{suffix}", volume_on(SHEARED))
    (found,) = inspect_all([tmp_path / f"x{suffix}"]).volumes
    assert (found.study_uid, found.series_uid, found.modality, found.hu) == ("", "", "", False)
    assert (found.frame_of_reference_uid, found.transfer_syntaxes) == ("", ())
    assert found.shape_kji == SHEARED.shape_kji
    assert np.allclose(found.affine_lps, SHEARED.affine_lps, rtol=0, atol=1e-4)  # float32, mm
    read = read_any([tmp_path / f"x{suffix}"])
    assert read.volume_id == found.id
    assert np.array_equal(read.voxels, volume_on(SHEARED).voxels)


def mixed(folder: Path) -> Path:
    write_series(folder / "series")
    write_volume(folder / "ct.nii.gz", volume_on(SHEARED))
    write_volume(folder / "labels.nrrd", volume_on(SHEARED, np.float32))
    (folder / "notes.txt").write_text("no image")
    return folder


def test_images_beside_a_series_are_all_listed_and_each_can_be_chosen(tmp_path: Path) -> None:
    folder = mixed(tmp_path)
    found = inspect_all([folder])
    assert [volume.modality for volume in found.volumes] == ["CT", "", ""]
    assert [Path(one.file).name for one in found.skipped] == ["notes.txt"]
    assert found == inspect_all([folder])
    for volume in found.volumes:
        assert read_any([folder], volume.id).geometry.shape_kji == volume.shape_kji


def test_several_volumes_must_be_chosen_from(tmp_path: Path) -> None:
    folder = mixed(tmp_path)
    with pytest.raises(SourceError, match="there are 3 volumes here") as caught:
        read_any([folder])
    for volume in inspect_all([folder]).volumes:
        assert volume.id in str(caught.value)


def test_an_id_that_is_none_is_refused(tmp_path: Path) -> None:
    write_volume(tmp_path / "x.nrrd", volume_on(SHEARED))
    with pytest.raises(SourceError, match="no volume 'v123' here"):
        read_any([tmp_path], "v123")
    with pytest.raises(SourceError, match="no volume 'v123' here"):
        read_any([mixed(tmp_path / "mixed")], "v123")


def test_a_broken_image_is_refused_and_the_rest_is_listed(tmp_path: Path) -> None:
    folder = mixed(tmp_path)
    (folder / "broken.mha").write_bytes(b"no header at all")
    (folder / "linked.nhdr").write_text("NRRD0004\ndata file: /etc/passwd\n\n")
    found = inspect_all([folder])
    assert len(found.volumes) == 3
    refused = {(Path(one.files[0]).name, one.code) for one in found.refused}
    assert refused == {("broken.mha", "unreadable_file"), ("linked.nhdr", "external_data")}


def test_a_broken_image_alone_says_why(tmp_path: Path) -> None:
    (tmp_path / "broken.mha").write_bytes(b"no header at all")
    with pytest.raises(RefusedFileError, match="broken"):
        read_any([tmp_path])


def test_a_header_that_leads_elsewhere_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "x.mhd").write_text("ObjectType = Image\nElementDataFile = /etc/passwd\n")
    with pytest.raises(RefusedFileError, match="refers to another file"):
        read_any([tmp_path / "x.mhd"])


def test_a_copy_of_an_image_is_skipped(tmp_path: Path) -> None:
    write_volume(tmp_path / "x.nrrd", volume_on(SHEARED))
    (tmp_path / "again").mkdir()
    shutil.copy(tmp_path / "x.nrrd", tmp_path / "again" / "x.nrrd")
    found = inspect_all([tmp_path])
    assert len(found.volumes) == 1
    assert [one.code for one in found.skipped] == ["identical_copy"]
    assert read_any([tmp_path]).volume_id == found.volumes[0].id


def test_a_dicom_file_may_be_called_like_an_image(tmp_path: Path) -> None:
    for n, path in enumerate(write_series(tmp_path)):
        path.rename(tmp_path / f"{n}.nrrd")
    (found,) = inspect_all([tmp_path]).volumes
    assert found.modality == "CT"


def test_images_in_a_zip_archive_are_found(tmp_path: Path) -> None:
    write_volume(tmp_path / "x.nii.gz", volume_on(SHEARED))
    with zipfile.ZipFile(tmp_path / "study.zip", "w") as archive:
        archive.write(tmp_path / "x.nii.gz", "head/x.nii.gz")
    (tmp_path / "x.nii.gz").unlink()
    (found,) = inspect_all([tmp_path / "study.zip"]).volumes
    assert read_any([tmp_path / "study.zip"]).volume_id == found.id


def test_without_any_image_the_answer_is_as_before(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no image")
    with pytest.raises(SourceError, match="no DICOM image"):
        inspect_all([tmp_path])


def test_a_worker_process_inspects_and_imports_images_too(tmp_path: Path) -> None:
    folder = mixed(tmp_path)
    for volume in inspect_paths([folder]).volumes:
        imported = import_volume([folder], volume.id)
        assert np.array_equal(imported.geometry.affine_lps, volume.affine_lps)


def test_a_hostile_image_ends_in_an_error_of_imaging_in_the_worker(tmp_path: Path) -> None:
    """4 GB claimed by 5 MB of zeros: within the ratio of deflate, and then cut short."""
    import gzip

    from imaging.image_files.nifti import nifti_head
    from imaging.volume import VolumeGeometry

    huge = VolumeGeometry((1, 1, 1), (0, 0, 0), SHEARED.direction, (1000, 1400, 1400))
    head = nifti_head(huge, np.dtype("<i2"))
    (tmp_path / "x.nii.gz").write_bytes(gzip.compress(head + bytes(2**22)) + bytes(5 * 2**20))
    with pytest.raises(ImagingError) as caught:
        import_volume([tmp_path / "x.nii.gz"])
    assert caught.value.code in {"truncated_file", "unreadable_file"}
