"""NRRD headers, attached to their values: http://teem.sourceforge.net/nrrd/format.html."""

import re
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from imaging.axes import turned_between_ras_and_lps
from imaging.image_files.header import (
    AXES,
    HEAD_BYTES,
    ImageHeader,
    Packing,
    checked_grid,
    checked_shape,
    external,
    no_geometry,
    not_a_volume,
    unreadable,
    unusual,
)
from imaging.volume import VolumeGeometry

TYPES: Final = {
    **dict.fromkeys(("signed char", "int8", "int8_t"), "i1"),
    **dict.fromkeys(("uchar", "unsigned char", "uint8", "uint8_t"), "u1"),
    **dict.fromkeys(
        ("short", "short int", "signed short", "signed short int", "int16", "int16_t"), "i2"
    ),
    **dict.fromkeys(("ushort", "unsigned short", "unsigned short int", "uint16", "uint16_t"), "u2"),
    **dict.fromkeys(("int", "signed int", "int32", "int32_t"), "i4"),
    **dict.fromkeys(("uint", "unsigned int", "uint32", "uint32_t"), "u4"),
    **dict.fromkeys(("longlong", "long long", "long long int", "int64", "int64_t"), "i8"),
    **dict.fromkeys(("ulonglong", "unsigned long long", "uint64", "uint64_t"), "u8"),
    "float": "f4",
    "double": "f8",
}
PACKINGS: Final[dict[str, Packing]] = {"raw": "raw", "gzip": "gzip", "gz": "gzip"}
NAMES: Final = {"i1": "int8", "u1": "uint8", "i2": "short", "u2": "ushort", "f4": "float"}
"""Of what is written, in words that every reader knows."""

LPS: Final = ("left-posterior-superior", "lps")
RAS: Final = ("right-anterior-superior", "ras")
LAS: Final = ("left-anterior-superior", "las")
ELSEWHERE: Final = ("data file", "datafile")
SKIPS: Final = ("line skip", "lineskip", "byte skip", "byteskip")
VECTOR: Final = re.compile(r"\(([^()]*)\)|none")


def read_nrrd_header(path: Path) -> ImageHeader:
    """Read the header of a .nrrd file.

    Raises
    ------
    RefusedFileError
        ``"external_data"``, ``"no_geometry"``, ``"bad_geometry"``, ``"not_a_volume"``,
        ``"too_large"`` or ``"unreadable_file"``.
    """
    fields, offset = _fields(path)
    if any(key in fields for key in ELSEWHERE):
        raise external(path)
    sizes = _sizes(path, fields)
    affine = _affine_lps(path, fields)
    packing = PACKINGS.get(fields.get("encoding", "").lower())
    if packing is None:
        raise unusual(path, "another encoding than raw and gzip")
    if any(fields.get(key, "0") != "0" for key in SKIPS):
        raise unusual(path, "lines or bytes to skip")
    return ImageHeader(
        geometry=checked_grid(path, affine, checked_shape(path, sizes)),
        dtype=_dtype(path, fields),
        offset=offset,
        packing=packing,
    )


def _fields(path: Path) -> tuple[dict[str, str], int]:
    """Return the fields in small letters, and where the values begin."""
    with path.open("rb") as source:
        head = source.read(HEAD_BYTES)
    end = re.search(rb"\r?\n\r?\n", head)
    if not head.startswith(b"NRRD000") or end is None:
        raise unreadable(path)
    text = head[: end.start()].replace(b"\r", b"").decode("latin-1")
    fields: dict[str, str] = {}
    for line in text.split("\n")[1:]:
        key, colon, value = line.partition(":")
        if line.startswith("#") or not colon or value.startswith("="):  # key:=value is free text
            continue
        key = key.strip().lower()
        if key in fields:
            raise unreadable(path)
        fields[key] = value.strip()
    return fields, end.end()


def _sizes(path: Path, fields: dict[str, str]) -> tuple[int, ...]:
    try:
        axes = int(fields["dimension"])
        sizes = tuple(int(size) for size in fields["sizes"].split())
    except (KeyError, ValueError) as error:
        raise unreadable(path) from error
    if len(sizes) != axes:
        raise unreadable(path)
    if axes != AXES:
        raise not_a_volume(path, f"{axes} axes")
    return sizes


def _affine_lps(path: Path, fields: dict[str, str]) -> NDArray[np.float64]:
    """Return the affine; the frame of measurements, which is that of tensors, is no part of it."""
    directions = fields.get("space directions")
    space, origin = fields.get("space", "").lower(), fields.get("space origin")
    if directions is None or origin is None or space not in {*LPS, *RAS, *LAS}:
        raise no_geometry(path)
    if any(unit != "mm" for unit in re.findall(r'"([^"]*)"', fields.get("space units", ""))):
        raise unusual(path, "another unit of length than mm")
    affine = np.eye(4)
    columns = [*_vectors(path, directions), *_vectors(path, origin)]
    if len(columns) != AXES + 1:
        raise unreadable(path)
    affine[:3] = np.array(columns).T
    if space in RAS:
        return turned_between_ras_and_lps(affine)
    if space in LAS:
        affine[1] *= -1  # anterior to posterior; left is left already
    return affine


def _vectors(path: Path, text: str) -> list[list[float]]:
    vectors = []
    for found in VECTOR.finditer(text):
        if found.group(1) is None:  # "none": an axis of colours or of time
            raise not_a_volume(path, "an axis without direction")
        try:
            vector = [float(part) for part in found.group(1).split(",")]
        except ValueError as error:
            raise unreadable(path) from error
        if len(vector) != AXES:
            raise unreadable(path)
        vectors.append(vector)
    return vectors


def _dtype(path: Path, fields: dict[str, str]) -> "np.dtype[Any]":
    kind = TYPES.get(" ".join(fields.get("type", "").lower().split()))
    if kind is None:
        raise not_a_volume(path, "values of an unknown or compound type")
    order = {"little": "<", "big": ">"}.get(fields.get("endian", "").lower(), "")
    if not order and kind[1] != "1":
        raise unreadable(path)
    return np.dtype(f"{order or '|'}{kind}")


def nrrd_head(geometry: VolumeGeometry, dtype: "np.dtype[Any]") -> bytes:
    """Return the text before the values, which follow packed by gzip."""
    affine = geometry.affine_lps
    i, j, k = geometry.shape_kji[::-1]
    lines = [
        "NRRD0004",
        f"type: {NAMES[dtype.str[1:]]}",
        "dimension: 3",
        f"space: {LPS[0]}",
        f"sizes: {i} {j} {k}",
        f"space directions: {' '.join(_vector(column) for column in affine[:3, :3].T)}",
        "kinds: domain domain domain",
        "endian: little",
        "encoding: gzip",
        'space units: "mm" "mm" "mm"',
        f"space origin: {_vector(affine[:3, 3])}",
    ]
    return "\n".join([*lines, "", ""]).encode("ascii")


def _vector(values: NDArray[np.float64]) -> str:
    return f"({','.join(repr(float(value)) for value in values)})"
