"""Read the header of one file, and nothing of its pixels.

The head of the file is read into memory first, so that a lying length can ask for no more memory
than the head has, and pydicom walks it without a system call for each element.
"""

import io
import os
import struct
import zlib
from pathlib import Path
from typing import Final

from pydicom.filereader import dcmread

from imaging.dicom.frame import Frame, PixelFormat, PixelPlace, Rescale
from imaging.dicom.raw_values import SPECIFIC_TAGS, RawValues
from imaging.errors import RefusedFileError

HEAD_BYTES: Final = (64 * 2**10, 2**20, 16 * 2**20)
"""How much of a file is taken for its header, at first and when it proves longer."""

INFLATED_LIMIT_BYTES: Final = 64 * 2**20
"""A deflated instance may grow to this: twice a 4096 x 4096 frame; 1 MB can inflate to 2 GB."""

EXPLICIT_LITTLE: Final = "1.2.840.10008.1.2.1"
IMPLICIT_LITTLE: Final = "1.2.840.10008.1.2"
EXPLICIT_BIG: Final = "1.2.840.10008.1.2.2"
DEFLATED: Final = "1.2.840.10008.1.2.1.99"
MEDIA_DIRECTORY: Final = "1.2.840.10008.1.3.10"

_CONTRAST: Final = (
    "KVP",
    "EchoTime",
    "InversionTime",
    "ConvolutionKernel",
    "DiffusionBValue",
    "TemporalPositionIdentifier",
)
_PIXEL_DATA: Final = 0x7FE00010


