"""Read the records of a DICOMDIR: which files it names.

A DICOMDIR of a large archive holds hundreds of thousands of nested records, of which one element
each matters here, so the bytes are walked once and nothing is made of the rest.

References
----------
DICOM PS3.3, F.3 (basic directory object); PS3.5, 7.5 (sequences); PS3.10, 8.6.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

EXPLICIT_LITTLE: Final = b"1.2.840.10008.1.2.1"
IMPLICIT_LITTLE: Final = b"1.2.840.10008.1.2"

_TRANSFER_SYNTAX: Final = 0x00020010
_RECORDS: Final = 0x00041220
_IN_USE: Final = 0x00041410
_FILE_ID: Final = 0x00041500
_ITEM: Final = 0xFFFEE000
_SEQUENCE_END: Final = 0xFFFEE0DD
_DELIMITERS: Final = frozenset({0xFFFEE00D, _SEQUENCE_END})
_UNDEFINED: Final = 0xFFFFFFFF
_FILE_META_AT: Final = 132
_LONG_VRS: Final = frozenset(
    {b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"}
)
"""Value representations whose length has 32 bits (PS3.5, 7.1.2)."""


class BrokenDirectoryError(Exception):
    """The bytes are no directory that can be walked to its end."""


@dataclass(frozen=True, slots=True)
class _Element:
    tag: int
    vr: bytes
    """Empty in implicit VR, and for items and delimiters."""
    start: int
    length: int


def file_ids(content: bytes, most: int) -> list[str]:
    """Return the ids of the files that a DICOMDIR names, its components separated by backslashes.

    Records that are marked as no longer in use are passed by.

    Parameters
    ----------
    content : bytes
        The whole file.
    most : int
        More records are refused.

    Raises
    ------
    BrokenDirectoryError
        It ends early, holds too many records, or is packed as no DICOMDIR may be.
    """
    found: list[str] = []
    in_use = True
    items = 0
    for element in _elements(content):
        if element.tag == _ITEM:
            in_use = True
            items += 1
            if items > most:
                raise BrokenDirectoryError(f"it holds more than {most} records")
        elif element.tag == _IN_USE:
            in_use = _value(content, element) != b"\0\0"
        elif element.tag == _FILE_ID and in_use:
            text = _value(content, element).decode("latin-1").strip(" \0")
            found.extend([text] if text else [])
    return found


def _elements(content: bytes) -> Iterator[_Element]:
    """Yield every element behind the file meta, those in sequences too, in the order of the file.

    Sequences and items are entered rather than passed over, so that no depth has to be kept.
    """
    at, implicit = _after_meta(content)
    while at < len(content):
        element = _header(content, at, implicit=implicit)
        if element.tag in _DELIMITERS:
            at = element.start
        elif element.tag in {_ITEM, _RECORDS} or element.vr == b"SQ":
            yield element
            at = element.start
        elif element.length == _UNDEFINED and not element.vr:
            at = element.start  # in implicit VR only a sequence may have no length
        elif element.length == _UNDEFINED:
            at = _after_fragments(content, element.start)
        else:
            yield element
            at = element.start + element.length
    if at > len(content):
        raise BrokenDirectoryError("it ends too early")


def _after_meta(content: bytes) -> tuple[int, bool]:
    """Return where the data set begins, and whether it is in implicit VR."""
    at, syntax = _FILE_META_AT, EXPLICIT_LITTLE
    while content.startswith(b"\x02\x00", at):
        element = _header(content, at, implicit=False)
        if element.tag == _TRANSFER_SYNTAX:
            syntax = _value(content, element).rstrip(b"\0 ")
        at = element.start + element.length
    if syntax not in {EXPLICIT_LITTLE, IMPLICIT_LITTLE}:
        raise BrokenDirectoryError("it is packed as no DICOMDIR may be")
    return at, syntax == IMPLICIT_LITTLE


def _header(content: bytes, at: int, *, implicit: bool) -> _Element:
    if at + 8 > len(content):
        raise BrokenDirectoryError("it ends too early")
    group, number, vr, short = struct.unpack_from("<HH2sH", content, at)
    tag = group << 16 | number
    if implicit or group == _ITEM >> 16:
        return _Element(tag, b"", at + 8, int.from_bytes(content[at + 4 : at + 8], "little"))
    if vr in _LONG_VRS:
        if at + 12 > len(content):
            raise BrokenDirectoryError("it ends too early")
        return _Element(tag, vr, at + 12, int.from_bytes(content[at + 8 : at + 12], "little"))
    if not vr.isalpha():
        raise BrokenDirectoryError("its elements make no sense")
    return _Element(tag, vr, at + 8, short)


def _value(content: bytes, element: _Element) -> bytes:
    value = content[element.start : element.start + element.length]
    if len(value) != element.length:
        raise BrokenDirectoryError("it ends too early")
    return value


def _after_fragments(content: bytes, at: int) -> int:
    """Return where a compressed icon ends."""
    while True:
        fragment = _header(content, at, implicit=False)
        if fragment.tag == _SEQUENCE_END:
            return fragment.start
        if fragment.tag != _ITEM or fragment.length == _UNDEFINED:
            raise BrokenDirectoryError("its elements make no sense")
        at = fragment.start + fragment.length
