"""NIfTI as others write it is read where it lies; what lies or links is refused by name."""

import gzip
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import pytest
from nibabel.nifti1 import Nifti1Image
from nibabel.nifti2 import Nifti2Image

from imaging.errors import RefusedFileError
from imaging.formats import read_image, read_image_header, write_volume
from tests.imaging.image_files.grids import SHEARED, volume_on

RAS_OF_SHEARED = np.diag([-1.0, -1.0, 1.0, 1.0]) @ SHEARED.affine_lps
RIGID = np.array([[-0.5, 0, 0, 90], [0, 0.3, -1.6, -20], [0, 0.4, 1.2, 5], [0, 0, 0, 1.0]])
"""Oblique, at right angles, and left-handed as seen in LPS or RAS alike."""

PLACE_TOLERANCE_MM = 1e-3
"""float32 in the header, times the voxels."""


def values(dtype: str = "<i2") -> "np.ndarray[Any, Any]":
    return np.arange(120).reshape(6, 5, 4).astype(dtype)


def require_place(path: Path, affine_ras: "np.ndarray[Any, Any]") -> None:
    geometry = read_image(path).geometry
    for index in ((0, 0, 0), (5, 0, 0), (0, 4, 0), (0, 0, 3), (5, 4, 3)):
        right, anterior, superior, _ = affine_ras @ (*index, 1)
        lps = (-right, -anterior, superior)
        assert np.allclose(geometry.index_to_world(index), lps, rtol=0, atol=PLACE_TOLERANCE_MM)


def test_an_sform_alone_is_the_place_shear_included(tmp_path: Path) -> None:
    image = Nifti1Image(values(), None)
    image.header.set_sform(RAS_OF_SHEARED, 1)
    nibabel.save(image, tmp_path / "x.nii.gz")
    require_place(tmp_path / "x.nii.gz", RAS_OF_SHEARED)
    ((code, message),) = read_image(tmp_path / "x.nii.gz").warnings
    assert code == "gantry_tilt"
    assert "16.3 degrees" in message


def test_a_qform_alone_is_the_place_left_handed_too(tmp_path: Path) -> None:
    image = Nifti1Image(values(), None)
    image.header.set_qform(RIGID, 1)
    nibabel.save(image, tmp_path / "x.nii")
    require_place(tmp_path / "x.nii", RIGID)


def test_the_sform_goes_before_the_qform_and_a_second_place_is_told_of(tmp_path: Path) -> None:
    moved = RIGID.copy()
    moved[:3, 3] += (0, 0, 7)
    image = Nifti1Image(values(), None)
    image.header.set_sform(RIGID, 2)
    image.header.set_qform(moved, 1)
    nibabel.save(image, tmp_path / "x.nii")
    require_place(tmp_path / "x.nii", RIGID)
    ((code, message),) = read_image(tmp_path / "x.nii").warnings
    assert code == "two_places"
    assert "7.0 mm apart" in message


@pytest.mark.parametrize("kind", [Nifti1Image, Nifti2Image])
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("code", ["u1", "i1", "i2", "u2", "i4", "u4", "i8", "u8", "f4", "f8"])
def test_every_kind_of_number_is_read_in_both_byte_orders(
    tmp_path: Path, kind: type[Any], order: str, code: str
) -> None:
    header = kind.header_class(endianness=order)
    stored = values(f"{order}{code}")
    header.set_data_dtype(stored.dtype)
    image = kind(stored, RIGID, header)
    nibabel.save(image, tmp_path / "x.nii")
    voxels = read_image(tmp_path / "x.nii").voxels
    assert voxels.dtype == np.int16
    assert np.array_equal(voxels, stored.T)
    require_place(tmp_path / "x.nii", RIGID)


def test_slope_and_intercept_scale_the_stored_values(tmp_path: Path) -> None:
    image = Nifti1Image(values(), RIGID)
    image.header.set_slope_inter(0.25, -10)
    nibabel.save(image, tmp_path / "x.nii")
    scaled = np.asanyarray(nibabel.load(tmp_path / "x.nii").dataobj).T
    read = read_image(tmp_path / "x.nii").voxels
    assert read.dtype == np.float32
    assert np.array_equal(read, scaled.astype(np.float32))


