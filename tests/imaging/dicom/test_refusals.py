"""What is no regular volume is refused by name, and nobody is named in the message."""

import math
import os
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.uid import JPEGLosslessSV1, RLELossless

from imaging.dicom.inspecting import inspect
from imaging.dicom.reading import read_volume
from imaging.errors import ImagingError, RefusedFileError, SourceError
from tests.imaging.dicom.written_series import Edit, Grid, write_series


def position(dataset: Dataset) -> np.ndarray:
    return np.array(dataset.ImagePositionPatient, float)


def place(dataset: Dataset, at: np.ndarray) -> None:
    dataset.ImagePositionPatient = [f"{x:.6f}" for x in at]


def shift(slices: set[int], by_mm: tuple[float, float, float]) -> Edit:
    def edit(dataset: Dataset, k: int) -> None:
        if k in slices:
            place(dataset, position(dataset) + by_mm)

    return edit


def setting(slices: set[int] | None = None, **values: object) -> Edit:
    def edit(dataset: Dataset, k: int) -> None:
        if slices is None or k in slices:
            for keyword, value in values.items():
                setattr(dataset, keyword, value)

    return edit


def without(*keywords: str) -> Edit:
    def edit(dataset: Dataset, _k: int) -> None:
        for keyword in keywords:
            delattr(dataset, keyword)

    return edit


def growing(dataset: Dataset, k: int) -> None:
    place(dataset, position(dataset) + np.array([0, 0, 0.5]) * k * k)


def with_two_frames(dataset: Dataset, _k: int) -> None:
    dataset.NumberOfFrames = "2"
    dataset.PixelData += dataset.PixelData


def with_32_bits(dataset: Dataset, _k: int) -> None:
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 32, 32, 31
    dataset.PixelData += dataset.PixelData


