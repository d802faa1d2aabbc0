"""A surface as bytes: the canonical blob that names it by hash, and Draco for the browser."""

import math
import struct
from typing import Final

import numpy as np

from segmentation.errors import SurfaceError
from segmentation.surface.mesh import Surface

MAGIC: Final = b"CMSSURF1"
"""Eight bytes; the digit is the version of the layout."""

HEADER: Final = struct.Struct("<8sQQ")
"""Magic, number of vertices, number of triangles; little-endian, as is all that follows."""

ROW_BYTES: Final = 12
"""Three float32 of a vertex, or three int32 of a triangle."""

DRACO_STEP_MM: Final = 0.02
"""Between two positions at most: no vertex is drawn more than 0.01 mm off along an axis, a part in
a hundred of a voxel. Halving it costs a fifth of a byte a triangle, and shows nothing."""

DRACO_COMPRESSION_LEVEL: Final = 7
"""0 to 10. Smaller than 7 costs the browser more time than the bytes save."""


def to_blob(surface: Surface) -> bytes:
    """Return the canonical bytes of `surface`: equal surfaces give equal bytes."""
    vertices = surface.vertices + np.float32(0)  # -0.0 and 0.0 are the same place
    return b"".join(
        (
            HEADER.pack(MAGIC, len(vertices), len(surface.triangles)),
            vertices.astype("<f4", copy=False).tobytes(),
            surface.triangles.astype("<i4", copy=False).tobytes(),
        )
    )


def from_blob(blob: bytes) -> Surface:
    """Return the surface in `blob`, which may come from anywhere.

    Raises
    ------
    SurfaceError
        If a length, an index or a number is not as it must be. Nothing is allocated before the
        lengths agree with the bytes that are there.
    """
    if len(blob) < HEADER.size:
        raise SurfaceError(f"a surface of {len(blob)} bytes is cut short; fetch it again")
    magic, vertex_count, triangle_count = HEADER.unpack_from(blob)
    if magic != MAGIC:
        raise SurfaceError("the bytes are no surface of Commissure, or one of a later version")
    expected = HEADER.size + ROW_BYTES * (vertex_count + triangle_count)
    if len(blob) != expected:
        raise SurfaceError(
            f"a surface of {vertex_count} vertices and {triangle_count} triangles takes "
            f"{expected} bytes, not {len(blob)}; fetch it again"
        )
    split = HEADER.size + ROW_BYTES * vertex_count
    vertices = np.frombuffer(blob, "<f4", 3 * vertex_count, HEADER.size)
    triangles = np.frombuffer(blob, "<i4", 3 * triangle_count, split)
    return Surface(
        vertices.astype(np.float32, copy=False).reshape(-1, 3),
        triangles.astype(np.int32, copy=False).reshape(-1, 3),
    )


def to_draco(surface: Surface) -> bytes:
    """Return `surface` as Draco: steps of `DRACO_STEP_MM`, no normals, vertices reordered."""
    import DracoPy

    low, high = surface.vertices.min(axis=0), surface.vertices.max(axis=0)
    steps = float(np.max(high - low)) / DRACO_STEP_MM

    encoded: bytes = DracoPy.encode(
        surface.vertices,
        faces=surface.triangles.astype(np.uint32),
        quantization_bits=math.ceil(math.log2(steps + 2)),
        compression_level=DRACO_COMPRESSION_LEVEL,
    )
    return encoded
