"""One upload on disk: what was promised, the list of files, and how far their content has come.

::

    uploads/<id>/upload.json    the promise
    uploads/<id>/list.jsonl     path and size of each file, as far as the list has come
    uploads/<id>/files/         the files
"""

import contextlib
import os
import shutil
import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Self

import msgspec

from workspace.errors import UploadError
from workspace.uploading.file_stream import FileStream
from workspace.uploading.limits import UploadLimits
from workspace.uploading.names import TakenNames, require_safe_path

PROMISE: Final = "upload.json"
LIST: Final = "list.jsonl"
FILES: Final = "files"

ListedFile = tuple[str, int]
"""Relative path, and bytes."""


class Promise(msgspec.Struct, frozen=True):
    """What the uploader said before the first byte."""

    owner: str
    """SHA-256 of the uploader's secret."""
    fingerprint: str
    """The browser's own name for this choice of files, to know them again."""
    files: int
    total_bytes: int
    machine_start: str
    """Which start of the machine the content was written under."""


class Upload:
    """One upload. All that writes is called in threads, one at a time.

    Parameters
    ----------
    folder : Path
        Of this upload alone.
    promise : Promise
        As it lies in the folder.
    limits : UploadLimits
        For names.
    """

    def __init__(self, folder: Path, promise: Promise, limits: UploadLimits) -> None:
        self.folder = folder
        self.promise = promise
        self._limits = limits
        self._turn = threading.Lock()
        self._listed: list[ListedFile] = list(_listed_in(folder / LIST))
        self._names: TakenNames | None = None
        self._stream: FileStream | None = None
        self._start_stream_if_listed()

    @classmethod
    def begun(cls, folder: Path, promise: Promise, limits: UploadLimits) -> Self:
        """Make the folder of a new upload."""
        (folder / FILES).mkdir(parents=True)
        (folder / LIST).touch()
        _replace(folder / PROMISE, msgspec.json.encode(promise))
        return cls(folder, promise, limits)

    @classmethod
    def found(cls, folder: Path, machine_start: str, limits: UploadLimits) -> Self:
        """Return the upload that a folder holds from an earlier run of the server.

        A file's size outlives a kill of the process, but after a power failure the disk may hold
        blanks where content was counted. So what was written under another start of the machine
        is sent again: blanks are pixels, too.

        Raises
        ------
        OSError, msgspec.MsgspecError, UploadError
            It holds none.
        """
        promise = msgspec.json.decode((folder / PROMISE).read_bytes(), type=Promise)
        if promise.machine_start != machine_start:
            shutil.rmtree(folder / FILES, ignore_errors=True)
            (folder / FILES).mkdir()
            (folder / LIST).write_bytes(b"")
            promise = msgspec.structs.replace(promise, machine_start=machine_start)
            _replace(folder / PROMISE, msgspec.json.encode(promise))
        return cls(folder, promise, limits)

    @property
    def id(self) -> str:
        """Name of its folder."""
        return self.folder.name

    @property
    def files(self) -> Path:
        """Folder of the uploaded files."""
        return self.folder / FILES

    @property
    def listed(self) -> int:
        """How many files of the list have come."""
        return len(self._listed)

    @property
    def offset(self) -> int:
        """How many bytes of the content have come."""
        return self._stream.offset if self._stream else 0

    @property
    def missing_bytes(self) -> int:
        """How many bytes are still to come."""
        return self.promise.total_bytes - self.offset

    @property
    def is_complete(self) -> bool:
        """Whether all content has come."""
        return self._stream is not None and self.missing_bytes == 0

    @property
    def last_used(self) -> datetime:
        """When the last byte came."""
        try:
            return datetime.fromtimestamp((self.folder / PROMISE).stat().st_mtime, UTC)
        except FileNotFoundError:  # somebody cleared the folder by hand
            return datetime.fromtimestamp(0, UTC)

    def list_files(self, start: int, entries: Sequence[ListedFile]) -> None:
        """Take in the next part of the list.

        Raises
        ------
        UploadError
            It is not the next part, or a name or a size is none; then nothing of it is taken.
        """
        with self._turn:
            if start != self.listed:
                raise UploadError(
                    f"the list stands at {self.listed} files, not at {start}", "wrong_start"
                )
            if start + len(entries) > self.promise.files:
                raise UploadError("the list has more files than were announced", "bad_list")
            names = self._names_with(start, entries)
            if start + len(entries) == self.promise.files:
                self._require_announced_total(entries)
                names = None
            self._names = names
            lines = b"".join(msgspec.json.encode(entry) + b"\n" for entry in entries)
            with (self.folder / LIST).open("ab") as file:
                file.write(lines)
            self._listed += entries
            self._start_stream_if_listed()

    def append(self, offset: int, block: memoryview) -> None:
        """Write the next bytes of the content.

        Raises
        ------
        UploadError
            ``"wrong_offset"``: these are not the next; ``"too_much"``; ``"not_listed"``.
        OSError
            The disk is full, for example; nothing of the file that failed is counted.
        """
        with self._turn:
            self.require_next(offset, len(block))
            assert self._stream is not None
            self._stream.append(block)

    def require_next(self, offset: int, size: int) -> None:
        """Refuse bytes that are not the next of the content."""
        if self._stream is None:
            raise UploadError("send the whole list of files before their content", "not_listed")
        if offset != self.offset:
            raise UploadError(
                f"the content stands at byte {self.offset}, not at {offset}; go on from there",
                "wrong_offset",
            )
        if offset + size > self.promise.total_bytes:
            raise UploadError("there is more content than the list announced", "too_much")

    def touch(self) -> None:
        """Note that bytes have come."""
        with contextlib.suppress(OSError):  # discarded meanwhile
            os.utime(self.folder / PROMISE)

    def complete(self) -> None:
        """See that all content is there.

        Raises
        ------
        UploadError
            ``"not_complete"``, ``"damaged"``.
        """
        with self._turn:
            if self._stream is None or self.missing_bytes:
                raise UploadError(
                    f"{self.missing_bytes} bytes are still to come; send them first",
                    "not_complete",
                )
            self._stream.complete()

    def remove(self) -> None:
        """Delete all of it."""
        with self._turn:
            # The promise goes first: what a kill leaves over is no upload any more.
            (self.folder / PROMISE).unlink(missing_ok=True)
            shutil.rmtree(self.folder, ignore_errors=True)

    def _names_with(self, start: int, entries: Sequence[ListedFile]) -> TakenNames | None:
        """Return the names of the list with those of a part, or refuse the part."""
        names = self._names or TakenNames(path for path, _ in self._listed)
        self._names = None  # a refused part leaves no names behind
        for at, (path, size) in enumerate(entries, start):
            require_safe_path(path, at, self._limits)
            if size < 0:
                raise UploadError("a file has a negative size", "bad_list", at)
            names.take(path, at)
        return names

    def _require_announced_total(self, last: Sequence[ListedFile] = ()) -> None:
        total = sum(size for _, size in (*self._listed, *last))
        if total != self.promise.total_bytes:
            raise UploadError(
                f"the files of the list have {total} bytes, not the {self.promise.total_bytes} "
                "that were announced; discard the upload and choose the files again",
                "bad_list",
            )

    def _start_stream_if_listed(self) -> None:
        if self.listed == self.promise.files:
            self._require_announced_total()
            paths, sizes = zip(*self._listed, strict=True)
            self._stream = FileStream(self.files, paths, sizes)


def _listed_in(path: Path) -> Iterator[ListedFile]:
    """Yield the whole lines of a list; the last may be torn by a kill, and is cut off."""
    content = path.read_bytes()
    whole = content.rfind(b"\n") + 1
    if whole != len(content):
        os.truncate(path, whole)
    for line in content[:whole].splitlines():
        yield msgspec.json.decode(line, type=ListedFile)


def _replace(path: Path, content: bytes) -> None:
    partial = path.with_suffix(".new")
    partial.write_bytes(content)
    partial.replace(path)
