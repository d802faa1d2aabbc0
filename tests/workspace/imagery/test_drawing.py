"""Which level a picture is drawn from, its grey levels, and its bytes."""

from pathlib import Path

import imagecodecs
import numpy as np
import pytest

from imaging.grey_window import GreyWindow
from imaging.volume import VolumeGeometry
from imaging.volume_store.reading import OpenedVolume
from imaging.volume_store.store import VolumeStore
from tests.workspace.imagery.grids import GRIDS, X, Y, Z, middle_of
from tests.workspace.imagery.stored_volumes import Ramp, ramp_volume, volume_of
from workspace.imagery.drawing import Wish, draw, encoded, grey_levels, level_for, windowed
from workspace.imagery.levels import LevelMemory
from workspace.imagery.reslicing import Mode, PicturePlane

WIDE = GreyWindow(100.0, 400.0)


@pytest.fixture
def memory() -> LevelMemory:
    return LevelMemory()


def opened(folder: Path, geometry: VolumeGeometry) -> OpenedVolume:
    store = VolumeStore(folder)
    return store.open(store.put(ramp_volume(geometry)).key)


def wish(geometry: VolumeGeometry, mm: float, mode: Mode = "single", slab: float = 0.0) -> Wish:
    return Wish(PicturePlane(middle_of(geometry), X, Y, 16, 12, mm), WIDE, mode, slab)


@pytest.mark.parametrize("name", ["straight", "tilted gantry", "turned"])
@pytest.mark.parametrize("mm", [0.4, 1.0, 2.1])
def test_grey_levels_are_those_of_the_ramp_from_whatever_level_they_come(
    tmp_path: Path, memory: LevelMemory, name: str, mm: float
) -> None:
    geometry = GRIDS[name]
    asked = wish(geometry, mm)
    picture = grey_levels(opened(tmp_path, geometry), asked, memory)
    places = asked.plane.places()
    index = geometry.world_to_index(places)
    k, j, i = geometry.shape_kji
    # between the centres of the coarsest level that is ever used here
    inside = ((index >= 2) & (index <= np.array([i - 3, j - 3, k - 3]))).all(axis=-1)
    wanted = np.rint((Ramp().at(places) - WIDE.low) * 255 / WIDE.width).clip(0, 255)
    assert inside.sum() > 20
    assert np.abs(picture[inside].astype(float) - wanted[inside]).max() <= 1


def test_the_coarsest_level_that_is_fine_enough_is_read(
    tmp_path: Path, memory: LevelMemory
) -> None:
    fine = VolumeGeometry((0.5, 0.5, 2.0), (0.0, 0.0, 0.0), (X, Y, Z), (20, 80, 90))
    volume = opened(tmp_path, fine)
    assert [it.geometry.spacing for it in volume.levels[:3]] == [
        (0.5, 0.5, 2.0),
        (1.0, 1.0, 2.0),
        (2.0, 2.0, 2.0),
    ]
    levels = [level_for(volume, wish(fine, mm), memory) for mm in (0.3, 0.5, 0.9, 1.0, 1.9, 2.0)]
    assert levels == [0, 0, 0, 1, 1, 2]


def test_a_thick_slab_passes_no_voxel_by(tmp_path: Path, memory: LevelMemory) -> None:
    geometry = VolumeGeometry((0.5, 0.5, 0.5), (0.0, 0.0, 0.0), (X, Y, Z), (70, 70, 70))
    volume = opened(tmp_path, geometry)
    thin, thick = wish(geometry, 0.5, "max", 10.0), wish(geometry, 0.5, "max", 60.0)
    assert level_for(volume, thin, memory) == 0
    assert level_for(volume, thick, memory) == 0  # 0.95 mm apart, and no level of that spacing
    thicker = wish(geometry, 0.5, "max", 64.0)
    assert level_for(volume, thicker, memory) == 1


def test_a_level_that_memory_does_not_hold_is_not_read(tmp_path: Path) -> None:
    geometry = GRIDS["straight"]
    volume = opened(tmp_path, geometry)
    assert level_for(volume, wish(geometry, 0.2), LevelMemory(most_bytes=20_000)) == 1


def test_memory_lets_go_of_what_was_used_longest_ago(tmp_path: Path) -> None:
    store = VolumeStore(tmp_path)
    one, two = (
        store.open(store.put(volume_of(np.full((8, 8, 8), n, "<i2"), _cube(8), str(n))).key)
        for n in (1, 2)
    )
    memory = LevelMemory(most_bytes=1024)
    first = memory.values(one, 0)
    assert memory.values(one, 0) is first
    memory.values(two, 0)
    assert memory.bytes_used == 1024
    assert memory.values(one, 0) is not first


def test_the_window_s_ends_are_black_and_white() -> None:
    values = np.array([[-1e6, -100, 100, 300, 1e6, np.nan]], np.float32)
    assert windowed(values, WIDE).tolist() == [[0, 0, 128, 255, 255, 0]]


@pytest.mark.parametrize(("name", "start"), [("jpeg", b"\xff\xd8\xff"), ("webp", b"RIFF")])
def test_a_picture_comes_as_jpeg_or_webp(name: str, start: bytes) -> None:
    picture = np.add.outer(np.arange(64), np.arange(96)).astype(np.uint8)
    data = encoded(picture, name)  # type: ignore[arg-type]
    decode = imagecodecs.jpeg8_decode if name == "jpeg" else imagecodecs.webp_decode
    back = decode(data)
    grey = back if back.ndim == 2 else back[..., 0]
    assert data.startswith(start)
    assert grey.shape == picture.shape
    assert np.abs(grey.astype(int) - picture).max() <= 8  # lossy


def test_a_drawn_picture_is_its_grey_levels_encoded(tmp_path: Path, memory: LevelMemory) -> None:
    geometry = GRIDS["straight"]
    volume, asked = opened(tmp_path, geometry), wish(geometry, 1.0)
    assert draw(volume, asked, memory) == encoded(grey_levels(volume, asked, memory), "jpeg")


def _cube(edge: int) -> VolumeGeometry:
    return VolumeGeometry((1.0, 1.0, 1.0), (0.0, 0.0, 0.0), (X, Y, Z), (edge, edge, edge))
