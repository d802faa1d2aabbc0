"""Frames are found in files of many, and mosaics are cut into their tiles."""

import struct
import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from imaging.dicom.decoding import PixelReader
from imaging.dicom.frame import Frame, Tile
from imaging.dicom.header import DEFLATED
from imaging.errors import RefusedFileError
from tests.imaging.dicom.stored_frames import (
    ENCODINGS,
    EXPLICIT,
    JPEG_2000,
    JPEG_LS,
    RLE,
    Picture,
    decoded,
    frame_in,
    items,
    jpeg_2000,
    jpeg_ls,
    numbered,
    pixel_format,
    rle,
    waves,
)

COUNT = 5


def pictures(count: int = COUNT) -> list[Picture]:
    return [np.roll(waves(16), 3 * number, axis=1) for number in range(count)]


def pieces(stream: bytes, count: int) -> list[bytes]:
    """Cut a stream into fragments of even length."""
    step = len(stream) // count // 2 * 2
    ends = [step * number for number in range(count)]
    return [stream[a:b] for a, b in zip(ends, [*ends[1:], len(stream)], strict=True)]


def offset_table(frames: Sequence[Sequence[bytes]]) -> bytes:
    lengths = [sum(8 + len(one) + len(one) % 2 for one in fragments) for fragments in frames]
    starts = np.cumsum([0, *lengths[:-1]])
    return struct.pack(f"<{len(frames)}I", *starts)


def file_of(folder: Path, syntax: str, value: bytes, count: int = COUNT) -> Frame:
    file = folder / "frames"
    file.write_bytes(value)
    pixels = replace(pixel_format(waves(16), 16), frames=count)
    return frame_in(file, pixels, syntax)


def assert_all(frame: Frame, expected: Sequence[Picture]) -> None:
    reader = PixelReader()
    for number, picture in enumerate(expected):
        into = np.zeros(picture.shape, np.uint16)
        reader.read(numbered(frame, number), into)
        assert np.array_equal(into, picture)


@pytest.mark.parametrize("table", ["right", "empty", "wrong"])
@pytest.mark.parametrize("name", ENCODINGS)
def test_one_fragment_for_each_frame_needs_no_table(tmp_path: Path, name: str, table: str) -> None:
    syntax, encode = ENCODINGS[name]
    streams = [encode(picture, 16) for picture in pictures()]
    tables = {
        "right": offset_table([[one] for one in streams]),
        "empty": b"",
        "wrong": bytes(4 * COUNT),
    }
    assert_all(file_of(tmp_path, syntax, items(streams, tables[table])), pictures())


@pytest.mark.parametrize("with_table", [True, False])
@pytest.mark.parametrize("name", [name for name in ENCODINGS if name != "RLE"])
def test_several_fragments_are_joined_to_their_frame(
    tmp_path: Path, name: str, *, with_table: bool
) -> None:
    """By the table of offsets, or, where it is empty, by where images begin."""
    syntax, encode = ENCODINGS[name]
    frames = [
        pieces(encode(picture, 16), 1 + number % 3) for number, picture in enumerate(pictures())
    ]
    table = offset_table(frames) if with_table else b""
    value = items([one for fragments in frames for one in fragments], table)
    assert_all(file_of(tmp_path, syntax, value), pictures())


def test_all_fragments_of_a_single_frame_are_one_stream(tmp_path: Path) -> None:
    value = items(pieces(jpeg_ls(waves(16), 16), 4))
    assert_all(file_of(tmp_path, JPEG_LS, value, 1), [waves(16)])


def test_a_table_that_lies_gives_way_to_where_images_begin(tmp_path: Path) -> None:
    frames = [pieces(jpeg_2000(picture, 16), 2) for picture in pictures()]
    lie = struct.pack(f"<{COUNT}I", *range(0, 20 * COUNT, 20))
    value = items([one for fragments in frames for one in fragments], lie)
    assert_all(file_of(tmp_path, JPEG_2000, value), pictures())


