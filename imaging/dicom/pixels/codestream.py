"""What a compressed frame says about itself, read and held to account before any decoder runs.

A decoder allocates what the stream asks for, and libjpeg-turbo fills what a cut stream lacks with
grey and says nothing. So the size, the precision and the end are looked at here.
"""

import struct
from dataclasses import dataclass
from typing import Final

JPEG_DCT: Final = frozenset({0xC0, 0xC1})
"""SOF0 baseline and SOF1 extended sequential, Huffman coded (ITU-T T.81, table B.1)."""
JPEG_LOSSLESS: Final = frozenset({0xC3})
"""SOF3, Huffman coded."""
JPEG_LS: Final = frozenset({0xF7})
"""SOF55 (ITU-T T.87, C.1.1)."""

_JPEG_START: Final = b"\xff\xd8"
_JPEG_END: Final = b"\xff\xd9"
_JPEG_2000_START: Final = b"\xff\x4f\xff\x51"
_SCAN: Final = 0xDA
_ALL_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC} | {0xF7}
_TABLES: Final = frozenset({0xC4, 0xDB, 0xDD, 0xF8, 0xFE, *range(0xE0, 0xF0)})
"""DHT, DQT, DRI, LSE, COM and APPn: all that may stand before the scan."""

_BOXES_BYTES: Final = 64 * 2**10
"""Some writers leave the boxes of a JP2 file before the codestream; none needs more."""
_SIZ_BYTES: Final = 41
_TILE_START: Final = b"\xff\x90"
_TILE_START_BYTES: Final = 12
_LEAST_TILES: Final = 1024
_LEAST_TILE_PIXELS: Final = 1024
"""A tile costs a decoder some kilobytes, so an image of many tiny ones is an attack."""


class BadStreamError(Exception):
    """The stream is no image of the kind that the transfer syntax promises."""


@dataclass(frozen=True, slots=True)
class JpegStream:
    """A JPEG or JPEG-LS image."""

    size: tuple[int, int, int]
    """Rows, columns, components."""
    precision: int
    """Bits of a value."""
    scan: int
    """First byte of the entropy-coded values."""
    end: int
    """Of the end marker."""


@dataclass(frozen=True, slots=True)
class Jpeg2000Stream:
    """A JPEG 2000 or HTJ2K image."""

    size: tuple[int, int, int]
    precision: int
    signed: bool
    start: int
    """First byte of the codestream, after the boxes of a JP2 file."""
    end: int
    """First byte after its end marker."""


def read_jpeg(data: bytes, kinds: frozenset[int]) -> JpegStream:
    """Read the headers of one JPEG image, and find its end.

    Parameters
    ----------
    data : bytes
        The stream; anything may follow its end marker but another image.
    kinds : frozenset of int
        The frame markers that the transfer syntax allows.

    Raises
    ------
    BadStreamError
        It is not that, or cut short.

    References
    ----------
    ITU-T T.81, B.2; ITU-T T.87, C.2. Marker codes cannot occur within coded values.
    """
    if data[:2] != _JPEG_START:
        raise BadStreamError
    frame: tuple[int, ...] | None = None
    at = 2
    while True:
        marker, at = _marker_at(data, at)
        (length,) = _unpack(">H", data, at)
        if marker in _ALL_FRAMES:
            if marker not in kinds or frame is not None:
                raise BadStreamError
            frame = _unpack(">BHHB", data, at + 2)
        elif marker == _SCAN and frame is not None:
            precision, rows, columns, components = frame
            end = _end_of_jpeg(data, at + length)
            return JpegStream((rows, columns, components), precision, at + length, end)
        elif marker not in _TABLES:
            raise BadStreamError
        if length < 2:  # noqa: PLR2004 - the length counts its own two bytes
            raise BadStreamError
        at += length


def _marker_at(data: bytes, at: int) -> tuple[int, int]:
    """Return the marker at `at`, after fill bytes, and where its segment begins."""
    if data[at : at + 1] != b"\xff":
        raise BadStreamError
    while data[at : at + 1] == b"\xff":
        at += 1
    if at >= len(data):
        raise BadStreamError
    return data[at], at + 1


def _end_of_jpeg(data: bytes, scan: int) -> int:
    end = data.find(_JPEG_END, scan)
    if end < 0 or data.find(b"\xff\xd8\xff", end) >= 0:  # cut short, or two images for one frame
        raise BadStreamError
    return end


def read_jpeg_2000(data: bytes) -> Jpeg2000Stream:
    """Read the size of one JPEG 2000 image, and walk over its tile-parts to its end.

    Raises
    ------
    BadStreamError
        It is not that, or cut short.

    References
    ----------
    ITU-T T.800, A.4 and A.5.1; T.814, A.2.
    """
    start = data.find(_JPEG_2000_START, 0, _BOXES_BYTES)
    if start < 0:
        raise BadStreamError
    siz = _unpack(">HHIIIIIIIIHBBB", data, start + 4)
    _length, _rsiz, right, bottom, left, top, wide, high, x0, y0, *component = siz
    components, depth, dx, dy = component
    rows, columns = bottom - top, right - left
    if (dx, dy) != (1, 1) or min(rows, columns, wide, high) <= 0:
        raise BadStreamError
    tiles = -((x0 - right) // wide) * -((y0 - bottom) // high)
    if tiles > max(_LEAST_TILES, rows * columns // _LEAST_TILE_PIXELS):
        raise BadStreamError
    return Jpeg2000Stream(
        size=(rows, columns, components),
        precision=(depth & 0x7F) + 1,
        signed=depth >= 0x80,  # noqa: PLR2004 - the highest bit of Ssiz
        start=start,
        end=_end_of_jpeg_2000(data, start + 2),
    )


def _end_of_jpeg_2000(data: bytes, at: int) -> int:
    """Return where the codestream ends, after its tile-parts."""
    while data[at : at + 2] != _TILE_START:  # the segments of the main header
        (marker, length) = _unpack(">HH", data, at)
        if marker < 0xFF00 or length < 2:  # noqa: PLR2004 - a marker, and a length that counts itself
            raise BadStreamError
        at += 2 + length
    while data[at : at + 2] == _TILE_START:
        (length,) = _unpack(">I", data, at + 6)
        if length == 0:  # the last tile-part: "until the end"
            return _last_end(data, at)
        if length < _TILE_START_BYTES:
            raise BadStreamError
        at += length
    if data[at : at + 2] != _JPEG_END or data.find(_JPEG_2000_START, at) >= 0:
        raise BadStreamError
    return at + 2


def _last_end(data: bytes, at: int) -> int:
    end = data.rfind(_JPEG_END, at)
    if end < 0 or data.find(_JPEG_2000_START, at) >= 0:
        raise BadStreamError
    return end + 2


def _unpack(form: str, data: bytes, at: int) -> tuple[int, ...]:
    try:
        return struct.unpack_from(form, data, at)
    except struct.error as error:
        raise BadStreamError from error
