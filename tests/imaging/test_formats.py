"""Volumes survive NIfTI, NRRD and MetaImage with value and place, and others read the same."""

import gzip
import re
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from imaging.errors import SourceError
from imaging.formats import (
    SUFFIXES,
    image_id,
    is_image_file,
    read_image,
    read_image_header,
    without_image_copies,
    write_array_image,
    write_volume,
)
from imaging.image_files import packing
from imaging.volume import Volume, VolumeGeometry
from tests.imaging.image_files.grids import SHEARED, geometries, volume_on

PLACE_TOLERANCE_MM = 1e-3
"""NIfTI keeps its matrix in float32: 900 mm are good to 6e-5 mm, times the voxels."""

LARGE = (300, 512, 512)
"""Slices, rows, columns of an ordinary large CT."""


@pytest.fixture
def volume() -> Volume:
    return volume_on(SHEARED)


def corners_of(shape_kji: tuple[int, int, int]) -> NDArray[np.float64]:
    k, j, i = np.array(shape_kji) - 1
    return np.array([(a, b, c) for a in (0, i) for b in (0, j) for c in (0, k)], dtype=np.float64)


def require_same_place(one: VolumeGeometry, other: VolumeGeometry) -> None:
    corners = corners_of(one.shape_kji)
    off = np.abs(one.index_to_world(corners) - other.index_to_world(corners)).max()
    assert off < PLACE_TOLERANCE_MM


