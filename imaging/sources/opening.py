"""Turn given paths into files to look at: what is in folders, zip archives and on DICOM media."""

import contextlib
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from imaging.errors import ImagingError, RefusedFileError
from imaging.progress import Progress, no_progress
from imaging.sources.discovering import find_files
from imaging.sources.limits import DEFAULT_SOURCE_LIMITS, Allowance, SourceLimits
from imaging.sources.media_directory import media_files
from imaging.sources.names import shortened
from imaging.sources.recognizing import is_archive, is_media_directory, read_head
from imaging.sources.sources import SourceNote, Sources
from imaging.sources.unpacking import Unpacker

FOLDER_PREFIX: Final = "commissure-sources-"

_NAMED_AT_MOST: Final = 4
"""Missing files that a message names."""


@contextlib.contextmanager
def opened_sources(
    paths: Sequence[Path],
    progress: Progress = no_progress,
    limits: SourceLimits = DEFAULT_SOURCE_LIMITS,
    scratch: Path | None = None,
) -> Iterator[Sources]:
    """Find the files in `paths`; zip archives are unpacked for as long as the block lasts.

    A zip archive is known by its first bytes, wherever it lies. Of a DICOMDIR that is given itself,
    the files that it names are taken; of one in a folder, the files that are missing are told.
    What is wrong with a source that was given itself is an error; in a folder it is a note.

    Parameters
    ----------
    paths : sequence of Path
        Files and folders.
    progress : Progress, optional
        Told of files looked at, and of bytes unpacked.
    limits : SourceLimits, optional
        How much there may be.
    scratch : Path, optional
        Folder in which to unpack, below a new folder of its own; that for temporary files if not
        given. Whoever may kill this process gives one and removes it afterwards.

    Raises
    ------
    SourceError
        A path is missing or unreadable, there are too many files, or no room to unpack.
    RefusedFileError
        A given archive or DICOMDIR is damaged, hostile or too large.
    """
    notes: list[SourceNote] = []

    def tell_unreadable(folder: Path) -> None:
        message = f"{folder} may not be listed; check its permissions"
        notes.append(SourceNote(str(folder), "unreadable", message, refused=True))

    found = _sorted_out(find_files(paths, limits.files, tell_unreadable), progress)
    given = frozenset(path for path in paths if path.is_file())
    with contextlib.ExitStack() as leaving:
        members: dict[Path, str] = {}
        if found.archives:
            folder = leaving.enter_context(_private_folder(scratch))
            allowance = Allowance(limits.files - len(found.files), limits.unpacked_bytes)
            unpacker = Unpacker(folder, limits, progress, allowance)
            notes.extend(_unpack_all(found.archives, given, unpacker))
            members = unpacker.members
        files = list(found.files)
        for directory in _media_directories(files, members, given):
            named = _named_by(directory, members.get(directory), given, limits)
            notes.extend(named.notes)
            if directory in given:
                files = find_files([*files, *named.files], limits.files)
        everything = sorted([*files, *members], key=lambda file: Path(members.get(file, str(file))))
        yield Sources(tuple(everything), tuple(notes), members)


@contextlib.contextmanager
def _private_folder(scratch: Path | None) -> Iterator[Path]:
    """Make a folder that nobody else may look into, and remove it with all that is in it."""
    with tempfile.TemporaryDirectory(prefix=FOLDER_PREFIX, dir=scratch) as folder:
        yield Path(folder)


@dataclass(frozen=True, slots=True)
class _Found:
    """Regular files: archives, and all others."""

    files: tuple[Path, ...]
    archives: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class _Named:
    """What a DICOMDIR names, as far as it is there, and what is to be said of it."""

    files: tuple[Path, ...]
    notes: tuple[SourceNote, ...]


def _sorted_out(found: Sequence[Path], progress: Progress) -> _Found:
    files: list[Path] = []
    archives: list[Path] = []
    for done, file in enumerate(found):
        progress("Looking at files", done, len(found))
        (archives if is_archive(read_head(file)) else files).append(file)
    progress("Looking at files", len(found), len(found))
    return _Found(tuple(files), tuple(archives))


def _unpack_all(
    archives: Iterable[Path], given: AbstractSet[Path], unpacker: Unpacker
) -> tuple[SourceNote, ...]:
    refused = []
    for archive in archives:
        try:
            unpacker.unpack(archive, str(archive))
        except ImagingError as error:
            if archive in given:
                raise
            refused.append(SourceNote(str(archive), error.code, str(error), refused=True))
    return (*refused, *unpacker.notes)


def _media_directories(
    files: Iterable[Path], members: Iterable[Path], given: AbstractSet[Path]
) -> Iterator[Path]:
    """Yield every DICOMDIR; one that is given itself need not be called so."""
    for file in (*files, *members):
        called_so = file in given or file.name.lower().startswith("dicomdir")
        if called_so and is_media_directory(read_head(file)):
            yield file


def _named_by(
    directory: Path, member: str | None, given: AbstractSet[Path], limits: SourceLimits
) -> _Named:
    shown = member or str(directory)
    try:
        named = media_files(directory, shown, limits.files)
    except RefusedFileError as error:
        if directory in given:
            raise
        return _Named((), (SourceNote(shown, error.code, str(error), refused=True),))
    if not named.missing:
        return _Named(named.files, ())
    first = ", ".join(shortened(one) for one in named.missing[:_NAMED_AT_MOST])
    whole = len(named.missing) + len(named.files)
    message = (
        f"{len(named.missing)} of the {whole} files that {shown} names are not there ({first}), "
        "so slices may be missing; copy the whole medium again"
    )
    note = SourceNote(shown, "missing_from_media_directory", message, refused=True)
    return _Named(named.files, (note,))
