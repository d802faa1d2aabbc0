"""Header values as the bytes that stand in the file, and the few numbers and texts made of them.

Unlike pydicom's own conversions, these refuse NaN, and convert only what is asked for.
"""

import math
import struct
from dataclasses import dataclass
from typing import Final

from pydicom.dataelem import RawDataElement
from pydicom.dataset import FileDataset
from pydicom.tag import BaseTag

_TAGS: Final = {
    "ImageType": 0x00080008,
    "SOPClassUID": 0x00080016,
    "SOPInstanceUID": 0x00080018,
    "StudyDate": 0x00080020,
    "SeriesDate": 0x00080021,
    "AcquisitionDate": 0x00080022,
    "Modality": 0x00080060,
    "SeriesDescription": 0x0008103E,
    "SliceThickness": 0x00180050,
    "KVP": 0x00180060,
    "EchoTime": 0x00180081,
    "InversionTime": 0x00180082,
    "ConvolutionKernel": 0x00181210,
    "DiffusionBValue": 0x00189087,
    "StudyInstanceUID": 0x0020000D,
    "SeriesInstanceUID": 0x0020000E,
    "ImagePositionPatient": 0x00200032,
    "ImageOrientationPatient": 0x00200037,
    "FrameOfReferenceUID": 0x00200052,
    "TemporalPositionIdentifier": 0x00200100,
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
    "RescaleIntercept": 0x00281052,
    "RescaleSlope": 0x00281053,
    "RescaleType": 0x00281054,
    "ModalityLUTSequence": 0x00283000,
}
_BASE_TAGS: Final = {keyword: BaseTag(tag) for keyword, tag in _TAGS.items()}
SPECIFIC_TAGS: Final = list(_BASE_TAGS.values())
"""All that is read of a header."""


@dataclass(frozen=True, slots=True)
class RawValues:
    """Values by keyword, as the bytes that stand in the file."""

    dataset: FileDataset
    little: bool

    def has(self, keyword: str) -> bool:
        """Return whether the attribute is there at all."""
        return _BASE_TAGS[keyword] in self.dataset

    def bytes_of(self, keyword: str) -> bytes:
        """Return the value as it stands in the file; empty where there is none."""
        tag = _BASE_TAGS[keyword]
        if tag not in self.dataset:
            return b""
        element = self.dataset.get_item(tag)
        if isinstance(element, RawDataElement):
            return element.value if isinstance(element.value, bytes) else b""
        return b"" if element.value is None else str(element.value).encode("latin-1", "replace")

    def text(self, keyword: str) -> str:
        """Return a text without its padding."""
        return self.bytes_of(keyword).decode("latin-1").strip(" \0")

    def texts(self, keyword: str) -> tuple[str, ...]:
        """Return the values of a text of several values."""
        return tuple(part.strip() for part in self.text(keyword).split("\\") if part.strip())

    def numbers(self, keyword: str) -> tuple[float, ...]:
        """Return decimal strings as floats; raise `ValueError` where one is no finite number."""
        values = tuple(float(part) for part in self.texts(keyword))
        if not all(math.isfinite(value) for value in values):
            raise ValueError(keyword)
        return values

    def number(self, keyword: str) -> float | None:
        """Return the first decimal string as a float, or None where there is none."""
        values = self.numbers(keyword)
        return values[0] if values else None

    def word(self, keyword: str, default: int) -> int:
        """Return a 16 bit value, unsigned."""
        value = self.bytes_of(keyword)
        if len(value) < 2:  # noqa: PLR2004 - two bytes are a word
            return default
        return int(struct.unpack("<H" if self.little else ">H", value[:2])[0])
