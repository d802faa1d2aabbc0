"""DICOMDIR files with any file ids."""

import io
import warnings
from collections.abc import Sequence
from pathlib import Path

import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian, MediaStorageDirectoryStorage

ROOT = "1.2.826.0.1.3680043.8.498.78"


def record(file_id: str) -> Dataset:
    """Return an IMAGE record, with an icon as many media have it."""
    found = Dataset()
    found.OffsetOfTheNextDirectoryRecord = 0
    found.RecordInUseFlag = 0xFFFF
    found.OffsetOfReferencedLowerLevelDirectoryEntity = 0
    found.DirectoryRecordType = "IMAGE"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # hostile ids are not spelled as the standard wants
        found.add_new(0x00041500, "CS", file_id)
    found.ReferencedSOPClassUIDInFile = "1.2.840.10008.5.1.4.1.1.2"
    icon = Dataset()
    icon.Rows = icon.Columns = 4
    icon.PixelData = bytes(range(16))
    icon["PixelData"].VR = "OB"
    found.IconImageSequence = [icon]
    return found


def directory_bytes(
    records: Sequence[Dataset], syntax: UID = ExplicitVRLittleEndian, *, undefined: bool = True
) -> bytes:
    """Return a DICOMDIR with these records, its sequences with or without a stated length."""
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.MediaStorageSOPClassUID = MediaStorageDirectoryStorage
    dataset.file_meta.MediaStorageSOPInstanceUID = UID(f"{ROOT}.1")
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.FileSetID = "MEDIUM"
    dataset.DirectoryRecordSequence = list(records)
    dataset["DirectoryRecordSequence"].is_undefined_length = undefined
    for one in records:
        one.is_undefined_length_sequence_item = undefined
    written = io.BytesIO()
    pydicom.dcmwrite(written, dataset, enforce_file_format=True)
    return written.getvalue()


def write_directory(folder: Path, file_ids: Sequence[str]) -> Path:
    """Write a DICOMDIR that names these files."""
    path = folder / "DICOMDIR"
    path.write_bytes(directory_bytes([record(one) for one in file_ids]))
    return path
