"""Which fragments of a compressed file make which frame (DICOM PS3.5, A.4)."""

import itertools
import os
import struct
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from imaging.dicom.frame import Frame
from imaging.dicom.pixels.refusals import cut_short, damaged

MAX_FRAGMENTS: Final = 2**20
"""A file of more is refused; the longest cine runs have some ten thousand frames."""
_SLACK_BYTES: Final = 2**20
"""What a stream may be longer than twice its raw frame: headers, comments, profiles."""

_ITEM: Final = 0xE000FFFE
_END: Final = 0xE0DDFFFE
_HEADER_BYTES: Final = 8
_STREAM_STARTS: Final = (b"\xff\xd8\xff", b"\xff\x4f\xff\x51", b"\0\0\0\x0cjP  ")
"""JPEG and JPEG-LS, JPEG 2000, and the signature box of a JP2 file."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of a compressed frame."""

    start: int
    """First byte of its value in the file."""
    length: int


def locate_frames(frame: Frame) -> tuple[tuple[Fragment, ...], ...]:
    """Find the fragments of every frame of the file that `frame` is in; read no values.

    Raises
    ------
    RefusedFileError
        The file ends first, or does not say where its frames begin.
    """
    descriptor = os.open(frame.file, os.O_RDONLY | os.O_CLOEXEC)
    try:
        items = _items(descriptor, frame)
        table, fragments = items[0], items[1:]
        frames = frame.pixels.frames
        if frames == 1 and fragments:
            return (tuple(fragments),)
        if len(fragments) == frames > 0:
            return tuple((one,) for one in fragments)
        firsts = _by_table(descriptor, table, fragments, frames)
        if firsts is None:
            firsts = _by_starts(descriptor, fragments)
        if not firsts or len(firsts) != frames or firsts[0] != 0:
            raise damaged(frame.file)
    finally:
        os.close(descriptor)
    ends = [*firsts[1:], len(fragments)]
    return tuple(tuple(fragments[a:b]) for a, b in zip(firsts, ends, strict=True))


def read_stream(frame: Frame, fragments: Sequence[Fragment]) -> bytes:
    """Return one compressed frame.

    Raises
    ------
    RefusedFileError
        It is longer than its picture can need, or the file ends first.
    """
    tile, pixels = frame.place.tile, frame.pixels
    size = (tile.frame_rows * tile.frame_columns) if tile else (pixels.rows * pixels.columns)
    raw_bytes = size * pixels.bits_allocated // 8
    if sum(one.length for one in fragments) > 2 * raw_bytes + _SLACK_BYTES:
        raise damaged(frame.file)
    descriptor = os.open(frame.file, os.O_RDONLY | os.O_CLOEXEC)
    try:
        pieces = [_read(descriptor, one.start, one.length, frame.file) for one in fragments]
    finally:
        os.close(descriptor)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _items(descriptor: int, frame: Frame) -> list[Fragment]:
    """Return the table of offsets and the fragments, up to the delimiter."""
    items: list[Fragment] = []
    at, size = frame.place.offset, os.fstat(descriptor).st_size
    while True:
        tag, length = struct.unpack("<II", _read(descriptor, at, _HEADER_BYTES, frame.file))
        if tag == _END and items:
            return items
        if tag != _ITEM or len(items) > MAX_FRAGMENTS:
            raise damaged(frame.file)
        if at + _HEADER_BYTES + length > size:
            raise cut_short(frame.file)
        items.append(Fragment(at + _HEADER_BYTES, length))
        at += _HEADER_BYTES + length


def _by_table(
    descriptor: int, table: Fragment, fragments: Sequence[Fragment], frames: int
) -> list[int] | None:
    """Return the first fragment of each frame by the Basic Offset Table; None if it lies."""
    if not fragments or table.length != 4 * frames or frames <= 0:
        return None
    offsets = struct.unpack(f"<{frames}I", os.pread(descriptor, table.length, table.start))
    starts = [one.start - fragments[0].start for one in fragments]
    firsts = [bisect_left(starts, offset) for offset in offsets]
    true = all(
        first < len(starts) and starts[first] == offset
        for first, offset in zip(firsts, offsets, strict=True)
    )
    rising = all(a < b for a, b in itertools.pairwise(firsts))
    return firsts if true and rising else None


def _by_starts(descriptor: int, fragments: Sequence[Fragment]) -> list[int]:
    """Return the fragments that begin an image of their own."""
    return [
        number
        for number, one in enumerate(fragments)
        if os.pread(descriptor, min(one.length, 8), one.start).startswith(_STREAM_STARTS)
    ]


def _read(descriptor: int, start: int, count: int, file: Path) -> bytes:
    data = os.pread(descriptor, count, start)
    while len(data) < count:  # a read may be interrupted
        more = os.pread(descriptor, count - len(data), start + len(data))
        if not more:
            raise cut_short(file)
        data += more
    return data