@pytest.mark.parametrize("count", [COUNT - 1, COUNT + 1, 0, -3])
def test_a_wrong_number_of_frames_is_refused(tmp_path: Path, count: int) -> None:
    streams = [rle(picture, 16) for picture in pictures()]
    frame = file_of(tmp_path, RLE, items(streams), count)
    with pytest.raises(RefusedFileError) as refusal:
        decoded(frame)
    assert refusal.value.code == "damaged_pixels"


def test_a_frame_beyond_the_last_is_refused(tmp_path: Path) -> None:
    frame = file_of(tmp_path, RLE, items([rle(one, 16) for one in pictures()]))
    with pytest.raises(RefusedFileError, match="cut short"):
        decoded(numbered(frame, COUNT))


@pytest.mark.parametrize("bits", [8, 16])
def test_uncompressed_frames_follow_one_another(tmp_path: Path, bits: int) -> None:
    frames = [np.roll(waves(bits), number, axis=1) for number in range(3)]
    file = tmp_path / "frames"
    file.write_bytes(b"header" + b"".join(one.tobytes() for one in frames))
    pixels = replace(pixel_format(frames[0], bits), frames=3)
    assert_all(frame_in(file, pixels, EXPLICIT, 6, file.stat().st_size - 6), frames)


def test_an_uncompressed_frame_that_is_not_all_there_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "frames"
    file.write_bytes(waves(16).tobytes() + waves(16).tobytes()[:-1])
    frame = frame_in(file, replace(pixel_format(waves(16), 16), frames=2), EXPLICIT, 0, 9)
    assert np.array_equal(decoded(frame), waves(16))
    with pytest.raises(RefusedFileError, match="cut short"):
        decoded(numbered(frame, 1))


def deflated(folder: Path, value: bytes) -> tuple[Path, int]:
    """Return a deflated file, and where its value begins once inflated."""
    meta = b"\x02\0\x10\0UI\x16\0" + DEFLATED.encode()
    start = bytes(128) + b"DICM" + meta
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    file = folder / "deflated"
    file.write_bytes(start + deflater.compress(value) + deflater.flush())
    return file, len(start)


def test_deflated_frames_are_read_after_inflating_once(tmp_path: Path) -> None:
    file, offset = deflated(tmp_path, b"".join(one.tobytes() for one in pictures()))
    pixels = replace(pixel_format(waves(16), 16), frames=COUNT)
    assert_all(frame_in(file, pixels, DEFLATED, offset, 9), pictures())


@pytest.mark.parametrize("name", [*ENCODINGS, "uncompressed"])
def test_a_mosaic_is_cut_into_its_tiles(tmp_path: Path, name: str) -> None:
    tiles = np.arange(6 * 8 * 10, dtype=np.uint16).reshape(6, 8, 10) * 17
    whole = tiles.reshape(2, 3, 8, 10).transpose(0, 2, 1, 3).reshape(16, 30)
    syntax, encode = ENCODINGS.get(name, (EXPLICIT, lambda picture, _bits: picture.tobytes()))
    stream = encode(np.ascontiguousarray(whole), 16)
    file = tmp_path / "mosaic"
    file.write_bytes(stream if syntax == EXPLICIT else items([stream]))
    frame = frame_in(file, pixel_format(tiles[0], 16), syntax)
    reader = PixelReader()
    for number, expected in enumerate(tiles):
        tile = Tile(number // 3 * 8, number % 3 * 10, 16, 30)
        into = np.zeros((8, 10), np.uint16)
        reader.read(replace(frame, place=replace(frame.place, tile=tile)), into)
        assert np.array_equal(into, expected)


@pytest.mark.parametrize(
    "tile", [Tile(9, 0, 16, 30), Tile(0, -1, 16, 30), Tile(0, 0, 2**30, 2**30)]
)
def test_a_tile_outside_of_its_mosaic_is_refused(tmp_path: Path, tile: Tile) -> None:
    file = tmp_path / "mosaic"
    file.write_bytes(bytes(16 * 30 * 2))
    frame = frame_in(file, pixel_format(np.zeros((8, 10)), 16), EXPLICIT)
    with pytest.raises(RefusedFileError):
        decoded(replace(frame, place=replace(frame.place, tile=tile)))
