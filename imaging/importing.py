"""Import and inspect in a worker process: the way in for files that nobody has looked at yet."""

import dataclasses
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from imaging.array_files import ArrayFile, create_array, described, read_array
from imaging.dicom.choice import Choice
from imaging.dicom.inspection import CaseWarning, Inspection, RefusedSeries, SkippedFile
from imaging.grey_window import GreyWindow
from imaging.identity import SourceIdentity
from imaging.progress import Progress, no_progress
from imaging.volume import Volume, VolumeGeometry, VolumeId
from imaging.worker import Limits, run_in_worker

IMPORT_LIMITS: Final = Limits(memory_bytes=12 * 2**30, seconds=900)
"""Room for the largest volume (4 GiB), its float32 twin, and the libraries; a slow network disk."""

INSPECT_LIMITS: Final = Limits(memory_bytes=4 * 2**30, seconds=900)


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """Which volume to import, and where to put its array."""

    paths: tuple[str, ...]
    choice: Choice
    folder: str


@dataclass(frozen=True, slots=True)
class InspectRequest:
    """What to look at, and where to unpack archives meanwhile."""

    paths: tuple[str, ...]
    folder: str


@dataclass(frozen=True, slots=True)
class ImportedVolume:
    """A `Volume` with its voxels in a file."""

    voxels: ArrayFile
    geometry: VolumeGeometry
    volume_id: str
    modality: str
    hu: bool
    description: str
    study_uid: str
    series_uid: str
    frame_of_reference_uid: str
    slice_thickness_mm: float | None
    acquired_on: str
    warnings: tuple[tuple[str, str], ...]
    identity: SourceIdentity
    window: GreyWindow | None


def import_volume(
    paths: Sequence[Path],
    choice: Choice | str | None = None,
    progress: Progress = no_progress,
    *,
    limits: Limits = IMPORT_LIMITS,
) -> Volume:
    """Read one volume as `imaging.reading.read_any` does, in a worker process.

    Parameters
    ----------
    paths : sequence of Path
        Files or folders.
    choice : Choice or str, optional
        Which volume; a text is the id that `inspect` prints.
    progress : Progress, optional
        Told of headers and slices.
    limits : Limits, optional
        Memory and time.

    Returns
    -------
    Volume
        Its voxels are mapped from a file that is already unlinked.

    Raises
    ------
    imaging.errors.ImagingError
        As `read_any`; `WorkerError` where the worker died or passed a limit.
    OSError
        There is no room for the volume in the folder for temporary files.
    """
    with tempfile.TemporaryDirectory(prefix="commissure-") as folder:
        wanted = choice if isinstance(choice, Choice) else Choice(choice)
        request = ImportRequest(tuple(str(path) for path in paths), wanted, folder)
        stored: ImportedVolume = run_in_worker(
            import_to_folder, request, limits=limits, on_progress=progress
        )
        return loaded(stored, Path(folder))


def inspect_paths(
    paths: Sequence[Path], progress: Progress = no_progress, *, limits: Limits = INSPECT_LIMITS
) -> Inspection:
    """Inspect as `imaging.reading.inspect_all` does, in a worker process."""
    with tempfile.TemporaryDirectory(prefix="commissure-") as folder:
        request = InspectRequest(tuple(str(path) for path in paths), folder)
        found: Inspection = run_in_worker(
            inspect_here, request, limits=limits, on_progress=progress
        )
        return found


@dataclass(frozen=True, slots=True)
class KeepRequest:
    """Which volumes to keep in which data folder."""

    paths: tuple[str, ...]
    choice: Choice
    archive: str
    folder: str
    now: str


@dataclass(frozen=True, slots=True)
class KeptVolume:
    """A volume that is in the data folder now."""

    id: str
    key: str
    """Of the volume store."""
    new: bool
    """False where the same volume had been imported before."""
    case: str
    """The patient's pseudonym."""
    modality: str
    shape_kji: tuple[int, int, int]
    spacing_mm: tuple[float, float, float]
    warnings: tuple[CaseWarning, ...]


