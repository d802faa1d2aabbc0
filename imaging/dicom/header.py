"""Read the header of one file, and nothing of its pixels.

The head of the file is read into memory, and more of it only where the header proves longer.
"""

import os
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from imaging.dicom import describing
from imaging.dicom.elements import (
    Encoding,
    HeadTooShortError,
    HostileHeaderError,
    Walk,
)
from imaging.dicom.enhanced import frames_of, is_enhanced
from imaging.dicom.frame import Frame, PixelPlace
from imaging.dicom.identifying import Identities
from imaging.dicom.mosaic import is_mosaic, tiles_of
from imaging.dicom.raw_values import SEQUENCES, WANTED, RawValues
from imaging.dicom.windows import stated_window
from imaging.errors import RefusedFileError
from imaging.sources.recognizing import begins_a_data_set, has_preamble

HEAD_BYTES: Final = (64 * 2**10, 2**20, 16 * 2**20, 128 * 2**20)
"""How much of a file is taken for its header, at first and when it proves longer: a slice has some
kilobytes, the functional groups of 30,000 frames some 60 MiB."""

INFLATED_LIMIT_BYTES: Final = 64 * 2**20
"""A deflated instance may grow to this: twice a 4096 x 4096 frame; 1 MB can inflate to 2 GB."""

_STORED_SLACK_BYTES: Final = 2**20
"""What does not shrink is stored with 5 bytes for each block of up to 65,535."""

EXPLICIT_LITTLE: Final = "1.2.840.10008.1.2.1"
IMPLICIT_LITTLE: Final = "1.2.840.10008.1.2"
EXPLICIT_BIG: Final = "1.2.840.10008.1.2.2"
DEFLATED: Final = "1.2.840.10008.1.2.1.99"
MEDIA_DIRECTORY: Final = "1.2.840.10008.1.3.10"

_PREAMBLE_BYTES: Final = 128
_START: Final = _PREAMBLE_BYTES + 4
_TIFF: Final = (b"II*\0", b"MM\0*")
"""How the preamble of a dual-personality TIFF begins: the one use that the standard has for it."""


