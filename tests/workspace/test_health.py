"""Whether a server says truly that it lives, and that it is ready."""

import json
from pathlib import Path

import pytest

from sessions.lobby import Lobby
from sessions.plan.records import RoomId
from tests.workspace.served_room import Guest, Served
from workspace.planning.pool import MAX_FAILURES_IN_A_ROW, GeometryPool
from workspace.server.health import Health, look_at_disk
from workspace.server.hosting import Hosting
from workspace.storage import blobs_in, make_data_folder, rooms_in

PLENTY = 2**62


async def reasons(server: Served) -> tuple[int, list[str]]:
    async with Guest.arriving(server) as guest:
        answer = await guest.get("/health/ready")
        document = json.loads(await answer.text())
        assert set(document) == {"status", "reasons"}
        assert (document["status"] == "ready") is (answer.status == 200)
        return answer.status, document["reasons"]


async def test_a_server_that_can_do_its_work_is_ready(server: Served) -> None:
    assert await reasons(server) == (200, [])


async def test_a_server_that_takes_leave_or_opens_its_rooms_lives_and_is_not_ready(
    server: Served,
) -> None:
    server.hosting.draining = server.hosting.is_opening = True
    assert await reasons(server) == (503, ["draining", "rooms_opening"])
    async with Guest.arriving(server) as guest:
        for path in ("/health", "/health/live"):
            assert (await guest.get(path)).status == 200
        answer = await guest.get("/")
        assert answer.status == 503
        assert answer.headers["Retry-After"] == "5"


async def test_a_room_that_nobody_writes_for_makes_the_server_unready(server: Served) -> None:
    await (await server.hosted()).room.close()
    assert await reasons(server) == (503, ["room_writer_stopped"])


async def test_too_little_space_and_broken_workers_make_the_server_unready(tmp_path: Path) -> None:
    make_data_folder(tmp_path)
    pool = GeometryPool()
    hosting = Hosting(Lobby(rooms_in(tmp_path)), blobs_in(tmp_path), pool)
    assert await Health(hosting, tmp_path, 0).reasons() == ()
    assert await Health(hosting, tmp_path, PLENTY).reasons() == ("disk_low",)
    pool._failures_in_a_row = MAX_FAILURES_IN_A_ROW
    assert await Health(hosting, tmp_path, 0).reasons() == ("geometry_unusable",)
    gone = tmp_path / "gone"
    assert await Health(hosting, gone, 1).reasons() == (
        "data_folder_not_writable",
        "disk_low",
        "geometry_unusable",
    )
    await hosting.close()


async def test_the_disk_is_looked_at_once_for_all_who_ask_at_a_time(tmp_path: Path) -> None:
    make_data_folder(tmp_path)
    hosting = Hosting(Lobby(rooms_in(tmp_path)), blobs_in(tmp_path), GeometryPool())
    health = Health(hosting, tmp_path, 0)
    first = await health.disk()
    assert await health.disk() is first
    await hosting.close()


async def test_a_room_that_cannot_be_opened_is_counted_and_the_others_are_served(
    tmp_path: Path,
) -> None:
    make_data_folder(tmp_path)
    hosting = Hosting(Lobby(rooms_in(tmp_path)), blobs_in(tmp_path), GeometryPool())
    await hosting.create(RoomId("whole"))
    damaged = rooms_in(tmp_path) / "damaged"
    damaged.mkdir()
    (damaged / "room.sqlite").write_bytes(b"no database at all, but long enough to be looked at")
    unserved = await hosting.open_all()
    assert set(unserved) == {"damaged"}
    assert hosting.not_served == 1
    assert not hosting.is_opening
    assert await Health(hosting, tmp_path, 0).reasons() == ()
    await hosting.close()


def test_a_folder_that_is_none_has_no_room(tmp_path: Path) -> None:
    assert look_at_disk(tmp_path).writable
    assert not look_at_disk(tmp_path / "nowhere").writable
    with pytest.raises(FileNotFoundError):
        (tmp_path / "nowhere").stat()
