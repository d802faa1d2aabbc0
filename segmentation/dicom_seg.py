"""DICOM Segmentation objects: written for archives, read back onto a grid.

BINARY is the one that every reader takes. See DICOM PS3.3, A.51 and C.8.20.
"""

import contextlib
import errno
import os
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from imaging.axes import grid_of
from imaging.volume import Volume, VolumeGeometry
from segmentation.engines.engine import Segmentation
from segmentation.errors import SegmentationError
from segmentation.labelmap import Labelmap, Segment
from segmentation.sheared_seg import planes_of, sheared_labels

if TYPE_CHECKING:
    from pydicom import Dataset

MANUFACTURER: Final = "Commissure"
SERIES_NUMBER: Final = 9_000
"""Far above the numbers that scanners give."""

MEANINGS: Final = {
    "272673000": "Bone",
    "39937001": "Skin",
    "59820001": "Blood vessel",
    "85756007": "Tissue",
}
"""Code meanings, as in DICOM PS3.16 where it has them."""

TISSUE_CODE: Final = "85756007"

GREY: Final = (128, 128, 128)
"""Colour of a segment that comes without one."""


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Drop the warnings of DICOM libraries: some quote the patient's name."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def source_headers(paths: Sequence[Path], volume: Volume) -> tuple["Dataset", ...]:
    """Return the headers of the instances that `volume` was read from, without pixels."""
    from pydicom import dcmread

    from imaging.dicom.surveying import survey
    from imaging.sources.opening import opened_sources

    with opened_sources(paths) as sources, quiet():
        for candidate in survey(sources).candidates:
            if candidate.volume_id == volume.volume_id:
                files = dict.fromkeys(frame.file for frame in candidate.layout.slices)
                return tuple(dcmread(file, stop_before_pixels=True, force=True) for file in files)
    raise SegmentationError(
        "the instances that the volume was read from are gone; give the folder that holds them"
    )


def write_seg(
    path: Path,
    segmentation: Segmentation,
    sources: Sequence["Dataset"],
    new_uid: Callable[[], str] | None = None,
) -> None:
    """Write a segmentation as DICOM SEG, BINARY.

    Parameters
    ----------
    path : Path
        Replaced as a whole, or left alone.
    segmentation : Segmentation
    sources : sequence of Dataset
        Headers of the instances of its volume, as from `source_headers`.
    new_uid : callable, optional
        Gives the UIDs of the new series and instance.

    Notes
    -----
    Empty frames are written too: the file then holds the whole grid of its source, and reads back
    voxel for voxel without it.
    """
    import highdicom
    from pydicom.uid import ExplicitVRLittleEndian, generate_uid

    uid = new_uid or generate_uid
    product = version("commissure")
    with quiet():
        seg = highdicom.seg.Segmentation(
            source_images=list(sources),
            **_placed_pixels(segmentation, sources),
            segmentation_type=highdicom.seg.SegmentationTypeValues.BINARY,
            segment_descriptions=[_description(segmentation, uid())],
            series_instance_uid=uid(),
            series_number=SERIES_NUMBER,
            sop_instance_uid=uid(),
            instance_number=1,
            manufacturer=MANUFACTURER,
            manufacturer_model_name=MANUFACTURER,
            software_versions=product,
            device_serial_number="1",
            content_description=f"{segmentation.name} by engine {segmentation.engine}",
            content_label="SEGMENTATION",
            transfer_syntax_uid=ExplicitVRLittleEndian,
            omit_empty_frames=False,
        )
    seg.SeriesDescription = f"Segmentation: {segmentation.name}"
    _save(path, seg)


def read_seg(path: Path) -> Labelmap:
    """Read a DICOM SEG of any kind as a labelmap.

    Raises
    ------
    SegmentationError
        The file is no SEG, its segments overlap, or its frames lie on no regular grid.
    """
    import highdicom
    from pydicom.errors import InvalidDicomError

    try:
        with quiet():
            seg = highdicom.seg.segread(path)
    except (InvalidDicomError, ValueError, AttributeError, KeyError) as error:
        raise SegmentationError(
            f"{path.name} is no DICOM Segmentation object; choose a SEG"
        ) from error
    try:
        with quiet():
            found, geometry = _labels_of(seg)
    except RuntimeError as error:
        if "overlap" not in str(error).lower():
            raise _no_grid(path) from error
        raise SegmentationError(
            f"segments overlap in {path.name}, which one labelmap cannot hold; "
            "export them as separate objects"
        ) from error
    except (ValueError, AttributeError, KeyError) as error:
        raise _no_grid(path) from error
    numbers = seg.get_segment_numbers()
    segments = tuple(_segment(seg.get_segment_description(number)) for number in numbers)
    largest = max(numbers, default=0)
    small = largest <= np.iinfo(np.uint8).max
    labels = found.astype(np.uint8) if small else found.astype(np.uint16)
    return Labelmap(labels, geometry, segments)


