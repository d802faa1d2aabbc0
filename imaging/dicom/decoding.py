"""Bring the stored values of one slice into memory, whatever way the file keeps them.

Uncompressed values go from the file straight into the volume's own memory; compressed ones pass
through imagecodecs. Both let go of Python's lock, so slices are read by several threads.
"""

import os
import struct
from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from imaging.dicom.codestream import frame_size
from imaging.dicom.header import (
    DEFLATED,
    EXPLICIT_BIG,
    EXPLICIT_LITTLE,
    IMPLICIT_LITTLE,
    deflated_start,
    inflate,
)
from imaging.dicom.frame import Frame
from imaging.errors import RefusedFileError

Stored = NDArray[np.uint16]
"""(rows, columns): the bits as they stand in the file, whatever their sign."""

MAX_ENCODED_BYTES: Final = 64 * 2**20
"""A compressed frame is refused beyond this: larger than 4096 x 4096 raw."""

_ITEM: Final = b"\xfe\xff\x00\xe0"
_SEQUENCE_END: Final = b"\xfe\xff\xdd\xe0"


def can_decode(instance: Frame) -> bool:
    """Return whether the transfer syntax of `instance` is one that `read_stored` reads."""
    syntax = instance.place.transfer_syntax
    if syntax == EXPLICIT_BIG:
        return instance.pixels.bits_allocated == 16  # noqa: PLR2004 - bytes may be swapped in pairs
    if syntax in _NATIVE:
        return not instance.is_encapsulated
    return syntax in _DECODERS and instance.is_encapsulated


def read_stored(instance: Frame, into: Stored) -> None:
    """Fill `into` with the stored values of `instance`.

    Parameters
    ----------
    instance : Frame
        An admitted slice.
    into : (rows, columns) uint16 array
        C-contiguous; every element is overwritten.

    Raises
    ------
    RefusedFileError
        The file is cut short or damaged; code ``"truncated_file"`` or ``"damaged_pixels"``.
    """
    syntax = instance.place.transfer_syntax
    if syntax not in _NATIVE:
        into[...] = _decoded(instance, into.shape)
        return
    if instance.pixels.bits_allocated == 16:  # noqa: PLR2004 - bits
        _read_native(instance, into.reshape(-1).view(np.uint8))
        if syntax == EXPLICIT_BIG:
            into.byteswap(inplace=True)
        return
    narrow = np.empty(into.size, np.uint8)
    _read_native(instance, narrow)
    into[...] = narrow.reshape(into.shape)


def _read_native(instance: Frame, into: NDArray[np.uint8]) -> None:
    place = instance.place
    if place.transfer_syntax == DEFLATED:
        whole = inflate(instance.file, deflated_start(instance.file))
        found = np.frombuffer(whole, np.uint8)[place.offset : place.offset + into.size]
        if found.size < into.size:
            raise _cut_short(instance)
        into[...] = found
        return
    descriptor = os.open(instance.file, os.O_RDONLY | os.O_CLOEXEC)
    try:
        view, done = memoryview(into.data), 0
        while done < into.size:
            count = os.preadv(descriptor, [view[done:]], place.offset + done)
            if count == 0:
                raise _cut_short(instance)
            done += count
    finally:
        os.close(descriptor)


def _cut_short(instance: Frame) -> RefusedFileError:
    return RefusedFileError(
        f"{instance.file.name} is cut short: its pixel data are not all there; "
        "copy or export the series again",
        "truncated_file",
    )


def _encoded_frame(instance: Frame) -> bytes:
    """Return the one frame of an encapsulated instance, its fragments joined (PS3.5, A.4)."""
    place = instance.place
    with instance.file.open("rb") as source:
        source.seek(place.offset)
        data = source.read(MAX_ENCODED_BYTES + 1)
    if len(data) > MAX_ENCODED_BYTES:
        raise RefusedFileError(
            f"{instance.file.name} holds more compressed data than one slice can need; "
            "export the series again",
            "damaged_pixels",
        )
    fragments, at = [], 0
    while data[at : at + 4] == _ITEM and at + 8 <= len(data):
        (length,) = struct.unpack("<I", data[at + 4 : at + 8])
        if at + 8 + length > len(data):
            raise _cut_short(instance)
        fragments.append(data[at + 8 : at + 8 + length])
        at += 8 + length
    if data[at : at + 4] != _SEQUENCE_END and at >= len(data) - 8:
        raise _cut_short(instance)
    return b"".join(fragments[1:])  # the first item is the table of offsets


