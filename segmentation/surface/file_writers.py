"""The bytes of surface files. Each says its unit and frame as far as the format lets it."""

import json
import struct
from typing import Final

import numpy as np
from numpy.typing import NDArray

from segmentation.surface.mesh import Surface

STATEMENT: Final = "unit=mm frame=LPS mirroring=NO"
"""What a reader must know; the last is what DICOM calls Model Mirroring."""

STL_HEADER: Final = f"Commissure STL {STATEMENT}".encode("ascii").ljust(80)
"""80 bytes; must not begin with "solid", which readers take for the text form."""

STL_RECORD: Final = np.dtype(
    [("normal", "<f4", (3,)), ("corners", "<f4", (3, 3)), ("attribute", "<u2")]
)

PLY_FACE: Final = np.dtype([("count", "u1"), ("vertices", "<i4", (3,))])

GLTF_FROM_LPS_MM: Final = (
    (0.001, 0.0, 0.0, 0.0),
    (0.0, 0.0, 0.001, 0.0),
    (0.0, -0.001, 0.0, 0.0),
    (0.0, 0.0, 0.0, 1.0),
)
"""glTF counts in metres, with y up and the front towards +z, where +x is then the left: so x is
the patient's left, y superior, z anterior. A rotation (determinant +1), never a mirror."""

GLTF_ARRAY_BUFFER, GLTF_ELEMENT_BUFFER = 34962, 34963
GLTF_FLOAT, GLTF_UINT32 = 5126, 5125
GLB_JSON, GLB_BIN = 0x4E4F534A, 0x004E4942


def stl_bytes(surface: Surface) -> bytes:
    """Return binary STL: 80 bytes of header, a count, 50 bytes a triangle."""
    records = np.zeros(len(surface.triangles), dtype=STL_RECORD)
    corners = surface.vertices[surface.triangles]
    records["corners"] = corners
    records["normal"] = _unit_normals(corners)
    return STL_HEADER + struct.pack("<I", len(records)) + records.tobytes()


def ply_bytes(surface: Surface) -> bytes:
    """Return PLY, binary, little-endian."""
    header = (
        "ply\nformat binary_little_endian 1.0\n"
        f"comment Commissure {STATEMENT}\n"
        f"element vertex {len(surface.vertices)}\n"
        "property float x\nproperty float y\nproperty float z\n"
        f"element face {len(surface.triangles)}\n"
        "property list uchar int vertex_indices\nend_header\n"
    )
    faces = np.empty(len(surface.triangles), dtype=PLY_FACE)
    faces["count"] = 3
    faces["vertices"] = surface.triangles
    vertices = surface.vertices.astype("<f4", copy=False)
    return header.encode("ascii") + vertices.tobytes() + faces.tobytes()


def obj_bytes(surface: Surface) -> bytes:
    """Return Wavefront OBJ; nine digits bring every float32 back exactly."""
    lines = [f"# Commissure {STATEMENT}"]
    lines += [f"v {x:.9g} {y:.9g} {z:.9g}" for x, y, z in surface.vertices.tolist()]
    lines += [f"f {a} {b} {c}" for a, b, c in (surface.triangles + 1).tolist()]
    return ("\n".join(lines) + "\n").encode("ascii")


def glb_bytes(surface: Surface) -> bytes:
    """Return binary glTF 2.0.

    The vertices are in LPS mm as everywhere; the node's matrix takes them to glTF's metres, y up.
    """
    vertices = surface.vertices.astype("<f4", copy=False).tobytes()
    triangles = surface.triangles.astype("<u4").tobytes()
    document = json.dumps(_gltf(surface, len(vertices), len(triangles)), separators=(",", ":"))
    text = document.encode("ascii")
    text += b" " * (-len(text) % 4)
    binary = vertices + triangles
    length = 12 + 8 + len(text) + 8 + len(binary)
    return b"".join(
        (
            struct.pack("<4sII", b"glTF", 2, length),
            struct.pack("<II", len(text), GLB_JSON),
            text,
            struct.pack("<II", len(binary), GLB_BIN),
            binary,
        )
    )


def _gltf(surface: Surface, vertex_bytes: int, triangle_bytes: int) -> dict[str, object]:
    """Return the glTF document of one mesh whose vertices come first in the buffer."""
    extras = dict(pair.split("=") for pair in STATEMENT.split())
    bounds = surface.bounds_mm
    columns = np.array(GLTF_FROM_LPS_MM).T.ravel().tolist()
    return {
        "asset": {"version": "2.0", "generator": "Commissure", "extras": extras},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0, "matrix": columns, "extras": extras}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1}]}],
        "buffers": [{"byteLength": vertex_bytes + triangle_bytes}],
        "bufferViews": [
            {"buffer": 0, "byteLength": vertex_bytes, "target": GLTF_ARRAY_BUFFER},
            {
                "buffer": 0,
                "byteOffset": vertex_bytes,
                "byteLength": triangle_bytes,
                "target": GLTF_ELEMENT_BUFFER,
            },
        ],
        "accessors": [
            {
                "bufferView": 0,
                "componentType": GLTF_FLOAT,
                "count": len(surface.vertices),
                "type": "VEC3",
                "min": list(bounds[0::2]),
                "max": list(bounds[1::2]),
            },
            {
                "bufferView": 1,
                "componentType": GLTF_UINT32,
                "count": surface.triangles.size,
                "type": "SCALAR",
            },
        ],
    }


def _unit_normals(corners: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the (m, 3) outward normals of (m, 3, 3) corners; zero for a triangle without area."""
    wide = corners.astype(np.float64)
    facing = np.cross(wide[:, 1] - wide[:, 0], wide[:, 2] - wide[:, 0])
    length = np.linalg.norm(facing, axis=1, keepdims=True)
    normals: NDArray[np.float64] = np.divide(
        facing, length, out=np.zeros_like(facing), where=length > 0
    )
    return normals
