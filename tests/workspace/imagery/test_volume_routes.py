"""A room's volumes: who sees them, which they are, and their files as they lie."""

import dataclasses
import shutil
from pathlib import Path

import msgspec
import numpy as np
import pytest
import zarr
from aiohttp import ClientResponse
from zarr.core.buffer import default_buffer_prototype
from zarr.storage import MemoryStore

from imaging.catalog.catalog import Catalog
from imaging.grey_window import GreyWindow
from imaging.image_archive import ImageArchive
from imaging.registration.registration import ErrorEstimate, RigidRegistration
from imaging.space import RigidTransform
from imaging.volume import Volume, VolumeGeometry
from sessions.audit.reading import read_trail
from sessions.audit.records import Kind
from sessions.audit.trail import FILE_NAME
from sessions.plan.records import Role
from tests.workspace.imagery.stored_volumes import (
    NOW,
    STRAIGHT,
    keep,
    keep_for_room,
    ramp_volume,
    volume_of,
)
from tests.workspace.served_room import ROOM, Guest, Served
from workspace.imagery.listing import Listing
from workspace.imagery.registrations import keep_registration
from workspace.imagery.shelf import VolumeShelf

GRID = VolumeGeometry((1.0, 2.0, 3.0), (-10.0, -20.0, -30.0), STRAIGHT, (70, 20, 30))


def ct(name: str = "one", frame: str = "1.2.9", study: str = "1.2.3") -> Volume:
    """Return a volume of this study and frame."""
    volume = volume_of(np.arange(70 * 20 * 30, dtype="<i2").reshape(70, 20, 30), GRID, name)
    identity = dataclasses.replace(volume.identity, study_uid=study)
    return dataclasses.replace(
        volume, frame_of_reference_uid=frame, study_uid=study, identity=identity
    )


async def listing(guest: Guest) -> Listing:
    answer = await guest.get("volumes")
    assert answer.status == 200, await answer.text()
    return msgspec.json.decode(await answer.read(), type=Listing)


async def part(guest: Guest, key: str, path: str, **headers: str) -> ClientResponse:
    url = f"{guest.path}volumes/{key}/zarr/{path}"
    answer = await guest.http.get(url, headers=headers)
    await answer.read()
    return answer


async def test_a_room_lists_the_volume_that_it_was_made_of_and_where_it_lies(
    server: Served,
) -> None:
    key = keep_for_room(server.hosting.data, ROOM, ct())
    async with Guest.joining(server) as ana:
        (volume,) = (await listing(ana)).volumes
    assert (volume.key, volume.primary, volume.registration) == (key, True, None)
    assert (volume.modality, volume.hu, volume.dtype) == ("CT", True, "int16")
    assert (volume.shape_kji, volume.spacing_mm) == (GRID.shape_kji, GRID.spacing)
    assert np.allclose(volume.affine_lps, GRID.affine_lps)
    assert (volume.window.center, volume.window.width) == (40.0, 400.0)
    assert [level.path for level in volume.levels] == ["0", "1", "2", "3"][: len(volume.levels)]
    assert volume.levels[0].shape_kji == GRID.shape_kji


async def test_another_program_reads_the_same_voxels_from_what_pages_get(server: Served) -> None:
    key = keep_for_room(server.hosting.data, ROOM, ct())
    store: dict[str, bytes] = {}
    async with Guest.joining(server) as ana:
        for path in ("zarr.json", "0/zarr.json", "0/c/0/0/0", "0/c/1/0/0"):
            answer = await part(ana, key, path)
            assert answer.status == 200
            assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
            store[path] = await answer.read()
    assert b"1.2.3" not in store["zarr.json"]  # no UIDs
    buffer = default_buffer_prototype().buffer
    memory = MemoryStore({name: buffer.from_bytes(value) for name, value in store.items()})
    array = zarr.open_array(memory, path="0", mode="r")
    assert np.array_equal(np.asarray(array[:]), ct().voxels)


