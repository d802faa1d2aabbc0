"""The content of many files as one stream of bytes, so that one number says how far it came."""

import contextlib
import os
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path

from workspace.errors import UploadError


class FileStream:
    """Files of known sizes below one folder, written in the order of their list.

    Files grow one after the other, so their sizes on disk say where the stream stands: after a
    kill of the process nothing else needs to be known.

    Parameters
    ----------
    folder : Path
        Nothing outside it is ever written.
    paths, sizes : sequence
        Relative paths, checked by `workspace.uploading.names`, and bytes of each.
    """

    def __init__(self, folder: Path, paths: Sequence[str], sizes: Sequence[int]) -> None:
        self._folder = folder
        self._files = [(path, size) for path, size in zip(paths, sizes, strict=True) if size]
        self._empty = [path for path, size in zip(paths, sizes, strict=True) if not size]
        self._ends = array("Q", accumulate(size for _, size in self._files))
        self._made: Path | None = None
        self.offset = self._offset_on_disk()

    @property
    def total(self) -> int:
        """Bytes of all files."""
        return self._ends[-1] if self._ends else 0

    def append(self, block: memoryview) -> None:
        """Write the next bytes.

        Raises
        ------
        OSError
            The disk is full, for example; what is not counted is not there either.
        """
        while block:
            at = bisect_left(self._ends, self.offset + 1)  # the file that holds the next byte
            part = block[: self._ends[at] - self.offset]
            self._write(at, part)
            self.offset += len(part)
            block = block[len(part) :]

    def complete(self) -> None:
        """Make the files without content, and see that every file is as long as it was said.

        Raises
        ------
        UploadError
            ``"damaged"``: one is not, so somebody else was at it.
        """
        for path in self._empty:
            os.close(self._opened(path))
        if any(self._size_on_disk(path) != size for path, size in self._files):
            raise UploadError(
                "a file of this upload was changed on the server; discard the upload and send it "
                "again",
                "damaged",
            )

    def _write(self, at: int, part: memoryview) -> None:
        path, size = self._files[at]
        position = self.offset - (self._ends[at] - size)
        descriptor = self._opened(path)
        try:
            written = 0
            while written < len(part):
                written += os.pwrite(descriptor, part[written:], position + written)
        except OSError:
            with contextlib.suppress(OSError):
                os.ftruncate(descriptor, position)
            raise
        finally:
            os.close(descriptor)

    def _opened(self, name: str) -> int:
        path = self._folder / name
        if path.parent != self._made:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._made = path.parent
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)

    def _offset_on_disk(self) -> int:
        """Return where the stream stands: whole files come first, then at most one in part."""
        whole = bisect_left(self._files, 1, key=lambda file: not self._is_whole(*file))
        if whole == len(self._files):
            return self.total
        path, size = self._files[whole]
        return self._ends[whole] - size + self._size_on_disk(path)

    def _is_whole(self, path: str, size: int) -> bool:
        return self._size_on_disk(path) >= size

    def _size_on_disk(self, name: str) -> int:
        try:
            return (self._folder / name).lstat().st_size
        except FileNotFoundError:
            return 0