REFUSED: dict[str, tuple[str, Edit]] = {
    "a slice lies twice as far": ("uneven_spacing", shift({4}, (0, 0, 1.0))),
    "spacing grows": ("uneven_spacing", growing),
    "two slices share a place": ("duplicate_slice", shift({3}, (0, 0, -2.5))),
    "a slice is shifted sideways": ("shifted_slice", shift({2}, (0.5, 0, 0))),
    "pixel spacing changes": ("mixed_pixel_spacing", setting({1}, PixelSpacing=["0.91", "0.7"])),
    "there is no position": ("no_position", without("ImagePositionPatient")),
    "there is no orientation": ("no_position", without("ImageOrientationPatient")),
    "there is no spacing": ("no_spacing", without("PixelSpacing")),
    "spacing is zero": ("no_spacing", setting(PixelSpacing=["0", "0.7"])),
    "orientation is skewed": (
        "bad_orientation",
        setting(ImageOrientationPatient=["1", "0", "0", "0.5", "0.8", "0"]),
    ),
    "orientation is zero": ("bad_orientation", setting(ImageOrientationPatient=["0"] * 6)),
    "slope is zero": ("bad_rescale", setting(RescaleSlope="0")),
    "units change": ("mixed_rescale", setting({1}, RescaleType="US")),
    "it is a localizer": ("localizer", setting(ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"])),
    "it is a mosaic": ("mosaic", setting(ImageType=["ORIGINAL", "PRIMARY", "M", "MOSAIC"])),
    "it is a screen capture": (
        "secondary_capture",
        setting(SOPClassUID="1.2.840.10008.5.1.4.1.1.7"),
    ),
    "it is PET": ("unsupported_sop_class", setting(SOPClassUID="1.2.840.10008.5.1.4.1.1.128")),
    "it is colour": ("photometric", setting(PhotometricInterpretation="PALETTE COLOR")),
    "it is enhanced and its frames have no place": (
        "no_position",
        setting(SOPClassUID="1.2.840.10008.5.1.4.1.1.2.1"),
    ),
    "it has frames and a class without": ("multiframe", with_two_frames),
    "it maps by a table": ("modality_lut", setting(ModalityLUTSequence=[Dataset()])),
    "values have 32 bits": ("bits_allocated", with_32_bits),
    "more bits are stored than there are": ("bits_allocated", setting(BitsStored=17)),
    "it has no rows": ("bad_matrix", setting(Rows=0)),
}


@pytest.mark.parametrize("case", REFUSED)
def test_it_is_refused_by_name(tmp_path: Path, case: str) -> None:
    code, edit = REFUSED[case]
    write_series(tmp_path, edit=edit)
    with pytest.raises(ImagingError) as refusal:
        read_volume([tmp_path])
    assert refusal.value.code == code
    assert "Secret" not in str(refusal.value)
    assert "SECRET" not in str(refusal.value)
    (refused,) = inspect([tmp_path]).refused
    assert refused.code == code
    assert refused.files


def test_a_missing_slice_is_named_with_its_place(tmp_path: Path) -> None:
    paths = write_series(tmp_path, Grid(shape_kji=(9, 6, 7)))
    paths[3].unlink()
    paths[4].unlink()
    with pytest.raises(
        ImagingError, match=r"2 slices are missing .* after slice 3 of 7"
    ) as refusal:
        read_volume([tmp_path])
    assert refusal.value.code == "missing_slice"


def test_one_slice_is_no_volume(tmp_path: Path) -> None:
    write_series(tmp_path, Grid(shape_kji=(1, 6, 7)))
    with pytest.raises(ImagingError) as refusal:
        read_volume([tmp_path])
    assert refusal.value.code == "single_slice"


@pytest.mark.filterwarnings("ignore:Invalid value for VR")
@pytest.mark.parametrize("number", [b"nan", b"inf", b"-Infinity"])
@pytest.mark.parametrize("tag", [0x00200032, 0x00200037, 0x00280030, 0x00281053])
def test_what_is_no_finite_number_is_refused(tmp_path: Path, tag: int, number: bytes) -> None:
    def edit(dataset: Dataset, k: int) -> None:
        if k == 2:
            count = {0x00200032: 3, 0x00200037: 6, 0x00280030: 2}.get(tag, 1)
            value = b"\\".join([number] * count)
            del dataset[tag]
            dataset.add_new(tag, "UN", value + b" " * (len(value) % 2))

    write_series(tmp_path, edit=edit)
    found = inspect([tmp_path])
    assert "bad_number" in {refused.code for refused in found.refused}
    assert not found.volumes


@pytest.mark.parametrize("which", [0, 2, 4])
@settings(deadline=None, max_examples=12)
@given(kept=st.floats(0, 0.999))
def test_a_file_cut_short_anywhere_never_passes_in_silence(
    which: int, kept: float, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("series")
    victim = write_series(folder)[which]
    whole = victim.read_bytes()
    victim.write_bytes(whole[: math.floor(kept * len(whole))])
    with pytest.raises(ImagingError):
        read_volume([folder])


def test_a_file_cut_short_in_its_pixels_is_refused_with_its_name(tmp_path: Path) -> None:
    victim = write_series(tmp_path)[4]
    victim.write_bytes(victim.read_bytes()[:-10])
    with pytest.raises(RefusedFileError, match=r"0004\.dcm is cut short") as refusal:
        read_volume([tmp_path])
    assert refusal.value.code == "truncated_file"
    (refused,) = inspect([tmp_path]).refused
    assert [Path(file).name for file in refused.files] == ["0004.dcm"]


def test_an_empty_file_where_a_slice_should_be_is_refused(tmp_path: Path) -> None:
    write_series(tmp_path)[4].write_bytes(b"")
    with pytest.raises(RefusedFileError, match=r"0004\.dcm beside the slices"):
        read_volume([tmp_path])


def test_a_broken_file_among_several_series_stays_as_a_warning(tmp_path: Path) -> None:
    def other(dataset: Dataset, k: int) -> None:
        dataset.SeriesInstanceUID += ".9"
        dataset.SOPInstanceUID = f"{dataset.SeriesInstanceUID}.{k}"

    write_series(tmp_path)
    write_series(tmp_path, order=[10, 11, 12, 13, 14], edit=other)
    (tmp_path / "0020.dcm").touch()
    for volume in inspect([tmp_path]).volumes:
        assert "unreadable_beside" in {warning.code for warning in volume.warnings}


@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2.4.53", "1.2.3.4"])
def test_a_compression_that_cannot_be_read_is_refused(tmp_path: Path, syntax: str) -> None:
    from pydicom.encaps import encapsulate

    def edit(dataset: Dataset, _k: int) -> None:
        dataset.PixelData = encapsulate([b"\xff\xd8 nothing"])

    for path in write_series(tmp_path, edit=edit, syntax=JPEGLosslessSV1):
        data = path.read_bytes()
        old = JPEGLosslessSV1.encode()
        path.write_bytes(data.replace(old, str(syntax).encode().ljust(len(old), b"\0"), 1))
    with pytest.raises(ImagingError) as refusal:
        read_volume([tmp_path])
    assert refusal.value.code == "unsupported_transfer_syntax"


@pytest.mark.parametrize("syntax", [JPEGLosslessSV1, RLELossless])
@pytest.mark.parametrize(
    "stream", [b"\0\0", b"\xff\xd8\xff\xc3", b"\x01" + bytes(200), os.urandom(300)]
)
def test_damaged_compressed_pixels_are_refused(tmp_path: Path, syntax: str, stream: bytes) -> None:
    from pydicom.encaps import encapsulate

    def edit(dataset: Dataset, _k: int) -> None:
        dataset.PixelData = encapsulate([stream + bytes(len(stream) % 2)])

    write_series(tmp_path, edit=edit, syntax=syntax)
    with pytest.raises(RefusedFileError) as refusal:
        read_volume([tmp_path])
    assert refusal.value.code in {"damaged_pixels", "truncated_file"}


def test_a_deflate_bomb_is_refused_before_it_grows(tmp_path: Path) -> None:
    path = write_series(tmp_path)[0]
    plain = path.read_bytes()
    uid = b"1.2.840.10008.1.2.1\0"
    start = plain.index(uid) + len(uid)
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = deflater.compress(plain[start:]) + deflater.compress(bytes(200 * 2**20))
    head = plain[:start].replace(b"UI\x14\0" + uid, b"UI\x16\0" + b"1.2.840.10008.1.2.1.99")
    path.write_bytes(head + body + deflater.flush())
    codes = {refused.code for refused in inspect([tmp_path]).refused}
    assert codes & {"inflates_too_far", "unreadable_file"}


def test_thousands_of_nested_sequences_are_refused(tmp_path: Path) -> None:
    path = write_series(tmp_path)[0]
    data = path.read_bytes()
    at = data.index(b"\x28\x00\x02\x00US")
    nested = b"\x20\x00\x40\x91SQ\0\0\xff\xff\xff\xff" + b"\xfe\xff\x00\xe0\xff\xff\xff\xff"
    path.write_bytes(data[:at] + nested * 5000 + data[at:])
    assert [refused.code for refused in inspect([path]).refused] == ["unreadable_file"]


@pytest.mark.parametrize("length", [0xFFFFFFF0, 0x7FFFFFFF])
def test_a_length_that_lies_asks_for_no_memory(tmp_path: Path, length: int) -> None:
    path = write_series(tmp_path)[0]
    data = path.read_bytes()
    at = data.index(b"\x28\x00\x02\x00US")
    lie = b"\x20\x00\x00\x40UT\0\0" + length.to_bytes(4, "little")
    path.write_bytes(data[:at] + lie + data[at:])
    assert [refused.code for refused in inspect([path]).refused] == ["truncated_file"]


def no_files(_folder: Path) -> None:
    """Leave the folder empty."""


def text_only(folder: Path) -> None:
    (folder / "notes.txt").write_text("nothing of DICOM in here, but long enough " * 10)


@pytest.mark.parametrize("fill", [no_files, text_only])
def test_a_folder_without_dicom_is_said_to_be_one(
    tmp_path: Path, fill: Callable[[Path], None]
) -> None:
    fill(tmp_path)
    with pytest.raises(SourceError, match="there is no DICOM image here") as error:
        inspect([tmp_path])
    assert error.value.code == "no_dicom"


def test_a_path_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"there is no file or folder .*nowhere"):
        inspect([tmp_path / "nowhere"])


def test_a_pipe_among_the_files_is_passed_by(tmp_path: Path) -> None:
    write_series(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    assert len(inspect([tmp_path]).volumes) == 1


def test_several_volumes_are_listed_to_choose_from(tmp_path: Path) -> None:
    def other(dataset: Dataset, k: int) -> None:
        dataset.SeriesInstanceUID += ".9"
        dataset.SOPInstanceUID = f"{dataset.SeriesInstanceUID}.{k}"

    write_series(tmp_path / "a")
    write_series(tmp_path / "b", edit=other)
    ids = [volume.id for volume in inspect([tmp_path]).volumes]
    with pytest.raises(SourceError) as error:
        read_volume([tmp_path])
    assert error.value.code == "choose_volume"
    assert all(name in str(error.value) for name in ids)
    with pytest.raises(SourceError, match="there is no volume 'v0'"):
        read_volume([tmp_path], "v0")
