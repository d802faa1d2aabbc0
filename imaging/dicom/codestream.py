"""What a compressed frame says about its own size, read before any decoder allocates."""

import struct
from typing import Final

_JPEG_START: Final = b"\xff\xd8"
_JPEG_2000_START: Final = b"\xff\x4f\xff\x51"
_FRAME_MARKERS: Final = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xF7})
"""SOF0 to SOF3 of JPEG (ITU-T T.81, B.1.1.3), SOF55 of JPEG-LS (ITU-T T.87)."""
_SCAN_MARKER: Final = 0xDA


def frame_size(data: bytes) -> tuple[int, int, int] | None:
    """Return (rows, columns, components) of a JPEG, JPEG-LS or JPEG 2000 stream, or None."""
    if data[:2] == _JPEG_START:
        return _jpeg_size(data)
    start = data.find(_JPEG_2000_START, 0, 4096)  # a JP2 file has boxes before its codestream
    if start < 0 or len(data) < start + 42:
        return None
    right, bottom, left, top = struct.unpack(">IIII", data[start + 8 : start + 24])
    (components,) = struct.unpack(">H", data[start + 40 : start + 42])
    return bottom - top, right - left, components


def _jpeg_size(data: bytes) -> tuple[int, int, int] | None:
    at = 2
    while at + 10 <= len(data) and data[at] == 0xFF:  # noqa: PLR2004 - every marker begins so
        marker = data[at + 1]
        if marker == 0xFF:  # noqa: PLR2004 - fill byte
            at += 1
            continue
        if marker in _FRAME_MARKERS:
            rows, columns = struct.unpack(">HH", data[at + 5 : at + 9])
            return rows, columns, data[at + 9]
        if marker == _SCAN_MARKER:
            return None
        at += 2 + int(struct.unpack(">H", data[at + 2 : at + 4])[0])
    return None
