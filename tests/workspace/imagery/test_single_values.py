"""The value under a pointer, for pages that hold no voxels: the voxel's own, and only inside."""

from pathlib import Path

import numpy as np
import pytest

from imaging.volume_store.store import VolumeStore
from tests.workspace.imagery.grids import GRIDS
from tests.workspace.imagery.stored_volumes import Ramp, keep_for_room, ramp_volume
from tests.workspace.served_room import ROOM, Guest, Served
from workspace.imagery.single_values import value_at

GRID = GRIDS["tilted gantry"]


@pytest.mark.parametrize("name", GRIDS)
def test_a_place_has_the_value_of_the_voxel_in_which_it_lies(tmp_path: Path, name: str) -> None:
    geometry = GRIDS[name]
    store = VolumeStore(tmp_path)
    volume = store.open(store.put(ramp_volume(geometry)).key)
    random = np.random.default_rng(3)
    k, j, i = geometry.shape_kji
    corners = [(0, 0, 0), (i - 1, j - 1, k - 1), (0, j - 1, 0)]
    for index in (*corners, *random.integers((0, 0, 0), (i, j, k), (12, 3)).tolist()):
        beside = np.array(index) + random.uniform(-0.49, 0.49, 3)
        x, y, z = geometry.index_to_world(beside).tolist()
        wanted = np.float32(Ramp().at(geometry.index_to_world(index)))
        assert value_at(volume, (x, y, z)) == pytest.approx(float(wanted), abs=1e-3)
    for outside in ((-0.51, 0, 0), (0, j - 0.49, 0), (0, 0, k - 0.49), (1e9, 0, 0)):
        x, y, z = geometry.index_to_world(outside).tolist()
        assert value_at(volume, (x, y, z)) is None


async def test_a_page_is_told_the_value_and_its_unit(server: Served) -> None:
    key = keep_for_room(server.hosting.data, ROOM, ramp_volume(GRID))
    x, y, z = GRID.index_to_world((3, 4, 5)).tolist()
    async with Guest.joining(server) as ana:
        answer = await ana.get(f"volumes/{key}/value?at={x!r},{y!r},{z!r}")
        assert answer.status == 200, await answer.text()
        assert answer.headers["Cache-Control"] == "no-store"
        told = await answer.json()
        assert told["hu"] is True
        assert told["value"] == pytest.approx(float(Ramp().at(np.array([x, y, z]))), abs=1e-3)
        outside = await (await ana.get(f"volumes/{key}/value?at=900,0,0")).json()
        assert outside == {"value": None, "hu": True}


async def test_a_place_that_is_none_is_refused_in_a_sentence(server: Served) -> None:
    key = keep_for_room(server.hosting.data, ROOM, ramp_volume(GRID))
    async with Guest.joining(server) as ana:
        for asked, sentence in (
            ("", "at is missing"),
            ("?at=1,2", "at is not written as it should be"),
            ("?at=1,2,nan", "at must be finite"),
            ("?at=1,2,1e9", "at lies further away than 100000 mm"),
        ):
            answer = await ana.get(f"volumes/{key}/value{asked}")
            assert (answer.status, await answer.text()) == (400, sentence)
