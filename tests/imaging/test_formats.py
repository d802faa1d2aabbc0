"""Volumes survive NIfTI, NRRD and MetaImage with value and place; bad files are refused."""

import dataclasses
import gzip
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from imaging.dicom.reading import read_volume
from imaging.errors import RefusedFileError, SourceError
from imaging.formats import SUFFIXES, read_image, write_array_image, write_volume
from imaging.volume import Volume
from tests.imaging.dicom.test_reading_closed_form import grids
from tests.imaging.dicom.written_series import Grid, write_series

PLACE_TOLERANCE_MM = 1e-3
"""NIfTI keeps its matrix in float32: 900 mm are good to 6e-5 mm, times the voxels."""


@pytest.fixture
def volume(tmp_path: Path) -> Volume:
    write_series(tmp_path / "series")
    return read_volume([tmp_path / "series"])


@pytest.mark.parametrize("suffix", SUFFIXES)
@settings(deadline=None, max_examples=8)
@given(grid=grids())
def test_values_and_places_survive_the_round_trip(
    suffix: str, grid: Grid, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("trip")
    write_series(folder / "series", grid)
    before = read_volume([folder / "series"])
    write_volume(folder / f"x{suffix}", before)
    after = read_image(folder / f"x{suffix}")
    assert np.array_equal(after.voxels, before.voxels)
    corner = [size - 1 for size in before.geometry.shape_kji[::-1]]
    for index in ([0, 0, 0], corner):
        off = after.geometry.index_to_world(index) - before.geometry.index_to_world(index)
        assert np.linalg.norm(off) < PLACE_TOLERANCE_MM


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_labels_come_back_as_whole_numbers(tmp_path: Path, suffix: str, volume: Volume) -> None:
    labels = np.arange(210, dtype=np.uint8).reshape(5, 6, 7)
    write_array_image(tmp_path / f"seg{suffix}", labels, volume.geometry)
    again = read_image(tmp_path / f"seg{suffix}").voxels
    assert again.dtype == np.int16
    assert np.array_equal(again, labels)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_fractions_come_back_as_float32(tmp_path: Path, suffix: str, volume: Volume) -> None:
    halves = dataclasses.replace(volume, voxels=volume.voxels.astype(np.float32) / 2)
    write_volume(tmp_path / f"x{suffix}", halves)
    again = read_image(tmp_path / f"x{suffix}").voxels
    assert again.dtype == np.float32
    assert np.array_equal(again, halves.voxels)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_no_identifier_is_written(tmp_path: Path, suffix: str, volume: Volume) -> None:
    path = tmp_path / f"x{suffix}"
    write_volume(path, volume)
    data = gzip.decompress(path.read_bytes()) if suffix == ".nii.gz" else path.read_bytes()
    assert volume.series_uid.encode() not in data
    assert b"a series" not in data


def test_an_unknown_suffix_lists_the_known_ones(tmp_path: Path, volume: Volume) -> None:
    with pytest.raises(SourceError, match=r"none of \.nii\.gz, \.nii, \.nrrd, \.mha"):
        write_volume(tmp_path / "x.png", volume)


def test_a_missing_folder_is_named(tmp_path: Path, volume: Volume) -> None:
    with pytest.raises(SourceError, match="there is no folder"):
        write_volume(tmp_path / "nowhere" / "x.nii", volume)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_full_disk_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, suffix: str, volume: Volume, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out" / f"x{suffix}"
    path.parent.mkdir()
    path.write_bytes(b"old")
    monkeypatch.setattr("shutil.disk_usage", lambda _: _Full())
    with pytest.raises(OSError, match="No space left"):
        write_volume(path, volume)
    assert path.read_bytes() == b"old"
    assert list(path.parent.iterdir()) == [path]


class _Full:
    free = 100


@pytest.mark.parametrize("suffix", [".nhdr", ".mhd", ".hdr"])
def test_headers_with_data_elsewhere_are_refused(tmp_path: Path, suffix: str) -> None:
    (tmp_path / f"x{suffix}").write_text("anything")
    with pytest.raises(SourceError, match="in another file"):
        read_image(tmp_path / f"x{suffix}")


def edited(path: Path, old: bytes, new: bytes) -> Path:
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new, 1))
    return path


def test_an_nrrd_that_points_elsewhere_is_refused(tmp_path: Path, volume: Volume) -> None:
    write_volume(tmp_path / "x.nrrd", volume)
    path = edited(tmp_path / "x.nrrd", b"encoding: gzip", b"encoding: gzip\ndata file: /etc/passwd")
    with pytest.raises(RefusedFileError, match="refers to another file"):
        read_image(path)


def test_a_metaimage_that_points_elsewhere_is_refused(tmp_path: Path, volume: Volume) -> None:
    write_volume(tmp_path / "x.mha", volume)
    path = edited(tmp_path / "x.mha", b"ElementDataFile = LOCAL", b"ElementDataFile = /etc/passwd")
    with pytest.raises(RefusedFileError, match="refers to another file"):
        read_image(path)


@pytest.mark.parametrize("key", [b"space origin", b"space directions", b"space:"])
def test_an_nrrd_without_a_place_is_refused(tmp_path: Path, key: bytes, volume: Volume) -> None:
    write_volume(tmp_path / "x.nrrd", volume)
    with pytest.raises(RefusedFileError, match="does not say where it lies"):
        read_image(edited(tmp_path / "x.nrrd", key, b"# gone " + key))


def test_a_nifti_without_a_place_is_refused(tmp_path: Path, volume: Volume) -> None:
    write_volume(tmp_path / "x.nii", volume)
    data = bytearray((tmp_path / "x.nii").read_bytes())
    data[252:256] = bytes(4)
    (tmp_path / "x.nii").write_bytes(data)
    with pytest.raises(RefusedFileError, match="does not say where it lies"):
        read_image(tmp_path / "x.nii")


def test_a_nifti_that_claims_more_than_it_holds_is_refused(tmp_path: Path, volume: Volume) -> None:
    write_volume(tmp_path / "x.nii", volume)
    data = bytearray((tmp_path / "x.nii").read_bytes())
    data[42:48] = struct.pack("<3h", 32_000, 32_000, 32_000)
    (tmp_path / "x.nii").write_bytes(data)
    with pytest.raises(RefusedFileError, match="cut short"):
        read_image(tmp_path / "x.nii")


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("kept", [0.0, 0.3, 0.9])
def test_a_file_cut_short_is_refused(
    tmp_path: Path, suffix: str, kept: float, volume: Volume
) -> None:
    path = tmp_path / f"x{suffix}"
    write_volume(path, volume)
    data = path.read_bytes()
    path.write_bytes(data[: int(kept * len(data))])
    with pytest.raises(RefusedFileError):
        read_image(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="there is no file"):
        read_image(tmp_path / "x.nii.gz")


@pytest.mark.parametrize("suffix", [".nrrd", ".mha"])
def test_values_that_are_no_numbers_are_refused(tmp_path: Path, suffix: str) -> None:
    import SimpleITK

    values = np.zeros((3, 4, 5), np.float32)
    values[1, 1, 1] = np.nan
    SimpleITK.WriteImage(SimpleITK.GetImageFromArray(values), str(tmp_path / f"x{suffix}"))
    with pytest.raises(RefusedFileError, match="no finite numbers"):
        read_image(tmp_path / f"x{suffix}")
