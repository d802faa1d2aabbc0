"""The values behind a checked header, unpacked into one array and never beyond it."""

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
from numpy.typing import NDArray

from imaging.errors import RefusedFileError
from imaging.image_files.header import ImageHeader, require_held, truncated, unreadable
from imaging.voxel_sink import VoxelSink

PIECE_BYTES: Final = 2**20
"""So much is unpacked at a time."""

TRAILING_BYTES: Final = 2**20
"""More than this after the values is no image; it is looked through, for the checksum ends it."""

WINDOW_BITS: Final = {"gzip": 31, "zlib": 15}
"""What zlib calls the two wrappers around deflate data."""

_INT16: Final = np.iinfo(np.int16)


def read_values(path: Path, header: ImageHeader, sink: VoxelSink) -> NDArray[Any]:
    """Return (slices, rows, columns) values in the sink's array.

    int16 where that loses nothing, else float32.

    Raises
    ------
    RefusedFileError
        ``"truncated_file"``, ``"unreadable_file"`` or ``"bad_number"``.
    """
    require_held(path, header)
    shape = header.geometry.shape_kji
    plain = header.dtype.newbyteorder("=") == np.int16 and not _is_scaled(header)
    stored = sink.begin(shape, np.dtype(np.int16)) if plain else np.empty(shape, header.dtype)
    _fill(path, header, stored)
    if plain:
        voxels = stored
        if not header.dtype.isnative:
            voxels.byteswap(inplace=True)
    else:
        voxels = _fitting(path, header, stored, sink)
    for k in range(shape[0]):
        sink.filled(k)
    return voxels


def _is_scaled(header: ImageHeader) -> bool:
    return (header.slope, header.intercept) != (1, 0)


def _fill(path: Path, header: ImageHeader, array: NDArray[Any]) -> None:
    """Fill `array` with the bytes of the file, as they are."""
    target = array.data.cast("B")
    with path.open("rb") as source:
        if header.packing == "raw":
            source.seek(header.offset)
            if source.readinto(target) != len(target):
                raise truncated(path)
            return
        skip = header.offset
        if not header.packs_header:
            source.seek(header.offset)
            skip = 0
        _unpack(path, _unpacked(path, source, WINDOW_BITS[header.packing]), target, skip)


def _unpack(path: Path, pieces: Iterator[bytes], target: memoryview, skip: int) -> None:
    """Lay the pieces, less the first `skip` bytes, into `target`; look through a short rest."""
    filled = -skip
    for piece in pieces:
        begin, end = filled, filled + len(piece)
        filled = end
        if end - len(target) > TRAILING_BYTES:
            raise unreadable(path)
        first, last = max(begin, 0), min(end, len(target))
        if first < last:
            target[first:last] = piece[first - begin : last - begin]
    if filled < len(target):
        raise truncated(path)


def _unpacked(path: Path, source: IO[bytes], window_bits: int) -> Iterator[bytes]:
    """Yield what a stream holds, its checksums verified; several gzip members follow each other.

    Raises
    ------
    RefusedFileError
        ``"truncated_file"`` or ``"unreadable_file"``.
    """
    packed = source.read(PIECE_BYTES)
    while packed:
        stream = zlib.decompressobj(window_bits)
        while not stream.eof:
            if not packed and not (packed := source.read(PIECE_BYTES)):
                raise truncated(path)
            try:
                piece = stream.decompress(packed, PIECE_BYTES)
            except zlib.error as error:
                raise unreadable(path) from error
            packed = stream.unconsumed_tail
            if piece:
                yield piece
        packed = stream.unused_data or source.read(PIECE_BYTES)
        if window_bits == WINDOW_BITS["zlib"] or not packed.lstrip(b"\0"):
            return  # what follows a MetaImage's stream, or pads a gzip file, is nothing


def _fitting(
    path: Path, header: ImageHeader, stored: NDArray[Any], sink: VoxelSink
) -> NDArray[Any]:
    """Return the values, slice by slice so that no second copy of a large image is needed."""
    whole = all(_fits_int16(_values(path, header, plane)) for plane in stored)
    voxels = sink.begin(stored.shape, np.dtype(np.int16 if whole else np.float32))
    for k, plane in enumerate(stored):
        voxels[k] = _values(path, header, plane)
    return voxels


def _values(path: Path, header: ImageHeader, plane: NDArray[Any]) -> NDArray[Any]:
    values = plane
    if _is_scaled(header):
        values = plane * np.float64(header.slope) + np.float64(header.intercept)
    if values.dtype.kind == "f" and not np.abs(values).max() <= np.finfo(np.float32).max:
        raise RefusedFileError(
            f"{path.name} holds values that are no finite numbers; write it again without them",
            "bad_number",
        )
    return values


def _fits_int16(values: NDArray[Any]) -> bool:
    if values.min() < _INT16.min or values.max() > _INT16.max:
        return False
    return values.dtype.kind in "iu" or bool((values == np.rint(values)).all())
