"""Bring the stored values of one frame into memory, whatever way the file keeps them.

Uncompressed values go from the file straight into the volume's own memory; compressed ones pass
through imagecodecs. Both let go of Python's lock, so frames are read by several threads.
"""

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from imaging.dicom.frame import Frame
from imaging.dicom.header import (
    DEFLATED,
    EXPLICIT_BIG,
    EXPLICIT_LITTLE,
    IMPLICIT_LITTLE,
    deflated_start,
    inflate,
)
from imaging.dicom.pixels.codecs import CODECS, AmbiguousSignError
from imaging.dicom.pixels.encapsulation import Fragment, locate_frames, read_stream
from imaging.dicom.pixels.native import (
    PACKED_BITS,
    FileSource,
    MemorySource,
    Source,
    read_native,
)
from imaging.dicom.pixels.recent import Recent
from imaging.dicom.pixels.refusals import ambiguous_sign, cut_short, damaged

Stored = NDArray[np.uint16]
"""(rows, columns): the bits as they stand in the file, whatever their sign."""

_NATIVE: Final = frozenset({IMPLICIT_LITTLE, EXPLICIT_LITTLE, EXPLICIT_BIG, DEFLATED})
TRANSFER_SYNTAXES: Final = _NATIVE | CODECS.keys()
"""UIDs of all that can be read."""

MAX_FRAME_PIXELS: Final = 16_384 * 16_384
"""Of a whole mosaic; single planes are held to the same by their header."""
_KEPT_FILES: Final = 64
"""Multi-frame files whose fragments are known at a time: a series rarely has more than a few."""
_KEPT_MOSAICS: Final = 4
"""Decoded mosaics, 1 MB each: as many as threads read from at a time."""
_KEPT_INFLATED: Final = 2
"""Deflated multi-frame files, 64 MiB each at most."""


def can_decode(frame: Frame) -> bool:
    """Return whether `PixelReader` reads frames of this kind."""
    syntax, bits = frame.place.transfer_syntax, frame.pixels.bits_allocated
    if syntax in CODECS:
        return frame.is_encapsulated and bits in {8, 16}
    if syntax not in _NATIVE or frame.is_encapsulated:
        return False
    if bits == PACKED_BITS:  # two values share three bytes, so an odd frame would end within one
        return syntax != EXPLICIT_BIG and frame.pixels.rows * frame.pixels.columns % 2 == 0
    return bits in {8, 16}


def is_lossy(frame: Frame) -> bool:
    """Return whether the transfer syntax may have changed values before they were sent."""
    codec = CODECS.get(frame.place.transfer_syntax)
    return codec is not None and codec.lossy


class PixelReader:
    """Reads frames; one for each volume, used by several threads at once.

    It remembers where the frames of a compressed file begin, and the latest mosaics and deflated
    files, so that none is taken apart once for each of its frames.
    """

    def __init__(self) -> None:
        self._located: Recent[Path, tuple[tuple[Fragment, ...], ...]] = Recent(_KEPT_FILES)
        self._mosaics: Recent[tuple[Path, int], Stored] = Recent(_KEPT_MOSAICS)
        self._inflated: Recent[Path, MemorySource] = Recent(_KEPT_INFLATED)

    def read(self, frame: Frame, into: Stored) -> None:
        """Fill `into` with the stored values of `frame`.

        Parameters
        ----------
        frame : Frame
            One that `can_decode` accepts.
        into : (rows, columns) uint16 array
            C-contiguous; every element is overwritten. Bits above BitsStored may be anything.

        Raises
        ------
        RefusedFileError
            The file is cut short or damaged; code ``"truncated_file"``, ``"damaged_pixels"`` or
            ``"ambiguous_sign"``.
        """
        tile = frame.place.tile
        if tile is None:
            self._read_frame(frame, into)
            return
        shape = (tile.frame_rows, tile.frame_columns)
        inside = tile.row + into.shape[0] <= shape[0] and tile.column + into.shape[1] <= shape[1]
        if not inside or min(tile.row, tile.column) < 0 or shape[0] * shape[1] > MAX_FRAME_PIXELS:
            raise damaged(frame.file)

        def whole() -> Stored:
            mosaic = np.empty(shape, np.uint16)
            self._read_frame(frame, mosaic)
            return mosaic

        mosaic = self._mosaics.get((frame.file, frame.place.frame), whole)
        rows, columns = into.shape
        into[...] = mosaic[tile.row : tile.row + rows, tile.column : tile.column + columns]

    def _read_frame(self, frame: Frame, into: Stored) -> None:
        """Fill `into` with a whole stored frame."""
        syntax = frame.place.transfer_syntax
        if syntax in _NATIVE:
            read_native(frame, self._source(frame), into, big=syntax == EXPLICIT_BIG)
            return
        stream = read_stream(frame, self._fragments(frame))
        try:
            CODECS[syntax].decode(stream, frame.pixels, into)
        except MemoryError:
            raise
        except AmbiguousSignError as error:
            raise ambiguous_sign(frame.file, error.precision, frame.pixels.bits_stored) from error
        except Exception as error:  # each codec has errors of its own
            raise damaged(frame.file) from error

    def _source(self, frame: Frame) -> Source:
        if frame.place.transfer_syntax != DEFLATED:
            return FileSource(frame.file)

        def inflated() -> MemorySource:
            return MemorySource(frame.file, inflate(frame.file, deflated_start(frame.file)))

        if frame.pixels.frames == 1 and frame.place.tile is None:
            return inflated()
        return self._inflated.get(frame.file, inflated)

    def _fragments(self, frame: Frame) -> tuple[Fragment, ...]:
        if frame.pixels.frames == 1:
            frames = locate_frames(frame)
        else:
            frames = self._located.get(frame.file, lambda: locate_frames(frame))
        if not 0 <= frame.place.frame < len(frames):
            raise cut_short(frame.file)
        return frames[frame.place.frame]
