"""Tell by the first bytes of a file what kind of source it is; names and suffixes say nothing."""

import struct
from pathlib import Path
from typing import Final

HEAD_BYTES: Final = 512
"""Enough for a preamble of 128 bytes and the first elements of the file meta information."""

_MEDIA_DIRECTORY_CLASS: Final = b"\x02\x00\x02\x00UI\x14\x001.2.840.10008.1.3.10"
"""MediaStorageSOPClassUID of a DICOMDIR, as its bytes stand in the file (PS3.10, 7.1)."""

_NIFTI_SIZES: Final = frozenset(
    struct.pack(order, size) for size in (348, 540) for order in ("<i", ">i")
)
"""A NIfTI-1 or NIfTI-2 file begins with the size of its header."""

_LAST_FIRST_ELEMENT: Final = 0x0070
"""A data set without preamble begins with one of the low elements of group 0002 or 0008."""


def read_head(file: Path) -> bytes:
    """Return the first bytes of `file`; none if it cannot be read."""
    try:
        with file.open("rb", buffering=0) as source:
            return source.read(HEAD_BYTES) or b""
    except OSError:
        return b""


def is_archive(head: bytes) -> bool:
    """Return whether a file that begins so is a zip archive with something in it.

    The preamble of a DICOM file may hold anything, a zip's first bytes included.
    """
    return head.startswith(b"PK\x03\x04") and not has_preamble(head)


def is_media_directory(head: bytes) -> bool:
    """Return whether a file that begins so is a DICOMDIR."""
    return has_preamble(head) and _MEDIA_DIRECTORY_CLASS in head


def is_image(head: bytes, name: str) -> bool:
    """Return whether a file that begins so may be DICOM, NIfTI, NRRD or MetaImage."""
    return (
        has_preamble(head)
        or begins_a_data_set(head)
        or head.startswith((b"NRRD000", b"ObjectType", b"NDims"))
        or head[:4] in _NIFTI_SIZES
        or (head.startswith(b"\x1f\x8b") and name.lower().endswith(".nii.gz"))
    )


def has_preamble(head: bytes) -> bool:
    """Return whether a file that begins so is DICOM with preamble."""
    return head[128:132] == b"DICM"


def begins_a_data_set(head: bytes) -> bool:
    """Return whether `head` may be DICOM without preamble, in either byte order."""
    if len(head) <= 132:  # noqa: PLR2004 - shorter than the preamble, thus no image
        return False
    if head[:2] in {b"\x02\x00", b"\x08\x00"}:
        return int.from_bytes(head[2:4], "little") <= _LAST_FIRST_ELEMENT
    return head[:2] == b"\x00\x08" and int.from_bytes(head[2:4], "big") <= _LAST_FIRST_ELEMENT