@dataclass(frozen=True, slots=True)
class KeptReport:
    """What became of everything that was found."""

    volumes: tuple[KeptVolume, ...]
    failed: tuple[RefusedSeries, ...]
    """Volumes that were found and could not be kept."""
    refused: tuple[RefusedSeries, ...]
    skipped: tuple[SkippedFile, ...]


def keep_volumes(
    paths: Sequence[Path],
    choice: Choice,
    archive: Path,
    now: str,
    progress: Progress = no_progress,
    *,
    limits: Limits = IMPORT_LIMITS,
) -> KeptReport:
    """Import volumes for good, in a worker process.

    Parameters
    ----------
    paths : sequence of Path
        Files, folders, zip archives.
    choice : Choice
        Which volume; all, if it names none.
    archive : Path
        The data folder, as `imaging.image_archive.ImageArchive` has it.
    now : str
        ISO 8601, UTC.
    progress : Progress, optional
        Told of headers and slices.
    limits : Limits, optional
        Memory and time.

    Raises
    ------
    imaging.errors.ImagingError
        There is nothing to import, or the catalogue cannot be written.
    OSError
        There is no room.
    """
    with tempfile.TemporaryDirectory(prefix="commissure-") as folder:
        names = tuple(str(path) for path in paths)
        request = KeepRequest(names, choice, str(archive), folder, now)
        report: KeptReport = run_in_worker(keep_here, request, limits=limits, on_progress=progress)
        return report


def keep_here(request: KeepRequest, progress: Progress) -> KeptReport:
    """Import for good; runs in the worker."""
    from imaging.image_archive import ImageArchive

    archive = ImageArchive(Path(request.archive))
    paths = [Path(path) for path in request.paths]
    kept, failures, found, sources = archive.keep_all(
        paths, request.choice, request.now, progress, Path(request.folder)
    )
    return KeptReport(
        tuple(
            KeptVolume(
                one.facts.volume_id,
                one.stored.key,
                one.recorded.new,
                one.recorded.pseudonym,
                one.facts.modality,
                one.facts.shape_kji,
                one.facts.spacing_mm,
                tuple(CaseWarning(*it) for it in (*one.facts.warnings, *one.recorded.warnings)),
            )
            for one in kept
        ),
        tuple(
            RefusedSeries("", one.error.code, str(one.error), (one.volume_id,)) for one in failures
        ),
        tuple(refusal.as_found(sources) for refusal in found.refusals),
        found.skipped,
    )


def import_to_folder(request: ImportRequest, progress: Progress) -> ImportedVolume:
    """Read a volume and leave its voxels in the request's folder; runs in the worker."""
    from imaging.reading import read_any

    folder = Path(request.folder)
    paths = [Path(path) for path in request.paths]
    volume = read_any(paths, request.choice, progress, _FileSink(folder), folder)
    return stored(volume, described(f"voxels{volume.voxels.dtype.str[1:]}.npy", volume.voxels))


def inspect_here(request: InspectRequest, progress: Progress) -> Inspection:
    """Inspect files and folders; runs in the worker."""
    from imaging.reading import inspect_all

    return inspect_all([Path(name) for name in request.paths], progress, Path(request.folder))


def stored(volume: Volume, voxels: ArrayFile) -> ImportedVolume:
    """Return what to tell the other side of a volume whose voxels lie in a file."""
    values = {
        field.name: getattr(volume, field.name)
        for field in dataclasses.fields(volume)
        if field.name != "voxels"
    }
    return ImportedVolume(voxels=voxels, **values)


def loaded(stored: ImportedVolume, folder: Path) -> Volume:
    """Return the volume that the other side told of."""
    values = {
        field.name: getattr(stored, field.name)
        for field in dataclasses.fields(stored)
        if field.name not in {"voxels", "volume_id"}
    }
    return Volume(
        volume_id=VolumeId(stored.volume_id), voxels=read_array(folder, stored.voxels), **values
    )


class _FileSink:
    """A sink whose array lies in a file of a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def begin(self, shape_kji: tuple[int, int, int], dtype: np.dtype[Any]) -> NDArray[Any]:
        return create_array(self._folder, f"voxels{dtype.str[1:]}.npy", shape_kji, dtype)

    def filled(self, k: int) -> None:
        """Do nothing."""
