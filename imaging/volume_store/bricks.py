"""One brick of voxels as bytes and back: Blosc (zstd, bytes shuffled), then a CRC-32C.

References
----------
Zarr v3 codecs "bytes", "blosc" and "crc32c"; the 16-byte header of Blosc 1 frames.
"""

import struct
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from imaging.errors import RefusedFileError
from imaging.volume_store.pyramid import Triple

CLEVEL: Final = 1
"""zstd's level: 3 takes nearly three times as long and saves 3 to 8 % (aorta, skull phantom)."""

SHUFFLE: Final = "shuffle"
"""By bytes. By bits, in the best blocks for that, a CT of a phantom took as long, an MR of a head
and a small CTA were 1.1 and 1.6 times as fast, at the same size; but a synthetic head and noise of
12 bits were 0.9 and 0.4 times as fast, and the noise was not compressed at all."""

BLOCK_BYTES: Final = 2**19
"""What Blosc compresses at once: a brick of 16 bits. Blocks of 128 KiB were 0.6 to 1.05 times as
fast on the same five."""

CRC_BYTES: Final = 4
_HEADER: Final = struct.Struct("<BBBBIII")
_ZSTD: Final = 4
"""Format of the compressor, in the upper three bits of the flags."""


def encoded(brick: NDArray[Any], scratch: bytearray) -> memoryview:
    """Return the bytes of a brick; lets other threads run meanwhile.

    Parameters
    ----------
    brick : array
        Contiguous.
    scratch : bytearray
        `longest` bytes. The result lies in it: memory that is taken anew for each brick would have
        to be cleared by the kernel each time.
    """
    import imagecodecs

    frame = imagecodecs.blosc_encode(
        brick,  # type: ignore[arg-type] # takes any buffer; its stub does not say so
        level=CLEVEL,
        compressor="zstd",
        shuffle=imagecodecs.BLOSC.SHUFFLE.SHUFFLE,
        typesize=brick.itemsize,
        blocksize=BLOCK_BYTES,
        numthreads=1,
        out=scratch,
    )
    end = len(frame) + CRC_BYTES
    scratch[len(frame) : end] = crc_of(frame)
    return memoryview(scratch)[:end]


def crc_of(content: bytes | bytearray | memoryview) -> bytes:
    """Return the four bytes of the CRC-32C."""
    import google_crc32c

    # by way of numpy: the function takes no memoryview
    return struct.pack("<I", google_crc32c.value(np.frombuffer(content, np.uint8)))


def decoded(content: bytes, shape: Triple, dtype: np.dtype[Any]) -> NDArray[Any]:
    """Return the brick in `content`.

    Raises
    ------
    RefusedFileError
        The bytes are not those that were written, or would grow to another size than the brick's.
    """
    import imagecodecs

    brick = np.empty(shape, dtype)
    frame = content[:-CRC_BYTES]
    if len(frame) < _HEADER.size or content[-CRC_BYTES:] != crc_of(frame):
        raise RefusedFileError(
            "a brick of the volume was changed on disk; import the series again", "damaged_volume"
        )
    _, _, flags, typesize, size, _, length = _HEADER.unpack_from(frame)
    if (flags >> 5, typesize, size, length) != (_ZSTD, dtype.itemsize, brick.nbytes, len(frame)):
        raise RefusedFileError(
            "a brick of the volume is not what the volume's metadata say; import the series again",
            "damaged_volume",
        )
    try:
        imagecodecs.blosc_decode(frame, numthreads=1, out=brick.reshape(-1).view(np.uint8).data)
    except imagecodecs.BloscError as error:
        raise RefusedFileError(
            "a brick of the volume cannot be unpacked; import the series again", "damaged_volume"
        ) from error
    return brick


def longest(shape: Triple, dtype: np.dtype[Any]) -> int:
    """Return how many bytes a brick can take at most; Blosc adds a header to what resists it."""
    return int(np.prod(shape)) * dtype.itemsize + 16 + CRC_BYTES