@pytest.mark.parametrize("slope", [0.0, np.nan])
def test_a_slope_of_nothing_scales_nothing(tmp_path: Path, slope: float) -> None:
    path = written(tmp_path)
    patch(path, 112, struct.pack("<2f", slope, 5.0))
    assert np.array_equal(read_image(path).voxels, volume_on(SHEARED).voxels)


@pytest.mark.parametrize(("unit", "scale"), [("meter", 1000.0), ("micron", 0.001)])
def test_metres_and_micrometres_become_mm(tmp_path: Path, unit: str, scale: float) -> None:
    image = Nifti1Image(values(), RIGID)
    image.header.set_xyzt_units(unit)
    nibabel.save(image, tmp_path / "x.nii")
    spacing = read_image(tmp_path / "x.nii").geometry.spacing
    assert spacing == pytest.approx(np.array((0.5, 0.5, 2.0)) * scale, rel=1e-6)


def test_a_fourth_axis_of_one_is_nothing(tmp_path: Path) -> None:
    nibabel.save(Nifti1Image(values()[..., None], RIGID), tmp_path / "x.nii")
    assert read_image(tmp_path / "x.nii").geometry.shape_kji == (4, 5, 6)


@pytest.mark.parametrize("shape", [(6, 5), (6, 5, 4, 2)])
def test_flat_and_moving_images_are_no_volumes(tmp_path: Path, shape: tuple[int, ...]) -> None:
    nibabel.save(Nifti1Image(np.zeros(shape, np.int16), RIGID), tmp_path / "x.nii")
    refused(tmp_path / "x.nii", "not_a_volume")


@pytest.mark.parametrize("dtype", [np.complex64, [("R", "u1"), ("G", "u1"), ("B", "u1")]])
def test_colours_and_complex_values_are_no_grey_image(tmp_path: Path, dtype: Any) -> None:  # noqa: ANN401
    nibabel.save(Nifti1Image(np.zeros((6, 5, 4), dtype), RIGID), tmp_path / "x.nii")
    refused(tmp_path / "x.nii", "not_a_volume")


def written(folder: Path, name: str = "x.nii") -> Path:
    write_volume(folder / name, volume_on(SHEARED))
    return folder / name


def patch(path: Path, at: int, new: bytes) -> Path:
    packed = path.name.endswith(".gz")
    data = bytearray(gzip.decompress(path.read_bytes()) if packed else path.read_bytes())
    data[at : at + len(new)] = new
    path.write_bytes(gzip.compress(data) if packed else data)
    return path


def refused(path: Path, code: str) -> None:
    with pytest.raises(RefusedFileError) as caught:
        read_image(path)
    assert caught.value.code == code
    assert str(path.parent) not in str(caught.value)


SROW_X, QFORM, PIXDIM = 280, 252, 76
HOSTILE: dict[str, tuple[int, bytes, str]] = {
    "a header of another file": (344, b"ni1\0", "external_data"),
    "no magic word": (344, b"n+7\0", "unreadable_file"),
    "another size of header": (0, struct.pack("<i", 349), "unreadable_file"),
    "no codes": (QFORM, struct.pack("<2h", 0, 0), "no_geometry"),
    "minus codes": (QFORM, struct.pack("<2h", -1, -1), "no_geometry"),
    "NaN in the sform": (SROW_X, struct.pack("<f", np.nan), "bad_geometry"),
    "an endless sform": (SROW_X + 12, struct.pack("<f", np.inf), "bad_geometry"),
    "a singular sform": (SROW_X, bytes(48), "bad_geometry"),
    "axes in one plane": (
        SROW_X,
        struct.pack("<12f", 1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0),
        "bad_geometry",
    ),
    "no rows": (42, struct.pack("<h", 0), "unreadable_file"),
    "minus three rows": (44, struct.pack("<h", -3), "unreadable_file"),
    "no axes": (40, struct.pack("<h", 0), "unreadable_file"),
    "ninety axes": (40, struct.pack("<h", 90), "unreadable_file"),
    "more than it holds": (42, struct.pack("<3h", 900, 900, 900), "truncated_file"),
    "more than a volume has": (42, struct.pack("<3h", 32_000, 32_000, 32_000), "too_large"),
    "a type that is none": (70, struct.pack("<h", 9999), "unreadable_file"),
    "another number of bits": (72, struct.pack("<h", 64), "unreadable_file"),
    "an offset within the header": (108, struct.pack("<f", 10), "unreadable_file"),
    "an offset of NaN": (108, struct.pack("<f", np.nan), "unreadable_file"),
    "an offset beyond sense": (108, struct.pack("<f", 1e30), "unreadable_file"),
    "an endless slope": (112, struct.pack("<f", np.inf), "bad_number"),
    "an endless intercept": (112, struct.pack("<2f", 2, np.nan), "bad_number"),
    "an unknown unit": (123, b"\x05", "unreadable_file"),
}


