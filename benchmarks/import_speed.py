"""Import of 300 slices of 512 x 512, uncompressed, against SimpleITK's series reader."""

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

from benchmarks.effort import FULL, Effort
from benchmarks.table import Row, compare
from imaging.dicom.reading import read_volume
from imaging.importing import import_volume

SIDE = 512
_ROOT = "1.2.826.0.1.3680043.8.498.78"


def measure(effort: Effort = FULL) -> list[Row]:
    """Return import in this process, and in a worker process, against SimpleITK."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_slices(folder, effort.slices)
        ours, theirs = read_volume([folder]).voxels, _voxels_by_simple_itk(folder)
        if not np.array_equal(ours, theirs):
            raise AssertionError("ours and SimpleITK's voxels differ")
        del ours, theirs
        size = f"{effort.slices} x {SIDE} x {SIDE}"
        return [
            compare(
                f"import {size}, this process / SimpleITK",
                lambda: read_volume([folder]),
                lambda: image_by_simple_itk(folder),
                effort.runs,
            ),
            compare(
                f"import {size}, worker process / SimpleITK",
                lambda: import_volume([folder]),
                lambda: image_by_simple_itk(folder),
                effort.runs,
            ),
        ]


def image_by_simple_itk(folder: Path) -> Any:  # noqa: ANN401 - SimpleITK has no types
    """Return SimpleITK's image, without the copy into an array that would be held against it."""
    import SimpleITK

    reader = SimpleITK.ImageSeriesReader()
    reader.SetFileNames(SimpleITK.ImageSeriesReader.GetGDCMSeriesFileNames(str(folder)))
    return reader.Execute()


def _voxels_by_simple_itk(folder: Path) -> NDArray[np.generic]:
    import SimpleITK

    voxels: NDArray[np.generic] = SimpleITK.GetArrayFromImage(image_by_simple_itk(folder))
    return voxels


def write_slices(folder: Path, count: int) -> None:
    """Write a noisy CT series."""
    noise = np.random.default_rng(1).integers(0, 4096, (SIDE, SIDE), dtype=np.uint16)
    for k in range(count):
        dataset = slice_without_pixels(k)
        dataset.PixelData = np.roll(noise, k).tobytes()
        path = folder / f"{k:04d}.dcm"
        pydicom.dcmwrite(path, dataset, enforce_file_format=True)


def slice_without_pixels(k: int) -> Dataset:
    """Return the header of slice k."""
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.SOPClassUID = CTImageStorage
    dataset.SOPInstanceUID = f"{_ROOT}.1.{k + 1}"
    dataset.StudyInstanceUID = f"{_ROOT}.2"
    dataset.SeriesInstanceUID = f"{_ROOT}.3"
    dataset.FrameOfReferenceUID = f"{_ROOT}.4"
    dataset.Modality = "CT"
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    dataset.InstanceNumber = k + 1
    dataset.ImagePositionPatient = [-125, -125, k]
    dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    dataset.PixelSpacing = [0.488281, 0.488281]
    dataset.SliceThickness = 1
    dataset.Rows = dataset.Columns = SIDE
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, 12, 11
    dataset.PixelRepresentation = 0
    dataset.RescaleSlope, dataset.RescaleIntercept = 1, -1024
    return dataset


if __name__ == "__main__":
    for row in measure():
        print(row)
