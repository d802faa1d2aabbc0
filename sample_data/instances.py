"""DICOM instances of a phantom's volume: CT Image Storage and MR Image Storage."""

import math
from collections.abc import Iterator
from typing import Final

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID, CTImageStorage, ExplicitVRLittleEndian, MRImageStorage
from pydicom.valuerep import DSfloat, format_number_as_ds

from imaging.space import dot
from imaging.volume import Volume, VolumeGeometry
from sample_data.acquisition import PatientPosition
from sample_data.groups import subject_items
from sample_data.identity import uid_of
from sample_data.scene import Scene

MADE_ON: Final = "20000101"
"""The date and, with it, midnight: a clock would make every series another one."""
MIDNIGHT: Final = "000000"
INTERCEPT_HU: Final = -1024
IMPLEMENTATION_UID: Final = UID(uid_of("implementation"))
SOP_CLASSES: Final = {"CT": CTImageStorage, "MR": MRImageStorage}


def instances(
    volume: Volume,
    scene: Scene,
    patient_position: PatientPosition,
    instance_numbers: list[int],
) -> Iterator[Dataset]:
    """Yield one dataset per slice, k ascending.

    Parameters
    ----------
    volume : Volume
        int16, of modality CT or MR.
    scene : Scene
        Whom the volume shows.
    patient_position : str
        DICOM PatientPosition; the geometry already knows of it.
    instance_numbers : list of int
        InstanceNumber of each slice.
    """
    for k, number in enumerate(instance_numbers):
        dataset = Dataset()
        _describe_study(dataset, volume, scene, patient_position)
        _describe_series(dataset, volume, scene.body_part, patient_position)
        if volume.modality == "CT":
            _describe_ct(dataset, volume.geometry)
        else:
            _describe_mr(dataset)
        _describe_slice(dataset, volume, k, number)
        dataset.file_meta = _file_meta(dataset)
        yield dataset


def _describe_study(
    dataset: Dataset, volume: Volume, scene: Scene, patient_position: PatientPosition
) -> None:
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.PatientName = f"Phantom^{scene.name.capitalize()}"
    dataset.PatientID = scene.patient_id
    if items := subject_items(scene, patient_position):
        dataset.GroupOfPatientsIdentificationSequence = items
    dataset.PatientBirthDate = ""
    dataset.PatientSex = "O"
    dataset.StudyInstanceUID = volume.study_uid
    dataset.StudyDate = MADE_ON
    dataset.StudyTime = MIDNIGHT
    dataset.StudyID = "1"
    dataset.AccessionNumber = ""
    dataset.ReferringPhysicianName = ""
    dataset.StudyDescription = "Phantom with known answers"


def _describe_series(
    dataset: Dataset, volume: Volume, body_part: str, patient_position: PatientPosition
) -> None:
    dataset.Modality = volume.modality
    dataset.SeriesInstanceUID = volume.series_uid
    dataset.SeriesNumber = 1 if volume.modality == "CT" else 2
    dataset.SeriesDescription = volume.description
    dataset.BodyPartExamined = body_part
    dataset.PatientPosition = patient_position
    dataset.FrameOfReferenceUID = volume.frame_of_reference_uid
    dataset.PositionReferenceIndicator = ""
    dataset.Manufacturer = "Commissure"
    dataset.ManufacturerModelName = "Closed-form phantom"
    dataset.DeviceSerialNumber = "0"
    dataset.SoftwareVersions = "1"
    dataset.QualityControlImage = "YES"
    dataset.BurnedInAnnotation = "NO"
    dataset.LossyImageCompression = "00"


def _describe_ct(dataset: Dataset, geometry: VolumeGeometry) -> None:
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    dataset.KVP = "120"
    dataset.ConvolutionKernel = "BOX"
    dataset.RescaleIntercept = INTERCEPT_HU
    dataset.RescaleSlope = 1
    dataset.RescaleType = "HU"
    dataset.WindowCenter = 300
    dataset.WindowWidth = 1500
    if not geometry.is_right_angled:  # a nominal value: vendors differ in its sign
        _, j_axis, k_axis = geometry.direction
        (dataset.GantryDetectorTilt,) = _decimals(math.degrees(math.asin(dot(j_axis, k_axis))))


def _describe_mr(dataset: Dataset) -> None:
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "OTHER"]
    dataset.ScanningSequence = "GR"
    dataset.SequenceVariant = "SP"
    dataset.ScanOptions = ""
    dataset.MRAcquisitionType = "3D"
    dataset.RepetitionTime = "10"
    dataset.EchoTime = "4"
    dataset.FlipAngle = "20"
    dataset.EchoTrainLength = 1
    dataset.MagneticFieldStrength = "1.5"
    dataset.WindowCenter = 450
    dataset.WindowWidth = 900


def _describe_slice(dataset: Dataset, volume: Volume, k: int, number: int) -> None:
    geometry = volume.geometry
    dataset.SOPClassUID = SOP_CLASSES[volume.modality]
    dataset.SOPInstanceUID = uid_of("instance", volume.series_uid, k)
    dataset.InstanceNumber = number
    dataset.AcquisitionNumber = 1
    dataset.ContentDate = dataset.AcquisitionDate = dataset.SeriesDate = MADE_ON
    dataset.ContentTime = dataset.AcquisitionTime = dataset.SeriesTime = MIDNIGHT
    i_axis, j_axis, _ = geometry.direction
    dataset.ImageOrientationPatient = _decimals(*i_axis, *j_axis)
    dataset.ImagePositionPatient = _decimals(*geometry.index_to_world((0, 0, k)))
    column_spacing, row_spacing, slice_spacing = geometry.spacing
    dataset.PixelSpacing = _decimals(row_spacing, column_spacing)
    lean = 1.0 if geometry.is_right_angled else abs(geometry.handedness)
    (dataset.SliceThickness,) = _decimals(slice_spacing * lean)
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.Rows, dataset.Columns = geometry.shape_kji[1:]
    dataset.BitsAllocated = dataset.BitsStored = 16
    dataset.HighBit = 15
    dataset.PixelRepresentation = 1
    stored = volume.voxels[k] - np.int16(INTERCEPT_HU if volume.modality == "CT" else 0)
    dataset.PixelData = stored.astype("<i2").tobytes()


def _decimals(*values: float) -> list[DSfloat]:
    """Return decimal strings of at most 16 characters, and never a negative nought."""
    return [DSfloat(format_number_as_ds(float(value) + 0.0)) for value in values]


def _file_meta(dataset: Dataset) -> FileMetaDataset:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = IMPLEMENTATION_UID
    return meta
