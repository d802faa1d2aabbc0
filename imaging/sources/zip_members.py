"""Unpack one member of a zip archive, block by block, and believe nothing that it claims."""

import os
import struct
import zlib
from collections.abc import Iterator
from typing import Final

from imaging.sources.names import shortened
from imaging.sources.zip_directory import STORED, ArchiveError, Entry

_LOCAL_HEADER: Final = struct.Struct("<4s5H3L2H")

_READ_BYTES: Final = 256 * 2**10
_BLOCK_BYTES: Final = 2**20
"""The most that is inflated before it is counted."""


def member_blocks(descriptor: int, entry: Entry) -> Iterator[bytes]:
    """Yield the bytes of a member; never more in all than its entry says.

    Parameters
    ----------
    descriptor : int
        The open archive; may be shared by threads, for its position is not used.
    entry : Entry
        Of a member that can be unpacked.

    Raises
    ------
    ArchiveError
        The member is shorter or longer than its entry says, or other than its checksum.
    """
    count = crc32 = 0
    for block in _unpacked(descriptor, entry):
        count += len(block)
        if count > entry.size:
            raise _lying(entry, f"is longer than the {entry.size} bytes that it claims")
        crc32 = zlib.crc32(block, crc32)
        yield block
    if count != entry.size:
        raise _lying(entry, f"has {count} bytes and claims {entry.size}")
    if crc32 != entry.crc32:
        raise _lying(entry, "is not what its checksum says")


def member_head(descriptor: int, entry: Entry, count: int) -> bytes:
    """Return up to `count` first bytes of a member.

    Raises
    ------
    ArchiveError
        They cannot be unpacked.
    """
    packed = os.pread(descriptor, min(entry.packed_bytes, 16 * count), _start(descriptor, entry))
    if entry.method == STORED:
        return packed[:count]
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, count)
    except zlib.error as error:
        raise _lying(entry, "cannot be unpacked") from error


def _unpacked(descriptor: int, entry: Entry) -> Iterator[bytes]:
    packed = _packed(descriptor, entry)
    return packed if entry.method == STORED else _inflated(packed, entry)


def _packed(descriptor: int, entry: Entry) -> Iterator[bytes]:
    at = _start(descriptor, entry)
    left = entry.packed_bytes
    while left:
        block = os.pread(descriptor, min(left, _READ_BYTES), at)
        if not block:
            raise _lying(entry, "is cut off")
        at += len(block)
        left -= len(block)
        yield block


def _inflated(packed: Iterator[bytes], entry: Entry) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for block in packed:
            waiting = block
            while waiting and not inflater.eof:
                yield inflater.decompress(waiting, _BLOCK_BYTES)
                waiting = inflater.unconsumed_tail
            if inflater.unused_data or (inflater.eof and waiting):
                raise _lying(entry, "goes on after its end")
        while not inflater.eof:
            last = inflater.decompress(b"", _BLOCK_BYTES)
            if not last:
                raise _lying(entry, "ends too early")
            yield last
    except zlib.error as error:
        raise _lying(entry, "cannot be unpacked") from error


def _start(descriptor: int, entry: Entry) -> int:
    """Return where the bytes of a member begin, behind its local header."""
    header = os.pread(descriptor, _LOCAL_HEADER.size, entry.offset)
    if len(header) != _LOCAL_HEADER.size or not header.startswith(b"PK\x03\x04"):
        raise _lying(entry, "is not where the table of contents says")
    name_bytes, extra_bytes = _LOCAL_HEADER.unpack(header)[-2:]
    return int(entry.offset + _LOCAL_HEADER.size + name_bytes + extra_bytes)


def _lying(entry: Entry, what: str) -> ArchiveError:
    return ArchiveError(
        f"is a damaged zip archive: its member {shortened(entry.name)} {what}; "
        "copy or export it again",
        "damaged_archive",
    )
