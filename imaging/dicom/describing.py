"""What one set of header values says of a plane: position, pixels, rescale, what tells it apart."""

from typing import Final

from imaging.dicom.frame import PixelFormat, Rescale
from imaging.dicom.raw_values import RawValues
from imaging.space import Vector

_CONTRAST: Final = (
    "KVP",
    "EchoTime",
    "InversionTime",
    "ConvolutionKernel",
    "DiffusionBValue",
    "TemporalPositionIdentifier",
)
"""What tells two volumes in one series apart by what they show."""

_ORDER: Final = (
    "AcquisitionNumber",
    "TriggerTime",
    "AcquisitionTime",
    "ContentTime",
    "InstanceNumber",
)
"""What tells them apart by when they were taken, the surest first."""

_WORD_VALUES: Final = 0x10000
_NEGATIVE: Final = 0x8000


def position(raw: RawValues) -> Vector | None:
    """Return ImagePositionPatient, mm, or None."""
    values = raw.numbers("ImagePositionPatient")
    return (values[0], values[1], values[2]) if len(values) == 3 else None  # noqa: PLR2004


def orientation(raw: RawValues) -> tuple[float, ...] | None:
    """Return ImageOrientationPatient, or None."""
    return raw.numbers("ImageOrientationPatient") or None


def pixel_spacing(raw: RawValues) -> tuple[float, ...] | None:
    """Return PixelSpacing, mm, or None."""
    return raw.numbers("PixelSpacing") or None


def thickness_mm(raw: RawValues) -> float | None:
    """Return SliceThickness, which decides nothing and may be wrong without harm."""
    try:
        return raw.number("SliceThickness")
    except ValueError:
        return None


def date(raw: RawValues, *keywords: str) -> str:
    """Return the first of the dates that is one, as YYYY-MM-DD, or an empty text."""
    for keyword in keywords:
        text = raw.text(keyword).replace(".", "")
        if len(text) >= 8 and text[:8].isdigit():  # noqa: PLR2004 - YYYYMMDD
            return f"{text[:4]}-{text[4:6]}-{text[6:8]}"
    return ""


def contrast(raw: RawValues) -> tuple[tuple[str, str], ...]:
    """Return what the plane shows, by keyword."""
    found = [(keyword, raw.text(keyword)) for keyword in _CONTRAST]
    return (*found, ("ImageType", "/".join(raw.texts("ImageType")[2:])))


def order(raw: RawValues) -> tuple[tuple[str, str], ...]:
    """Return when the plane was taken, by keyword."""
    return tuple((keyword, raw.text(keyword)) for keyword in _ORDER)


def pixel_format(raw: RawValues) -> PixelFormat:
    """Return how the stored values lie in the file."""
    allocated = raw.word("BitsAllocated", 0)
    stored = raw.word("BitsStored", allocated)
    return PixelFormat(
        rows=raw.word("Rows", 0),
        columns=raw.word("Columns", 0),
        bits_allocated=allocated,
        bits_stored=stored,
        high_bit=raw.word("HighBit", max(stored - 1, 0)),
        signed=raw.word("PixelRepresentation", 0) == 1,
        samples_per_pixel=raw.word("SamplesPerPixel", 1),
        photometric_interpretation=raw.text("PhotometricInterpretation"),
        frames=int(raw.number("NumberOfFrames") or 1),
    )


def rescale(raw: RawValues) -> Rescale:
    """Return the linear part of the Modality LUT."""
    slope, intercept = raw.number("RescaleSlope"), raw.number("RescaleIntercept")
    present = slope is not None or intercept is not None
    return Rescale(
        1.0 if slope is None else slope,
        0.0 if intercept is None else intercept,
        raw.text("RescaleType"),
        present,
    )


def padding(raw: RawValues) -> tuple[int, int] | None:
    """Return the lowest and highest stored value that mean "no measurement", or None."""
    if len(raw.bytes_of("PixelPaddingValue")) < 2:  # noqa: PLR2004 - two bytes are a word
        return None
    signed = raw.word("PixelRepresentation", 0) == 1
    ends = [raw.word("PixelPaddingValue", 0)]
    ends.append(raw.word("PixelPaddingRangeLimit", ends[0]))
    values = [end - _WORD_VALUES if signed and end >= _NEGATIVE else end for end in ends]
    return min(values), max(values)
