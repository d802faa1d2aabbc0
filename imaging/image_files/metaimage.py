"""MetaImage headers in one file with their values: LPS, the direction of an axis after the other.

References: https://itk.org/Wiki/ITK/MetaIO/Documentation, and ITK's own reader where that is vague.
"""

import contextlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from imaging.image_files.header import (
    AXES,
    HEAD_BYTES,
    ImageHeader,
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
    "MET_CHAR": "i1",
    "MET_UCHAR": "u1",
    "MET_SHORT": "i2",
    "MET_USHORT": "u2",
    "MET_INT": "i4",
    "MET_UINT": "u4",
    "MET_LONG_LONG": "i8",
    "MET_ULONG_LONG": "u8",
    "MET_FLOAT": "f4",
    "MET_DOUBLE": "f8",
}
"""MET_LONG is left out: it has 4 bytes on some machines and 8 on others."""

NAMES: Final = {kind: name for name, kind in TYPES.items()}
PLACES: Final = ("Offset", "Position", "Origin")
TURNS: Final = ("TransformMatrix", "Rotation", "Orientation")
BIG_ENDIAN: Final = ("BinaryDataByteOrderMSB", "ElementByteOrderMSB")
YES: Final = ("true", "yes", "1")
LAST: Final = "ElementDataFile"
SIZE_DIGITS: Final = 12
"""Room for the size of the packed values, which is known only once they are written."""


def read_metaimage_header(path: Path) -> ImageHeader:
    """Read the header of a .mha file.

    Raises
    ------
    RefusedFileError
        ``"external_data"``, ``"no_geometry"``, ``"bad_geometry"``, ``"not_a_volume"``,
        ``"too_large"`` or ``"unreadable_file"``.
    """
    fields, offset = _fields(path)
    if fields[LAST].upper() != "LOCAL":
        raise external(path)
    sizes = _integers(path, fields, "DimSize")
    if _integers(path, fields, "NDims") != (len(sizes),):
        raise unreadable(path)
    shape = checked_shape(path, sizes)
    if len(sizes) != AXES:
        raise not_a_volume(path, f"{len(sizes)} axes")
    _refuse_unusual(path, fields)
    return ImageHeader(
        geometry=checked_grid(path, _affine_lps(path, fields), shape),
        dtype=_dtype(path, fields),
        offset=offset,
        packing="zlib" if _is_set(fields, "CompressedData") else "raw",
    )


def _fields(path: Path) -> tuple[dict[str, str], int]:
    """Return the fields, and where the values begin: after the line of `LAST`."""
    with path.open("rb") as source:
        head = source.read(HEAD_BYTES)
    fields: dict[str, str] = {}
    start = 0
    while (end := head.find(b"\n", start)) >= 0:
        key, equals, value = head[start:end].decode("latin-1").partition("=")
        key, start = key.strip(), end + 1
        if not equals or key in fields:
            break
        fields[key] = value.strip()
        if key == LAST:
            return fields, start
    raise unreadable(path)


def _refuse_unusual(path: Path, fields: dict[str, str]) -> None:
    if fields.get("ObjectType", "Image").lower() != "image":
        raise unusual(path, "another object than an image")
    if fields.get("ElementNumberOfChannels", "1") != "1":
        raise not_a_volume(path, "several channels")
    if not _is_set(fields, "BinaryData"):
        raise unusual(path, "values as text")
    if fields.get("HeaderSize", "0") != "0":
        raise unusual(path, "bytes to skip")
    with contextlib.suppress(ValueError):
        slope = float(fields.get("ElementToIntensityFunctionSlope", "1"))
        intercept = float(fields.get("ElementToIntensityFunctionOffset", "0"))
        if (slope, intercept) == (1, 0):
            return
    raise unusual(path, "scaled values, which other readers do not scale")


def _is_set(fields: dict[str, str], key: str) -> bool:
    return fields.get(key, "False").lower() in YES


def _affine_lps(path: Path, fields: dict[str, str]) -> NDArray[np.float64]:
    place = next((fields[key] for key in PLACES if key in fields), None)
    if place is None or "ElementSpacing" not in fields:
        raise no_geometry(path)
    turn = next((fields[key] for key in TURNS if key in fields), "1 0 0 0 1 0 0 0 1")
    spacing = _numbers(path, fields["ElementSpacing"], AXES)
    axes = _numbers(path, turn, AXES * AXES).reshape(AXES, AXES)
    affine = np.eye(4)
    affine[:3, :3] = axes.T * spacing
    affine[:3, 3] = _numbers(path, place, AXES)
    return affine


def _numbers(path: Path, text: str, count: int) -> NDArray[np.float64]:
    try:
        numbers = [float(part) for part in text.split()]
    except ValueError as error:
        raise unreadable(path) from error
    if len(numbers) != count:
        raise unreadable(path)
    return np.array(numbers)


def _integers(path: Path, fields: dict[str, str], key: str) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in fields[key].split())
    except (KeyError, ValueError) as error:
        raise unreadable(path) from error


def _dtype(path: Path, fields: dict[str, str]) -> "np.dtype[Any]":
    kind = TYPES.get(fields.get("ElementType", ""))
    if kind is None:
        raise not_a_volume(path, "values of an unknown or compound type")
    big = any(_is_set(fields, key) for key in BIG_ENDIAN)
    return np.dtype(f"{'>' if big else '<'}{kind}")


def metaimage_head(
    geometry: VolumeGeometry, dtype: "np.dtype[Any]", packed_bytes: int = 0
) -> bytes:
    """Return the text before the values, which follow packed by zlib.

    It is as long whatever `packed_bytes` is, so that it can be written again in its place.
    """
    axes = [value for axis in geometry.direction for value in axis]
    lines = [
        "ObjectType = Image",
        "NDims = 3",
        "BinaryData = True",
        "BinaryDataByteOrderMSB = False",
        "CompressedData = True",
        f"CompressedDataSize = {packed_bytes:<{SIZE_DIGITS}}",
        f"TransformMatrix = {_spaced(axes)}",
        f"Offset = {_spaced(geometry.origin)}",
        "CenterOfRotation = 0 0 0",
        "AnatomicalOrientation = RAI",
        f"ElementSpacing = {_spaced(geometry.spacing)}",
        f"DimSize = {' '.join(str(size) for size in geometry.shape_kji[::-1])}",
        f"ElementType = {NAMES[dtype.str[1:]]}",
        f"{LAST} = LOCAL",
    ]
    return "\n".join([*lines, ""]).encode("ascii")


def _spaced(values: Iterable[float]) -> str:
    return " ".join(repr(float(value)) for value in values)
