"""Read all headers below some paths: the shell around grouping, splitting and assembling."""

import hashlib
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from imaging.dicom.admitting import is_image, refused_files, require_slices
from imaging.dicom.assembling import Layout, lay_out
from imaging.dicom.choice import Uneven
from imaging.dicom.conflicts import pixel_comparison, require_no_conflict
from imaging.dicom.frame import Frame
from imaging.dicom.grouping import Series, group_series, is_hounsfield, volume_id
from imaging.dicom.header import NoDicomError, read_header
from imaging.dicom.identifying import Identities
from imaging.dicom.inspection import RefusedSeries, SkippedFile
from imaging.dicom.remarks import remarks_on
from imaging.dicom.splitting import Part, split
from imaging.errors import ImagingError, RefusedFileError, SourceError
from imaging.progress import Progress, no_progress
from imaging.sources.sources import Sources
from imaging.volume import VolumeId

_INCOMPLETE: Final = "missing_from_media_directory"
"""Said of every volume of the medium: an end slice that is not there leaves no gap."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A regular volume, laid out."""

    volume_id: VolumeId
    layout: Layout
    hu: bool
    warnings: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is no volume, with the error that says why."""

    files: tuple[Path, ...]
    series_uid: str
    error: ImagingError

    def as_found(self, sources: Sources) -> RefusedSeries:
        """Return the refusal as a value of the inspection."""
        files = tuple(sources.shown(file) for file in self.files)
        return RefusedSeries(self.series_uid, self.error.code, str(self.error), files)


@dataclass(frozen=True, slots=True)
class Survey:
    """Every file, sorted into what it is."""

    candidates: tuple[Candidate, ...]
    refusals: tuple[Refusal, ...]
    skipped: tuple[SkippedFile, ...]


def survey(
    sources: Sources, progress: Progress = no_progress, uneven: Uneven = Uneven.REFUSE
) -> Survey:
    """Read the headers of all files and find the volumes among them.

    Raises
    ------
    SourceError
        There is no DICOM instance at all.
    """
    headers, refusals, skipped = _read_headers(sources, progress)
    noted = [
        Refusal((Path(note.shown),), "", RefusedFileError(note.message, note.code))
        for note in sources.notes
        if note.refused
    ]
    skipped += [SkippedFile(note.shown, note.code) for note in sources.notes if not note.refused]
    if not headers and not refusals and not noted:
        raise SourceError(
            f"there is no DICOM image here ({len(sources.files)} files looked at); "
            "give a DICOM file, a folder or a zip archive that holds some",
            "no_dicom",
        )
    headers, copies = _without_copies(headers)
    skipped.extend(SkippedFile(sources.shown(copy), "identical_copy") for copy in copies)
    all_series = group_series([frame for header in headers for frame in header])
    broken = _broken(refusals, skipped, all_series)
    candidates: list[Candidate] = []
    for series in all_series:
        try:
            _require_none_lost(series, all_series, broken)
            require_slices(series.frames)
            same_pixels = pixel_comparison()
            require_no_conflict(series.frames, same_pixels)
            parts = split(series.frames, same_pixels)
        except ImagingError as error:
            refusals.append(_refusal(series.frames, error))
            continue
        for part in parts:
            try:
                candidates.append(_candidate(series, part, broken, uneven))
            except ImagingError as error:
                refusals.append(_refusal(part.frames, error))
    lost = tuple((note.code, note.message) for note in sources.notes if note.code == _INCOMPLETE)
    told = tuple(replace(one, warnings=(*one.warnings, *lost)) for one in candidates)
    return Survey(told, (*refusals, *noted), tuple(skipped))


def _read_headers(
    sources: Sources, progress: Progress
) -> tuple[list[list[Frame]], list[Refusal], list[SkippedFile]]:
    headers: list[list[Frame]] = []
    refusals: list[Refusal] = []
    skipped: list[SkippedFile] = []
    identities = Identities()
    for done, file in enumerate(sources.files):
        progress("Reading headers", done, len(sources.files))
        try:
            headers.append(read_header(file, identities))
        except NoDicomError as error:
            skipped.append(SkippedFile(sources.shown(file), error.code))
        except RefusedFileError as error:
            refusals.append(Refusal((file,), "", error))
        except OSError:
            skipped.append(SkippedFile(sources.shown(file), "unreadable"))
    progress("Reading headers", len(sources.files), len(sources.files))
    return headers, refusals, skipped


def _candidate(series: Series, part: Part, broken: Sequence[Path], uneven: Uneven) -> Candidate:
    layout = lay_out(part.frames, uneven)
    hu = is_hounsfield(part.frames)
    remarks = remarks_on(series, part, broken, hu=hu)
    name = volume_id((series.volume_id, part.label)) if part.label else series.volume_id
    return Candidate(name, layout, hu, (*layout.warnings, *part.warnings, *remarks))


def _refusal(frames: Sequence[Frame], error: ImagingError) -> Refusal:
    refused = dict.fromkeys(one.file for one in refused_files(frames, error.code))
    return Refusal(tuple(refused), frames[0].series_uid, error)


def _broken(
    refusals: Sequence[Refusal], skipped: Sequence[SkippedFile], all_series: Sequence[Series]
) -> list[Path]:
    """Return the files that may have been slices, of which series nobody can tell."""
    headless = [series for series in all_series if _is_headless(series)]
    return [
        *(file for refusal in refusals for file in refusal.files),
        *(Path(one.file) for one in skipped if one.code in {"empty_file", "unreadable"}),
        *(one.file for series in headless for one in series.frames),
    ]


def _is_headless(series: Series) -> bool:
    """Return whether only files cut off within their headers make up this series.

    A cut may fall into an identifier, and so make a series of its own.
    """
    return all(is_image(one) and one.place.offset < 0 for one in series.frames)


def _require_none_lost(
    series: Series, all_series: Sequence[Series], broken: Sequence[Path]
) -> None:
    """Refuse a series that is alone in its folder with a broken file: that was one of its slices.

    At an end of the stack its loss would leave no gap to be seen.
    """
    if not broken or _is_headless(series):
        return
    folders = {one.file.parent for one in series.frames}
    suffixes = {one.file.suffix for one in series.frames}
    for other in all_series:
        if other is not series and not _is_headless(other):
            folders -= {one.file.parent for one in other.frames}
    for file in broken:
        if file.parent in folders and file.suffix in suffixes:
            raise RefusedFileError(
                f"{file.name} beside the slices of this series is cut short or damaged, and was "
                "probably one of them; copy or export the series again",
                "truncated_file",
            )


def _without_copies(headers: Sequence[list[Frame]]) -> tuple[list[list[Frame]], list[Path]]:
    """Drop files that repeat an instance byte by byte, as folders merged by hand do."""
    alike = Counter(_name_and_size(frames[0]) for frames in headers)
    known: set[tuple[str, int, bytes]] = set()
    kept: list[list[Frame]] = []
    copies: list[Path] = []
    for frames in headers:
        uid, size = _name_and_size(frames[0])
        if uid and alike[uid, size] > 1:
            content = (uid, size, _digest(frames[0].file))
            if content in known:
                copies.append(frames[0].file)
                continue
            known.add(content)
        kept.append(frames)
    return kept, copies


def _name_and_size(one: Frame) -> tuple[str, int]:
    return one.sop_instance_uid, one.place.file_bytes


def _digest(file: Path) -> bytes:
    """Return a hash of the file's bytes, or its name where they cannot be read."""
    try:
        with file.open("rb") as source:
            return hashlib.file_digest(source, "sha256").digest()
    except OSError:
        return os.fsencode(file)
