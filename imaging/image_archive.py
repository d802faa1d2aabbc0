"""Import for good: bricks beside the reading, originals beside the bricks, one catalogue entry."""

import contextlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from imaging.catalog.catalog import Catalog
from imaging.catalog.facts import facts_of
from imaging.catalog.records import Recorded, VolumeFacts
from imaging.dicom.choice import Choice
from imaging.dicom.frame import Frame
from imaging.dicom.reading import choose, read_candidate
from imaging.dicom.surveying import Candidate, Survey, survey
from imaging.errors import ImagingError, RefusedFileError, SourceError
from imaging.progress import Progress, no_progress
from imaging.sources.opening import opened_sources
from imaging.sources.sources import Sources
from imaging.volume import Volume
from imaging.volume_store.originals import Original, OriginalStore, TakenFiles
from imaging.volume_store.store import VolumeStore
from imaging.volume_store.writing import StoredVolume, VolumeWriter

CATALOG_NAME: Final = "catalog.sqlite"


@dataclass(frozen=True, slots=True)
class Kept:
    """A volume that was imported for good."""

    facts: VolumeFacts
    stored: StoredVolume
    recorded: Recorded


@dataclass(frozen=True, slots=True)
class Failure:
    """A volume that was found and could not be kept."""

    volume_id: str
    error: ImagingError


@dataclass(frozen=True, slots=True)
class ImageArchive:
    """What a data folder keeps of images: volumes, the files that they came from, a catalogue."""

    folder: Path

    @property
    def volumes(self) -> VolumeStore:
        """The volumes, in bricks."""
        return VolumeStore(self.folder / "volumes")

    @property
    def originals(self) -> OriginalStore:
        """The files, by hash."""
        return OriginalStore(self.folder / "originals")

    @property
    def catalog_file(self) -> Path:
        """The catalogue."""
        return self.folder / CATALOG_NAME

    @contextlib.contextmanager
    def reading(
        self,
        paths: Sequence[Path],
        choice: Choice,
        progress: Progress = no_progress,
        scratch: Path | None = None,
    ) -> "Iterator[PendingVolume]":
        """Read one volume as `imaging.dicom.reading.read_volume` does, ready to be kept.

        Nothing of it stays unless `PendingVolume.keep` was called within the block.

        Parameters
        ----------
        paths : sequence of Path
            Files, folders, zip archives; they are only read.
        choice : Choice
            Which volume.
        progress : Progress, optional
            Told of headers and slices.
        scratch : Path, optional
            Where archives are unpacked meanwhile.

        Raises
        ------
        imaging.errors.ImagingError
            As `read_volume`.
        OSError
            There is no room.
        """
        with opened_sources(paths, progress, scratch=scratch) as sources:
            found = survey(sources, progress, choice.uneven)
            with self._reading(choose(found, choice.volume_id), found, progress) as pending:
                yield pending

    def keep_all(
        self,
        paths: Sequence[Path],
        choice: Choice,
        now: str,
        progress: Progress = no_progress,
        scratch: Path | None = None,
    ) -> tuple[list[Kept], list[Failure], Survey, Sources]:
        """Import every volume that is there, or the chosen one; go on where one fails."""
        kept: list[Kept] = []
        failed: list[Failure] = []
        with opened_sources(paths, progress, scratch=scratch) as sources:
            found = survey(sources, progress, choice.uneven)
            wanted = (choose(found, choice.volume_id),) if choice.volume_id else found.candidates
            for candidate in wanted:
                try:
                    with self._reading(candidate, found, progress) as pending:
                        kept.append(pending.keep(now))
                except ImagingError as error:
                    failed.append(Failure(candidate.volume_id, error))
        return kept, failed, found, sources

    def erase(self, volume_id: str) -> int:
        """Delete a volume and its entry for good, and the files that no other volume came from.

        Returns
        -------
        int
            How many files were deleted.

        Raises
        ------
        imaging.errors.CatalogError
            There is no such volume.
        """
        with Catalog(self.catalog_file) as catalog:
            keys = catalog.erase(volume_id)
        orphans: set[str] = set()
        for key in keys:
            with contextlib.suppress(RefusedFileError, SourceError):  # damaged, or gone already
                orphans |= self._files_of(key)
            with contextlib.suppress(SourceError):
                self.volumes.remove(key)
        try:
            remaining = self.volumes.keys()
            for key in remaining:
                orphans -= self._files_of(key)
        except RefusedFileError:  # nobody can tell which files that volume came from
            orphans = set()
        for sha256 in orphans:
            self.originals.remove(sha256)
        return len(orphans)

    def _files_of(self, key: str) -> set[str]:
        return {it.sha256 for it in self.volumes.open(key).description.originals}

    @contextlib.contextmanager
    def _reading(
        self, chosen: Candidate, found: Survey, progress: Progress
    ) -> "Iterator[PendingVolume]":
        frames = chosen.layout.slices
        files = list(dict.fromkeys(frame.file for frame in frames))
        self.volumes.remove_stale_drafts()  # of imports that a power cut or a kill ended
        self.originals.remove_stale_drafts()
        with (
            self.volumes.writing() as writer,
            self.originals.taking() as taken,
            ThreadPoolExecutor(1, "originals") as aside,
        ):
            originals = aside.submit(taken.take, files)
            writer.expect(chosen.layout.geometry, hu=chosen.hu)
            volume = read_candidate(chosen, found, progress, writer)

            def named() -> list[Original]:
                progress("Keeping the files", 0, 1)
                # Of interpolated slices none is that of one file.
                return _named(originals.result(), files, () if chosen.layout.blends else frames)

            yield PendingVolume(volume, writer, taken, named, self.catalog_file)


@dataclass(frozen=True, slots=True)
class PendingVolume:
    """A volume that was read, and of which nothing stays yet."""

    volume: Volume
    _writer: VolumeWriter
    _taken: TakenFiles
    _originals: Callable[[], list[Original]]
    _catalog_file: Path

    def keep(self, now: str) -> Kept:
        """Keep it: bricks, files, and an entry in the catalogue.

        Parameters
        ----------
        now : str
            ISO 8601, UTC.

        Raises
        ------
        imaging.errors.ImagingError
            An instance of another import is contradicted, or the catalogue cannot be written.
        OSError
            There is no room.
        """
        stored = self._writer.finish(self.volume, self._originals(), self._taken.publish)
        facts = facts_of(self.volume, stored.key)
        with Catalog(self._catalog_file) as catalog:
            recorded = catalog.record(self.volume.identity, facts, now)
        return Kept(facts, stored, recorded)


def _named(
    originals: Sequence[Original], files: Sequence[Path], slices: Sequence[Frame]
) -> list[Original]:
    """Return the files with the instance and the slices that each holds."""
    held: dict[Path, list[int]] = defaultdict(list)
    uids: dict[Path, str] = {}
    for k, frame in enumerate(slices):
        held[frame.file].append(k)
        uids[frame.file] = frame.sop_instance_uid
    return [
        replace(original, sop_instance_uid=uids.get(file, ""), slices=tuple(held[file]))
        for original, file in zip(originals, files, strict=True)
    ]
