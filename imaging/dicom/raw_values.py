"""Header values as the bytes that stand in the file, and the few numbers and texts made of them.

They are converted only when asked for, and NaN and infinity are refused.
"""

import math
import struct
from dataclasses import dataclass
from typing import Final

from imaging.dicom.elements import Elements

_TAGS: Final = {
    "TransferSyntaxUID": 0x00020010,
    "MediaStorageSOPClassUID": 0x00020002,
    "SpecificCharacterSet": 0x00080005,
    "ImageType": 0x00080008,
    "SOPClassUID": 0x00080016,
    "SOPInstanceUID": 0x00080018,
    "StudyDate": 0x00080020,
    "SeriesDate": 0x00080021,
    "AcquisitionDate": 0x00080022,
    "AcquisitionDateTime": 0x0008002A,
    "AcquisitionTime": 0x00080032,
    "ContentTime": 0x00080033,
    "AccessionNumber": 0x00080050,
    "Modality": 0x00080060,
    "Manufacturer": 0x00080070,
    "StudyDescription": 0x00081030,
    "SeriesDescription": 0x0008103E,
    "FrameType": 0x00089007,
    "PatientName": 0x00100010,
    "PatientID": 0x00100020,
    "IssuerOfPatientID": 0x00100021,
    "SourcePatientGroupIdentificationSequence": 0x00100026,
    "GroupOfPatientsIdentificationSequence": 0x00100027,
    "SubjectRelativePositionInImage": 0x00100028,
    "PatientBirthDate": 0x00100030,
    "PatientSex": 0x00100040,
    "BodyPartExamined": 0x00180015,
    "SliceThickness": 0x00180050,
    "KVP": 0x00180060,
    "EchoTime": 0x00180081,
    "InversionTime": 0x00180082,
    "SpacingBetweenSlices": 0x00180088,
    "TriggerTime": 0x00181060,
    "ConvolutionKernel": 0x00181210,
    "PatientPosition": 0x00185100,
    "EffectiveEchoTime": 0x00189082,
    "DiffusionBValue": 0x00189087,
    "DiffusionGradientOrientation": 0x00189089,
    "MosaicImages": 0x0019100A,
    "StudyInstanceUID": 0x0020000D,
    "SeriesInstanceUID": 0x0020000E,
    "StudyID": 0x00200010,
    "SeriesNumber": 0x00200011,
    "AcquisitionNumber": 0x00200012,
    "InstanceNumber": 0x00200013,
    "ImagePositionPatient": 0x00200032,
    "ImageOrientationPatient": 0x00200037,
    "FrameOfReferenceUID": 0x00200052,
    "TemporalPositionIdentifier": 0x00200100,
    "StackID": 0x00209056,
    "TemporalPositionIndex": 0x00209128,
    "NominalCardiacTriggerDelayTime": 0x00209153,
    "FrameAcquisitionNumber": 0x00209156,
    "FrameAcquisitionDateTime": 0x00189074,
    "SamplesPerPixel": 0x00280002,
    "PhotometricInterpretation": 0x00280004,
    "NumberOfFrames": 0x00280008,
    "Rows": 0x00280010,
    "Columns": 0x00280011,
    "PixelSpacing": 0x00280030,
    "BitsAllocated": 0x00280100,
    "BitsStored": 0x00280101,
    "HighBit": 0x00280102,
    "PixelRepresentation": 0x00280103,
    "PixelPaddingValue": 0x00280120,
    "PixelPaddingRangeLimit": 0x00280121,
    "WindowCenter": 0x00281050,
    "WindowWidth": 0x00281051,
    "RescaleIntercept": 0x00281052,
    "RescaleSlope": 0x00281053,
    "RescaleType": 0x00281054,
    "VOILUTFunction": 0x00281056,
    "LossyImageCompression": 0x00282110,
    "ModalityLUTSequence": 0x00283000,
    "SiemensImageHeader": 0x00291010,
    "SharedFunctionalGroupsSequence": 0x52009229,
    "PerFrameFunctionalGroupsSequence": 0x52009230,
    "PlanePositionSequence": 0x00209113,
    "PlaneOrientationSequence": 0x00209116,
    "PixelMeasuresSequence": 0x00289110,
    "FrameVOILUTSequence": 0x00289132,
    "PixelValueTransformationSequence": 0x00289145,
    "FrameContentSequence": 0x00209111,
    "CardiacSynchronizationSequence": 0x00189118,
    "MREchoSequence": 0x00189114,
    "MRDiffusionSequence": 0x00189117,
    "DiffusionGradientDirectionSequence": 0x00189076,
    "MRImageFrameTypeSequence": 0x00189226,
    "CTImageFrameTypeSequence": 0x00189329,
    "CTReconstructionSequence": 0x00189314,
    "CTXRayDetailsSequence": 0x00189325,
    "UnassignedSharedConvertedAttributesSequence": 0x00209170,
    "UnassignedPerFrameConvertedAttributesSequence": 0x00209171,
}
SEQUENCES: Final = frozenset(
    _TAGS[keyword]
    for keyword in (
        "ModalityLUTSequence",
        "SourcePatientGroupIdentificationSequence",
        "GroupOfPatientsIdentificationSequence",
        "SharedFunctionalGroupsSequence",
        "PerFrameFunctionalGroupsSequence",
    )
)
"""Those of the top level whose items are read."""