async def test_a_browser_may_ask_for_a_range_of_a_shard(server: Served) -> None:
    key = keep_for_room(server.hosting.data, ROOM, ct())
    async with Guest.joining(server) as ana:
        whole = await (await part(ana, key, "0/c/0/0/0")).read()
        some = await part(ana, key, "0/c/0/0/0", Range="bytes=10-29")
        index = await part(ana, key, "0/c/0/0/0", Range="bytes=-20")
    assert (some.status, await some.read()) == (206, whole[10:30])
    assert (index.status, await index.read()) == (206, whole[-20:])


NO_PARTS = (
    "../../catalog.sqlite",
    "..%2f..%2fcatalog.sqlite",
    "0/c/2/0/0",
    "0/c/0/0/1",
    "0/c/-1/0/0",
    "99/zarr.json",
    "0/../0/zarr.json/..",
    "%2e%2e/%2e%2e/catalog.sqlite",
    "0/c/0/0/0/",
    "0/c/\u0660/0/0",
)


async def test_only_the_parts_of_a_volume_have_addresses(server: Served) -> None:
    key = keep_for_room(server.hosting.data, ROOM, ct())
    async with Guest.joining(server) as ana:
        for path in NO_PARTS:
            assert (await part(ana, key, path)).status == 404, path


async def test_a_room_shows_no_volume_of_another_room(server: Served) -> None:
    keep_for_room(server.hosting.data, ROOM, ct())
    other = keep(server.hosting.data, ct("other", frame="1.3", study="1.9"), patient_id="P2")
    async with Guest.joining(server) as ana:
        assert len((await listing(ana)).volumes) == 1
        assert (await part(ana, other, "0/zarr.json")).status == 404
        assert (await part(ana, "../" + other, "0/zarr.json")).status == 404


async def test_a_room_without_a_note_of_its_images_lists_none_whatever_its_plan_names(
    server: Served,
) -> None:
    keep(server.hosting.data, ct())
    async with Guest.joining(server) as ana:
        told = await listing(ana)
    assert told.volumes == ()
    assert told.problem == "The images of this case are not on this server."


async def test_volumes_of_one_frame_lie_together_and_registered_ones_where_they_were_laid(
    server: Served,
) -> None:
    data = server.hosting.data
    keep_for_room(data, ROOM, ct())
    same = keep(data, ct("same frame"))
    alone = keep(data, ct("same study", frame="1.5"))
    laid = keep(data, ct("registered", frame="1.6", study="1.7"))
    keep(data, ct("neither", frame="1.8", study="1.9"))
    turn = RigidTransform.about_axis((0, 0, 1), 30.0, (1, 2, 3))
    keep_registration(
        data,
        RigidRegistration(
            "1.6", "1.2.9", turn.inverse(), "landmarks", "given", ErrorEstimate(0.5, 1.2, 5)
        ),
    )
    async with Guest.joining(server) as ana:
        volumes = {it.key: it for it in (await listing(ana)).volumes}
    assert set(volumes) >= {same, alone, laid}
    assert len(volumes) == 4
    assert volumes[alone].registration is None
    beside, turned = volumes[same].registration, volumes[laid].registration
    assert beside is not None
    assert np.allclose(beside.matrix, np.eye(4))
    assert beside.error_mm == 0
    assert turned is not None
    assert np.allclose(turned.matrix, turn.matrix())
    assert turned.error_mm == 1.2


async def test_another_patient_s_images_are_not_shown_whatever_is_registered(
    server: Served,
) -> None:
    data = server.hosting.data
    keep_for_room(data, ROOM, ct())
    keep(data, ct("stranger", frame="1.2.9", study="1.9"), patient_id="P2")
    async with Guest.joining(server) as ana:
        assert len((await listing(ana)).volumes) == 1


