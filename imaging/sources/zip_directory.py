"""Read the central directory of a zip archive: what is in it, before anything is unpacked.

The standard library makes its objects of every entry before anybody can count them, and believes
local headers of what the directory says otherwise. Here entries are counted first, nothing is
allocated for what the archive only claims, and the directory alone is believed.

References
----------
PKWARE APPNOTE 6.3.10, 4.3.12 (central directory), 4.3.14-16 (its end), 4.5.3 (Zip64).
"""

import os
import stat
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

MAX_DIRECTORY_BYTES: Final = 96 * 2**20
"""200,000 entries with names and extra fields of 400 bytes."""

STORED: Final = 0
DEFLATED: Final = 8

_END: Final = struct.Struct("<4s4H2LH")
_END64_LOCATOR: Final = struct.Struct("<4sLQL")
_END64: Final = struct.Struct("<4sQ2H2L4Q")
_ENTRY: Final = struct.Struct("<4s6H3L5H2L")
_LONGEST_COMMENT: Final = 0xFFFF
_IN_ZIP64: Final = 0xFFFFFFFF
"""Stands where the true value is in the Zip64 extra field."""
_MANY: Final = 0xFFFF
"""Stands for the number of entries where the true one is in the Zip64 end record."""

_ENCRYPTED_FLAGS: Final = 1 << 0 | 1 << 6 | 1 << 13
_UTF8_FLAG: Final = 1 << 11
_AES: Final = 99
"""The method that WinZip's encryption claims."""


class ArchiveError(Exception):
    """What is wrong with an archive, as a sentence that its name begins; `code` names it."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Entry:
    """What the central directory says of one member."""

    name: str
    """As it stands there: not to be trusted."""
    method: int
    encrypted: bool
    crc32: int
    packed_bytes: int
    size: int
    """Bytes when unpacked."""
    offset: int
    """Where its local header begins."""
    mode: int
    """The file mode of a Unix system; 0 from others."""

    @property
    def is_folder(self) -> bool:
        """Return whether this is a folder, which needs no entry to be made."""
        return self.name.endswith(("/", "\\")) or stat.S_ISDIR(self.mode)

    @property
    def is_regular(self) -> bool:
        """Return whether this is a file with bytes of its own: no link, device or pipe."""
        return stat.S_IFMT(self.mode) in {0, stat.S_IFREG}

    @property
    def can_be_unpacked(self) -> bool:
        """Return whether it is packed in one of the two ways that are read here."""
        return not self.encrypted and self.method in {STORED, DEFLATED}


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the central directory lies."""

    entries: int
    size: int
    offset: int
    end: int
    """Where its end record begins: nothing of the archive lies beyond."""


def read_directory(descriptor: int, archive_bytes: int, most_entries: int) -> list[Entry]:
    """Return the entries of an open archive, folders included, in the order of the directory.

    Parameters
    ----------
    descriptor : int
        The open archive.
    archive_bytes : int
        Its size.
    most_entries : int
        More are refused before one is made.

    Raises
    ------
    ArchiveError
        ``"damaged_archive"`` or ``"archive_too_large"``.
    """
    place = _find_directory(descriptor, archive_bytes)
    if place.entries > most_entries or place.size > MAX_DIRECTORY_BYTES:
        raise _too_many(place.entries, most_entries)
    data = os.pread(descriptor, place.size, place.offset)
    if len(data) != place.size:
        raise _damaged("its table of contents is cut off")
    starts = list(_starts(data, most_entries))
    if (len(starts) - place.entries) % 2**16:  # old writers count on from 0 after 65,535
        raise _damaged("its table of contents has another length than it says")
    return [_entry(data, at, place.end) for at in starts]


