import contextlib
import json
import os
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imaging.space import RigidTransform
from segmentation.errors import SurfaceError
from segmentation.surface.file_readers import read_obj, read_ply, read_stl
from segmentation.surface.file_writers import (
    GLTF_FROM_LPS_MM,
    glb_bytes,
    obj_bytes,
    ply_bytes,
    stl_bytes,
)
from segmentation.surface.formats import read_surface, write_surface
from segmentation.surface.mesh import Surface
from tests.segmentation.solids import ball, shell

SKULL = shell(80, 74)


@pytest.mark.parametrize("ending", [".stl", ".ply", ".obj"])
def test_a_surface_comes_back_from_its_file(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"skull{ending}"
    write_surface(path, SKULL)
    back = read_surface(path)
    assert back.is_watertight
    assert back.parts() == 1
    assert back.volume_ml == pytest.approx(SKULL.volume_ml, rel=1e-6)
    assert len(back.triangles) == len(SKULL.triangles)


def test_stl_brings_every_corner_back_within_a_hundredth_of_a_millimetre(tmp_path: Path) -> None:
    write_surface(tmp_path / "skull.stl", SKULL)
    back = read_surface(tmp_path / "skull.stl")
    assert np.abs(back.vertices[back.triangles] - SKULL.vertices[SKULL.triangles]).max() <= 0.01


def test_the_stl_header_says_unit_frame_and_mirroring() -> None:
    header = stl_bytes(SKULL)[:80]
    assert header == b"Commissure STL unit=mm frame=LPS mirroring=NO".ljust(80)
    assert not header.startswith(b"solid")


def test_the_normals_of_an_stl_file_point_outwards() -> None:
    records = np.frombuffer(stl_bytes(ball(10)), np.dtype("<12f4,<u2"), offset=84)["f0"]
    outwards = records[:, 3:6] / np.linalg.norm(records[:, 3:6], axis=1, keepdims=True)
    assert (np.einsum("ij,ij->i", records[:, :3], outwards) > 0.9).all()


def test_a_transform_is_applied_to_what_is_written(tmp_path: Path) -> None:
    path = tmp_path / "moved.stl"
    write_surface(path, ball(10), transform=RigidTransform(translation_mm=(0, 0, 100)))
    np.testing.assert_allclose(read_surface(path).bounds_mm[4:], (90, 110), atol=1e-4)


def test_the_matrix_of_a_glb_file_turns_lps_into_metres_with_y_up_and_mirrors_nothing() -> None:
    content = glb_bytes(SKULL)
    magic, version, length, text, kind = struct.unpack_from("<4sIIII", content)
    assert (magic, version, length, kind) == (b"glTF", 2, len(content), 0x4E4F534A)
    document = json.loads(content[20 : 20 + text])
    assert document["nodes"][0]["extras"] == {"unit": "mm", "frame": "LPS", "mirroring": "NO"}
    matrix = np.array(document["nodes"][0]["matrix"]).reshape(4, 4).T
    np.testing.assert_array_equal(matrix, GLTF_FROM_LPS_MM)
    assert np.linalg.det(matrix[:3, :3]) == pytest.approx(1e-9)
    superior = matrix[:3, :3] @ (0, 0, 1000)
    anterior = matrix[:3, :3] @ (0, -1000, 0)
    np.testing.assert_allclose([superior, anterior], [(0, 1, 0), (0, 0, 1)])


def test_the_buffer_of_a_glb_file_holds_the_surface() -> None:
    content = glb_bytes(SKULL)
    text = struct.unpack_from("<I", content, 12)[0]
    document = json.loads(content[20 : 20 + text])
    start = 20 + text + 8
    views = document["bufferViews"]
    vertices = np.frombuffer(content, "<f4", views[0]["byteLength"] // 4, start)
    indices = np.frombuffer(
        content, "<u4", views[1]["byteLength"] // 4, start + views[1]["byteOffset"]
    )
    np.testing.assert_array_equal(vertices.reshape(-1, 3), SKULL.vertices)
    np.testing.assert_array_equal(indices.reshape(-1, 3), SKULL.triangles)
    assert document["buffers"][0]["byteLength"] == len(content) - start


@pytest.mark.parametrize("name", ["skull", "skull.step", "skull.stl.gz"])
def test_an_unknown_ending_is_refused_and_the_known_ones_are_named(
    tmp_path: Path, name: str
) -> None:
    with pytest.raises(SurfaceError, match=r"\.stl"):
        write_surface(tmp_path / name, SKULL)
    with pytest.raises(SurfaceError, match=r"\.stl"):
        read_surface(tmp_path / name)


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "skull.stl"
    path.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_surface(path, SKULL)
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [
        ("skull.stl", b"old")
    ]


SMALL = ball(10, segments=8)
FORMATS: list[tuple[Callable[[Surface], bytes], Callable[[bytes], Surface]]] = [
    (stl_bytes, read_stl),
    (ply_bytes, read_ply),
]


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(FORMATS), st.floats(0, 1, exclude_max=True))
def test_a_file_cut_short_is_refused(
    form: tuple[Callable[[Surface], bytes], Callable[[bytes], Surface]], part: float
) -> None:
    write, read = form
    content = write(SMALL)
    with pytest.raises(SurfaceError):
        read(content[: int(part * len(content))])


@settings(deadline=None, max_examples=60)
@given(st.sampled_from([read_stl, read_ply, read_obj]), st.binary(max_size=300))
def test_random_bytes_are_no_surface(read: Callable[[bytes], Surface], noise: bytes) -> None:
    with pytest.raises(SurfaceError):
        read(noise)


@settings(deadline=None, max_examples=60)
@given(st.sampled_from([".stl", ".ply", ".obj"]), st.data())
def test_a_damaged_byte_gives_a_surface_or_one_sentence(ending: str, data: st.DataObject) -> None:
    write = {".stl": stl_bytes, ".ply": ply_bytes, ".obj": obj_bytes}[ending]
    read = {".stl": read_stl, ".ply": read_ply, ".obj": read_obj}[ending]
    content = bytearray(write(SMALL))
    content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(SurfaceError):
        assert len(read(bytes(content)).triangles)


def test_stl_in_its_text_form_is_refused_with_what_to_do() -> None:
    text = b"solid skull\n" + b"facet normal 0 0 1\n" * 20 + b"endsolid skull\n"
    with pytest.raises(SurfaceError, match="save it as binary STL"):
        read_stl(text)


def test_an_obj_file_of_another_program_is_read() -> None:
    content = b"# cube\r\nv 0 0 0\r\nv 1 0 0 1.0\r\nv 0 1 0\r\nvn 0 0 1\r\nf 1//1 -2/5/1 3\r\n"
    surface = read_obj(content)
    assert surface.triangles.tolist() == [[0, 1, 2]]


@pytest.mark.parametrize(
    "lines",
    [b"v 0 0 0\nf 1 1 2\n", b"v 0 0 0\nf 1 1 1 1\n", b"v 0 a 0\nf 1 1 1\n", b"v 0\nf 0 1 1\n"],
)
def test_an_obj_file_with_wrong_lines_is_refused(lines: bytes) -> None:
    with pytest.raises(SurfaceError):
        read_obj(lines)
