"""Walk the elements of a data set that lies in memory: bounded in depth, count and size.

Only what is asked for is cut out; everything else is stepped over by its length. A walk never
follows a length beyond the bytes that it was given, so a lying length asks for no memory.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from imaging.dicom.frame import UNDEFINED_LENGTH

MAX_DEPTH: Final = 32
"""Sequences within sequences; the deepest of the standard, structured reports, use a dozen."""

MAX_ELEMENTS: Final = 200_000
"""Of a header: a CT slice has 100 to 300, with all private ones a few thousand."""

MAX_FRAMES: Final = 30_000
ELEMENTS_OF_A_FRAME: Final = 300
"""Room for the functional groups of each frame; the enhanced classes use 30 to 80."""

MAX_VALUE_BYTES: Final = 2**20
"""Of a value that is cut out: the longest is a list of frame increments; texts have 64 to 16 k."""

_PIXEL_DATA: Final = 0x7FE00010
_ITEM: Final = 0xFFFEE000
_ITEM_END: Final = 0xFFFEE00D
_SEQUENCE_END: Final = 0xFFFEE0DD
_NUMBER_OF_FRAMES: Final = 0x00280008

_SHORT: Final = frozenset(b"AE AS AT CS DA DS DT FL FD IS LO LT PN SH SL SS ST TM UI UL US".split())
"""Value representations with a length of two bytes; all others, and those to come, have four."""


class HeadTooShortError(Exception):
    """The walk came to the end of what was read of the file before the header did."""


class HostileHeaderError(Exception):
    """The header is no data set, or breaks a bound; the text says which."""


class EndsEarlyError(HostileHeaderError):
    """The file ends within its header."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """How elements are written."""

    implicit: bool
    little: bool


Elements = Mapping[int, "bytes | tuple[Elements, ...]"]
"""Tag -> value as it stands in the file; of a sequence the elements of its items."""


@dataclass(slots=True)
class Walk:
    """One pass over one data set.

    Parameters
    ----------
    data : bytes
        The head of a file, or all of it.
    encoding : Encoding
        Of the data set.
    whole : bool
        Whether `data` goes to the end of the file.
    """

    data: bytes
    encoding: Encoding
    whole: bool
    count: int = field(default=0, init=False)
    limit: int = field(default=MAX_ELEMENTS, init=False)

    def header(
        self, at: int, wanted: frozenset[int], sequences: frozenset[int]
    ) -> tuple[dict[int, "bytes | tuple[Elements, ...]"], int, int]:
        """Return what is wanted of the elements before the pixel data, and where those lie.

        Parameters
        ----------
        at : int
            Where the data set begins.
        wanted, sequences : frozenset of int
            Tags whose values, and whose items, are cut out.

        Returns
        -------
        values : dict
            By tag.
        offset, length : int
            Of the value of PixelData; -1 and 0 where the data set ends without.

        Raises
        ------
        HeadTooShortError
            More of the file is needed.
        HostileHeaderError
            This is no data set, or it breaks a bound.

        A file that ends within its header tells what stands before.
        """
        values: dict[int, bytes | tuple[Elements, ...]] = {}
        try:
            place = self._header(at, wanted, sequences, values)
        except EndsEarlyError:
            place = None
        if place is None and not self.whole:
            raise HeadTooShortError
        return values, *(place or (-1, 0))

    def _header(  # noqa: C901, PLR0912 - one loop without calls is twice as fast
        self,
        at: int,
        wanted: frozenset[int],
        sequences: frozenset[int],
        values: dict[int, "bytes | tuple[Elements, ...]"],
    ) -> tuple[int, int] | None:
        """Fill `values`; return where the pixel data lie, or None where there are none.

        Thousands of files are walked while a user waits, so the plain element is read here, with
        one call of `struct`, and the odd one elsewhere.
        """
        data, end = self.data, len(self.data)
        last = end - 12
        implicit = self.encoding.implicit
        order = "<" if self.encoding.little else ">"
        read = struct.Struct(order + ("HHI" if implicit else "HH2sH")).unpack_from
        while at < end:
            vr = b""
            if at > last:
                tag, vr, length, start = self._element(at)
            else:
                self.count += 1
                if implicit:
                    group, element, length = read(data, at)
                    start = at + 8
                else:
                    group, element, vr, length = read(data, at)
                    start = at + 8
                    if vr not in _SHORT:
                        self.count -= 1
                        _, vr, length, start = self._element(at)
                tag = group << 16 | element
            if tag in wanted:
                values[tag] = self._value(start, length)
                at = start + length
                if tag == _NUMBER_OF_FRAMES:
                    self._make_room(values[tag])
            elif tag == _PIXEL_DATA:
                return start, length
            elif tag in sequences:
                values[tag], at = self._items(start, length, 1)
            elif length == UNDEFINED_LENGTH:
                at = self._after(start, vr, 1)
            else:
                at = start + length
            if at > end:
                raise self._ended()
            if self.count > self.limit:
                raise HostileHeaderError("too many elements")
        return None

    def _make_room(self, frames: object) -> None:
        text = bytes(frames).strip(b" \0") if isinstance(frames, bytes) else b""
        if text.isdigit() and len(text) < 9:  # noqa: PLR2004 - IS has 12 characters at most
            self.limit += min(int(text), MAX_FRAMES) * ELEMENTS_OF_A_FRAME

    def _ended(self) -> Exception:
        return EndsEarlyError() if self.whole else HeadTooShortError()

    def _element(self, at: int) -> tuple[int, bytes, int, int]:
        """Return tag, value representation, length and start of the value of an element."""
        self.count += 1
        if self.count > self.limit:
            raise HostileHeaderError("too many elements")
        data = self.data
        if at + 8 > len(data):
            raise self._ended()
        order = "<" if self.encoding.little else ">"
        group, element = struct.unpack_from(order + "HH", data, at)
        tag = group << 16 | element
        if self.encoding.implicit or group == 0xFFFE:  # noqa: PLR2004 - items have no VR
            return tag, b"", struct.unpack_from(order + "I", data, at + 4)[0], at + 8
        vr = data[at + 4 : at + 6]
        if vr in _SHORT:
            return tag, vr, struct.unpack_from(order + "H", data, at + 6)[0], at + 8
        if not (vr.isalpha() and vr.isupper()):
            raise HostileHeaderError("a value representation is no word")
        if at + 12 > len(data):
            raise self._ended()
        return tag, vr, struct.unpack_from(order + "I", data, at + 8)[0], at + 12

    def _value(self, start: int, length: int) -> bytes:
        if length > MAX_VALUE_BYTES:
            raise HostileHeaderError("a value is too long")
        if start + length > len(self.data):
            raise self._ended()
        return self.data[start : start + length]

    def _items(self, start: int, length: int, depth: int) -> tuple[tuple[Elements, ...], int]:
        """Return the items of a sequence, and where it ends."""
        self._require_depth(depth)
        items: list[Elements] = []
        end = None if length == UNDEFINED_LENGTH else start + length
        if end is not None and end > len(self.data):
            raise self._ended()
        at = start
        while end is None or at < end:
            tag, _, item_length, at = self._element(at)
            if tag == _SEQUENCE_END and end is None:
                return tuple(items), at
            if tag != _ITEM:
                raise HostileHeaderError("a sequence holds something else than items")
            item, at = self._item(at, item_length, depth)
            items.append(item)
        return tuple(items), at

    def _item(self, at: int, length: int, depth: int) -> tuple[Elements, int]:
        end = None if length == UNDEFINED_LENGTH else at + length
        if end is not None and end > len(self.data):
            raise self._ended()
        values: dict[int, bytes | tuple[Elements, ...]] = {}
        while end is None or at < end:
            tag, vr, one, start = self._element(at)
            if tag == _ITEM_END and end is None:
                return values, start
            if vr == b"SQ" or (self.encoding.implicit and self._looks_like_items(start, one)):
                values[tag], at = self._items(start, one, depth + 1)
            elif one == UNDEFINED_LENGTH:
                at = self._after(start, vr, depth + 1)
            else:
                if one <= MAX_VALUE_BYTES:
                    values[tag] = self._value(start, one)
                at = start + one
                if at > len(self.data):
                    raise self._ended()
        return values, at

    def _looks_like_items(self, start: int, length: int) -> bool:
        """Return whether an implicit value is a sequence: it begins with an item (PS3.5, 7.5)."""
        mark = b"\xfe\xff\x00\xe0"
        return length >= len(mark) + 4 and self.data[start : start + 4] == mark

    def _after(self, start: int, vr: bytes, depth: int) -> int:
        """Return where a value of undefined length ends, stepping over what is in it."""
        self._require_depth(depth)
        if vr == b"UN" and not self.encoding.implicit:  # PS3.5, 6.2.2: it is written implicitly
            inner = Walk(self.data, Encoding(implicit=True, little=True), self.whole)
            inner.count, inner.limit = self.count, self.limit
            at = inner._after(start, b"", depth)
            self.count = inner.count
            return at
        at = start
        while True:
            tag, _, length, at = self._element(at)
            if tag == _SEQUENCE_END:
                return at
            if tag != _ITEM:
                raise HostileHeaderError("a sequence holds something else than items")
            at = self._after_item(at, depth) if length == UNDEFINED_LENGTH else at + length

    def _after_item(self, at: int, depth: int) -> int:
        while True:
            tag, vr, length, start = self._element(at)
            if tag == _ITEM_END:
                return start
            at = self._after(start, vr, depth + 1) if length == UNDEFINED_LENGTH else start + length

    def _require_depth(self, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise HostileHeaderError("sequences within sequences, too deep")