async def test_a_volume_that_was_taken_out_of_sight_is_not_listed(server: Served) -> None:
    data = server.hosting.data
    keep_for_room(data, ROOM, ct())
    archive = ImageArchive(data)
    with Catalog(archive.catalog_file) as catalog:
        catalog.remove(ct().volume_id, NOW)
    async with Guest.joining(server) as ana:
        assert (await listing(ana)).volumes == ()


async def test_a_damaged_volume_is_not_listed_and_the_room_goes_on(server: Served) -> None:
    data = server.hosting.data
    key = keep_for_room(data, ROOM, ct())
    shutil.rmtree(data / "volumes" / key / "1")
    async with Guest.joining(server) as ana:
        assert (await listing(ana)).volumes == ()


async def test_a_patient_s_link_shows_no_grey_values(server: Served) -> None:
    key = keep_for_room(server.hosting.data, ROOM, ct())
    async with Guest.joining(server, Role.PATIENT) as pia:
        told = await listing(pia)
        assert (told.volumes, told.problem) == (
            (),
            "Your role does not see the images; ask the room's owner.",
        )
        assert (await part(pia, key, "0/zarr.json")).status == 403


async def test_nobody_sees_images_without_being_a_member(server: Served) -> None:
    key = keep_for_room(server.hosting.data, ROOM, ct())
    async with Guest.joining(server) as ana, Guest.arriving(server) as stranger:
        stranger.path = ana.path
        assert (await stranger.get("volumes")).status == 401
        assert (await part(stranger, key, "0/zarr.json")).status == 401


async def test_it_is_on_record_once_that_somebody_saw_the_images(server: Served) -> None:
    key = keep_for_room(server.hosting.data, ROOM, ct())
    async with Guest.joining(server) as ana:
        await listing(ana)
        for _ in range(5):
            await part(ana, key, "0/zarr.json")
        member = ana.member_id
    await server.hosting.audit.close()
    seen = [
        it
        for it in read_trail(server.hosting.data / FILE_NAME)
        if it.event.kind == Kind.SAW and it.event.object.kind == "images"
    ]
    assert [it.event.actor.member for it in seen] == [member]


def test_images_of_a_mode_without_unit_start_with_their_middle_99_per_cent(tmp_path: Path) -> None:
    values = np.arange(70 * 20 * 30, dtype="<f4").reshape(70, 20, 30)
    volume = dataclasses.replace(volume_of(values, GRID), hu=False, modality="MR")
    (tmp_path / "rooms" / ROOM).mkdir(parents=True)
    keep_for_room(tmp_path, ROOM, volume)
    (shown,) = VolumeShelf(tmp_path).volumes(ROOM)
    span = float(values.max() - values.min())
    assert shown.window.center == pytest.approx(span / 2, rel=0.01)
    assert shown.window.width == pytest.approx(0.99 * span, rel=0.03)


def shown_window(data: Path, stated: GreyWindow | None) -> GreyWindow:
    (data / "rooms" / ROOM).mkdir(parents=True)
    keep_for_room(data, ROOM, dataclasses.replace(ct(), window=stated))
    (shown,) = VolumeShelf(data).volumes(ROOM)
    return shown.window


def test_a_series_starts_with_the_window_that_it_asks_for(tmp_path: Path) -> None:
    stated = GreyWindow(400.0, 1800.0)
    assert shown_window(tmp_path, stated) == stated


@pytest.mark.parametrize(
    "stated",
    [None, GreyWindow(90_000.0, 100.0), GreyWindow(-5000.0, 80.0), GreyWindow(40.0, -1.0)],
)
def test_a_window_in_which_nothing_would_be_seen_gives_way_to_the_modality_s(
    tmp_path: Path, stated: GreyWindow | None
) -> None:
    assert shown_window(tmp_path, stated) == GreyWindow(40.0, 400.0)


def test_a_ramp_of_the_tests_is_what_it_says() -> None:
    volume = ramp_volume(GRID)
    assert float(volume.voxels[0, 0, 0]) == 100.0 - 30.0 + 40.0 - 150.0
