"""Zip archives put together byte by byte, as no honest program writes them."""

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

HEAD = bytes(128) + b"DICM" + bytes(380)
"""What makes a member count as an image."""


@dataclass(frozen=True)
class Member:
    """One member, and what its two headers say of it; the truth where nothing is given."""

    name: bytes
    content: bytes = HEAD
    """As packed."""
    method: int = 0
    size: int | None = None
    crc32: int | None = None
    flags: int = 0
    mode: int = 0
    offset: int | None = None
    """Where another member lies, whose bytes this one claims for itself."""

    @property
    def plain(self) -> bytes:
        return self.content if self.method == 0 else zlib.decompress(self.content, -15)

    def common(self) -> bytes:
        """Return the fields that local header and directory share."""
        size = len(self.plain) if self.size is None else self.size
        crc32 = zlib.crc32(self.plain) if self.crc32 is None else self.crc32
        packed = len(self.content)
        return struct.pack(
            "<4H3L2H",
            *(self.flags, self.method, 0, 0),
            *(crc32, packed, size),
            *(len(self.name), 0),
        )

    def local(self) -> bytes:
        return b"PK\x03\x04" + struct.pack("<H", 20) + self.common() + self.name + self.content

    def entry(self, offset: int) -> bytes:
        made_by = 3 << 8 | 20
        start = b"PK\x01\x02" + struct.pack("<2H", made_by, 20) + self.common()
        at = offset if self.offset is None else self.offset
        return start + struct.pack("<3H2L", 0, 0, 0, self.mode << 16, at) + self.name


def archive(members: Sequence[Member], entries: int | None = None) -> bytes:
    """Return an archive of `members`; its end record may claim another number of `entries`."""
    body, directory = bytearray(), bytearray()
    for member in members:
        directory += member.entry(len(body))
        body += member.local() if member.offset is None else b""
    count = len(members) if entries is None else entries
    end = end_record(count, len(directory), len(body))
    return bytes(body) + bytes(directory) + end


def end_record(entries: int, size: int, offset: int) -> bytes:
    """Return the end of an archive, in Zip64 where a number does not fit."""
    if entries < 0xFFFF:
        return struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, entries, entries, size, offset, 0)
    at = offset + size
    wide = struct.pack(
        "<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, entries, entries, size, offset
    )
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, at, 1)
    marks = (0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF)
    return wide + locator + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, *marks, 0)


@cache
def deflated_zeros(mebibytes: int) -> bytes:
    """Return a deflated image that is all zeros but for its first bytes, at once.

    Blocks of 16 MiB are deflated once and repeated.
    """
    block_mebibytes = 16
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    first = deflater.compress(HEAD) + deflater.flush(zlib.Z_FULL_FLUSH)
    block = deflater.compress(bytes(block_mebibytes * 2**20)) + deflater.flush(zlib.Z_FULL_FLUSH)
    return first + block * (mebibytes // block_mebibytes) + deflater.flush()


def deflated(content: bytes) -> bytes:
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    return deflater.compress(content) + deflater.flush()
