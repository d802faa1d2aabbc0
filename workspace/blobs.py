"""Blobs in a folder, each named by the SHA-256 of its bytes."""

import hashlib
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from workspace.errors import BundleError

SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class BlobStore:
    """Bytes that never change, at ``ab/abcdef...`` under one folder."""

    folder: Path

    @staticmethod
    def name_of(blob: bytes) -> str:
        """Return the SHA-256 under which `blob` is kept."""
        return hashlib.sha256(blob).hexdigest()

    def put(self, blob: bytes) -> str:
        """Keep `blob` and return its SHA-256; it is on disk when this returns.

        Any number of processes may put at once, the same bytes too. One that is there already is
        touched: whoever deletes what nothing names leaves alone what is fresh.
        """
        sha256 = self.name_of(blob)
        path = self.path(sha256)
        try:
            os.utime(path)
        except FileNotFoundError:
            new_shelf = not path.parent.is_dir()
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_durably(path, blob)
            if new_shelf:
                _sync_folder(self.folder)
        return sha256

    def path(self, sha256: str) -> Path:
        """Return where the blob lies or would lie.

        Raises
        ------
        BundleError
            If `sha256` is no such name: it may come from a browser or a bundle.
        """
        if SHA256.fullmatch(sha256) is None:
            raise BundleError("a blob was asked for by a name that is no SHA-256; reload the room")
        return self.folder / sha256[:2] / sha256

    def has(self, sha256: str) -> bool:
        """Say whether the blob is there."""
        return self.path(sha256).is_file()

    def read(self, sha256: str) -> bytes:
        """Return the bytes, verified.

        Raises
        ------
        BundleError
            If the blob is missing, or its bytes are no longer what they were.
        """
        try:
            blob = self.path(sha256).read_bytes()
        except FileNotFoundError as missing:
            raise BundleError(
                f"blob {sha256[:12]} is missing from the data folder; import the room again"
            ) from missing
        if self.name_of(blob) != sha256:
            raise BundleError(
                f"blob {sha256[:12]} was changed on disk; restore the data folder from a copy"
            )
        return blob


def _write_durably(path: Path, blob: bytes) -> None:
    """Write under another name, flush to the disk, then rename: a reader never sees half a blob."""
    handle, name = tempfile.mkstemp(prefix=".new-", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(blob)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Flush the folder's own entries: without it a power cut can lose a renamed file."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
