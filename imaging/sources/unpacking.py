"""Unpack zip archives into a private folder, within limits: all of an archive or nothing."""

import contextlib
import errno
import itertools
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from imaging.errors import ImagingError, RefusedFileError, SourceError
from imaging.progress import Progress
from imaging.sources.archive_rules import place, require_readable, require_room
from imaging.sources.limits import Allowance, SourceLimits
from imaging.sources.member_files import write_members
from imaging.sources.names import printable
from imaging.sources.recognizing import HEAD_BYTES, is_archive, is_image, read_head
from imaging.sources.sources import SourceNote
from imaging.sources.zip_directory import ArchiveError, Entry, read_directory
from imaging.sources.zip_members import member_head

_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@dataclass(slots=True)
class Unpacker:
    """Unpacks one archive after the other below one folder of its own."""

    folder: Path
    limits: SourceLimits
    progress: Progress
    allowance: Allowance
    """What all archives together may still use."""
    members: dict[Path, str] = field(default_factory=dict)
    """Every unpacked file, with the name to show for it."""
    roots: list[Path] = field(default_factory=list)
    """The folders that were unpacked to."""
    notes: list[SourceNote] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def unpack(self, archive: Path, shown: str) -> None:
        """Unpack `archive`, and the archives in it as deep as the limits allow.

        An archive without any image, such as a text document, is set aside with a note.

        Raises
        ------
        RefusedFileError
            It is damaged, encrypted, hostile or too large; nothing of it stays unpacked.
        SourceError
            It cannot be read, or the disk has no room for what is in it.
        """
        with self._naming(shown):
            growth = self.limits.growth * archive.stat().st_size
        here = self.allowance.part(max(self.limits.free_growth_bytes, growth))
        whole = Allowance(here.files, here.size)
        try:
            self._unpack(archive, shown, here, 0)
        finally:
            self.allowance.spend(whole.files - here.files, whole.size - here.size)

    def _unpack(self, archive: Path, shown: str, allowance: Allowance, depth: int) -> None:
        with self._naming(shown), _opened(archive) as descriptor:
            files = self._written(descriptor, shown, allowance)
        if not files:
            message = f"there is no image in {printable(shown)}"
            self.notes.append(SourceNote(shown, "no_image_in_archive", message, refused=False))
        for file, name in files.items():
            if is_archive(read_head(file)):
                self._unpack_nested(file, name, allowance, depth + 1)
            else:
                self.members[file] = name

    def _unpack_nested(self, archive: Path, shown: str, allowance: Allowance, depth: int) -> None:
        """Unpack an archive that was in one; what is wrong with it does not harm the outer one."""
        try:
            if depth > self.limits.nesting:
                raise RefusedFileError(
                    f"{printable(shown)} lies in an archive within an archive; "
                    "unpack the outer ones and give the folder",
                    "nested_archive",
                )
            self._unpack(archive, shown, allowance, depth)
        except ImagingError as error:
            self.notes.append(SourceNote(shown, error.code, str(error), refused=True))
        finally:
            archive.unlink()

    def _written(self, descriptor: int, shown: str, allowance: Allowance) -> dict[Path, str]:
        """Unpack what the rules admit; return the files with the names to show for them."""
        size = os.fstat(descriptor).st_size
        entries = read_directory(descriptor, size, self.limits.files)
        chosen = _chosen(descriptor, [one for one in entries if not one.is_folder])
        require_readable(chosen, self.limits)
        placed = place(chosen, self.limits.files)
        total = require_room(chosen, allowance)
        self._require_disk(total, shown)
        root = self.folder / str(next(self._numbers))
        try:
            files = write_members(descriptor, placed, root, self.progress)
        except BaseException:
            shutil.rmtree(root, ignore_errors=True)
            raise
        allowance.spend(len(placed), total)
        self.roots.append(root)
        return {file: f"{shown}/{one.name}" for file, one in zip(files, placed, strict=True)}

    def _require_disk(self, total: int, shown: str) -> None:
        free = shutil.disk_usage(self.folder).free
        if total + self.limits.spare_disk_bytes > free:
            raise SourceError(
                f"unpacking {printable(shown)} takes {total / 2**20:,.0f} MiB on the disk of "
                f"{self.folder.parent}, where {free / 2**20:,.0f} MiB are free; free some of it",
                "no_room",
            )

    @contextlib.contextmanager
    def _naming(self, shown: str) -> Iterator[None]:
        """Turn what is wrong with an archive into an error that names it."""
        try:
            yield
        except ArchiveError as error:
            raise RefusedFileError(f"{printable(shown)} {error}", error.code) from error
        except OSError as error:
            if error.errno in _NO_ROOM:
                raise SourceError(
                    f"the disk of {self.folder.parent} is too full to unpack {printable(shown)}; "
                    "free some of it",
                    "no_room",
                ) from error
            raise SourceError(
                f"{printable(shown)} cannot be unpacked ({error.strerror}); try again",
                "unreadable_path",
            ) from error


@contextlib.contextmanager
def _opened(archive: Path) -> Iterator[int]:
    descriptor = os.open(archive, os.O_RDONLY | os.O_CLOEXEC)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _chosen(descriptor: int, files: Sequence[Entry]) -> Sequence[Entry]:
    """Return what to unpack: everything, if a member may be an image or cannot be looked at.

    Otherwise only archives in the archive: a text document's parts are nobody's images.
    """
    archives = []
    for entry in files:
        if not entry.is_regular:
            continue
        if not entry.can_be_unpacked:
            return files
        head = member_head(descriptor, entry, HEAD_BYTES)
        if is_image(head, entry.name):
            return files
        if is_archive(head):
            archives.append(entry)
    return archives
