"""Decoders of compressed frames, by transfer syntax: what a stream states, checked, then unpacked.

All of imagecodecs, which lets go of Python's lock while it decodes, and writes straight into the
volume where a value has more than 8 bits.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from imaging.dicom.frame import PixelFormat
from imaging.dicom.pixels.codestream import (
    JPEG_DCT,
    JPEG_LOSSLESS,
    JPEG_LS,
    BadStreamError,
    JpegStream,
    read_jpeg,
    read_jpeg_2000,
)

Stored = NDArray[np.uint16]

_BYTE_BITS: Final = 8
_WORD_BITS: Final = 16
_RLE_HEADER_BYTES: Final = 64
_PROBE: Final = b"\x5a" * 64
"""Coded values that are none: they change a picture only if it was not complete before them."""


class AmbiguousSignError(Exception):
    """Values are positive by the stream and negative by the header, or the other way round."""

    def __init__(self, precision: int) -> None:
        super().__init__(precision)
        self.precision = precision


@dataclass(frozen=True, slots=True)
class Codec:
    """How a transfer syntax is decoded."""

    decode: Callable[[bytes, PixelFormat, Stored], None]
    """Fills (rows, columns) from a stream; raises anything where the stream is bad."""
    lossy: bool
    """Whether values may have been changed before they were sent."""


def _jpeg_dct(data: bytes, pixels: PixelFormat, into: Stored) -> None:
    # Each 8 x 8 block takes two bits or more: a difference of DC and an end of block.
    blocks = -(-into.shape[0] // 8) * -(-into.shape[1] // 8)
    _jpeg(data, read_jpeg(data, JPEG_DCT), blocks * 2, pixels, into)


def _jpeg_lossless(data: bytes, pixels: PixelFormat, into: Stored) -> None:
    _jpeg(data, read_jpeg(data, JPEG_LOSSLESS), into.size, pixels, into)


def _jpeg(
    data: bytes, stream: JpegStream, least_bits: int, pixels: PixelFormat, into: Stored
) -> None:
    """Decode with libjpeg-turbo, which replaces values that are not there by the middle grey."""
    import imagecodecs

    _require(stream.size, stream.precision, pixels, into)
    if (stream.end - stream.scan) * 8 < least_bits:
        raise BadStreamError
    picture = imagecodecs.jpeg8_decode(data, out=_target(stream.precision, into))
    if picture[-1, -1] == 1 << (stream.precision - 1):
        probed = data[: stream.end] + _PROBE + data[stream.end : stream.end + 2]
        if not np.array_equal(imagecodecs.jpeg8_decode(probed), picture):
            raise BadStreamError
    _settle(picture, stream.precision, pixels, into)


def _jpeg_ls(data: bytes, pixels: PixelFormat, into: Stored) -> None:
    import imagecodecs

    stream = read_jpeg(data, JPEG_LS)
    _require(stream.size, stream.precision, pixels, into)
    picture = imagecodecs.jpegls_decode(data, out=_target(stream.precision, into))
    _settle(picture, stream.precision, pixels, into)


def _jpeg_2000(data: bytes, pixels: PixelFormat, into: Stored) -> None:
    """Decode JPEG 2000 and HTJ2K with OpenJPEG.

    OpenJPH reads HTJ2K in half the time, but imagecodecs 2026.3.6 drops its errors, and hands over
    a picture of which parts were never written.
    """
    import imagecodecs

    stream = read_jpeg_2000(data)
    _require(stream.size, stream.precision, pixels, into)
    target = _target(stream.precision, into)
    if target is not None and stream.signed:
        target = target.view(np.int16)
    whole = stream.start == 0 and stream.end == len(data)
    coded = data if whole else data[stream.start : stream.end]
    # several threads already decode a frame each
    picture = imagecodecs.jpeg2k_decode(coded, numthreads=1, out=target)
    _settle(picture, stream.precision, pixels, into)


def _rle(data: bytes, pixels: PixelFormat, into: Stored) -> None:
    import imagecodecs

    wide = pixels.bits_allocated == _WORD_BITS
    size = pixels.bits_allocated // _BYTE_BITS
    if len(data) < _RLE_HEADER_BYTES or struct.unpack_from("<I", data)[0] != size:
        raise BadStreamError
    offsets = struct.unpack_from(f"<{size}I", data, 4)
    if offsets[0] != _RLE_HEADER_BYTES or sorted({*offsets, len(data)}) != [*offsets, len(data)]:
        raise BadStreamError
    target = into if wide else np.empty(into.shape, np.uint8)
    room = target.reshape(-1).view(np.uint8)
    unpacked = imagecodecs.dicomrle_decode(data, np.dtype(f"<u{size}"), out=room.data)
    if len(unpacked) != room.size:
        raise BadStreamError
    if not wide:
        into[...] = target


def _require(size: tuple[int, int, int], precision: int, pixels: PixelFormat, into: Stored) -> None:
    """Raise unless the stream is the grey picture that the header describes."""
    if size != (*into.shape, 1) or not 1 < precision <= pixels.bits_allocated:
        raise BadStreamError
    shifted = pixels.high_bit + 1 > pixels.bits_stored
    if shifted and precision <= pixels.high_bit:
        raise BadStreamError  # the stream has not even the bits that the header points at


def _target(precision: int, into: Stored) -> Stored | None:
    """Return where a decoder can write to; up to 8 bits it makes bytes of its own."""
    return into if precision > _BYTE_BITS else None


def _settle(picture: NDArray[Any], precision: int, pixels: PixelFormat, into: Stored) -> None:
    """Bring `picture` into `into`, the sign where the header expects it.

    JPEG and JPEG-LS know no sign, and some writers of JPEG 2000 do not state it. That matters
    only where the header counts more bits than the stream has: in between, the highest bit of the
    stream is either a sign or a value. PS3.5, 8.2, wants both numbers of bits to be the same.
    """
    signed = picture.dtype.kind == "i"
    if picture.dtype.itemsize == 1:
        into[...] = picture.astype(np.int16).view(np.uint16) if signed else picture
    if precision < pixels.bits_stored and signed != pixels.signed:
        highest = 1 << (precision - 1)
        if (into & highest).any():
            raise AmbiguousSignError(precision)


CODECS: Final[dict[str, Codec]] = {
    "1.2.840.10008.1.2.4.50": Codec(_jpeg_dct, lossy=True),  # JPEG Baseline
    "1.2.840.10008.1.2.4.51": Codec(_jpeg_dct, lossy=True),  # JPEG Extended, 8 and 12 bit
    "1.2.840.10008.1.2.4.57": Codec(_jpeg_lossless, lossy=False),  # JPEG Lossless, process 14
    "1.2.840.10008.1.2.4.70": Codec(_jpeg_lossless, lossy=False),  # the same, selection value 1
    "1.2.840.10008.1.2.4.80": Codec(_jpeg_ls, lossy=False),  # JPEG-LS Lossless
    "1.2.840.10008.1.2.4.81": Codec(_jpeg_ls, lossy=True),  # JPEG-LS Near-lossless
    "1.2.840.10008.1.2.4.90": Codec(_jpeg_2000, lossy=False),  # JPEG 2000 Lossless
    "1.2.840.10008.1.2.4.91": Codec(_jpeg_2000, lossy=True),  # JPEG 2000
    "1.2.840.10008.1.2.4.201": Codec(_jpeg_2000, lossy=False),  # HTJ2K Lossless
    "1.2.840.10008.1.2.4.202": Codec(_jpeg_2000, lossy=False),  # HTJ2K Lossless, RPCL
    "1.2.840.10008.1.2.4.203": Codec(_jpeg_2000, lossy=True),  # HTJ2K
    "1.2.840.10008.1.2.5": Codec(_rle, lossy=False),  # RLE Lossless
}
"""By the UID of the transfer syntax."""
