"""Streams that lie, are cut or are noise are refused, and ask for no memory: abuse list, 40."""

import struct
import subprocess
import sys
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imaging.dicom.decoding import PixelReader
from imaging.dicom.pixels.codecs import CODECS
from imaging.errors import RefusedFileError
from tests.imaging.dicom.stored_frames import (
    ENCODINGS,
    HTJ2K,
    JPEG,
    JPEG_2000,
    JPEG_EXTENDED,
    JPEG_LOSSLESS,
    RLE,
    decoded,
    encapsulated,
    frame_in,
    items,
    jpeg_2000,
    jpeg_lossless,
    pixel_format,
    rle,
    waves,
)

BITS = 12
PICTURE = waves(BITS)
PIXELS = pixel_format(PICTURE, BITS)


def jpeg_extended() -> bytes:
    return bytes(imagecodecs.jpeg8_encode(PICTURE, bitspersample=BITS))


STREAMS = {name: (syntax, encode(PICTURE, BITS)) for name, (syntax, encode) in ENCODINGS.items()}
STREAMS["JPEG Extended"] = (JPEG_EXTENDED, jpeg_extended())

SIZE_AT = {
    "JPEG lossless": (b"\xff\xc3", 5, ">HH"),
    "JPEG Extended": (b"\xff\xc1", 5, ">HH"),
    "JPEG-LS": (b"\xff\xf7", 5, ">HH"),
    "JPEG 2000": (b"\xff\x51", 10, ">II"),
    "HTJ2K": (b"\xff\x51", 10, ">II"),
}
"""Marker, distance of rows and columns (of J2K: columns and rows) from it, and their form."""


def refusal_of(folder: Path, syntax: str, stream: bytes) -> str:
    with pytest.raises(RefusedFileError) as refusal:
        decoded(encapsulated(folder, PIXELS, syntax, stream))
    assert not refusal.value.args[0].startswith("/")
    return refusal.value.code


@pytest.mark.parametrize("size", [(65_000, 65_000), (34, 41), (33, 40), (1, 1), (0, 0)])
@pytest.mark.parametrize("name", SIZE_AT)
def test_a_stream_of_another_size_is_refused(
    tmp_path: Path, name: str, size: tuple[int, int]
) -> None:
    syntax, stream = STREAMS[name]
    marker, distance, form = SIZE_AT[name]
    lie = bytearray(stream)
    struct.pack_into(
        form, lie, stream.index(marker) + distance - (4 if form == ">II" else 0), *size
    )
    assert refusal_of(tmp_path, syntax, bytes(lie)) == "damaged_pixels"


NAIVE = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
from pathlib import Path
import {module} as reader
try:
    reader.{call}
except MemoryError:
    sys.exit(7)
except Exception as error:
    sys.exit(7 if "alloc" in str(error).lower() else 3)