def _labels_of(seg: Any) -> tuple[NDArray[Any], VolumeGeometry]:  # noqa: ANN401 - highdicom has no types
    """Return labels and grid: by highdicom where that is at right angles, else frame by frame."""
    try:
        volume = seg.get_volume(combine_segments=True)
    except RuntimeError as error:
        if "regularly" not in str(error).lower():
            raise
        return sheared_labels(seg)
    # highdicom counts (slice, row, column), as arrays do; the affine's columns follow.
    affine = volume.affine[:, [2, 1, 0, 3]]
    slices, rows, columns = volume.array.shape
    return volume.array, grid_of(affine, (slices, rows, columns))


def _no_grid(path: Path) -> SegmentationError:
    return SegmentationError(
        f"the frames of {path.name} lie on no regular grid; export it again with all its slices"
    )


def _placed_pixels(segmentation: Segmentation, sources: Sequence["Dataset"]) -> dict[str, Any]:
    """Return the mask with its place, as highdicom takes them."""
    import highdicom

    pixels = segmentation.mask.astype(np.uint8)
    if not segmentation.geometry.is_right_angled:
        return {"pixel_array": pixels, **planes_of(segmentation.geometry)}
    affine = segmentation.geometry.affine_lps[:, [2, 1, 0, 3]]
    volume = highdicom.Volume(
        pixels,
        affine,
        coordinate_system="PATIENT",
        frame_of_reference_uid=sources[0].FrameOfReferenceUID,
    )
    return {"pixel_array": volume}


def _description(segmentation: Segmentation, tracking_uid: str) -> Any:  # noqa: ANN401 - as above
    import highdicom
    from pydicom.sr.codedict import codes

    meaning = MEANINGS.get(segmentation.code, segmentation.name)
    is_tissue = segmentation.code == TISSUE_CODE
    return highdicom.seg.SegmentDescription(
        segment_number=1,
        segment_label=segmentation.name,
        segmented_property_category=codes.SCT.Tissue
        if is_tissue
        else codes.SCT.AnatomicalStructure,
        segmented_property_type=highdicom.sr.CodedConcept(segmentation.code, "SCT", meaning),
        algorithm_type=highdicom.seg.SegmentAlgorithmTypeValues.AUTOMATIC,
        algorithm_identification=highdicom.AlgorithmIdentificationSequence(
            name=segmentation.engine,
            family=codes.cid7162.MorphologicalOperations,
            version=segmentation.version,
            parameters={key: f"{value:g}" for key, value in segmentation.parameters.items()},
        ),
        tracking_uid=tracking_uid,
        tracking_id=f"{MANUFACTURER} {segmentation.engine}",
        display_color=highdicom.color.CIELabColor.from_rgb(*segmentation.colour),
    )


def _segment(description: Any) -> Segment:  # noqa: ANN401 - as above
    import highdicom

    stored = description.get("RecommendedDisplayCIELabValue")
    red, green, blue = (
        highdicom.color.CIELabColor.from_dicom_value(tuple(stored)).to_rgb() if stored else GREY
    )
    return Segment(
        number=int(description.segment_number),
        name=str(description.segment_label),
        code=str(description.segmented_property_type.value),
        colour=(int(red), int(green), int(blue)),
    )


def _save(path: Path, seg: Any) -> None:  # noqa: ANN401 - as above
    """Write beside `path`, then move there: nobody ever sees half a file."""
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    handle, partial = tempfile.mkstemp(prefix=".commissure-", suffix=".dcm", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            seg.save_as(file)
            file.flush()
            os.fsync(file.fileno())
        Path(partial).replace(path)
    finally:
        Path(partial).unlink(missing_ok=True)
