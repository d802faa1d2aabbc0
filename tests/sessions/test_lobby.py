"""The rooms of a folder."""

import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sessions.errors import RoomError, StaleRevisionError
from sessions.lobby import Lobby
from sessions.plan.records import OperationId
from tests.sessions.scene import ANA, furnish, pin


@pytest.fixture
async def lobby(tmp_path: Path) -> AsyncIterator[Lobby]:
    lobby = Lobby(tmp_path / "data" / "rooms")
    yield lobby
    await lobby.close()


async def test_rooms_are_made_listed_and_opened(lobby: Lobby) -> None:
    """R10."""
    assert lobby.room_ids() == ()
    room = await lobby.create("knee")
    await lobby.create("head")
    assert lobby.room_ids() == ("head", "knee")
    assert await lobby.open("knee") is room
    await furnish(room)
    left = room.state_hash
    await lobby.close()
    assert (await lobby.open("knee")).state_hash == left


async def test_a_room_that_was_closed_is_opened_anew(lobby: Lobby) -> None:
    """R10."""
    room = await lobby.create("knee")
    await room.close()
    again = await lobby.open("knee")
    assert again is not room
    assert not again.is_closed


async def test_there_is_one_room_of_a_name(lobby: Lobby) -> None:
    """R10."""
    await lobby.create("knee")
    with pytest.raises(RoomError, match="there is a room knee already"):
        await lobby.create("knee")
    with pytest.raises(RoomError, match="there is no room hip here"):
        await lobby.open("hip")


@pytest.mark.parametrize("room_id", ["", "../other", "a/b", "a b", ".", "x" * 65])
async def test_an_id_that_is_none_is_refused(lobby: Lobby, room_id: str) -> None:
    """R10."""
    with pytest.raises(RoomError, match="a room's id has 1 to 64"):
        await lobby.create(room_id)
    with pytest.raises(RoomError, match="a room's id has 1 to 64"):
        await lobby.open(room_id)


async def test_two_servers_cannot_open_the_same_room(lobby: Lobby, tmp_path: Path) -> None:
    """L8."""
    room = await lobby.create("knee")
    other = Lobby(tmp_path / "data" / "rooms")
    with pytest.raises(RoomError, match="room knee is open in another server; stop that one"):
        await other.open("knee")
    await room.close()
    await other.open("knee")
    await other.close()


def holder(folder: Path) -> subprocess.Popen[bytes]:
    """Return a process that holds a room, as another server would."""
    script = (
        "import sys, time; from pathlib import Path; from sessions.room_lock import RoomLock; "
        "lock = RoomLock.take(Path(sys.argv[1])); print('held', flush=True); time.sleep(60)"
    )
    process = subprocess.Popen([sys.executable, "-c", script, str(folder)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    return process


async def test_a_server_that_was_killed_holds_no_room(lobby: Lobby, tmp_path: Path) -> None:
    """L8."""
    room = await lobby.create("knee")
    await room.close()
    with holder(tmp_path / "data" / "rooms" / "knee") as process:
        with pytest.raises(RoomError, match="is open in another server"):
            await lobby.open("knee")
        process.kill()
    assert not (await lobby.open("knee")).is_closed


async def test_a_room_that_cannot_be_made_leaves_nothing_behind(
    lobby: Lobby, tmp_path: Path
) -> None:
    """R11."""
    source = await lobby.create("source")
    await furnish(source)
    entries = await source.entries()
    with pytest.raises(StaleRevisionError):
        await lobby.create("copy", [entries[0], entries[0]])
    assert not (tmp_path / "data" / "rooms" / "copy").exists()
    assert lobby.room_ids() == ("source",)


async def test_a_room_goes_on_from_the_entries_of_another(lobby: Lobby) -> None:
    """A1."""
    source = await furnish(await lobby.create("source"))
    await source.submit(ANA, OperationId("op"), pin())
    copy = await lobby.create("copy", (await source.entries()))
    assert copy.state_hash == source.state_hash
    await copy.submit(ANA, OperationId("op2"), pin("n2"))
    assert copy.can_undo(ANA)


async def test_only_a_closed_room_is_removed(lobby: Lobby) -> None:
    """R11."""
    room = await lobby.create("knee")
    with pytest.raises(RoomError, match="close it first"):
        lobby.remove("knee")
    await room.close()
    lobby.remove("knee")
    assert lobby.room_ids() == ()
    with pytest.raises(RoomError, match="there is no room knee here"):
        lobby.remove("knee")
