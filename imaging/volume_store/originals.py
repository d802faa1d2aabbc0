"""The files that were imported, byte for byte, each named by its SHA-256."""

import contextlib
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Final

from imaging.errors import RefusedFileError, SourceError
from imaging.progress import Progress, no_progress
from imaging.volume_store.drafts import Draft, remove_stale_drafts, sync_folder
from imaging.volume_store.plain_files import open_plain

SHA256: Final = re.compile(r"[0-9a-f]{64}")

_CHUNK_BYTES: Final = 2**20
_THREADS: Final = 4
"""Files that are kept at once: most of the time is spent waiting for the disk."""


@dataclass(frozen=True, slots=True)
class Original:
    """One imported file."""

    sha256: str
    size_bytes: int
    sop_instance_uid: str = ""
    slices: tuple[int, ...] = ()
    """The slices (k) of the volume that it holds, where that is known."""


@dataclass(frozen=True, slots=True)
class OriginalStore:
    """Files that never change, at ``ab/abcdef...`` under one folder."""

    folder: Path

    def keep(self, path: Path) -> Original:
        """Copy a file and return what it is; the copy is on disk when this returns.

        The file itself is only read. Any number of processes may keep at once, the same file too.

        Raises
        ------
        SourceError
            It is no ordinary file, or may not be read.
        OSError
            There is no room.
        """
        return self.keep_all([path])[0]

    def keep_all(
        self, paths: Sequence[Path], progress: Progress = no_progress
    ) -> tuple[Original, ...]:
        """Keep files as `keep` does, several at once; return what they are, in the order given."""
        with self.taking() as taken:
            kept = taken.take(paths, progress)
            taken.publish()
        return kept

    @contextlib.contextmanager
    def taking(self) -> Iterator["TakenFiles"]:
        """Give what copies files, of which nothing stays unless its `publish` returned."""
        draft = Draft(self.folder)
        try:
            yield TakenFiles(self, draft.folder)
        finally:
            draft.close()

    def path(self, sha256: str) -> Path:
        """Return where a file lies or would lie.

        Raises
        ------
        RefusedFileError
            The name is no SHA-256: it may come from a browser or a hostile volume.
        """
        if SHA256.fullmatch(sha256) is None:
            raise RefusedFileError(
                "an original was asked for by a name that is no SHA-256; import the series again",
                "damaged_volume",
            )
        return self.folder / sha256[:2] / sha256

    def has(self, sha256: str) -> bool:
        """Say whether the file is there."""
        return self.path(sha256).is_file()

    def verify(self, sha256: str) -> None:
        """Read the file and compare.

        Raises
        ------
        RefusedFileError
            It is missing, or its bytes are no longer what they were.
        """
        try:
            with _opened(self.path(sha256)) as source:
                found, _ = _copied(source, None)
        except SourceError:
            found = ""
        if found != sha256:
            raise RefusedFileError(
                f"the original {sha256[:12]} is missing or was changed on disk; "
                "restore the data folder from a copy",
                "changed_original",
            )

    def remove(self, sha256: str) -> None:
        """Delete a file for good; nothing happens where there is none."""
        self.path(sha256).unlink(missing_ok=True)

    def remove_stale_drafts(self) -> int:
        """Remove what crashes left half-written, and return how many times that was."""
        return remove_stale_drafts(self.folder)


class TakenFiles:
    """Copies of files that nobody sees yet.

    Parameters
    ----------
    store : OriginalStore
        Where they go when they are published.
    drafts : Path
        Where they lie until then.
    """

    def __init__(self, store: OriginalStore, drafts: Path) -> None:
        self._store = store
        self._drafts = drafts

    def take(self, paths: Sequence[Path], progress: Progress = no_progress) -> tuple[Original, ...]:
        """Copy files, several at once, and return what they are, in the order given.

        Raises
        ------
        SourceError
            One is no ordinary file, or may not be read.
        OSError
            There is no room.
        """
        taken = []
        with ThreadPoolExecutor(_THREADS) as pool:
            try:
                for original in pool.map(self._take, paths):
                    taken.append(original)
                    progress("Keeping originals", len(taken), len(paths))
            finally:
                pool.shutdown(cancel_futures=True)
        return tuple(taken)

    def publish(self) -> None:
        """Put all that was taken in its place; it is on disk when this returns."""
        homes = set()
        for draft in self._drafts.iterdir():
            home = self._store.path(draft.name)
            with contextlib.suppress(FileExistsError):
                home.parent.mkdir()
            draft.replace(home)
            homes.add(home.parent)
        for home in homes:
            sync_folder(home)
        if homes:
            sync_folder(self._store.folder)

    def _take(self, path: Path) -> Original:
        with _opened(path) as source:
            handle, name = tempfile.mkstemp(dir=self._drafts)
            draft = Path(name)
            try:
                with FileIO(handle, "wb") as file:
                    sha256, size = _copied(source, file)
                    if not self._store.has(sha256):
                        os.fchmod(file.fileno(), 0o444)
                        os.fsync(file.fileno())
                        draft.replace(self._drafts / sha256)
            finally:
                draft.unlink(missing_ok=True)
        return Original(sha256, size)


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[FileIO]:
    """Open an ordinary file without waiting for a pipe.

    Raises
    ------
    SourceError
        It is something else, or may not be read.
    """
    try:
        descriptor = open_plain(path, 0)
    except FileNotFoundError as error:
        raise SourceError(f"there is no file {path}; check the path", "no_such_path") from error
    except OSError as error:
        raise SourceError(
            f"{path} cannot be read as a file; check what it is, and its permissions",
            "unreadable_path",
        ) from error
    with FileIO(descriptor, "rb") as file:
        yield file


def _copied(source: FileIO, target: FileIO | None) -> tuple[str, int]:
    """Copy what `source` holds, and return its SHA-256 and length."""
    digest, size = hashlib.sha256(), 0
    buffer = memoryview(bytearray(_CHUNK_BYTES))
    while count := source.readinto(buffer):
        digest.update(buffer[:count])
        written = 0
        while target is not None and written < count:
            written += target.write(buffer[written:count])
        size += count
    return digest.hexdigest(), size