def _decoded(instance: Frame, shape: tuple[int, ...]) -> NDArray[Any]:
    data = _encoded_frame(instance)
    decode, states_size = _DECODERS[instance.place.transfer_syntax]
    damaged = RefusedFileError(
        f"the compressed image in {instance.file.name} is damaged; export the series again",
        "damaged_pixels",
    )
    if states_size and frame_size(data) != (*shape, 1):
        raise damaged
    try:
        frame = decode(data, instance)
    except MemoryError:
        raise
    except Exception as error:  # each codec has errors of its own
        raise damaged from error
    if frame.shape != shape:
        raise damaged
    return frame.astype(np.uint16) if frame.dtype.itemsize == 1 else frame.view(np.uint16)


def _jpeg(data: bytes, instance: Frame) -> NDArray[Any]:
    import imagecodecs

    bits = instance.pixels.bits_allocated
    frame: NDArray[Any] = imagecodecs.jpeg8_decode(data)
    if frame.dtype.itemsize * 8 != bits:
        raise ValueError(frame.dtype)
    return frame


def _jpeg_lossless(data: bytes, _instance: Frame) -> NDArray[Any]:
    import imagecodecs

    frame: NDArray[Any] = imagecodecs.jpegsof3_decode(data)
    return frame


def _jpeg_ls(data: bytes, _instance: Frame) -> NDArray[Any]:
    import imagecodecs

    frame: NDArray[Any] = imagecodecs.jpegls_decode(data)
    return frame


def _jpeg_2000(data: bytes, _instance: Frame) -> NDArray[Any]:
    import imagecodecs

    frame: NDArray[Any] = imagecodecs.jpeg2k_decode(data, numthreads=1)
    return frame


def _rle(data: bytes, instance: Frame) -> NDArray[Any]:
    import imagecodecs

    pixels = instance.pixels
    kind = np.dtype("<u2" if pixels.bits_allocated == 16 else "u1")  # noqa: PLR2004 - bits
    raw = imagecodecs.dicomrle_decode(data, kind, out=bytearray(pixels.frame_bytes))
    frame: NDArray[Any] = np.frombuffer(raw, kind)
    return frame.reshape(pixels.rows, pixels.columns)


_NATIVE: Final = frozenset({IMPLICIT_LITTLE, EXPLICIT_LITTLE, EXPLICIT_BIG, DEFLATED})

_DECODERS: Final[dict[str, tuple[Callable[[bytes, Frame], NDArray[Any]], bool]]] = {
    "1.2.840.10008.1.2.4.50": (_jpeg, True),  # JPEG Baseline
    "1.2.840.10008.1.2.4.57": (_jpeg_lossless, True),  # JPEG Lossless, process 14
    "1.2.840.10008.1.2.4.70": (_jpeg_lossless, True),  # JPEG Lossless, selection value 1
    "1.2.840.10008.1.2.4.80": (_jpeg_ls, True),  # JPEG-LS Lossless
    "1.2.840.10008.1.2.4.81": (_jpeg_ls, True),  # JPEG-LS Near-lossless
    "1.2.840.10008.1.2.4.90": (_jpeg_2000, True),  # JPEG 2000 Lossless
    "1.2.840.10008.1.2.4.91": (_jpeg_2000, True),  # JPEG 2000
    "1.2.840.10008.1.2.4.201": (_jpeg_2000, True),  # High-Throughput JPEG 2000 Lossless
    "1.2.840.10008.1.2.4.202": (_jpeg_2000, True),  # HTJ2K Lossless, RPCL
    "1.2.840.10008.1.2.4.203": (_jpeg_2000, True),  # HTJ2K
    "1.2.840.10008.1.2.5": (_rle, False),  # RLE Lossless
}
"""Transfer syntax: the decoder, and whether the stream states its own size."""