@pytest.mark.parametrize("name", ["x.nii", "x.nii.gz"])
@pytest.mark.parametrize("what", HOSTILE)
def test_a_header_that_cannot_be_is_refused_by_name(tmp_path: Path, name: str, what: str) -> None:
    at, new, code = HOSTILE[what]
    path = patch(written(tmp_path, name), at, new)
    if name.endswith(".gz") and what == "more than it holds":
        code = "truncated_file"
    refused(path, code)


def bad_pixdim(step: float) -> Callable[[Path], None]:
    def edit(path: Path) -> None:
        patch(path, PIXDIM + 8, struct.pack("<f", step))

    return edit


@pytest.mark.parametrize("step", [0.0, np.nan, np.inf, -2.0])
def test_a_qform_without_a_sound_spacing_is_refused(tmp_path: Path, step: float) -> None:
    image = Nifti1Image(values(), None)
    image.header.set_qform(RIGID, 1)
    nibabel.save(image, tmp_path / "x.nii")
    bad_pixdim(step)(tmp_path / "x.nii")
    refused(tmp_path / "x.nii", "bad_geometry")


def test_a_qform_whose_quaternion_is_none_is_refused(tmp_path: Path) -> None:
    image = Nifti1Image(values(), None)
    image.header.set_qform(RIGID, 1)
    nibabel.save(image, tmp_path / "x.nii")
    refused(patch(tmp_path / "x.nii", 256, struct.pack("<3f", 3, 4, 5)), "bad_geometry")


@pytest.mark.parametrize("step", [0.0, np.nan])
def test_a_spacing_beside_an_sform_decides_nothing(tmp_path: Path, step: float) -> None:
    path = written(tmp_path)
    bad_pixdim(step)(path)
    require_place(path, RAS_OF_SHEARED)


def test_a_gzip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    """64 MB of zeros in 64 KB behind 120 voxels."""
    path = tmp_path / "x.nii.gz"
    honest = gzip.decompress(written(tmp_path, "y.nii.gz").read_bytes())
    path.write_bytes(gzip.compress(honest + bytes(64 * 2**20)))
    refused(path, "unreadable_file")


def test_a_claim_that_no_packed_file_can_hold_is_refused_with_the_header(tmp_path: Path) -> None:
    path = patch(written(tmp_path, "x.nii.gz"), 42, struct.pack("<3h", 1200, 1200, 1200))
    with pytest.raises(RefusedFileError, match="cut short"):
        read_image_header(path)


def test_a_gzip_file_of_several_members_is_read_whole(tmp_path: Path) -> None:
    path = written(tmp_path, "x.nii.gz")
    data = gzip.decompress(path.read_bytes())
    path.write_bytes(gzip.compress(data[:400]) + gzip.compress(data[400:]))
    assert np.array_equal(read_image(path).voxels, volume_on(SHEARED).voxels)


def test_a_wrong_checksum_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "x.nii.gz")
    data = bytearray(path.read_bytes())
    data[-8] ^= 1
    path.write_bytes(data)
    refused(path, "unreadable_file")


def test_values_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    stored = values("<f4")
    stored[1, 1, 1] = np.nan
    nibabel.save(Nifti1Image(stored, RIGID), tmp_path / "x.nii")
    refused(tmp_path / "x.nii", "bad_number")
