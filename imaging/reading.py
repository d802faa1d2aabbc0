"""Read whatever is there: DICOM series, and NIfTI, NRRD and MetaImage files beside them."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from imaging.dicom.choice import Choice
from imaging.dicom.inspecting import inspect_sources
from imaging.dicom.inspection import (
    CaseWarning,
    FoundVolume,
    Inspection,
    RefusedSeries,
    SkippedFile,
)
from imaging.dicom.reading import choose, read_candidate
from imaging.dicom.surveying import Survey, survey
from imaging.errors import ImagingError, SourceError
from imaging.formats import (
    image_id,
    is_image_file,
    read_image,
    read_image_header,
    without_image_copies,
)
from imaging.image_files.header import ImageHeader, external
from imaging.progress import Progress, no_progress
from imaging.sources.opening import opened_sources
from imaging.sources.recognizing import has_preamble, read_head
from imaging.sources.sources import Sources
from imaging.volume import Volume, VolumeId
from imaging.voxel_sink import PlainArray, VoxelSink

DETACHED: Final = (".nhdr", ".mhd")
"""Headers of images whose values lie in another file, which a hostile one may choose."""

NOTHING: Final = Survey((), (), ())
LISTED: Final = 8
"""Volumes that a message names."""


@dataclass(frozen=True, slots=True)
class FoundImage:
    """An image file whose header is sound."""

    path: Path
    volume_id: VolumeId
    header: ImageHeader


@dataclass(frozen=True, slots=True)
class RefusedImage:
    """An image file that is none that can be read."""

    path: Path
    error: ImagingError


@dataclass(frozen=True, slots=True)
class _Parted:
    """What was opened, image files apart from what may be DICOM."""

    images: tuple[FoundImage, ...]
    refused: tuple[RefusedImage, ...]
    copies: tuple[Path, ...]
    rest: Sources


def inspect_all(
    paths: Sequence[Path], progress: Progress = no_progress, scratch: Path | None = None
) -> Inspection:
    """Return the volumes, the refused series and the skipped files in `paths`.

    Of images no more than the header is read, and samples for the id.

    Raises
    ------
    imaging.errors.SourceError
        A path is missing or unreadable, or there is no image at all.
    """
    with opened_sources(paths, progress, scratch=scratch) as sources:
        parted = _parted(sources)
        if not (parted.images or parted.refused):
            return inspect_sources(sources, progress)
        found = _inspected(parted.rest, progress)
        return Inspection(
            (*found.volumes, *(found_volume(image) for image in parted.images)),
            (*found.refused, *(_as_refused(image, sources) for image in parted.refused)),
            (
                *found.skipped,
                *(SkippedFile(sources.shown(path), "identical_copy") for path in parted.copies),
            ),
        )


def read_any(
    paths: Sequence[Path],
    choice: Choice | str | None = None,
    progress: Progress = no_progress,
    sink: VoxelSink | None = None,
    scratch: Path | None = None,
) -> Volume:
    """Read one volume, in this process: a DICOM series, or an image file.

    Parameters
    ----------
    paths : sequence of Path
        Files, folders or zip archives.
    choice : Choice or str, optional
        Which volume; a text is the id that `inspect_all` gives.
    progress : Progress, optional
        Told of headers and slices.
    sink : VoxelSink, optional
        Gives the array that is filled.
    scratch : Path, optional
        Where archives are unpacked.

    Raises
    ------
    imaging.errors.ImagingError
        There is no such volume, there are several to choose from, or it is refused.
    """
    wanted = choice if isinstance(choice, Choice) else Choice(choice)
    into = sink or PlainArray()
    with opened_sources(paths, progress, scratch=scratch) as sources:
        parted = _parted(sources)
        found = _surveyed(parted, wanted, progress)
        image = _chosen_image(parted, found, wanted.volume_id)
        if image is not None:
            return read_image(image.path, into, progress)
        return read_candidate(choose(found, wanted.volume_id), found, progress, into)


def found_volume(image: FoundImage) -> FoundVolume:
    """Return an image as a value of the inspection; it names no study and no unit."""
    geometry = image.header.geometry
    rows = geometry.affine_lps.tolist()
    return FoundVolume(
        id=image.volume_id,
        study_uid="",
        series_uid="",
        modality="",
        description="",
        shape_kji=geometry.shape_kji,
        spacing_mm=geometry.spacing,
        affine_lps=tuple((row[0], row[1], row[2], row[3]) for row in rows),
        frame_of_reference_uid="",
        transfer_syntaxes=(),
        hu=False,
        warnings=tuple(CaseWarning(code, message) for code, message in image.header.warnings),
    )


def _parted(sources: Sources) -> _Parted:
    detached = [path for path in sources.files if path.name.lower().endswith(DETACHED)]
    named = [path for path in sources.files if is_image_file(path)]
    apart = {path for path in (*detached, *named) if not has_preamble(read_head(path))}
    images: list[FoundImage] = []
    refused = [RefusedImage(path, external(path)) for path in detached if path in apart]
    kept, copies = without_image_copies(path for path in named if path in apart)
    for path in kept:
        try:
            images.append(FoundImage(path, image_id(path), read_image_header(path)))
        except ImagingError as error:
            refused.append(RefusedImage(path, error))
        except OSError:
            apart.discard(path)  # the reader of DICOM says that it is unreadable
    rest = tuple(path for path in sources.files if path not in apart)
    return _Parted(
        tuple(images), tuple(refused), tuple(copies), dataclasses.replace(sources, files=rest)
    )


def _inspected(rest: Sources, progress: Progress) -> Inspection:
    """Inspect what lies beside images, which may be no DICOM at all."""
    try:
        return inspect_sources(rest, progress)
    except SourceError as error:
        if error.code != "no_dicom":
            raise
        skipped = (SkippedFile(rest.shown(path), "not_dicom") for path in rest.files)
        notes = (SkippedFile(note.shown, note.code) for note in rest.notes)
        return Inspection((), (), (*skipped, *notes))


def _surveyed(parted: _Parted, wanted: Choice, progress: Progress) -> Survey:
    """Survey what may be DICOM, unless the volume that is wanted is found already."""
    if any(image.volume_id == wanted.volume_id for image in parted.images):
        return NOTHING
    try:
        return survey(parted.rest, progress, wanted.uneven)
    except SourceError as error:
        if error.code != "no_dicom" or not (parted.images or parted.refused):
            raise
        return NOTHING


def _chosen_image(parted: _Parted, found: Survey, volume_id: str | None) -> FoundImage | None:
    """Return the image that is wanted; None where it is a series.

    Raises
    ------
    ImagingError
        There are several volumes to choose from, or none.
    """
    if volume_id is not None:
        meant = [image for image in parted.images if image.volume_id == volume_id]
        if not meant and parted.images and not found.candidates:
            raise SourceError(
                f"there is no volume {volume_id!r} here; {_choices(parted, found)}",
                "unknown_volume",
            )
        return meant[0] if meant else None
    if len(parted.images) == 1 and not found.candidates:
        return parted.images[0]
    if parted.images:
        count = len(parted.images) + len(found.candidates)
        raise SourceError(
            f"there are {count} volumes here; {_choices(parted, found)}", "choose_volume"
        )
    if parted.refused and not (found.candidates or found.refusals):
        raise parted.refused[0].error
    return None


def _choices(parted: _Parted, found: Survey) -> str:
    ids = [image.volume_id for image in parted.images]
    ids += [candidate.volume_id for candidate in found.candidates]
    more = f" and {len(ids) - LISTED} more" if len(ids) > LISTED else ""
    return f"choose one with its id: {', '.join(ids[:LISTED])}{more}"


def _as_refused(image: RefusedImage, sources: Sources) -> RefusedSeries:
    files = (sources.shown(image.path),)
    return RefusedSeries("", image.error.code, str(image.error), files)