class NoDicomError(Exception):
    """The file is no DICOM instance; `code` says what it is instead."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_header(file: Path) -> Frame:
    """Read what `file` says about itself.

    Parameters
    ----------
    file : Path
        A regular file of any kind.

    Returns
    -------
    Frame
        The header; its pixels were not touched.

    Raises
    ------
    NoDicomError
        The file is something else.
    RefusedFileError
        The file is DICOM, but cannot be read; `code` is ``"unreadable_file"``,
        ``"bad_number"`` or ``"inflates_too_far"``.
    """
    size = file.stat().st_size
    with file.open("rb", buffering=0) as source:
        for limit in HEAD_BYTES:
            head = _read_head(source.fileno(), limit)
            _require_dicom(head)
            deflated_from = _deflated_start(head)
            if deflated_from is not None:
                whole = inflate(file, deflated_from)
                return _parse(file, whole, len(whole), deflated=True)
            try:
                instance = _parse(file, head, size, deflated=False)
            except RefusedFileError:
                if limit >= size:
                    raise
                continue  # perhaps only the head was too short
            if instance.place.offset >= 0 or limit >= size:
                return instance
    raise RefusedFileError(
        f"{file.name} has a header of more than {HEAD_BYTES[-1] // 2**20} MiB; "
        "export the series again",
        "unreadable_file",
    )


def inflate(file: Path, start: int) -> bytes:
    """Return a deflated instance as its explicit little endian bytes, within a limit."""
    data = file.read_bytes()
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        body = inflater.decompress(data[start:], INFLATED_LIMIT_BYTES)
    except zlib.error as error:
        raise RefusedFileError(
            f"{file.name} is deflated and damaged; export the series again", "unreadable_file"
        ) from error
    if inflater.unconsumed_tail:
        raise RefusedFileError(
            f"{file.name} inflates to more than {INFLATED_LIMIT_BYTES // 2**20} MiB, "
            "which no single image needs; do not trust this file",
            "inflates_too_far",
        )
    return data[:start] + body


def deflated_start(file: Path) -> int:
    """Return where the deflated data set of `file` begins, bytes."""
    with file.open("rb") as source:
        start = _deflated_start(source.read(HEAD_BYTES[0]))
    if start is None:
        raise RefusedFileError(
            f"{file.name} changed while it was read; try again", "unreadable_file"
        )
    return start


def _read_head(descriptor: int, limit: int) -> bytes:
    os.lseek(descriptor, 0, os.SEEK_SET)
    return os.read(descriptor, limit)


def _require_dicom(head: bytes) -> None:
    if head.strip(b"\0") in {b"", b"D", b"DI", b"DIC", b"DICM"}:
        raise NoDicomError("empty_file")  # nothing, or what an interrupted copy leaves: zeros
    if head[128:132] == b"DICM":
        return
    # A file without preamble starts with group 0002 or 0008 in either byte order (PS3.5, 7.1).
    if head[:2] in {b"\x02\x00", b"\x08\x00", b"\x00\x08"}:
        element = struct.unpack("<H" if head[1:2] == b"\x00" else ">H", head[2:4])[0]
        plausible = element <= 0x0070  # noqa: PLR2004 - both groups begin with low elements
        if plausible and len(head) > 132:  # noqa: PLR2004 - a preamble's length
            return
    raise NoDicomError("not_dicom")


def _deflated_start(head: bytes) -> int | None:
    """Return where the data set begins if the file meta names the deflated syntax."""
    at = 132
    if head[128:132] != b"DICM":
        return None
    deflated = False
    while head[at : at + 2] == b"\x02\x00" and at + 12 <= len(head):
        if head[at + 4 : at + 6] in {b"OB", b"UN", b"SQ", b"OW", b"UT"}:
            start, (length,) = at + 12, struct.unpack("<I", head[at + 8 : at + 12])
        else:
            start, (length,) = at + 8, struct.unpack("<H", head[at + 6 : at + 8])
        if head[at + 2 : at + 4] == b"\x10\x00":
            deflated = head[start : start + length].rstrip(b"\0 ") == DEFLATED.encode()
        at = start + length
    return at if deflated else None


def _parse(file: Path, head: bytes, size: int, *, deflated: bool) -> Frame:
    stream = io.BytesIO(head)
    if deflated:  # the body is inflated already, so pydicom must take it as explicit
        stream = io.BytesIO(
            head.replace(DEFLATED.encode(), EXPLICIT_LITTLE.encode() + b"\0\0\0", 1)
        )
    try:
        dataset = dcmread(stream, stop_before_pixels=True, force=True, specific_tags=SPECIFIC_TAGS)
        implicit, little = dataset.original_encoding
        raw = RawValues(dataset, little=bool(little))
        place = _pixel_place(raw, stream, head, size, implicit=bool(implicit))
        if deflated:
            place = PixelPlace(DEFLATED, place.offset, place.length, place.file_bytes)
        return _instance(file, raw, place)
    except (NoDicomError, RefusedFileError, MemoryError):
        raise
    except ValueError as error:
        raise RefusedFileError(
            f"{file.name} holds a value that is no finite number where one is needed; "
            "export the series again",
            "bad_number",
        ) from error
    except Exception as error:  # pydicom raises anything on hostile input, RecursionError included
        raise RefusedFileError(
            f"{file.name} is DICOM, but its header cannot be read; export the series again",
            "unreadable_file",
        ) from error


def _pixel_place(
    raw: RawValues, stream: io.BytesIO, head: bytes, size: int, *, implicit: bool
) -> PixelPlace:
    meta = raw.dataset.file_meta
    syntax = str(meta.get("TransferSyntaxUID", "")) if meta else ""
    if not syntax:
        syntax = IMPLICIT_LITTLE if implicit else EXPLICIT_LITTLE if raw.little else EXPLICIT_BIG
    order = "<" if raw.little else ">"
    at = stream.tell()
    start = head[at : at + 12]
    if len(start) < 12:  # noqa: PLR2004 - tag, VR, reserved, length
        return PixelPlace(syntax, -1, 0, size)
    group, element = struct.unpack(f"{order}HH", start[:4])
    if group << 16 | element != _PIXEL_DATA:
        return PixelPlace(syntax, -1, 0, size)
    if implicit:
        return PixelPlace(syntax, at + 8, struct.unpack(f"{order}I", start[4:8])[0], size)
    return PixelPlace(syntax, at + 12, struct.unpack(f"{order}I", start[8:12])[0], size)


def _instance(file: Path, raw: RawValues, place: PixelPlace) -> Frame:
    sop_class = raw.text("SOPClassUID")
    meta = raw.dataset.file_meta
    if meta and str(meta.get("MediaStorageSOPClassUID", "")) == MEDIA_DIRECTORY:
        raise NoDicomError("dicomdir")
    if place.offset < 0 and not raw.text("SeriesInstanceUID"):
        if raw.dataset.preamble is None and not sop_class:
            raise NoDicomError("not_dicom")
        raise RefusedFileError(
            f"{file.name} ends before its header does; copy or export the series again",
            "truncated_file",
        )
    position = raw.numbers("ImagePositionPatient")
    return Frame(
        file=file,
        sop_class_uid=sop_class,
        sop_instance_uid=raw.text("SOPInstanceUID"),
        study_uid=raw.text("StudyInstanceUID"),
        series_uid=raw.text("SeriesInstanceUID"),
        modality=raw.text("Modality"),
        description=_description(raw),
        image_type=raw.texts("ImageType"),
        frame_of_reference_uid=raw.text("FrameOfReferenceUID"),
        position=(position[0], position[1], position[2]) if len(position) == 3 else None,  # noqa: PLR2004
        orientation=raw.numbers("ImageOrientationPatient") or None,
        pixel_spacing=raw.numbers("PixelSpacing") or None,
        slice_thickness_mm=_thickness(raw),
        acquired_on=_date(raw),
        contrast=_contrast(raw),
        pixels=_pixel_format(raw),
        place=place,
        rescale=_rescale(raw),
        has_modality_lut=raw.has("ModalityLUTSequence"),
        padding=_padding(raw),
    )


def _description(raw: RawValues) -> str:
    """Return SeriesDescription in its own character set."""
    if not raw.bytes_of("SeriesDescription"):
        return ""
    try:
        return str(raw.dataset.SeriesDescription).strip()
    except Exception:  # noqa: BLE001 - an unknown character set must not cost the volume
        return raw.text("SeriesDescription")


def _thickness(raw: RawValues) -> float | None:
    """Return SliceThickness, which decides nothing and may be wrong without harm."""
    try:
        return raw.number("SliceThickness")
    except ValueError:
        return None


def _date(raw: RawValues) -> str:
    for keyword in ("AcquisitionDate", "SeriesDate", "StudyDate"):
        date = raw.text(keyword).replace(".", "")
        if len(date) >= 8 and date[:8].isdigit():  # noqa: PLR2004 - YYYYMMDD
            return f"{date[:4]}-{date[4:6]}-{date[6:8]}"
    return ""


def _contrast(raw: RawValues) -> tuple[tuple[str, str], ...]:
    found = [(keyword, raw.text(keyword)) for keyword in _CONTRAST]
    kinds = "/".join(raw.texts("ImageType")[2:])
    return (*found, ("ImageType", kinds))


def _pixel_format(raw: RawValues) -> PixelFormat:
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


def _rescale(raw: RawValues) -> Rescale:
    slope, intercept = raw.number("RescaleSlope"), raw.number("RescaleIntercept")
    present = slope is not None or intercept is not None
    return Rescale(
        1.0 if slope is None else slope,
        0.0 if intercept is None else intercept,
        raw.text("RescaleType"),
        present,
    )


def _padding(raw: RawValues) -> tuple[int, int] | None:
    if len(raw.bytes_of("PixelPaddingValue")) < 2:  # noqa: PLR2004 - two bytes are a word
        return None
    signed = raw.word("PixelRepresentation", 0) == 1
    ends = [raw.word("PixelPaddingValue", 0)]
    ends.append(raw.word("PixelPaddingRangeLimit", ends[0]))
    values = [end - 0x10000 if signed and end >= 0x8000 else end for end in ends]  # noqa: PLR2004
    return min(values), max(values)
