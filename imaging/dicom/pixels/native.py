"""Uncompressed values, as they lie in a file or in the data set that was deflated into it."""

import os
from pathlib import Path
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from imaging.dicom.frame import Frame
from imaging.dicom.pixels.refusals import cut_short

PACKED_BITS: Final = 12
"""Bits allocated where two values share three bytes (PS3.5 2003, annex D; retired)."""
_WORD_BITS: Final = 16
_BYTES_FROM_VR: Final = 8
"""From the VR of a long explicit element to its value: itself, two reserved, four of length."""


class Source(Protocol):
    """Bytes at places."""

    def read(self, start: int, into: NDArray[np.uint8]) -> None:
        """Fill `into` with the bytes from `start` on, or raise."""


class FileSource:
    """The bytes of a file, read straight into the array."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def read(self, start: int, into: NDArray[np.uint8]) -> None:
        """Fill `into`; raise `RefusedFileError` where the file ends first."""
        descriptor = os.open(self._file, os.O_RDONLY | os.O_CLOEXEC)
        try:
            view, done = memoryview(into.data), 0
            while done < into.size:
                count = os.preadv(descriptor, [view[done:]], start + done)
                if count == 0:
                    raise cut_short(self._file)
                done += count
        finally:
            os.close(descriptor)


class MemorySource:
    """The bytes of a data set that was inflated."""

    def __init__(self, file: Path, whole: bytes) -> None:
        self._file = file
        self._whole = np.frombuffer(whole, np.uint8)

    def read(self, start: int, into: NDArray[np.uint8]) -> None:
        """Fill `into`; raise `RefusedFileError` where the data set ends first."""
        found = self._whole[start : start + into.size]
        if found.size < into.size:
            raise cut_short(self._file)
        into[...] = found


def read_native(frame: Frame, source: Source, into: NDArray[np.uint16], *, big: bool) -> None:
    """Fill `into` with one uncompressed frame.

    Parameters
    ----------
    frame : Frame
        Says where the frames begin, which one is wanted and how many bits a value has.
    source : Source
        The bytes.
    into : (rows, columns) uint16 array
        Of the whole stored frame; C-contiguous.
    big : bool
        Whether words are big endian.

    References
    ----------
    DICOM PS3.5, 8.1.1 and 8.1.2: frames follow one another without padding.
    """
    bits = frame.pixels.bits_allocated
    start = frame.place.offset + frame.place.frame * (into.size * bits // 8)
    if bits == _WORD_BITS:
        source.read(start, into.reshape(-1).view(np.uint8))
        if big:
            into.byteswap(inplace=True)
    elif bits == PACKED_BITS:
        triples = np.empty((into.size // 2, 3), np.uint8)
        source.read(start, triples.reshape(-1))
        _unpack(triples, into.reshape(-1, 2))
    elif big and _is_swapped(frame, source):
        into[...] = _swapped(source, frame.place.offset, start, into.size).reshape(into.shape)
    else:
        narrow = np.empty(into.shape, np.uint8)
        source.read(start, narrow.reshape(-1))
        into[...] = narrow


def _unpack(triples: NDArray[np.uint8], pairs: NDArray[np.uint16]) -> None:
    """Spread three bytes to two values, the lower bits first."""
    middle = triples[:, 1].astype(np.uint16)
    np.add(triples[:, 0], (middle & 0x0F) << 8, out=pairs[:, 0])
    np.add(middle >> 4, triples[:, 2].astype(np.uint16) << 4, out=pairs[:, 1])


def _is_swapped(frame: Frame, source: Source) -> bool:
    """Return whether bytes stand in 16 bit words: VR OW, not OB (PS3.5, 8.1.2)."""
    vr = np.empty(2, np.uint8)
    source.read(frame.place.offset - _BYTES_FROM_VR, vr)
    return vr.tobytes() == b"OW"


def _swapped(source: Source, first: int, start: int, count: int) -> NDArray[np.uint8]:
    """Return bytes out of words, whose pairs may reach over the ends of a frame."""
    lead = (start - first) % 2
    words = np.empty((lead + count + 1) // 2, np.uint16)
    source.read(start - lead, words.view(np.uint8))
    return words.byteswap().view(np.uint8)[lead : lead + count]
