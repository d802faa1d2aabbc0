"""The slices of a Siemens mosaic: small images, tiled into one, and where each of them lies.

The position in the header is that of the corner of the whole mosaic as if it were one slice.
"""

import math
import struct
from dataclasses import replace
from typing import Final

from imaging.dicom.frame import Frame, Tile
from imaging.dicom.raw_values import RawValues
from imaging.space import Vector, add, cross, dot, scale

_CSA_START: Final = b"SV10"
_NAME: Final = b"SliceNormalVector\0"
_NAME_BYTES: Final = 64
_MAX_TILES: Final = 1024


def is_mosaic(frame: Frame) -> bool:
    """Return whether the image is tiled."""
    return "MOSAIC" in frame.image_type


def tiles_of(frame: Frame, raw: RawValues) -> list[Frame]:
    """Return the slices of a mosaic, or the image itself where its header does not tell enough.

    What is left whole is refused later, as a mosaic.

    References
    ----------
    The layout is described by nibabel, ``doc/dicom/siemens_csa`` and ``dicom_mosaic``.
    """
    count = raw.word("MosaicImages", 0)
    step_mm = raw.number("SpacingBetweenSlices")
    normal = _slice_normal(raw.bytes_of("SiemensImageHeader"))
    across = math.isqrt(max(count - 1, 0)) + 1
    pixels, axes = frame.pixels, frame.orientation
    fits = 1 < count <= _MAX_TILES and pixels.rows % across == 0 and pixels.columns % across == 0
    if not (fits and step_mm and step_mm > 0 and normal and axes and frame.pixel_spacing):
        return [frame]
    if len(axes) != 6 or frame.position is None:  # noqa: PLR2004 - two directions
        return [frame]
    rows, columns = pixels.rows // across, pixels.columns // across
    row: Vector = (axes[0], axes[1], axes[2])
    column: Vector = (axes[3], axes[4], axes[5])
    along = cross(row, column)
    if abs(abs(dot(along, normal)) - 1) > 1e-3:  # noqa: PLR2004 - three decimals of a cosine
        return [frame]
    spacing = frame.pixel_spacing
    corner = add(frame.position, scale(row, spacing[1] * (pixels.columns - columns) / 2))
    corner = add(corner, scale(column, spacing[0] * (pixels.rows - rows) / 2))
    step = scale(along, math.copysign(step_mm, dot(along, normal)))
    return [
        replace(
            frame,
            position=add(corner, scale(step, number)),
            pixels=replace(pixels, rows=rows, columns=columns),
            place=replace(
                frame.place,
                tile=Tile(
                    number // across * rows, number % across * columns, pixels.rows, pixels.columns
                ),
            ),
        )
        for number in range(count)
    ]


def _slice_normal(header: bytes) -> Vector | None:
    """Return the direction in which the tiles are stacked, from Siemens' own header."""
    at = header.find(_NAME)
    if not header.startswith(_CSA_START) or at < 0:
        return None
    at += _NAME_BYTES
    try:
        (items,) = struct.unpack_from("<i", header, at + 12)
        at += 20
        values = []
        for _ in range(min(max(items, 0), 3)):
            (length,) = struct.unpack_from("<i", header, at)
            values.append(float(header[at + 16 : at + 16 + length].split(b"\0")[0]))
            at += 16 + (length + 3) // 4 * 4
    except (struct.error, ValueError):
        return None
    if len(values) != 3 or not all(math.isfinite(value) for value in values):  # noqa: PLR2004
        return None
    return (values[0], values[1], values[2])
