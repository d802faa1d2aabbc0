"""DICOM Segmentation objects on a sheared grid: one place per frame, which the standard allows.

highdicom's volumes are at right angles; the slices of a tilted gantry are written and read here
frame by frame. See DICOM PS3.3, C.7.6.16.2.3 (Plane Position Macro).
"""

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from imaging.axes import grid_of
from imaging.volume import VolumeGeometry

if TYPE_CHECKING:
    from pydicom import Dataset

STEP_TOLERANCE_MM: Final = 0.03
"""Frames so near to even steps are a grid: what an import allows a slice."""

LABELMAP: Final = "LABELMAP"
BINARY: Final = "BINARY"


def planes_of(geometry: VolumeGeometry) -> dict[str, Any]:
    """Return what tells highdicom where each frame lies."""
    import highdicom

    along_i, along_j, along_k = geometry.spacing
    slices = geometry.shape_kji[0]
    places = geometry.index_to_world([(0, 0, k) for k in range(slices)])
    return {
        "plane_positions": [
            highdicom.PlanePositionSequence("PATIENT", place) for place in places.tolist()
        ],
        "plane_orientation": highdicom.PlaneOrientationSequence(
            "PATIENT", [*geometry.direction[0], *geometry.direction[1]]
        ),
        "pixel_measures": highdicom.PixelMeasuresSequence(
            pixel_spacing=(along_j, along_i),
            slice_thickness=along_k * abs(geometry.handedness),
        ),
    }


def sheared_labels(seg: Any) -> tuple[NDArray[np.uint16], VolumeGeometry]:  # noqa: ANN401 - highdicom has no types
    """Return the labels of a SEG whose frames are stacked along a slanting line.

    Raises
    ------
    ValueError
        The frames make no grid, or hold shares instead of segments.
    RuntimeError
        Segments overlap.
    """
    if seg.SegmentationType not in {BINARY, LABELMAP}:
        raise ValueError("frames of shares")
    frames = list(seg.PerFrameFunctionalGroupsSequence)
    corners = np.array([_group(seg, one, "PlanePosition").ImagePositionPatient for one in frames])
    orientation = np.array(_group(seg, frames[0], "PlaneOrientation").ImageOrientationPatient)
    normal = np.cross(orientation[:3], orientation[3:])
    places, number_of = np.unique(
        np.rint(corners @ normal / STEP_TOLERANCE_MM), return_inverse=True
    )
    first = [int(np.flatnonzero(number_of == k)[0]) for k in range(len(places))]
    measures = _group(seg, frames[0], "PixelMeasures")
    geometry = _stacked(
        corners[first], orientation, measures.PixelSpacing, (len(places), seg.Rows, seg.Columns)
    )
    labels = np.zeros(geometry.shape_kji, dtype=np.uint16)
    for n, k in enumerate(number_of.tolist()):
        _lay(labels[k], seg.get_stored_frame(n + 1), _label_of(seg, frames[n]))
    return labels, geometry


def _group(seg: Any, frame: "Dataset", name: str) -> "Dataset":  # noqa: ANN401 - as above
    """Return the item of a functional group, of the frame's own or shared by all."""
    keyword = f"{name}Sequence"
    shared = seg.SharedFunctionalGroupsSequence[0]
    item: Dataset = (frame if keyword in frame else shared)[keyword].value[0]
    return item


def _stacked(
    corners: NDArray[np.float64],
    orientation: NDArray[np.float64],
    pixel_spacing: Any,  # noqa: ANN401 - pydicom's list of numbers
    shape_kji: tuple[int, int, int],
) -> VolumeGeometry:
    """Return the grid of planes with these first corners, if their steps are even."""
    if len(corners) < 2:  # noqa: PLR2004 - one plane says nothing of the step
        raise ValueError("a single plane")
    step = (corners[-1] - corners[0]) / (len(corners) - 1)
    even = corners[0] + np.arange(len(corners))[:, None] * step
    if np.abs(corners - even).max() > STEP_TOLERANCE_MM:
        raise ValueError("uneven planes")
    affine = np.eye(4)
    affine[:3, 0] = orientation[:3] * float(pixel_spacing[1])
    affine[:3, 1] = orientation[3:] * float(pixel_spacing[0])
    affine[:3, 2] = step
    affine[:3, 3] = corners[0]
    return grid_of(affine, shape_kji)


def _label_of(seg: Any, frame: "Dataset") -> int | None:  # noqa: ANN401 - as above
    """Return the segment that a frame shows; none where its pixels are labels themselves."""
    if seg.SegmentationType == LABELMAP:
        return None
    return int(_group(seg, frame, "SegmentIdentification").ReferencedSegmentNumber)


def _lay(plane: NDArray[np.uint16], frame: NDArray[Any], label: int | None) -> None:
    if label is None:
        plane[...] = frame
        return
    inside = frame > 0
    if (plane[inside] > 0).any():
        raise RuntimeError("segments overlap")
    plane[inside] = label
