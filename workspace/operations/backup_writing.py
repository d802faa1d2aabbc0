"""Where a backup is written to: a zip or a folder, hidden until all of it is on disk."""

import contextlib
import hashlib
import os
import secrets
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from workspace.errors import BackupError
from workspace.operations.manifest import NAME, FileFacts

SUFFIX: Final = ".zip"
BLOCK_BYTES: Final = 1024 * 1024
COMPRESSED: Final = frozenset({"volumes", "originals"})
"""Folders whose files gain nothing by packing, or too little for the time."""


class Sink(Protocol):
    """Takes the files of a backup, one after the other."""

    def put(self, path: str, source: Path, *, may_link: bool) -> FileFacts:
        """Take a file, and return what it was found to be."""

    def finish(self, manifest: bytes) -> None:
        """Take the manifest, and bring everything to the disk."""


@contextlib.contextmanager
def writing(out: Path) -> Iterator[Sink]:
    """Write a backup; it appears under its name when the block ends well, else not at all.

    Raises
    ------
    BackupError
        Something is there already, or there is no folder to write to.
    """
    if out.exists():
        raise BackupError(f"{out} is there already; a backup overwrites nothing, name another")
    if not out.parent.is_dir():
        raise BackupError(f"there is no folder {out.parent} to write {out.name} to; make it first")
    partial = out.with_name(f".{out.name}.{secrets.token_hex(4)}.partial")
    try:
        with _zip(partial) if out.suffix == SUFFIX else _folder(partial) as sink:
            yield sink
        partial.rename(out)
        sync(out.parent)
    finally:
        if partial.is_dir():
            shutil.rmtree(partial, ignore_errors=True)
        else:
            partial.unlink(missing_ok=True)


@contextlib.contextmanager
def _zip(path: Path) -> Iterator["_ZipSink"]:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            yield _ZipSink(archive)
        file.flush()
        os.fsync(file.fileno())


class _ZipSink:
    """A zip with entries of any length."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def put(self, path: str, source: Path, *, may_link: bool) -> FileFacts:
        """Pack a file."""
        del may_link
        entry = zipfile.ZipInfo(path)
        packed = path.partition("/")[0] in COMPRESSED
        entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
        entry.external_attr = 0o600 << 16
        with source.open("rb") as file, self._archive.open(entry, "w", force_zip64=True) as target:
            return copied(path, file, target)  # type: ignore[arg-type]  # writes like a file

    def finish(self, manifest: bytes) -> None:
        """Pack the manifest."""
        self._archive.writestr(NAME, manifest)


@contextlib.contextmanager
def _folder(path: Path) -> Iterator["_FolderSink"]:
    path.mkdir(mode=0o700)
    yield _FolderSink(path)


class _FolderSink:
    """A folder as the data folder is; what never changes is linked where that is possible."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, path: str, source: Path, *, may_link: bool) -> FileFacts:
        """Link or copy a file."""
        target = self._folder / path
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if may_link and _linked(source, target):
            with target.open("rb") as file:
                return copied(path, file, None)
        with source.open("rb") as file, target.open("xb") as copy:
            facts = copied(path, file, copy)
            copy.flush()
            os.fsync(copy.fileno())
        target.chmod(0o600)
        return facts

    def finish(self, manifest: bytes) -> None:
        """Write the manifest, and sync every folder."""
        with (self._folder / NAME).open("xb") as file:
            file.write(manifest)
            file.flush()
            os.fsync(file.fileno())
        for parent, _, _ in os.walk(self._folder):
            sync(Path(parent))


def copied(path: str, source: BinaryIO, target: BinaryIO | None) -> FileFacts:
    """Copy a stream, and return what went through."""
    digest, size = hashlib.sha256(), 0
    while block := source.read(BLOCK_BYTES):
        digest.update(block)
        size += len(block)
        if target is not None:
            target.write(block)
    return FileFacts(path, size, digest.hexdigest())


def _linked(source: Path, target: Path) -> bool:
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:  # another disk, or one without links
        return False
    return True


def sync(folder: Path) -> None:
    """Bring a folder's own entries to the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
