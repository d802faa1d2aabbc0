"""Read all headers below some paths: the shell around grouping, admitting and assembling."""

import filecmp
import os
import warnings
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from imaging.dicom.admitting import is_image, refused_files, require_slices
from imaging.dicom.assembling import Layout, lay_out
from imaging.dicom.frame import Frame
from imaging.dicom.grouping import Series, group_series, is_hounsfield
from imaging.dicom.header import NoDicomError, read_header
from imaging.dicom.inspection import RefusedSeries, SkippedFile
from imaging.errors import ImagingError, RefusedFileError, SourceError
from imaging.progress import Progress, no_progress
from imaging.sources.discovering import find_files


@dataclass(frozen=True, slots=True)
class Candidate:
    """A series that is a regular volume, laid out."""

    series: Series
    layout: Layout
    hu: bool
    warnings: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is no volume, with the error that says why."""

    files: tuple[Path, ...]
    series_uid: str
    error: ImagingError

    def as_found(self) -> RefusedSeries:
        """Return the refusal as a value of the inspection."""
        files = tuple(str(file) for file in self.files)
        return RefusedSeries(self.series_uid, self.error.code, str(self.error), files)


@dataclass(frozen=True, slots=True)
class Survey:
    """Every file, sorted into what it is."""

    candidates: tuple[Candidate, ...]
    refusals: tuple[Refusal, ...]
    skipped: tuple[SkippedFile, ...]


def survey(paths: Sequence[Path], progress: Progress = no_progress) -> Survey:
    """Read the headers of all files and find the volumes among them.

    Raises
    ------
    SourceError
        A path is missing or unreadable, or there is no DICOM instance at all.
    """
    instances: list[Frame] = []
    refusals: list[Refusal] = []
    skipped: list[SkippedFile] = []
    files = find_files(paths)
    with warnings.catch_warnings():  # pydicom warns of every oddity; the rules judge them
        warnings.simplefilter("ignore")
        for done, file in enumerate(files):
            progress("Reading headers", done, len(files))
            try:
                instances.append(read_header(file))
            except NoDicomError as error:
                skipped.append(SkippedFile(str(file), error.code))
            except RefusedFileError as error:
                refusals.append(Refusal((file,), "", error))
            except OSError:
                skipped.append(SkippedFile(str(file), "unreadable"))
    progress("Reading headers", len(files), len(files))
    if not instances and not refusals:
        raise SourceError(_nothing_found(paths, files), "no_dicom")
    instances, copies = _without_copies(instances)
    skipped.extend(SkippedFile(str(copy), "identical_copy") for copy in copies)
    all_series = group_series(instances)
    broken = _broken(refusals, skipped, all_series)
    candidates: list[Candidate] = []
    for series in all_series:
        try:
            _require_none_lost(series, all_series, broken)
            candidates.append(_candidate(series, broken))
        except ImagingError as error:
            refused = refused_files(series.instances, error.code)
            refusals.append(Refusal(tuple(one.file for one in refused), series.series_uid, error))
    return Survey(tuple(candidates), tuple(refusals), tuple(skipped))


def _nothing_found(paths: Sequence[Path], files: Sequence[Path]) -> str:
    where = str(paths[0]) if len(paths) == 1 else f"the {len(paths)} given paths"
    return (
        f"there is no DICOM image in {where} ({len(files)} files looked at); "
        "give a DICOM file or a folder that holds some"
    )


def _broken(
    refusals: Sequence[Refusal], skipped: Sequence[SkippedFile], all_series: Sequence[Series]
) -> list[Path]:
    """Return the files that may have been slices, of which series nobody can tell."""
    headless = [series for series in all_series if _is_headless(series)]
    return [
        *(file for refusal in refusals for file in refusal.files),
        *(Path(one.file) for one in skipped if one.code in {"empty_file", "unreadable"}),
        *(one.file for series in headless for one in series.instances),
    ]


def _is_headless(series: Series) -> bool:
    """Return whether only files cut off within their headers make up this series.

    A cut may fall into an identifier, and so make a series of its own.
    """
    return all(is_image(one) and one.place.offset < 0 for one in series.instances)


def _require_none_lost(
    series: Series, all_series: Sequence[Series], broken: Sequence[Path]
) -> None:
    """Refuse a series that is alone in its folder with a broken file: that was one of its slices.

    At an end of the stack its loss would leave no gap to be seen.
    """
    if _is_headless(series):
        return
    folders = {one.file.parent for one in series.instances}
    suffixes = {one.file.suffix for one in series.instances}
    for other in all_series:
        if other is not series and not _is_headless(other):
            folders -= {one.file.parent for one in other.instances}
    for file in broken:
        if file.parent in folders and file.suffix in suffixes:
            raise RefusedFileError(
                f"{file.name} beside the slices of this series is cut short or damaged, and was "
                "probably one of them; copy or export the series again",
                "truncated_file",
            )


def _candidate(series: Series, broken: Sequence[Path]) -> Candidate:
    require_slices(series.instances)
    layout = lay_out(series.instances)
    hu = is_hounsfield(series.instances)
    return Candidate(series, layout, hu, (*layout.warnings, *_warnings(series, hu, broken)))


def _warnings(series: Series, hu: bool, broken: Sequence[Path]) -> list[tuple[str, str]]:  # noqa: FBT001
    found = []
    if series.left_out:
        found.append(("localizer_left_out", f"{series.left_out} localizers were left out"))
    if not series.instances[0].frame_of_reference_uid:
        found.append(
            (
                "no_frame_of_reference",
                "the series names no frame of reference: do not lay it over other series",
            )
        )
    if series.instances[0].modality == "CT" and not hu:
        found.append(("not_hu", "the values are not stated to be Hounsfield units"))
    folders = {one.file.parent for one in series.instances}
    beside = [file for file in broken if file.parent in folders]
    if beside:
        names = ", ".join(file.name for file in beside[:4])
        message = f"files beside the slices cannot be read ({names}): an end slice may be missing"
        found.append(("unreadable_beside", message))
    return found


def _without_copies(instances: Sequence[Frame]) -> tuple[list[Frame], list[Path]]:
    """Drop files that repeat an instance byte by byte, as folders merged by hand do."""
    by_uid: dict[str, list[Frame]] = defaultdict(list)
    kept: list[Frame] = []
    copies: list[Path] = []
    for one in instances:
        same = by_uid[one.sop_instance_uid] if one.sop_instance_uid else []
        if any(_is_copy(one.file, other.file) for other in same):
            copies.append(one.file)
        else:
            same.append(one)
            kept.append(one)
    return kept, copies


def _is_copy(file: Path, other: Path) -> bool:
    try:
        same_size = os.path.getsize(file) == os.path.getsize(other)  # noqa: PTH202 - one call each
        return same_size and filecmp.cmp(file, other, shallow=False)
    except OSError:
        return False
