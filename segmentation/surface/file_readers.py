"""Readers of surface files from anywhere: every length and index is checked before it is used."""

import re
import struct
from typing import Final

import numpy as np
from numpy.typing import NDArray

from segmentation.errors import SurfaceError
from segmentation.surface.file_writers import PLY_FACE, STL_RECORD
from segmentation.surface.mesh import Surface

STL_PREFIX: Final = struct.Struct("<80sI")

PLY_HEADER_LIMIT: Final = 65_536
"""Bytes; ours takes 250."""

PLY_HEADER: Final = re.compile(
    rb"ply\r?\nformat binary_little_endian 1\.0\r?\n(?:(?:comment|obj_info)[^\n]*\n)*"
    rb"element vertex (\d{1,9})\r?\n"
    rb"property float(?:32)? x\r?\nproperty float(?:32)? y\r?\nproperty float(?:32)? z\r?\n"
    rb"element face (\d{1,9})\r?\n"
    rb"property list (?:uchar|uint8) u?int(?:32)? vertex_ind(?:ices|ex)\r?\nend_header\r?\n"
)

CORNERS: Final = 3


def read_stl(content: bytes) -> Surface:
    """Read binary STL; corners at the very same place become one vertex."""
    if len(content) < STL_PREFIX.size:
        raise SurfaceError(f"an STL file of {len(content)} bytes is cut short; fetch it again")
    _, count = STL_PREFIX.unpack_from(content)
    expected = STL_PREFIX.size + STL_RECORD.itemsize * count
    if len(content) != expected:
        if content.lstrip()[:5].lower() == b"solid":
            raise SurfaceError("the STL file is in its text form; save it as binary STL")
        raise SurfaceError(
            f"an STL file of {count} triangles takes {expected} bytes, not {len(content)}; "
            "it is cut short or damaged, fetch it again"
        )
    records = np.frombuffer(content, STL_RECORD, count, STL_PREFIX.size)
    corners = records["corners"].reshape(-1, 3) + np.float32(0)  # -0.0 is the same place as 0.0
    return _merged(corners)


def read_ply(content: bytes) -> Surface:
    """Read PLY of plain triangles, binary, little-endian."""
    header = PLY_HEADER.match(content[:PLY_HEADER_LIMIT])
    if header is None:
        raise SurfaceError(
            "the PLY file is not binary, little-endian, with nothing but x, y, z and triangles; "
            "save it in that form"
        )
    vertex_count, face_count = int(header[1]), int(header[2])
    split = header.end() + 12 * vertex_count
    if len(content) != split + PLY_FACE.itemsize * face_count:
        raise SurfaceError(
            f"the PLY file does not hold its {vertex_count} vertices and {face_count} triangles; "
            "it is cut short, or some faces are no triangles"
        )
    vertices = np.frombuffer(content, "<f4", 3 * vertex_count, header.end())
    faces = np.frombuffer(content, PLY_FACE, face_count, split)
    if (faces["count"] != CORNERS).any():
        raise SurfaceError("some faces of the PLY file are no triangles; triangulate it first")
    return Surface(
        vertices.reshape(-1, 3).astype(np.float32),
        np.ascontiguousarray(faces["vertices"], dtype=np.int32),
    )


def read_obj(content: bytes) -> Surface:
    """Read the vertices and triangles of Wavefront OBJ; everything else in it is passed over."""
    positions: list[list[bytes]] = []
    faces: list[list[bytes]] = []
    for line in content.splitlines():
        word, *rest = line.split() or (b"",)
        if word == b"v":
            positions.append(rest[:CORNERS])
        elif word == b"f":
            faces.append([corner.partition(b"/")[0] for corner in rest])
    if any(len(face) != CORNERS for face in faces):
        raise SurfaceError("some faces of the OBJ file are no triangles; triangulate it first")
    try:
        vertices = np.array(positions, dtype=np.float32).reshape(-1, 3)
        triangles = np.array(faces, dtype=np.int64).reshape(-1, 3)
    except (ValueError, OverflowError) as wrong:
        raise SurfaceError(
            "a line of the OBJ file holds no three numbers; save it again"
        ) from wrong
    triangles = np.where(triangles < 0, triangles + len(vertices), triangles - 1)
    if triangles.size and not 0 <= triangles.min() <= triangles.max() < len(vertices):
        raise SurfaceError("a triangle of the OBJ file names a vertex that it does not have")
    return Surface(vertices, triangles.astype(np.int32))


def _merged(corners: NDArray[np.float32]) -> Surface:
    """Return the surface of (3m, 3) corners, equal ones merged, collapsed triangles left out."""
    if not len(corners):
        raise SurfaceError("the STL file holds no triangle; save it again")
    keys = np.ascontiguousarray(corners).view(np.dtype((np.void, 12))).ravel()
    _, first, vertex_of_corner = np.unique(keys, return_index=True, return_inverse=True)
    triangles = vertex_of_corner.reshape(-1, 3)
    a, b, c = triangles.T
    proper = (a != b) & (b != c) & (c != a)
    return Surface(corners[first], triangles[proper].astype(np.int32))
