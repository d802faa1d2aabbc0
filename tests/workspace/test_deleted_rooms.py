"""Rooms that were deleted: set aside, listed, brought back, and purged when a rule says so."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sessions.errors import RoomError
from sessions.lobby import Lobby
from sessions.sqlite_log import read_log
from tests.workspace.command import commissure
from tests.workspace.served_room import ROOM, served
from workspace.operations.deleted_rooms import bring_back, deleted_places, room_of, set_aside_at
from workspace.operations.retaining import carry_out, proposals
from workspace.operations.retention_rules import RetentionRules, RoomRules
from workspace.operations.unnamed_surfaces import unnamed_in
from workspace.storage import deleted_in, rooms_in

NOW = datetime(2026, 3, 1, tzinfo=UTC)
PURGED = RetentionRules(rooms=RoomRules(purge_deleted_after_days=7))


async def deleted(data: Path, room_id: str = "theatre-1", at: datetime = NOW) -> Path:
    """Make a room and delete it; return where it lies."""
    lobby = Lobby(rooms_in(data), clock=lambda: at)
    await (await lobby.create(room_id)).close()
    return lobby.set_aside(room_id, deleted_in(data))


async def test_a_room_that_is_set_aside_is_not_among_the_rooms(tmp_path: Path) -> None:
    place = await deleted(tmp_path)
    assert Lobby(rooms_in(tmp_path)).room_ids() == ()
    assert (room_of(place), set_aside_at(place)) == ("theatre-1", NOW)


async def test_it_comes_back_with_its_log(tmp_path: Path) -> None:
    await deleted(tmp_path)
    bring_back(tmp_path, "theatre-1")
    assert Lobby(rooms_in(tmp_path)).room_ids() == ("theatre-1",)
    assert read_log(rooms_in(tmp_path) / "theatre-1") == ()
    assert deleted_places(tmp_path) == []


async def test_an_open_room_is_not_set_aside(tmp_path: Path) -> None:
    lobby = Lobby(rooms_in(tmp_path))
    room = await lobby.create("theatre-1")
    with pytest.raises(RoomError, match="is open"):
        lobby.set_aside("theatre-1", deleted_in(tmp_path))
    await room.close()


async def test_it_does_not_come_back_over_another_of_its_id(tmp_path: Path) -> None:
    await deleted(tmp_path)
    await (await Lobby(rooms_in(tmp_path)).create("theatre-1")).close()
    with pytest.raises(RoomError, match="another room theatre-1 by now"):
        bring_back(tmp_path, "theatre-1")


async def test_the_one_that_was_deleted_last_comes_back(tmp_path: Path) -> None:
    first = await deleted(tmp_path, at=NOW)
    await deleted(tmp_path, at=NOW + timedelta(days=1))
    bring_back(tmp_path, "theatre-1")
    assert deleted_places(tmp_path) == [first]


async def test_nothing_is_purged_without_a_rule(tmp_path: Path) -> None:
    await deleted(tmp_path)
    assert proposals(tmp_path, RetentionRules(), NOW + timedelta(days=999)) == ()


async def test_only_what_was_deleted_long_enough_ago_is_purged(tmp_path: Path) -> None:
    await deleted(tmp_path, "old", NOW - timedelta(days=8))
    kept = await deleted(tmp_path, "new", NOW - timedelta(days=6))
    listed = proposals(tmp_path, PURGED, NOW)
    assert [(it.kind, it.what) for it in listed] == [("purge_room", "old")]
    carry_out(listed, lambda _: None)
    assert deleted_places(tmp_path) == [kept]


async def test_a_deleted_room_still_names_its_surfaces(tmp_path: Path) -> None:
    async with served(tmp_path) as server:
        await server.hosting.set_aside(ROOM, "deleted")
    assert Lobby(rooms_in(tmp_path)).room_ids() == ()
    assert unnamed_in(tmp_path) == set()


async def test_the_command_lists_and_restores(tmp_path: Path) -> None:
    await deleted(tmp_path)
    listed = json.loads(commissure("room", "deleted", "--data", tmp_path, "--json").out)
    assert listed == {"deleted": [{"room": "theatre-1", "deleted_at": NOW.isoformat()}]}
    assert commissure("room", "restore", "theatre-1", "--data", tmp_path).code == 0
    refused = commissure("room", "restore", "theatre-1", "--data", tmp_path)
    assert refused.code == 1
    assert "no room theatre-1 was deleted here" in refused.sentence