def _find_directory(descriptor: int, archive_bytes: int) -> _Place:
    """Find the record at the end that says where the directory is."""
    length = min(archive_bytes, _END.size + _LONGEST_COMMENT)
    tail = os.pread(descriptor, length, archive_bytes - length)
    at = tail.rfind(b"PK\x05\x06")
    while at >= 0:
        record = tail[at : at + _END.size]
        if len(record) == _END.size:
            _, disk, first_disk, _, entries, size, offset, comment = _END.unpack(record)
            if at + _END.size + comment <= len(tail):
                break
        at = tail.rfind(b"PK\x05\x06", 0, at)
    if at < 0:
        raise _damaged("it has no end, as after a download that broke off")
    end = archive_bytes - length + at
    locator = os.pread(descriptor, _END64_LOCATOR.size, max(end - _END64_LOCATOR.size, 0))
    if (_IN_ZIP64 in {size, offset} or entries == _MANY) and locator.startswith(b"PK\x06\x07"):
        return _find_directory64(descriptor, locator, end)
    if disk or first_disk:
        raise _damaged("it is one of several parts")
    return _checked(_Place(entries, size, offset, end))


def _find_directory64(descriptor: int, locator: bytes, end: int) -> _Place:
    lost = "its end does not say where its table of contents is"
    _, _, offset64, disks = _END64_LOCATOR.unpack(locator)
    if disks > 1:
        raise _damaged("it is one of several parts")
    if offset64 + _END64.size > end:
        raise _damaged(lost)
    record = os.pread(descriptor, _END64.size, offset64)
    if len(record) != _END64.size or not record.startswith(b"PK\x06\x06"):
        raise _damaged(lost)
    entries, size, offset = _END64.unpack(record)[-3:]
    return _checked(_Place(entries, size, offset, offset64))


def _checked(place: _Place) -> _Place:
    if place.offset + place.size > place.end:
        raise _damaged("its table of contents is not where it should be")
    return place


def _starts(data: bytes, most_entries: int) -> Iterator[int]:
    """Yield where each entry begins: the count in the end record need not be true."""
    at = count = 0
    while at < len(data):
        if not data.startswith(b"PK\x01\x02", at) or at + _ENTRY.size > len(data):
            raise _damaged("its table of contents is broken")
        count += 1
        if count > most_entries:
            raise _too_many(count, most_entries)
        yield at
        at += _ENTRY.size + sum(struct.unpack_from("<3H", data, at + 28))
    if at != len(data):
        raise _damaged("its table of contents is broken")


def _entry(data: bytes, at: int, end: int) -> Entry:
    _, _, _, flags, method, _, _, crc32, packed_bytes, size, *rest = _ENTRY.unpack_from(data, at)
    name_bytes, extra_bytes, _, _, _, attributes, offset = rest
    name_at = at + _ENTRY.size
    name = data[name_at : name_at + name_bytes]
    if _IN_ZIP64 in {packed_bytes, size, offset}:
        extra = data[name_at + name_bytes : name_at + name_bytes + extra_bytes]
        size, packed_bytes, offset = _from_zip64(extra, (size, packed_bytes, offset))
    if offset + packed_bytes > end:
        raise _damaged("a member lies beyond its end")
    encrypted = bool(flags & _ENCRYPTED_FLAGS) or method == _AES
    text = _decoded(name, utf8=bool(flags & _UTF8_FLAG))
    return Entry(text, method, encrypted, crc32, packed_bytes, size, offset, attributes >> 16)


def _from_zip64(extra: bytes, values: tuple[int, int, int]) -> tuple[int, int, int]:
    """Return size, packed size and offset, those that are missing taken from the extra field."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == 1:
            wide = iter(struct.iter_unpack("<Q", extra[at + 4 : at + 4 + length // 8 * 8]))
            try:
                found = [next(wide)[0] if one == _IN_ZIP64 else one for one in values]
            except StopIteration:
                break
            return found[0], found[1], found[2]
        at += 4 + length
    return values  # an old archive may hold exactly 4 GiB - 1


def _decoded(name: bytes, *, utf8: bool) -> str:
    """Return a name's text: UTF-8 where it says or proves so, else the old IBM code page.

    Latin-1 comes out with other letters then, but as a name all the same.
    """
    try:
        return name.decode("utf-8")
    except UnicodeDecodeError:
        return name.decode("latin-1" if utf8 else "cp437")


def _damaged(what: str) -> ArchiveError:
    return ArchiveError(
        f"is a damaged zip archive: {what}; copy it again, or unpack it and give the folder",
        "damaged_archive",
    )


def _too_many(entries: int, most: int) -> ArchiveError:
    return ArchiveError(
        f"holds {entries} or more members, and {most} are the most; give the folder of one study",
        "archive_too_large",
    )
