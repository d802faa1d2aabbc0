"""Find the files that a DICOMDIR names, and say which of them are missing.

References
----------
DICOM PS3.10, 8.5 (file IDs: up to eight components relative to the directory) and 8.6 (DICOMDIR).
"""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from imaging.errors import RefusedFileError
from imaging.sources.media_records import BrokenDirectoryError, file_ids
from imaging.sources.names import UnsafeNameError, safe_parts, shortened

MAX_DIRECTORY_BYTES: Final = 128 * 2**20
"""200,000 records of 600 bytes; those with icons are longer, and then fewer."""


@dataclass(frozen=True, slots=True)
class MediaFiles:
    """What a DICOMDIR names."""

    files: tuple[Path, ...]
    """Those that are there."""
    missing: tuple[str, ...]
    """File ids of those that are not."""


def media_files(directory: Path, shown: str, most: int) -> MediaFiles:
    """Return the files that a DICOMDIR names, relative to the folder in which it lies.

    Copies of a medium often have other letter cases, or ``;1`` behind a name, from the file system
    of the disc; both are looked for too.

    Parameters
    ----------
    directory : Path
        The DICOMDIR.
    shown : str
        Its name for people.
    most : int
        More records are refused.

    Raises
    ------
    RefusedFileError
        ``"unsafe_media_directory"``: it names a file outside its folder;
        ``"unreadable_file"``: it is damaged or too large.
    """
    looking = _Lookup(directory.parent)
    files: dict[Path, None] = {}
    missing: dict[str, None] = {}
    for file_id in _file_ids(directory, shown, most):
        try:
            file = looking.find(safe_parts(file_id))
        except UnsafeNameError as error:
            raise RefusedFileError(
                f"{shown} is not safe: the file id {shortened(file_id)} in it {error}; "
                "do not trust this medium",
                "unsafe_media_directory",
            ) from error
        if file is None:
            missing[file_id] = None
        else:
            files[file] = None
    return MediaFiles(tuple(files), tuple(missing))


def _file_ids(directory: Path, shown: str, most: int) -> list[str]:
    try:
        return file_ids(_content(directory), most)
    except (BrokenDirectoryError, OSError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise RefusedFileError(
            f"{shown} cannot be read ({reason}), so that nobody can tell whether files are "
            "missing; copy the medium again",
            "unreadable_file",
        ) from error


def _content(directory: Path) -> bytes:
    with directory.open("rb") as source:
        content = source.read(MAX_DIRECTORY_BYTES + 1)
    if len(content) > MAX_DIRECTORY_BYTES:
        raise BrokenDirectoryError(f"it is larger than {MAX_DIRECTORY_BYTES // 2**20} MiB")
    return content


@dataclass(slots=True)
class _Lookup:
    """Finds files below a folder, each folder listed once."""

    root: Path
    _folders: dict[Path, dict[str, os.DirEntry[str]]] = field(default_factory=dict)

    def find(self, parts: tuple[str, ...]) -> Path | None:
        """Return the file, or nothing if it is not there.

        Raises
        ------
        UnsafeNameError
            A link on the way leads out of the root.
        """
        at = self.root
        for depth, part in enumerate(parts, 1):
            entry = self._entry(at, part)
            if entry is None:
                return None
            at = at / entry.name
            if entry.is_symlink() and not self._is_within(at):
                raise UnsafeNameError("is a link that leads out of its folder")
            kind = at if entry.is_symlink() else entry  # a link in a circle is no file for `at`
            if not (kind.is_file() if depth == len(parts) else kind.is_dir()):
                return None
        return at

    def _entry(self, folder: Path, name: str) -> "os.DirEntry[str] | None":
        if folder not in self._folders:
            self._folders[folder] = _listed(folder)
        names = self._folders[folder]
        return names.get(name) or names.get(_key(name))

    def _is_within(self, path: Path) -> bool:
        return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(self.root))


def _listed(folder: Path) -> "dict[str, os.DirEntry[str]]":
    """Return what lies in a folder, by name and by the name that a disc may have made of it."""
    try:
        with os.scandir(folder) as entries:
            listed = sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return {}
    by_key = {_key(entry.name): entry for entry in listed}
    return {**by_key, **{entry.name: entry for entry in listed}}


def _key(name: str) -> str:
    return name.lower().partition(";")[0].rstrip(".")
