"""Small DICOM series with known voxels at known places."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

CT = "1.2.840.10008.5.1.4.1.1.2"
MR = "1.2.840.10008.5.1.4.1.1.4"
ROOT = "1.2.826.0.1.3680043.8.498.77"

Edit = Callable[[Dataset, int], None]
"""Changes the data set of slice k before it is written."""


def keep(_dataset: Dataset, _k: int) -> None:
    """Change nothing."""


@dataclass(frozen=True)
class Grid:
    """Where the slices lie."""

    shape_kji: tuple[int, int, int] = (5, 6, 7)
    spacing: tuple[float, float, float] = (0.7, 0.9, 2.5)
    origin: tuple[float, float, float] = (-31.5, 12.25, 100.0)
    rotation: tuple[tuple[float, ...], ...] = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
    """Columns are the directions of i, j and k."""

    def world(self, i: float, j: float, k: float) -> NDArray[np.float64]:
        """Return the place of a voxel by the standard's equation, mm, LPS."""
        steps = np.array([i, j, k]) * self.spacing
        place: NDArray[np.float64] = np.array(self.origin) + np.array(self.rotation) @ steps
        return place


def stored_values(shape_kji: tuple[int, int, int]) -> NDArray[np.uint16]:
    """Return a different value for every voxel: its number."""
    return np.arange(np.prod(shape_kji), dtype=np.uint16).reshape(shape_kji)


def dataset_of(grid: Grid, k: int, values: NDArray[np.generic]) -> Dataset:
    """Return slice k of a CT series."""
    rotation = np.array(grid.rotation)
    dataset = Dataset()
    dataset.SOPClassUID = CT
    dataset.SOPInstanceUID = f"{ROOT}.1.{k + 1}"
    dataset.StudyInstanceUID = f"{ROOT}.2"
    dataset.SeriesInstanceUID = f"{ROOT}.3"
    dataset.FrameOfReferenceUID = f"{ROOT}.4"
    dataset.Modality = "CT"
    dataset.PatientName = "Secret^Name"
    dataset.PatientID = "SECRET-ID"
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    dataset.SeriesDescription = "a series"
    dataset.InstanceNumber = k + 1
    dataset.ImagePositionPatient = [f"{x:.8f}"[:16] for x in grid.world(0, 0, k)]
    dataset.ImageOrientationPatient = [f"{x:.10f}"[:16] for x in rotation[:, :2].T.ravel()]
    dataset.PixelSpacing = [f"{grid.spacing[1]:.9g}", f"{grid.spacing[0]:.9g}"]
    dataset.Rows, dataset.Columns = values.shape
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.BitsAllocated = dataset.BitsStored = 16
    dataset.HighBit = 15
    dataset.PixelRepresentation = 0
    dataset.RescaleSlope, dataset.RescaleIntercept = "1", "-1024"
    dataset.PixelData = values.astype("<u2").tobytes()
    return dataset


def save(dataset: Dataset, path: Path, syntax: str = ExplicitVRLittleEndian) -> None:
    """Write a complete DICOM file."""
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = pydicom.uid.UID(syntax)
    if not dataset.get("SOPInstanceUID"):
        dataset.file_meta.MediaStorageSOPInstanceUID = pydicom.uid.UID(f"{ROOT}.0")
    dataset["PixelData"].VR = "OB" if dataset.file_meta.TransferSyntaxUID.is_compressed else "OW"
    pydicom.dcmwrite(
        path,
        dataset,
        implicit_vr=syntax == ImplicitVRLittleEndian,
        little_endian=syntax != ExplicitVRBigEndian,
        enforce_file_format=True,
    )


def write_series(
    folder: Path,
    grid: Grid = Grid(),
    *,
    edit: Edit = keep,
    order: Sequence[int] | None = None,
    syntax: str = ExplicitVRLittleEndian,
) -> list[Path]:
    """Write the slices of `grid`, named in `order`; return their paths by k."""
    folder.mkdir(parents=True, exist_ok=True)
    values = stored_values(grid.shape_kji)
    names = order if order is not None else range(grid.shape_kji[0])
    paths = []
    for k, name in zip(range(grid.shape_kji[0]), names, strict=True):
        dataset = dataset_of(grid, k, values[k])
        edit(dataset, k)
        path = folder / f"{name:04d}.dcm"
        save(dataset, path, syntax)
        paths.append(path)
    return paths
