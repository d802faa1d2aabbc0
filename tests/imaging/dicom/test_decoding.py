"""One frame, whatever its encoding, comes back bit by bit."""

import threading
from dataclasses import replace
from pathlib import Path

import imagecodecs
import numpy as np
import pydicom
import pytest
from pydicom.uid import ExplicitVRBigEndian

from imaging.dicom.decoding import PixelReader, can_decode, is_lossy
from imaging.dicom.header import read_header
from imaging.dicom.pixels.recent import Recent
from imaging.errors import RefusedFileError
from tests.imaging.dicom.stored_frames import (
    ENCODINGS,
    EXPLICIT,
    HTJ2K,
    JPEG,
    JPEG_2000,
    JPEG_EXTENDED,
    JPEG_LOSSLESS,
    JPEG_LS,
    bits_of,
    decoded,
    encapsulated,
    frame_in,
    jpeg_2000,
    jpeg_lossless,
    jpeg_ls,
    pixel_format,
    unsigned,
    waves,
)
from tests.imaging.dicom.written_series import Grid, dataset_of, save


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize("bits", [8, 12, 16])
@pytest.mark.parametrize("name", ENCODINGS)
def test_a_lossless_frame_comes_back_bit_by_bit(
    tmp_path: Path, name: str, bits: int, *, signed: bool
) -> None:
    syntax, encode = ENCODINGS[name]
    picture = waves(bits, signed=signed)
    pixels = pixel_format(picture, bits, signed=signed)
    frame = encapsulated(tmp_path, pixels, syntax, encode(picture, bits))
    assert can_decode(frame)
    assert not is_lossy(frame)
    assert np.array_equal(decoded(frame), bits_of(picture, bits))


@pytest.mark.parametrize("predictor", range(1, 8))
@pytest.mark.parametrize("bits", [2, 8, 10, 16])
def test_every_predictor_of_jpeg_lossless_is_read(
    tmp_path: Path, predictor: int, bits: int
) -> None:
    """Extremes beside one another need differences of 16 bits."""
    extremes = np.random.default_rng(predictor).integers(0, 2, (20, 23)) * ((1 << bits) - 1)
    picture = extremes.astype(np.uint8 if bits <= 8 else np.uint16)
    stream = jpeg_lossless(picture, bits, predictor)
    frame = encapsulated(tmp_path, pixel_format(picture, bits), JPEG_LOSSLESS, stream)
    assert np.array_equal(decoded(frame), picture)


def test_a_point_transform_leaves_the_lowest_bits_zero(tmp_path: Path) -> None:
    picture = waves(12)
    stream = bytearray(jpeg_lossless(picture >> 3, 9))
    stream[stream.index(b"\xff\xc3") + 4] = 12  # the precision before the transform
    stream[stream.index(b"\xff\xda") + 9] = 3  # Al of the scan header
    frame = encapsulated(tmp_path, pixel_format(picture, 12), JPEG_LOSSLESS, bytes(stream))
    assert np.array_equal(decoded(frame), picture >> 3 << 3)


def test_few_bits_in_wide_words_are_spread(tmp_path: Path) -> None:
    picture = waves(8)
    pixels = replace(pixel_format(picture, 8), bits_allocated=16)
    for syntax, stream in ((JPEG_LS, jpeg_ls(picture, 8)), (JPEG_2000, jpeg_2000(picture, 8))):
        assert np.array_equal(decoded(encapsulated(tmp_path, pixels, syntax, stream)), picture)


def test_a_signed_stream_of_fewer_bits_keeps_its_signs(tmp_path: Path) -> None:
    for bits in (7, 12):
        picture = waves(bits, signed=True)
        pixels = pixel_format(picture, 16, signed=True)
        frame = encapsulated(tmp_path, pixels, JPEG_2000, jpeg_2000(picture, bits))
        assert np.array_equal(decoded(frame), bits_of(picture, 16))


