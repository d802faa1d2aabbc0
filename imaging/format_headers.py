"""A first look at NIfTI, NRRD and MetaImage headers, before a library trusts them.

The libraries follow a header to other files, take a missing place for the origin, and allocate
what a header claims; each is refused here.
"""

import gzip
import math
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO, Final

from imaging.errors import RefusedFileError

_HEAD_BYTES: Final = 64 * 2**10
"""Longer than the text header of any NRRD or MetaImage file of one volume."""

_NIFTI_BYTES: Final = 348
_DEFLATE_RATIO: Final = 1032
"""The most that one byte of deflate data can become (RFC 1951)."""

_LARGEST_BYTES: Final = 16 * 2**30
"""Of an inflated file: the largest volume with 8 byte values."""

_NRRD_BYTES: Final = {
    **dict.fromkeys(("signed char", "int8", "int8_t", "uchar", "unsigned char", "uint8"), 1),
    **dict.fromkeys(("uint8_t",), 1),
    **dict.fromkeys(("short", "short int", "signed short", "int16", "int16_t"), 2),
    **dict.fromkeys(("ushort", "unsigned short", "uint16", "uint16_t"), 2),
    **dict.fromkeys(("int", "signed int", "int32", "int32_t", "uint", "unsigned int"), 4),
    **dict.fromkeys(("uint32", "uint32_t", "float"), 4),
    **dict.fromkeys(("double", "int64", "int64_t", "uint64", "uint64_t", "longlong"), 8),
}
_META_BYTES: Final = {
    **dict.fromkeys(("MET_CHAR", "MET_UCHAR"), 1),
    **dict.fromkeys(("MET_SHORT", "MET_USHORT"), 2),
    **dict.fromkeys(("MET_INT", "MET_UINT", "MET_FLOAT"), 4),
    **dict.fromkeys(("MET_DOUBLE", "MET_LONG_LONG", "MET_ULONG_LONG"), 8),
}


def refuse_lies_and_links(path: Path, suffix: str) -> None:
    """Raise unless the header of `path` stays within its own file and says where it lies.

    Raises
    ------
    RefusedFileError
        ``"external_data"``, ``"no_geometry"``, ``"truncated_file"`` or ``"unreadable_file"``.
    """
    _CHECKS[suffix](path)


def _nifti(path: Path) -> None:
    with path.open("rb") as source:
        _nifti_stream(path, source, path.stat().st_size)


def _nifti_gz(path: Path) -> None:
    """Look through the whole stream, because ITK takes a torn one for zeros."""
    try:
        with gzip.open(path, "rb") as source:
            _nifti_stream(path, source, _inflated_bytes(path))
    except EOFError as error:
        raise _truncated(path) from error
    except (OSError, zlib.error) as error:
        raise _unreadable(path) from error


def _inflated_bytes(path: Path) -> int:
    size = 0
    with gzip.open(path, "rb") as source:
        while block := source.read(2**20):
            size += len(block)
            if size > _LARGEST_BYTES:
                raise _unreadable(path)
    return size


def _nifti_stream(path: Path, source: IO[bytes] | gzip.GzipFile, held: int) -> None:
    head = source.read(_NIFTI_BYTES)
    order = "<" if head[:4] == struct.pack("<i", _NIFTI_BYTES) else ">"
    if len(head) < _NIFTI_BYTES or head[:4] != struct.pack(f"{order}i", _NIFTI_BYTES):
        raise _unreadable(path)
    if head[344:347] != b"n+1":
        raise _external(path)
    if max(struct.unpack(f"{order}2h", head[252:256])) <= 0:  # qform and sform codes
        raise _no_geometry(path)
    sizes = struct.unpack(f"{order}8h", head[40:56])
    (bits,) = struct.unpack(f"{order}h", head[72:74])
    (offset,) = struct.unpack(f"{order}f", head[108:112])
    wanted = math.prod(max(size, 1) for size in sizes[1 : 1 + max(sizes[0], 0)]) * bits // 8
    if not math.isfinite(offset) or wanted <= 0:
        raise _unreadable(path)
    if wanted + offset > held:
        raise _truncated(path)


def _nrrd(path: Path) -> None:
    head = _head(path)
    text = head.partition(b"\n\n")[0].replace(b"\r", b"").decode("latin-1")
    if not text.startswith("NRRD"):
        raise _unreadable(path)
    lines = [line.partition(": ") for line in text.split("\n")[1:] if not line.startswith("#")]
    fields = {key.strip().lower(): value.strip() for key, _, value in lines if value}
    if {"data file", "datafile"} & fields.keys():
        raise _external(path)
    if not {"space", "space directions", "space origin"} <= fields.keys():
        raise _no_geometry(path)
    wanted = _product(fields.get("sizes", "")) * _NRRD_BYTES.get(fields.get("type", ""), 1)
    _require_bytes(path, wanted, compressed=fields.get("encoding", "raw") != "raw")


def _meta(path: Path) -> None:
    text = _head(path).partition(b"ElementDataFile")
    fields = {}
    for line in text[0].decode("latin-1").splitlines():
        key, _, value = line.partition("=")
        fields[key.strip()] = value.strip()
    if not text[1] or "NDims" not in fields:
        raise _unreadable(path)
    if text[2].split(b"\n", 1)[0].strip(b" =\r\t") != b"LOCAL":
        raise _external(path)
    if "ElementSpacing" not in fields or not {"Offset", "Position", "Origin"} & fields.keys():
        raise _no_geometry(path)
    wanted = _product(fields.get("DimSize", "")) * _META_BYTES.get(fields.get("ElementType", ""), 1)
    _require_bytes(path, wanted, compressed=fields.get("CompressedData", "False") == "True")


def _head(path: Path) -> bytes:
    with path.open("rb") as source:
        return source.read(_HEAD_BYTES)


def _product(text: str) -> int:
    sizes = [int(part) for part in text.split() if part.isdigit()]
    return math.prod(sizes) if sizes else 0


def _require_bytes(path: Path, wanted: int, *, compressed: bool) -> None:
    """Refuse a header that claims more than its file can hold."""
    held = path.stat().st_size * (_DEFLATE_RATIO if compressed else 1)
    if wanted <= 0:
        raise _unreadable(path)
    if wanted > held:
        raise _truncated(path)


def _truncated(path: Path) -> RefusedFileError:
    return RefusedFileError(
        f"{path.name} is cut short: it holds fewer values than its header states; "
        "copy or write it again",
        "truncated_file",
    )


def _unreadable(path: Path) -> RefusedFileError:
    return RefusedFileError(
        f"{path.name} is not what its suffix says, or damaged; write it again", "unreadable_file"
    )


def _external(path: Path) -> RefusedFileError:
    return RefusedFileError(
        f"{path.name} refers to another file for its values; write it as one file", "external_data"
    )


def _no_geometry(path: Path) -> RefusedFileError:
    return RefusedFileError(
        f"{path.name} does not say where it lies in the patient; write it with origin and spacing",
        "no_geometry",
    )


_CHECKS: Final[dict[str, Callable[[Path], None]]] = {
    ".nii.gz": _nifti_gz,
    ".nii": _nifti,
    ".nrrd": _nrrd,
    ".mha": _meta,
}
