"""One layer of bricks in one file: Zarr's sharding codec.

With a file for each brick a series of 300 slices took 421 files, each of which the disk must
confirm; with one for each layer it takes 22, and storing took half as long.

References
----------
Zarr v3 codec "sharding_indexed", index at the end, bricks in any order.
"""

import os
import threading
from pathlib import Path
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from imaging.errors import RefusedFileError
from imaging.volume_store.bricks import CRC_BYTES, crc_of
from imaging.volume_store.drafts import sync_folder
from imaging.volume_store.plain_files import open_plain

_ENTRY_BYTES: Final = 16
"""Offset and length, 64 bits each, little-endian."""

_ABSENT: Final = 2**64 - 1
"""Offset and length of a brick that is not there; here, none is ever left out."""


class ShardWriter:
    """Takes the bricks of one layer from several threads, in any order.

    Parameters
    ----------
    path : Path
        The file; its folder is there.
    rows, columns : int
        Number of bricks.
    """

    def __init__(self, path: Path, rows: int, columns: int) -> None:
        self._index = np.full((rows, columns, 2), _ABSENT, "<u8")
        self._end = 0
        self._turn = threading.Lock()
        self._folder = path.parent
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)

    def put(self, row: int, column: int, brick: memoryview) -> None:
        """Write one brick.

        Raises
        ------
        OSError
            There is no room.
        """
        with self._turn:
            start = self._end
            self._end += len(brick)
        self._index[row, column] = start, len(brick)
        self._write(brick, start)

    def finish(self) -> None:
        """Write the index, and return when all of the file is on the disk."""
        index = self._index.tobytes()
        self._write(memoryview(index + crc_of(index)), self._end)
        os.fsync(self._descriptor)
        sync_folder(self._folder)
        self.close()

    def close(self) -> None:
        """Close the file; a second time does nothing."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _write(self, content: memoryview, offset: int) -> None:
        written = 0
        while written < len(content):
            written += os.pwrite(self._descriptor, content[written:], offset + written)


class ShardReader:
    """Reads bricks; believes no offset and no length before it is checked.

    Parameters
    ----------
    path : Path
        The file.
    rows, columns : int
        Number of bricks.
    longest : int
        How many bytes a brick may take.

    Raises
    ------
    RefusedFileError
        The file is missing, or its index is damaged.
    """

    def __init__(self, path: Path, rows: int, columns: int, longest: int) -> None:
        self._longest = longest
        try:
            self._descriptor = open_plain(path)
        except OSError as error:
            raise _refusal("missing") from error
        try:
            self._index = self._read_index(rows, columns)
        except BaseException:
            os.close(self._descriptor)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)

    def get(self, row: int, column: int) -> bytes:
        """Return the bytes of one brick.

        Raises
        ------
        RefusedFileError
            The brick is missing, or longer than it may be.
        """
        offset, length = (int(number) for number in self._index[row, column])
        if length > self._longest or offset + length > self._end:
            raise _refusal("damaged")
        return self._read(offset, length)

    def _read_index(self, rows: int, columns: int) -> NDArray[np.uint64]:
        length = rows * columns * _ENTRY_BYTES
        self._end = os.fstat(self._descriptor).st_size - length - CRC_BYTES
        if self._end < 0:
            raise _refusal("damaged")
        content = self._read(self._end, length + CRC_BYTES)
        if crc_of(content[:length]) != content[length:]:
            raise _refusal("damaged")
        return np.frombuffer(content, "<u8", 2 * rows * columns).reshape(rows, columns, 2)

    def _read(self, offset: int, length: int) -> bytes:
        parts = []
        while length:
            part = os.pread(self._descriptor, length, offset)
            if not part:
                raise _refusal("cut short")
            parts.append(part)
            offset, length = offset + len(part), length - len(part)
        return b"".join(parts)


def _refusal(how: str) -> RefusedFileError:
    return RefusedFileError(
        f"a file of a stored volume is {how}; import the series again", "damaged_volume"
    )