@pytest.mark.parametrize("suffix", SUFFIXES)
@settings(deadline=None, max_examples=40)
@given(geometry=geometries(), dtype=st.sampled_from([np.int16, np.float32]))
def test_values_and_places_survive_the_round_trip(
    suffix: str,
    geometry: VolumeGeometry,
    dtype: type[np.generic],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = tmp_path_factory.mktemp("trip") / f"x{suffix}"
    before = volume_on(geometry, dtype)
    write_volume(path, before)
    after = read_image(path)
    assert after.voxels.dtype == dtype
    assert np.array_equal(after.voxels, before.voxels)
    assert after.geometry.shape_kji == geometry.shape_kji
    require_same_place(geometry, after.geometry)


@pytest.mark.parametrize("suffix", [".nrrd", ".mha"])
@settings(deadline=None, max_examples=25)
@given(geometry=geometries(), dtype=st.sampled_from([np.int16, np.float32]))
def test_itk_finds_every_voxel_where_we_put_it(
    suffix: str,
    geometry: VolumeGeometry,
    dtype: type[np.generic],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    import SimpleITK

    path = tmp_path_factory.mktemp("itk") / f"x{suffix}"
    volume = volume_on(geometry, dtype)
    write_volume(path, volume)
    image = SimpleITK.ReadImage(str(path))
    assert np.array_equal(SimpleITK.GetArrayFromImage(image), volume.voxels)
    for corner in corners_of(geometry.shape_kji).astype(int).tolist():
        place = image.TransformIndexToPhysicalPoint(corner)
        assert np.allclose(place, geometry.index_to_world(corner), rtol=0, atol=PLACE_TOLERANCE_MM)


@pytest.mark.parametrize("suffix", [".nii", ".nii.gz"])
@settings(deadline=None, max_examples=25)
@given(geometry=geometries(), dtype=st.sampled_from([np.int16, np.float32]))
def test_nibabel_finds_every_voxel_where_we_put_it(
    suffix: str,
    geometry: VolumeGeometry,
    dtype: type[np.generic],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    import nibabel

    path = tmp_path_factory.mktemp("nib") / f"x{suffix}"
    volume = volume_on(geometry, dtype)
    write_volume(path, volume)
    image = nibabel.load(path)
    assert image.get_data_dtype() == dtype
    assert np.array_equal(np.asanyarray(image.dataobj).T, volume.voxels)
    assert image.header.get_xyzt_units()[0] == "mm"
    for corner in corners_of(geometry.shape_kji):
        right, anterior, superior, _ = image.affine @ (*corner, 1)
        place = (-right, -anterior, superior)
        assert np.allclose(place, geometry.index_to_world(corner), rtol=0, atol=PLACE_TOLERANCE_MM)


def test_the_directions_of_an_nrrd_hold_the_shear_as_plain_text(
    tmp_path: Path, volume: Volume
) -> None:
    write_volume(tmp_path / "x.nrrd", volume)
    text = (tmp_path / "x.nrrd").read_bytes().partition(b"\n\n")[0].decode()
    line = re.search(r"^space directions: (.*)$", text, re.MULTILINE)
    assert line is not None
    columns = [[float(x) for x in one.split(",")] for one in re.findall(r"\((.*?)\)", line[1])]
    assert np.array_equal(np.array(columns).T, SHEARED.affine_lps[:3, :3])


def test_a_sheared_nifti_has_an_sform_and_no_qform(tmp_path: Path, volume: Volume) -> None:
    import nibabel

    write_volume(tmp_path / "x.nii", volume)
    header = nibabel.load(tmp_path / "x.nii").header
    assert (int(header["sform_code"]), int(header["qform_code"])) == (1, 0)


def test_itk_refuses_a_sheared_nifti_and_does_not_misplace_it(
    tmp_path: Path, volume: Volume
) -> None:
    import SimpleITK

    write_volume(tmp_path / "x.nii", volume)
    with pytest.raises(RuntimeError, match="orthonormal"):
        SimpleITK.ReadImage(str(tmp_path / "x.nii"))


def test_itk_reads_a_right_angled_nifti_where_we_put_it(tmp_path: Path) -> None:
    import SimpleITK

    turned = VolumeGeometry(
        (0.5, 0.75, 2.0), (-90.0, 8.0, 700.0), ((0, 1, 0), (-0.6, 0, 0.8), (0.8, 0, 0.6)), (3, 4, 5)
    )
    write_volume(tmp_path / "x.nii.gz", volume_on(turned))
    image = SimpleITK.ReadImage(str(tmp_path / "x.nii.gz"))
    place = image.TransformIndexToPhysicalPoint((4, 3, 2))
    assert np.allclose(place, turned.index_to_world((4, 3, 2)), rtol=0, atol=PLACE_TOLERANCE_MM)


def test_a_float32_matrix_places_a_large_volume_within_a_thousandth_of_a_mm(
    tmp_path: Path,
) -> None:
    """Spacings without a short binary form, and a corner 1.3 m from the origin."""
    from imaging.image_files.nifti import nifti_head, read_nifti_header

    far = VolumeGeometry(
        (0.9765625 / 1.1, 0.3 / 0.7, 1 / 3), (-499.98, -601.27, 1234.567), SHEARED.direction, LARGE
    )
    (tmp_path / "x.nii").write_bytes(nifti_head(far, np.dtype("<i2")))
    read = read_nifti_header(tmp_path / "x.nii").geometry
    require_same_place(far, read)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int8])
def test_labels_come_back_as_whole_numbers(
    tmp_path: Path, suffix: str, dtype: type[np.generic]
) -> None:
    labels = np.arange(120).reshape(4, 5, 6).astype(dtype)
    write_array_image(tmp_path / f"seg{suffix}", labels, SHEARED)
    again = read_image(tmp_path / f"seg{suffix}").voxels
    assert again.dtype == np.int16
    assert np.array_equal(again, labels)


def test_a_nifti_with_more_slices_than_nifti_1_can_count_is_a_nifti_2(tmp_path: Path) -> None:
    import nibabel

    tall = VolumeGeometry((1.0, 1.0, 0.01), (0.0, 0.0, 0.0), SHEARED.direction, (40_000, 2, 2))
    values = np.arange(160_000).reshape(40_000, 2, 2).astype(np.float32)
    write_array_image(tmp_path / "x.nii.gz", values, tall)
    assert isinstance(nibabel.load(tmp_path / "x.nii.gz"), nibabel.Nifti2Image)
    assert np.array_equal(read_image(tmp_path / "x.nii.gz").voxels, values)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_no_identifier_is_written(tmp_path: Path, suffix: str, volume: Volume) -> None:
    path = tmp_path / f"x{suffix}"
    write_volume(path, volume)
    data = gzip.decompress(path.read_bytes()) if suffix == ".nii.gz" else path.read_bytes()
    for word in (b"1.2.3.", b"a series", b"2001"):
        assert word not in data


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_same_volume_gives_the_same_bytes(tmp_path: Path, suffix: str, volume: Volume) -> None:
    write_volume(tmp_path / f"a{suffix}", volume)
    write_volume(tmp_path / f"b{suffix}", volume)
    assert (tmp_path / f"a{suffix}").read_bytes() == (tmp_path / f"b{suffix}").read_bytes()


@pytest.mark.parametrize("suffix", [".nii.gz", ".nrrd", ".mha"])
def test_a_volume_too_large_to_pack_in_one_go_is_one_stream_too(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other readers stop at the end of the first stream."""
    monkeypatch.setattr(packing, "ONE_GO_BYTES", 1000)
    monkeypatch.setattr(packing, "BLOCK_BYTES", 777)
    geometry = VolumeGeometry((1, 1, 1), (0, 0, 0), SHEARED.direction, (9, 30, 40))
    volume = volume_on(geometry)
    path = tmp_path / f"x{suffix}"
    write_volume(path, volume)
    assert np.array_equal(read_image(path).voxels, volume.voxels)
    data = path.read_bytes()
    if suffix == ".mha":
        packed = data.partition(b"LOCAL\n")[2]
        assert zlib.decompress(packed) == volume.voxels.tobytes()
        assert b"CompressedDataSize = %d " % len(packed) in data
        return
    packed = data if suffix == ".nii.gz" else data.partition(b"\n\n")[2]
    stream = zlib.decompressobj(31)
    assert stream.decompress(packed).endswith(volume.voxels.tobytes())
    assert stream.eof
    assert not stream.unused_data


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


def test_a_disk_that_fills_up_while_writing_leaves_nothing(volume: Volume, tmp_path: Path) -> None:
    """`/dev/full` takes no byte; the file that is moved into its place is another."""
    from imaging.image_files.replacing import replacing

    with (
        pytest.raises(OSError, match="No space left"),
        replacing(tmp_path / "x.nrrd"),
        Path("/dev/full").open("wb") as full,
    ):
        full.write(volume.voxels.tobytes())
    assert list(tmp_path.iterdir()) == []


def test_a_written_file_has_the_rights_of_any_new_file(tmp_path: Path, volume: Volume) -> None:
    write_volume(tmp_path / "x.nii", volume)
    (tmp_path / "other").touch()
    assert (tmp_path / "x.nii").stat().st_mode == (tmp_path / "other").stat().st_mode


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_id_is_the_files_own_wherever_it_lies(
    tmp_path: Path, suffix: str, volume: Volume
) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        write_volume(tmp_path / folder / f"x{suffix}", volume)
    write_volume(tmp_path / f"y{suffix}", volume)
    first = image_id(tmp_path / "a" / f"x{suffix}")
    assert image_id(tmp_path / "b" / f"x{suffix}") == first
    assert image_id(tmp_path / f"y{suffix}") != first
    assert read_image(tmp_path / "a" / f"x{suffix}").volume_id == first


def test_two_phases_of_one_name_have_two_ids(tmp_path: Path) -> None:
    """Both begin and end in air."""
    geometry = VolumeGeometry((1, 1, 1), (0, 0, 0), SHEARED.direction, (40, 64, 64))
    for folder, brightness in (("a", 100), ("b", 200)):
        values = np.full(geometry.shape_kji, -1000, np.int16)
        values[10:30, 20:40, 20:40] = brightness
        (tmp_path / folder).mkdir()
        write_array_image(tmp_path / folder / "x.nii", values, geometry)
    assert image_id(tmp_path / "a" / "x.nii") != image_id(tmp_path / "b" / "x.nii")


def test_copies_are_found_byte_by_byte(tmp_path: Path, volume: Volume) -> None:
    for name in ("a.nrrd", "b.nrrd"):
        write_volume(tmp_path / name, volume)
    write_volume(tmp_path / "c.nrrd", volume_on(SHEARED, np.float32))
    kept, copies = without_image_copies(sorted(tmp_path.iterdir()))
    assert [path.name for path in kept] == ["a.nrrd", "c.nrrd"]
    assert [path.name for path in copies] == ["b.nrrd"]


def test_a_header_is_read_without_the_values(tmp_path: Path) -> None:
    """Of a damaged file the header still stands, so inspecting does not unpack it."""
    path = tmp_path / "x.nii.gz"
    rng = np.random.default_rng(1)
    geometry = VolumeGeometry((1, 1, 1), (0, 0, 0), SHEARED.direction, (20, 64, 64))
    write_array_image(path, rng.integers(-999, 999, (20, 64, 64)).astype(np.int16), geometry)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    assert read_image_header(path).geometry.shape_kji == (20, 64, 64)


def test_only_files_of_known_suffix_count_as_images(tmp_path: Path) -> None:
    (tmp_path / "folder.nrrd").mkdir()
    (tmp_path / "x.NII.GZ").touch()
    assert is_image_file(tmp_path / "x.NII.GZ")
    assert not is_image_file(tmp_path / "folder.nrrd")
    assert not is_image_file(tmp_path / "gone.nrrd")