"""


def exit_of_naive(module: str, call: str) -> int:
    """Run another reader in 2 GiB; 7 says that it asked for more."""
    program = NAIVE.format(module=module, call=call)
    return subprocess.run(
        [sys.executable, "-c", program], check=False, capture_output=True, timeout=120
    ).returncode


def test_a_size_that_lies_bites_a_naive_decoder_and_not_this_one(tmp_path: Path) -> None:
    """The stream of a small picture that claims 40,000 x 40,000: 3 GB of 16 bit values."""
    _syntax, stream = STREAMS["JPEG lossless"]
    lie = bytearray(stream)
    struct.pack_into(">HH", lie, stream.index(b"\xff\xc3") + 5, 40_000, 40_000)
    file = tmp_path / "stream"
    file.write_bytes(lie)
    call = f"jpeg8_decode(Path({str(file)!r}).read_bytes())"
    assert exit_of_naive("imagecodecs", call) == 7
    assert refusal_of(tmp_path, JPEG_LOSSLESS, bytes(lie)) == "damaged_pixels"


def test_a_run_length_stream_for_a_huge_picture_bites_pydicom_and_not_this_reader(
    tmp_path: Path,
) -> None:
    """A header of 65,535 x 65,535 over a few hundred bytes; survey bounds the sides here."""
    import pydicom

    from tests.imaging.dicom.written_series import Grid, dataset_of, save

    dataset = dataset_of(Grid(), 0, PICTURE)
    dataset.Rows = dataset.Columns = 65_535
    dataset.PixelData = items([rle(PICTURE, BITS)])
    file = tmp_path / "huge.dcm"
    save(dataset, file, pydicom.uid.RLELossless)
    assert exit_of_naive("pydicom", f"dcmread({str(file)!r}).pixel_array") == 7
    frame = encapsulated(tmp_path, pixel_format(np.empty((99, 77)), 16), RLE, rle(PICTURE, BITS))
    with pytest.raises(RefusedFileError, match="damaged"):
        decoded(frame)


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("name", STREAMS)
def test_a_stream_that_is_cut_is_refused(tmp_path: Path, name: str, part: float) -> None:
    syntax, stream = STREAMS[name]
    assert refusal_of(tmp_path, syntax, stream[: int(part * len(stream))]) == "damaged_pixels"


@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
@pytest.mark.parametrize("name", [name for name in STREAMS if name != "RLE"])
def test_a_stream_that_is_cut_and_closed_again_is_refused(
    tmp_path: Path, name: str, part: float
) -> None:
    """As if a fragment in the middle were lost; libjpeg-turbo shows grey then, and says nothing."""
    syntax, stream = STREAMS[name]
    head = stream[: int(part * len(stream))].rstrip(b"\xff")
    assert refusal_of(tmp_path, syntax, head + b"\xff\xd9") == "damaged_pixels"


def test_a_picture_that_ends_in_middle_grey_is_not_taken_for_a_cut_one(tmp_path: Path) -> None:
    picture = PICTURE.copy()
    picture[-12:] = 1 << (BITS - 1)
    for syntax, stream in (
        (JPEG_LOSSLESS, jpeg_lossless(picture, BITS)),
        (JPEG_EXTENDED, bytes(imagecodecs.jpeg8_encode(picture, level=100, bitspersample=BITS))),
    ):
        found = decoded(encapsulated(tmp_path, PIXELS, syntax, stream)).astype(int)
        assert np.abs(found - picture).max() <= (0 if syntax == JPEG_LOSSLESS else 2)


@pytest.mark.parametrize("syntax", [JPEG, JPEG_LOSSLESS, JPEG_2000, HTJ2K])
def test_two_pictures_for_one_frame_are_refused(tmp_path: Path, syntax: str) -> None:
    stream = {
        JPEG: bytes(imagecodecs.jpeg8_encode(waves(8))),
        JPEG_LOSSLESS: jpeg_lossless(PICTURE, BITS),
    }.get(syntax, jpeg_2000(PICTURE, BITS))
    assert refusal_of(tmp_path, syntax, stream * 2) == "damaged_pixels"


@pytest.mark.parametrize("syntax", sorted(CODECS))
def test_a_stream_of_another_kind_is_refused(tmp_path: Path, syntax: str) -> None:
    own = {
        name for name, (uid, _) in STREAMS.items() if CODECS[uid].decode is CODECS[syntax].decode
    }
    for name, (_, stream) in STREAMS.items():
        if name not in own:
            assert refusal_of(tmp_path, syntax, stream) == "damaged_pixels"


def test_a_picture_of_many_tiny_tiles_is_refused(tmp_path: Path) -> None:
    stream = bytearray(jpeg_2000(PICTURE, BITS))
    struct.pack_into(">II", stream, stream.index(b"\xff\x51") + 22, 1, 1)
    assert refusal_of(tmp_path, JPEG_2000, bytes(stream)) == "damaged_pixels"


def test_a_progressive_picture_is_refused(tmp_path: Path) -> None:
    """A stream may repeat its scans as often as it likes, at a full pass each."""
    stream = jpeg_extended().replace(b"\xff\xc1", b"\xff\xc2", 1)
    assert refusal_of(tmp_path, JPEG_EXTENDED, stream) == "damaged_pixels"


@pytest.mark.parametrize("segments", [0, 1, 3, 15, 2**31])
def test_a_wrong_number_of_segments_is_refused(tmp_path: Path, segments: int) -> None:
    stream = bytearray(rle(PICTURE, BITS))
    struct.pack_into("<I", stream, 0, segments)
    assert refusal_of(tmp_path, RLE, bytes(stream)) == "damaged_pixels"


@pytest.mark.parametrize("offset", [0, 63, 64, 2**31, 2**32 - 1])
def test_a_segment_outside_of_the_stream_is_refused(tmp_path: Path, offset: int) -> None:
    stream = bytearray(rle(PICTURE, BITS))
    struct.pack_into("<I", stream, 8, offset)
    assert refusal_of(tmp_path, RLE, bytes(stream)) == "damaged_pixels"


@pytest.mark.parametrize("length", [2, 0x7FFFFFFF, 0xFFFFFFFF])
def test_a_fragment_longer_than_its_file_is_refused(tmp_path: Path, length: int) -> None:
    value = bytearray(items([rle(PICTURE, BITS)]))
    struct.pack_into("<I", value, 12, length)
    file = tmp_path / "frame"
    file.write_bytes(value)
    with pytest.raises(RefusedFileError) as refusal:
        decoded(frame_in(file, PIXELS, RLE))
    assert refusal.value.code in {"truncated_file", "damaged_pixels"}


def test_more_data_than_the_picture_can_need_are_not_read(tmp_path: Path) -> None:
    stream = rle(PICTURE, BITS) + bytes(3 * 2**20)
    assert refusal_of(tmp_path, RLE, stream) == "damaged_pixels"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(name=st.sampled_from(sorted(STREAMS)), chosen=st.data())
def test_mutated_streams_decode_or_are_refused(
    tmp_path_factory: pytest.TempPathFactory, name: str, chosen: st.DataObject
) -> None:
    syntax, stream = STREAMS[name]
    mutated = bytearray(stream)
    places = st.one_of(st.integers(0, min(119, len(stream) - 1)), st.integers(0, len(stream) - 1))
    for place, value in chosen.draw(
        st.lists(st.tuples(places, st.integers(0, 255)), min_size=1, max_size=6)
    ):
        mutated[place] = value
    frame = encapsulated(tmp_path_factory.mktemp("mutated"), PIXELS, syntax, bytes(mutated))
    into = np.zeros(PICTURE.shape, np.uint16)
    try:
        PixelReader().read(frame, into)
    except RefusedFileError as refusal:
        assert refusal.code in {"damaged_pixels", "truncated_file"}  # noqa: PT017 - it may decode


@settings(max_examples=150, deadline=None)
@given(syntax=st.sampled_from(sorted(CODECS)), value=st.binary(max_size=300), wrap=st.booleans())
def test_noise_is_refused(
    tmp_path_factory: pytest.TempPathFactory, syntax: str, value: bytes, *, wrap: bool
) -> None:
    file = tmp_path_factory.mktemp("noise") / "frame"
    file.write_bytes(items([value]) if wrap else value)
    with pytest.raises(RefusedFileError):
        decoded(frame_in(file, PIXELS, syntax))
