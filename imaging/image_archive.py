"""Import for good: bricks beside the reading, originals beside the bricks, one catalogue entry."""

import contextlib
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
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
from imaging.errors import ImagingError, SourceError
from imaging.progress import Progress, no_progress
from imaging.sources.opening import opened_sources
from imaging.sources.sources import Sources
from imaging.volume import Volume
from imaging.volume_store.originals import Original, OriginalStore
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

    def keep(
        self,
        paths: Sequence[Path],
        choice: Choice,
        now: str,
        progress: Progress = no_progress,
        scratch: Path | None = None,
    ) -> tuple[Volume, Kept]:
        """Import one volume as `imaging.dicom.reading.read_volume` reads it, and keep it.

        Parameters
        ----------
        paths : sequence of Path
            Files, folders, zip archives; they are only read.
        choice : Choice
            Which volume.
        now : str
            ISO 8601, UTC.
        progress : Progress, optional
            Told of headers and slices.
        scratch : Path, optional
            Where archives are unpacked meanwhile.

        Raises
        ------
        imaging.errors.ImagingError
            As `read_volume`; and where an instance of another import is contradicted.
        OSError
            There is no room.
        """
        with opened_sources(paths, progress, scratch=scratch) as sources:
            found = survey(sources, progress, choice.uneven)
            return self._keep(choose(found, choice.volume_id), found, now, progress)

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
                    kept.append(self._keep(candidate, found, now, progress)[1])
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
            with contextlib.suppress(SourceError):
                orphans |= self._files_of(key)
                self.volumes.remove(key)
        remaining = self.volumes.keys()
        for key in remaining:
            orphans -= self._files_of(key)
        for sha256 in orphans:
            self.originals.remove(sha256)
        return len(orphans)

    def _files_of(self, key: str) -> set[str]:
        return {it.sha256 for it in self.volumes.open(key).description.originals}

    def _keep(
        self, chosen: Candidate, found: Survey, now: str, progress: Progress
    ) -> tuple[Volume, Kept]:
        frames = chosen.layout.slices
        files = list(dict.fromkeys(frame.file for frame in frames))
        self.volumes.remove_stale_drafts()  # of imports that a power cut or a kill ended
        self.originals.remove_stale_drafts()
        with self.volumes.writing() as writer, ThreadPoolExecutor(1, "originals") as aside:
            originals = aside.submit(self.originals.keep_all, files)
            volume, stored = _read_into(writer, chosen, found, progress, originals, files)
        facts = facts_of(volume, stored.key)
        with Catalog(self.catalog_file) as catalog:
            recorded = catalog.record(volume.identity, facts, now)
        return volume, Kept(facts, stored, recorded)


def _read_into(
    writer: VolumeWriter,
    chosen: Candidate,
    found: Survey,
    progress: Progress,
    originals: "Future[tuple[Original, ...]]",
    files: Sequence[Path],
) -> tuple[Volume, StoredVolume]:
    writer.expect(chosen.layout.geometry, hu=chosen.hu)
    volume = read_candidate(chosen, found, progress, writer)
    progress("Keeping originals", 0, 1)
    named = _named(originals.result(), files, chosen.layout.slices)
    stored = writer.finish(volume, named)
    progress("Keeping originals", 1, 1)
    return volume, stored


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
        replace(original, sop_instance_uid=uids[file], slices=tuple(held[file]))
        for original, file in zip(originals, files, strict=True)
    ]
