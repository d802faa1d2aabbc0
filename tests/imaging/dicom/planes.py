"""Series written plane by plane, whose every voxel holds a number of its own and has a known place.

The truth is the standard's equation (PS3.3, C.7.6.2.1-1) over the planes as they were meant, not as
a reader found them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian

from imaging.volume import Volume
from tests.imaging.dicom.written_series import CT, ROOT, save

PLACE_TOLERANCE_MM = 0.03
"""What is promised of every voxel; the header's own 16 characters are good to 1e-6 mm."""

INTERCEPT = -1024

Edit = Callable[[Dataset, int], None]
"""Changes the data set of plane number n before it is written."""


@dataclass(frozen=True)
class Plane:
    """One slice as it was meant."""

    position: tuple[float, ...]
    """Centre of the first voxel, mm, LPS."""
    row: tuple[float, ...] = (1.0, 0.0, 0.0)
    """Direction along a row, in which columns are counted."""
    column: tuple[float, ...] = (0.0, 1.0, 0.0)
    spacing: tuple[float, float] = (0.9, 0.7)
    """PixelSpacing: between rows, between columns, mm."""
    shape: tuple[int, int] = (5, 4)
    """Rows, columns."""
    tags: Mapping[str, object] = field(default_factory=dict)
    """Attributes to set by keyword; None removes one."""

    @property
    def size(self) -> int:
        """Number of voxels."""
        return self.shape[0] * self.shape[1]

    def places(self) -> NDArray[np.float64]:
        """Return the places of the voxels, row by row, (n, 3), mm."""
        j, i = np.indices(self.shape).reshape(2, -1, 1)
        along_i = np.array(self.row) * self.spacing[1]
        along_j = np.array(self.column) * self.spacing[0]
        return np.array(self.position) + i * along_i + j * along_j

    def tagged(self, **tags: object) -> "Plane":
        """Return the plane with more attributes."""
        return replace(self, tags={**self.tags, **tags})


def stack(
    count: int = 6,
    step: ArrayLike = (0.0, 0.0, 2.5),
    origin: ArrayLike = (-31.5, 12.25, 100.0),
    **plane: object,
) -> list[Plane]:
    """Return parallel planes at even steps; `plane` goes to each `Plane`."""
    places = np.array(origin, float) + np.outer(np.arange(count), np.array(step, float))
    return [Plane(tuple(place.tolist()), **plane) for place in places]  # type: ignore[arg-type]


def rotated(planes: Sequence[Plane], rotation: ArrayLike, shift: ArrayLike = 0.0) -> list[Plane]:
    """Return the planes moved as one rigid body: turned about the origin, then shifted."""
    turn = np.array(rotation, float)

    def moved(vector: ArrayLike, by: ArrayLike = 0.0) -> tuple[float, ...]:
        return tuple((turn @ np.array(vector, float) + by).tolist())

    return [
        replace(
            one, position=moved(one.position, shift), row=moved(one.row), column=moved(one.column)
        )
        for one in planes
    ]


def tagged(planes: Sequence[Plane], **tags: object) -> list[Plane]:
    """Return the planes, each with more attributes."""
    return [one.tagged(**tags) for one in planes]


def about_x(angle_deg: float) -> NDArray[np.float64]:
    """Return the rotation about the patient's left-right axis."""
    angle = np.radians(angle_deg)
    cosine, sine = np.cos(angle), np.sin(angle)
    return np.array([[1, 0, 0], [0, cosine, -sine], [0, sine, cosine]])


def numbers_of(planes: Sequence[Plane]) -> list[NDArray[np.uint16]]:
    """Return what each plane's voxels hold: the numbers of all voxels in order."""
    ends = np.cumsum([one.size for one in planes])
    return [
        np.arange(end - one.size, end, dtype=np.uint16).reshape(one.shape)
        for one, end in zip(planes, ends, strict=True)
    ]


def header_of(plane: Plane, number: int) -> Dataset:
    """Return the header of a plane, without what `plane.tags` says and without pixels."""
    dataset = Dataset()
    dataset.SOPClassUID = CT
    dataset.SOPInstanceUID = f"{ROOT}.1.{number + 1}"
    dataset.StudyInstanceUID = f"{ROOT}.2"
    dataset.SeriesInstanceUID = f"{ROOT}.3"
    dataset.FrameOfReferenceUID = f"{ROOT}.4"
    dataset.Modality = "CT"
    dataset.PatientName = "Secret^Name"
    dataset.PatientID = "SECRET-ID"
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    dataset.InstanceNumber = number + 1
    dataset.ImagePositionPatient = decimals(plane.position)
    dataset.ImageOrientationPatient = decimals((*plane.row, *plane.column))
    dataset.PixelSpacing = decimals(plane.spacing)
    dataset.Rows, dataset.Columns = plane.shape
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.BitsAllocated = dataset.BitsStored = 16
    dataset.HighBit = 15
    dataset.PixelRepresentation = 0
    dataset.RescaleSlope, dataset.RescaleIntercept = "1", str(INTERCEPT)
    return dataset


def decimals(values: Sequence[float]) -> list[str]:
    """Return numbers as decimal strings of 16 characters at most, DICOM PS3.5, 6.2."""
    return [f"{value:.12f}"[:16] for value in values]


def keep(_dataset: Dataset, _number: int) -> None:
    """Change nothing."""


def write_planes(
    folder: Path,
    planes: Sequence[Plane],
    *,
    edit: Edit = keep,
    names: Sequence[str] | None = None,
    syntax: str = ExplicitVRLittleEndian,
) -> list[Path]:
    """Write one file for each plane; return their paths in the planes' order."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, (plane, values) in enumerate(zip(planes, numbers_of(planes), strict=True)):
        dataset = header_of(plane, number)
        dataset.PixelData = values.astype(
            ">u2" if syntax == ExplicitVRBigEndian else "<u2"
        ).tobytes()
        apply(dataset, plane.tags)
        edit(dataset, number)
        path = folder / (names[number] if names else f"{number:04d}.dcm")
        save(dataset, path, syntax)
        paths.append(path)
    return paths


def apply(dataset: Dataset, tags: Mapping[str, object]) -> None:
    """Set attributes by keyword; None removes one."""
    for keyword, value in tags.items():
        if value is None:
            if keyword in dataset:
                delattr(dataset, keyword)
        else:
            setattr(dataset, keyword, value)


def worst_mm(volume: Volume, planes: Sequence[Plane]) -> float:
    """Return how far the worst voxel of `volume` lies from where it was meant, mm.

    Every voxel is looked at, and told from the others by its value.
    """
    truth = np.concatenate([one.places() for one in planes])
    numbers = np.rint(volume.voxels.astype(np.float64) - INTERCEPT).astype(int)
    k, j, i = np.indices(volume.voxels.shape).reshape(3, -1)
    found = volume.geometry.index_to_world(np.column_stack([i, j, k]))
    return float(np.linalg.norm(found - truth[numbers.ravel()], axis=1).max())


def held_planes(volume: Volume, planes: Sequence[Plane]) -> set[int]:
    """Return which of the planes a volume is made of, after proving that it has each voxel once."""
    numbers = np.rint(volume.voxels.astype(np.float64) - INTERCEPT).astype(int).ravel()
    if len(set(numbers.tolist())) < numbers.size:
        raise AssertionError("a voxel stands twice in the volume")
    owner = np.repeat(np.arange(len(planes)), [one.size for one in planes])
    held = set(owner[numbers].tolist())
    if numbers.size != sum(planes[at].size for at in held):
        raise AssertionError("a plane is not whole in the volume")
    return held