class NoDicomError(Exception):
    """The file is no DICOM instance; `code` says what it is instead."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class _Meta:
    """What stands before the data set."""

    transfer_syntax: str
    media_class: str
    starts_at: int
    """Where the data set begins."""
    marked: bool
    """Whether preamble and ``DICM`` stand before it: then this is DICOM, however little is left."""
    foreign_preamble: bool


def read_header(file: Path, identities: Identities | None = None) -> list[Frame]:
    """Read what `file` says about itself.

    Parameters
    ----------
    file : Path
        A regular file of any kind.
    identities : Identities, optional
        Shared by the files of one survey.

    Returns
    -------
    list of Frame
        One, or the frames of a multi-frame image, or the slices of a mosaic. Their pixels were
        not touched.

    Raises
    ------
    NoDicomError
        The file is something else.
    RefusedFileError
        The file is DICOM, but cannot be read; `code` is ``"unreadable_file"``,
        ``"bad_number"``, ``"truncated_file"`` or ``"inflates_too_far"``.
    """
    kept = identities or Identities()
    descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
    try:
        size = os.fstat(descriptor).st_size
        for limit in HEAD_BYTES:
            head = os.pread(descriptor, limit, 0)
            _require_dicom(head)
            meta = _meta_of(head)
            if meta.transfer_syntax == DEFLATED:
                whole = inflate(file, meta.starts_at)
                return _frames(file, whole, len(whole), meta, kept)
            try:
                return _frames(file, head, size, meta, kept)
            except HeadTooShortError:
                continue
    finally:
        os.close(descriptor)
    raise RefusedFileError(
        f"{file.name} has a header of more than {HEAD_BYTES[-1] // 2**20} MiB; "
        "export the series again",
        "unreadable_file",
    )


def inflate(file: Path, start: int) -> bytes:
    """Return a deflated instance as its explicit little endian bytes, within a limit."""
    with file.open("rb") as source:
        data = source.read(start + INFLATED_LIMIT_BYTES + _STORED_SLACK_BYTES)
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
        head = source.read(HEAD_BYTES[0])
    meta = _meta_of(head)
    if meta.transfer_syntax != DEFLATED:
        raise RefusedFileError(
            f"{file.name} changed while it was read; try again", "unreadable_file"
        )
    return meta.starts_at


def _require_dicom(head: bytes) -> None:
    if head.strip(b"\0") in {b"", b"D", b"DI", b"DIC", b"DICM"}:
        raise NoDicomError("empty_file")  # nothing, or what an interrupted copy leaves: zeros
    if has_preamble(head) or begins_a_data_set(head):
        return
    raise NoDicomError("not_dicom")


def _meta_of(head: bytes) -> _Meta:
    """Read the file meta information, which is always explicit little endian (PS3.10, 7.1)."""
    marked = has_preamble(head)
    at = _START if marked else 0
    syntax = media_class = ""
    while head[at : at + 2] == b"\x02\x00" and at + 12 <= len(head):
        if head[at + 4 : at + 6] in {b"OB", b"UN", b"SQ", b"OW", b"UT"}:
            start, (length,) = at + 12, struct.unpack_from("<I", head, at + 8)
        else:
            start, (length,) = at + 8, struct.unpack_from("<H", head, at + 6)
        if head[at + 2 : at + 4] == b"\x10\x00":
            syntax = _uid(head[start : start + length])
        elif head[at + 2 : at + 4] == b"\x02\x00":
            media_class = _uid(head[start : start + length])
        at = start + length
    return _Meta(syntax, media_class, at, marked, marked and _is_foreign(head[:_PREAMBLE_BYTES]))


def _uid(value: bytes) -> str:
    return value[:64].decode("latin-1").strip(" \0")


def _is_foreign(preamble: bytes) -> bool:
    return bool(preamble.strip(b"\0")) and not preamble.startswith(_TIFF)


def _encoding(head: bytes, meta: _Meta) -> Encoding:
    """Return how the data set is written: as its first element shows, whatever the meta says."""
    at = meta.starts_at
    little = meta.transfer_syntax != EXPLICIT_BIG
    if not meta.transfer_syntax:
        little = head[at + 1 : at + 2] == b"\0"
    vr = head[at + 4 : at + 6]
    return Encoding(implicit=little and not (vr.isalpha() and vr.isupper()), little=little)


def _frames(file: Path, head: bytes, size: int, meta: _Meta, identities: Identities) -> list[Frame]:
    if meta.media_class == MEDIA_DIRECTORY:
        raise NoDicomError("dicomdir")
    encoding = _encoding(head, meta)
    try:
        walk = Walk(head, encoding, whole=len(head) >= size)
        values, offset, length = walk.header(meta.starts_at, WANTED, SEQUENCES)
        raw = RawValues(values, encoding.little)
        _require_instance(file, raw, meta, offset)
        place = PixelPlace(_syntax(meta, encoding), offset, length, size)
        return _planes(_whole(file, raw, place, meta, identities), raw)
    except ValueError as error:
        raise RefusedFileError(
            f"{file.name} holds a value that is no finite number where one is needed; "
            "export the series again",
            "bad_number",
        ) from error
    except (HostileHeaderError, struct.error) as error:
        raise RefusedFileError(
            f"{file.name} is DICOM, but its header cannot be read; export the series again",
            "unreadable_file",
        ) from error


def _syntax(meta: _Meta, encoding: Encoding) -> str:
    if meta.transfer_syntax in {"", IMPLICIT_LITTLE, EXPLICIT_LITTLE} and encoding.little:
        return IMPLICIT_LITTLE if encoding.implicit else EXPLICIT_LITTLE
    return meta.transfer_syntax or EXPLICIT_BIG


def _require_instance(file: Path, raw: RawValues, meta: _Meta, offset: int) -> None:
    if offset >= 0 or raw.text("SeriesInstanceUID"):
        return
    if not meta.marked and not raw.text("SOPClassUID"):
        raise NoDicomError("not_dicom")
    raise RefusedFileError(
        f"{file.name} ends before its header does; copy or export the series again",
        "truncated_file",
    )


def _planes(whole: Frame, raw: RawValues) -> list[Frame]:
    if is_enhanced(whole.sop_class_uid):
        return frames_of(whole, raw)
    if is_mosaic(whole):
        return tiles_of(whole, raw)
    return [whole]


def _whole(
    file: Path, raw: RawValues, place: PixelPlace, meta: _Meta, identities: Identities
) -> Frame:
    identity = identities.of(raw)
    return Frame(
        file=file,
        sop_class_uid=raw.text("SOPClassUID") or meta.media_class,
        sop_instance_uid=raw.text("SOPInstanceUID"),
        study_uid=identity.study_uid,
        series_uid=identity.series_uid,
        modality=identity.modality,
        description=identity.series_description,
        image_type=raw.texts("ImageType"),
        frame_of_reference_uid=raw.text("FrameOfReferenceUID"),
        position=describing.position(raw),
        orientation=describing.orientation(raw),
        pixel_spacing=describing.pixel_spacing(raw),
        slice_thickness_mm=describing.thickness_mm(raw),
        acquired_on=describing.date(raw, "AcquisitionDate", "SeriesDate", "StudyDate"),
        contrast=describing.contrast(raw),
        pixels=describing.pixel_format(raw),
        place=place,
        rescale=describing.rescale(raw),
        has_modality_lut=raw.has("ModalityLUTSequence"),
        padding=describing.padding(raw),
        order=describing.order(raw),
        identity=identity,
        is_lossy=raw.text("LossyImageCompression") == "01",
        foreign_preamble=meta.foreign_preamble,
        window=stated_window(raw),
    )
