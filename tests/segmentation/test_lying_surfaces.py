"""Surface files that lie about their counts: one sentence, and not a byte for what is not there.

Row 49 of the abuse list; first shown to bite a reader that believes the counts.
"""

import resource
import struct
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

from segmentation.errors import SurfaceError
from segmentation.surface.file_readers import read_obj, read_ply, read_stl

TRIANGLE = struct.pack("<12fH", 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0)


def ply(vertices: int, faces: int) -> bytes:
    header = (
        "ply\nformat binary_little_endian 1.0\n"
        f"element vertex {vertices}\nproperty float x\nproperty float y\nproperty float z\n"
        f"element face {faces}\nproperty list uchar int vertex_indices\nend_header\n"
    )
    return header.encode() + struct.pack("<9f", *range(9)) + struct.pack("<B3i", 3, 0, 1, 2)


LIES = {
    "STL of four thousand million triangles": (
        read_stl,
        bytes(80) + struct.pack("<I", 2**32 - 1) + TRIANGLE,
    ),
    "STL of one triangle too few": (read_stl, bytes(80) + struct.pack("<I", 0) + TRIANGLE),
    "PLY of a thousand million vertices": (read_ply, ply(999_999_999, 1)),
    "PLY of a thousand million faces": (read_ply, ply(3, 999_999_999)),
    "PLY of more vertices than can be written": (read_ply, ply(10**30, 1)),
    "OBJ of a vertex that is not there": (
        read_obj,
        b"v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 400000000\n",
    ),
    "OBJ of a vertex before the first": (read_obj, b"v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 -9\n"),
    "OBJ of numbers that are none": (read_obj, b"v 0 0 zero\nf 1 1 1\n"),
}


@pytest.mark.parametrize("lie", LIES)
def test_49_a_count_that_lies_is_refused_and_asks_for_no_memory(lie: str) -> None:
    read, content = LIES[lie]
    tracemalloc.start()
    try:
        with pytest.raises(SurfaceError):
            read(content)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 2**20  # bytes: the files have a few hundred


VTK_PLY = """
import sys
from vtkmodules.vtkIOPLY import vtkPLYReader
reader = vtkPLYReader()
reader.SetFileName(sys.argv[1])
reader.Update()
print(reader.GetOutput().GetNumberOfPoints())
"""


def test_49_a_reader_that_believes_the_count_dies_or_invents_points(tmp_path: Path) -> None:
    path = tmp_path / "lie.ply"
    path.write_bytes(ply(999_999_999, 1))

    def bounded() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (2 * 2**30, 2 * 2**30))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    run = subprocess.run(
        [sys.executable, "-c", VTK_PLY, path],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        preexec_fn=bounded,
    )
    assert run.returncode != 0 or int(run.stdout.split()[-1]) > 3