@pytest.mark.parametrize("syntax", [JPEG_LOSSLESS, JPEG_LS])
def test_a_sign_that_could_be_read_in_two_ways_is_refused(tmp_path: Path, syntax: str) -> None:
    """Of 12 bits without sign where the header says 16 with one: is 0xFFF 4095, or -1?"""
    bits, encode = {JPEG_LOSSLESS: (12, jpeg_lossless), JPEG_LS: (8, jpeg_ls)}[syntax]
    stream = encode(waves(bits), bits)
    pixels = pixel_format(waves(12), 16, signed=True)
    with pytest.raises(RefusedFileError, match="disagree about the sign") as refusal:
        decoded(encapsulated(tmp_path, pixels, syntax, stream))
    assert refusal.value.code == "ambiguous_sign"


def test_values_below_half_are_read_though_the_sign_is_not_stated(tmp_path: Path) -> None:
    picture = waves(11)
    pixels = pixel_format(picture, 16, signed=True)
    frame = encapsulated(tmp_path, pixels, JPEG_LOSSLESS, jpeg_lossless(picture, 12))
    assert np.array_equal(decoded(frame), picture)


@pytest.mark.parametrize(("bits", "syntax"), [(8, JPEG), (8, JPEG_EXTENDED), (12, JPEG_EXTENDED)])
def test_a_lossy_jpeg_of_flat_squares_comes_back_as_it_was(
    tmp_path: Path, bits: int, syntax: str
) -> None:
    """A block of one value has nothing but DC, which quality 100 keeps to within a rounding."""
    squares = np.repeat(np.repeat(np.arange(12).reshape(3, 4), 8, 0), 8, 1)
    picture = (squares * (1 << bits) // 12).astype(np.uint8 if bits == 8 else np.uint16)
    stream = bytes(imagecodecs.jpeg8_encode(picture, level=100, bitspersample=bits))
    frame = encapsulated(tmp_path, pixel_format(picture, bits), syntax, stream)
    assert is_lossy(frame)
    assert np.abs(decoded(frame).astype(int) - picture).max() <= 1


@pytest.mark.parametrize("name", ["JPGExtended.dcm", "JPEG-lossy.dcm", "693_J2KI.dcm"])
def test_lossy_files_decode_to_what_simple_itk_reads(name: str) -> None:
    """Files that come with pydicom; dcmdjpeg and gdcmconv --raw give the same."""
    import SimpleITK

    file = Path(pydicom.__file__).parent / "data" / "test_files" / name
    (frame,) = read_header(file)
    theirs = SimpleITK.GetArrayFromImage(SimpleITK.ReadImage(str(file)))[0].astype(float)
    stored = (theirs - frame.rescale.intercept) / frame.rescale.slope
    bits = frame.pixels.bits_stored
    assert np.array_equal(decoded(frame), bits_of(np.rint(stored), bits))


def test_near_lossless_stays_within_its_bound(tmp_path: Path) -> None:
    picture = waves(16)
    stream = bytes(imagecodecs.jpegls_encode(picture, level=5))
    frame = encapsulated(tmp_path, pixel_format(picture, 16), "1.2.840.10008.1.2.4.81", stream)
    assert is_lossy(frame)
    off = np.abs(decoded(frame).astype(int) - picture)
    assert 0 < off.max() <= 5  # NEAR is the bound (ITU-T T.87, A.1)


@pytest.mark.parametrize("compressor", ["JPEG", "JPEG2000"])
def test_what_simple_itk_compresses_is_read(tmp_path: Path, compressor: str) -> None:
    import SimpleITK

    picture = waves(16, signed=True)
    file = tmp_path / "written.dcm"
    writer = SimpleITK.ImageFileWriter()
    writer.SetFileName(str(file))
    writer.SetUseCompression(True)  # noqa: FBT003 - SimpleITK's signature
    writer.SetCompressor(compressor)
    writer.Execute(SimpleITK.GetImageFromArray(picture[None]))
    (frame,) = read_header(file)
    assert np.array_equal(decoded(frame), bits_of(picture, 16))


@pytest.mark.parametrize("vr", ["OB", "OW"])
@pytest.mark.parametrize("columns", [6, 7])
def test_big_endian_bytes_are_swapped_in_words_only(tmp_path: Path, vr: str, columns: int) -> None:
    """PS3.5, 8.1.2; pydicom reads the same file."""
    picture = np.arange(5 * columns, dtype=np.uint8).reshape(5, columns)
    dataset = dataset_of(Grid(), 0, picture)
    dataset.BitsAllocated = dataset.BitsStored = 8
    dataset.HighBit = 7
    data = picture.tobytes() + b"\0" * (picture.size % 2)
    swapped = np.frombuffer(data, np.uint16).byteswap().tobytes()
    dataset.PixelData = swapped if vr == "OW" else data
    file = tmp_path / "big.dcm"
    save(dataset, file, ExplicitVRBigEndian)
    raw = file.read_bytes()
    at = raw.index(b"\x7f\xe0\x00\x10")
    file.write_bytes(raw[: at + 4] + vr.encode() + raw[at + 6 :])
    (frame,) = read_header(file)
    assert can_decode(frame)
    assert np.array_equal(decoded(frame), picture)
    assert np.array_equal(pydicom.dcmread(file).pixel_array, picture)


def test_packed_values_are_unpacked_as_simple_itk_does(tmp_path: Path) -> None:
    import SimpleITK

    picture = waves(12)[:32, :40]
    low, high = picture.reshape(-1, 2).astype(np.uint32).T
    pairs = low | high << 12
    dataset = dataset_of(Grid(), 0, picture)
    dataset.BitsAllocated = dataset.BitsStored = 12
    dataset.HighBit = 11
    dataset.RescaleIntercept = 0
    dataset.PixelData = (
        np.column_stack([pairs & 255, pairs >> 8 & 255, pairs >> 16]).astype(np.uint8).tobytes()
    )
    file = tmp_path / "packed.dcm"
    save(dataset, file)
    (frame,) = read_header(file)
    assert can_decode(frame)
    assert np.array_equal(decoded(frame), picture)
    assert np.array_equal(SimpleITK.GetArrayFromImage(SimpleITK.ReadImage(str(file)))[0], picture)


def test_an_odd_number_of_packed_values_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "frame"
    file.write_bytes(bytes(100))
    pixels = replace(pixel_format(np.zeros((3, 3)), 12), bits_allocated=12)
    assert not can_decode(frame_in(file, pixels, EXPLICIT, length=14))


def test_threads_share_one_reader(tmp_path: Path) -> None:
    picture = waves(12)
    frame = encapsulated(
        tmp_path, pixel_format(picture, 12), HTJ2K, ENCODINGS["HTJ2K"][1](picture, 12)
    )
    reader, found = PixelReader(), np.zeros((16, *picture.shape), np.uint16)
    threads = [threading.Thread(target=reader.read, args=(frame, found[n])) for n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.array_equal(one, unsigned(picture, 12)) for one in found)


def test_recent_results_are_computed_once_and_forgotten_in_turn() -> None:
    recent: Recent[int, int] = Recent(2)
    asked: list[int] = []

    def compute(key: int) -> int:
        asked.append(key)
        return key * key

    for key in (1, 2, 1, 3, 1, 2):
        assert recent.get(key, lambda key=key: compute(key)) == key * key  # type: ignore[misc]
    assert asked == [1, 2, 3, 2]


def test_a_failure_is_told_and_not_kept() -> None:
    recent: Recent[str, int] = Recent(2)
    with pytest.raises(ZeroDivisionError):
        recent.get("a", lambda: 1 // 0)
    assert recent.get("a", lambda: 7) == 7