WANTED: Final = frozenset(_TAGS.values()) - SEQUENCES
"""All other values that are read of a header."""


@dataclass(frozen=True, slots=True)
class RawValues:
    """Values by keyword, as the bytes that stand in the file."""

    elements: Elements
    little: bool

    def has(self, keyword: str) -> bool:
        """Return whether the attribute is there at all."""
        return _TAGS[keyword] in self.elements

    def bytes_of(self, keyword: str) -> bytes:
        """Return the value as it stands in the file; empty where there is none."""
        value = self.elements.get(_TAGS[keyword], b"")
        return value if isinstance(value, bytes) else b""

    def items(self, keyword: str) -> tuple["RawValues", ...]:
        """Return the items of a sequence; none where there is none."""
        value = self.elements.get(_TAGS[keyword], ())
        if isinstance(value, bytes):
            return ()
        return tuple(RawValues(item, self.little) for item in value)

    def text(self, keyword: str) -> str:
        """Return a text without its padding."""
        value = self.bytes_of(keyword)
        return value.decode("latin-1").strip(" \0") if value else ""

    def texts(self, keyword: str) -> tuple[str, ...]:
        """Return the values of a text of several values."""
        text = self.text(keyword)
        if not text:
            return ()
        return tuple([part.strip() for part in text.split("\\") if part.strip()])

    def numbers(self, keyword: str) -> tuple[float, ...]:
        """Return decimal strings as floats; raise `ValueError` where one is no finite number."""
        texts = self.texts(keyword)
        if not texts:
            return ()
        values = tuple([float(part) for part in texts])
        if not all(map(math.isfinite, values)) or b"_" in self.bytes_of(keyword):  # Python's 1_000
            raise ValueError(keyword)
        return values

    def number(self, keyword: str) -> float | None:
        """Return the first decimal string as a float, or None where there is none."""
        values = self.numbers(keyword)
        return values[0] if values else None

    def word(self, keyword: str, default: int) -> int:
        """Return a 16 bit value, unsigned."""
        return self._binary(keyword, "H", default)

    def words(self, keyword: str) -> tuple[int, ...]:
        """Return all values of 16 bits, unsigned."""
        value = self.bytes_of(keyword)
        order = "<" if self.little else ">"
        return struct.unpack_from(f"{order}{len(value) // 2}H", value)

    def long(self, keyword: str, default: int) -> int:
        """Return a 32 bit value, unsigned."""
        return self._binary(keyword, "I", default)

    def doubles(self, keyword: str) -> tuple[float, ...]:
        """Return values of 64 bits (FD)."""
        value = self.bytes_of(keyword)
        order = "<" if self.little else ">"
        return struct.unpack_from(f"{order}{len(value) // 8}d", value)

    def _binary(self, keyword: str, kind: str, default: int) -> int:
        value = self.bytes_of(keyword)
        if len(value) < struct.calcsize(kind):
            return default
        return int(struct.unpack_from(("<" if self.little else ">") + kind, value)[0])
