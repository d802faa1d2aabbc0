"""A backup as it comes in, a zip or a folder: nothing of it is believed before it is checked."""

import contextlib
import os
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from workspace.errors import BackupError
from workspace.operations.backup_writing import copied
from workspace.operations.manifest import MAX_BYTES, NAME, FileFacts, Manifest, decoded

_BROKEN: Final = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, KeyError)
"""What zipfile raises on what is no zip or is damaged."""


class Source(Protocol):
    """The files of a backup."""

    def names(self) -> frozenset[str]:
        """Return the paths of all files."""

    def open(self, path: str) -> contextlib.AbstractContextManager[BinaryIO]:
        """Open one of them."""


class Backup:
    """An opened backup whose manifest makes sense and names exactly the files that are there."""

    def __init__(self, source: Source, manifest: Manifest) -> None:
        self.manifest = manifest
        self._source = source

    def copy(self, file: FileFacts, target: BinaryIO) -> None:
        """Copy a file, and check on the way that it is the one that was backed up.

        Raises
        ------
        BackupError
            It is not.
        """
        try:
            with self._source.open(file.path) as content:
                found = copied(file.path, _Bounded(content, file.size), target)  # type: ignore[arg-type]  # reads like a file
        except (*_BROKEN, OSError, RuntimeError, NotImplementedError) as error:
            raise _changed(file) from error
        if found != file:
            raise _changed(file)


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Backup]:
    """Open a backup.

    Raises
    ------
    BackupError
        It is none, is of a newer version, or holds other files than it says.
    """
    if not path.exists():
        raise BackupError(f"there is no backup {path}")
    with _source(path) as source:
        try:
            with source.open(NAME) as file:
                content = file.read(MAX_BYTES + 1)
        except (*_BROKEN, OSError) as error:
            raise BackupError(f"{path.name} is no backup: it has no {NAME}") from error
        if len(content) > MAX_BYTES:
            raise BackupError("the manifest is longer than any; it was not read")
        manifest = decoded(content)
        stray = source.names() - {file.path for file in manifest.files} - {NAME}
        if stray:
            raise BackupError(
                f"the backup holds {len(stray)} files that it does not name; do not trust it"
            )
        yield Backup(source, manifest)


@contextlib.contextmanager
def _source(path: Path) -> Iterator[Source]:
    if path.is_dir():
        yield _FolderSource(path)
        return
    try:
        with zipfile.ZipFile(path) as archive:
            yield _ZipSource(archive)
    except zipfile.BadZipFile as error:
        raise BackupError(f"{path.name} is no backup, or it is cut short") from error


class _ZipSource:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        names = archive.namelist()
        if len(set(names)) != len(names):
            raise BackupError("the backup holds a file twice; do not trust it")

    def names(self) -> frozenset[str]:
        return frozenset(self._archive.namelist())

    @contextlib.contextmanager
    def open(self, path: str) -> Iterator[BinaryIO]:
        with self._archive.open(path) as file:
            yield file  # type: ignore[misc]  # reads like a file


class _FolderSource:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def names(self) -> frozenset[str]:
        found = set()
        for parent, _, names in os.walk(self._folder):
            for name in names:
                found.add((Path(parent) / name).relative_to(self._folder).as_posix())
        return frozenset(found)

    @contextlib.contextmanager
    def open(self, path: str) -> Iterator[BinaryIO]:
        target = self._folder / path
        if target.is_symlink() or not target.resolve().is_relative_to(self._folder.resolve()):
            raise BackupError("the backup holds a link to somewhere else; do not trust it")
        with target.open("rb") as file:
            yield file


class _Bounded:
    """Gives no more than one byte beyond what was announced: a bomb ends there."""

    def __init__(self, content: BinaryIO, size: int) -> None:
        self._content = content
        self._left = size + 1

    def read(self, size: int) -> bytes:
        block = self._content.read(min(size, self._left))
        self._left -= len(block)
        return block


def _changed(file: FileFacts) -> BackupError:
    kind = file.path.partition("/")[0]
    return BackupError(
        f"a file of the backup (in {kind}, hash {file.sha256[:12]}) is missing or not as it was "
        "backed up; use another backup"
    )
