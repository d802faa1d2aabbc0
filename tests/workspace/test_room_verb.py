import asyncio
import json
import re
from pathlib import Path

import apsw
import pytest
import typer.testing

from sessions.errors import DamagedLogError, RoomError
from sessions.lobby import Lobby
from tests.sessions.scene import furnish
from workspace.cli.main import build_app, sentence_of
from workspace.errors import BundleError, ServingError
from workspace.server.new_rooms import new_room_id


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def told(*arguments: object) -> str:
    result = typer.testing.CliRunner().invoke(
        build_app(), [str(it) for it in arguments], catch_exceptions=False
    )
    assert result.exit_code == 0, result.output
    return result.stdout


def document(*arguments: object) -> dict[str, object]:
    decoded: dict[str, object] = json.loads(told(*arguments, "--json"))
    return decoded


def test_rooms_are_made_and_listed(data: Path) -> None:
    assert "No room yet" in told("room", "list", "--data", data)
    assert told("room", "create", "b", "--data", data) == "Made room b.\n"
    assert document("room", "create", "a", "--data", data) == {"room": "a"}
    assert told("room", "list", "--data", data) == "a\nb\n"
    assert document("room", "list", "--data", data) == {
        "rooms": ["a", "b"],
        "titles": {"a": "", "b": ""},
    }


def furnished(data: Path) -> None:
    """Make room a: the phantom's case with three members."""

    async def make() -> None:
        lobby = Lobby(data / "rooms")
        await furnish(await lobby.create("a"))
        await lobby.close()

    asyncio.run(make())


def test_a_list_shows_the_titles_also_beside_a_damaged_room(data: Path) -> None:
    furnished(data)
    told("room", "create", "b", "--data", data)
    (data / "rooms" / "b" / "room.sqlite").write_bytes(b"nonsense" * 100)
    assert told("room", "list", "--data", data) == "a  Phantom\nb\n"
    assert document("room", "list", "--data", data)["titles"] == {"a": "Phantom", "b": ""}


def test_the_id_of_a_new_room_holds_no_word_of_its_title() -> None:
    """Row 33: it stands in every address."""
    assert re.fullmatch(r"case-[0-9a-f]{8}", new_room_id())
    assert new_room_id() != new_room_id()


def test_a_room_is_made_once(data: Path) -> None:
    told("room", "create", "a", "--data", data)
    with pytest.raises(RoomError, match="there is a room a already"):
        told("room", "create", "a", "--data", data)


def test_an_invitation_is_a_path_for_the_servers_address(data: Path) -> None:
    told("room", "create", "a", "--data", data)
    path = told("room", "invite", "a", "--role", "observer", "--data", data)
    assert path.startswith("/join/a.")
    assert document("room", "invite", "a", "--data", data)["role"] == "surgeon"


def test_verify_and_replay_agree_on_the_state(data: Path) -> None:
    told("room", "create", "a", "--data", data)
    verified = document("room", "verify", "a", "--data", data)
    replayed = document("room", "replay", "a", "--data", data)
    assert verified["state_hash"] == replayed["state_hash"]
    assert verified["revision"] == 0
    assert "chain whole" in told("room", "verify", "a", "--data", data)


def test_a_room_goes_through_a_bundle_unchanged(data: Path, tmp_path: Path) -> None:
    told("room", "create", "a", "--data", data)
    out = tmp_path / "a.commissure"
    exported = document("room", "export", "a", "--out", out, "--data", data)
    imported = document("room", "import", out, "--as", "b", "--data", data)
    assert imported == {"room": "b", "state_hash": exported["state_hash"]}
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["a.commissure"]


def test_a_flipped_byte_in_the_log_is_found(data: Path) -> None:
    furnished(data)
    connection = apsw.Connection(str(data / "rooms" / "a" / "room.sqlite"))
    connection.execute(
        "UPDATE entries SET payload = CAST(replace(payload, 'Brain', 'Braim') AS BLOB) "
        "WHERE revision = 3"
    )
    connection.close()
    with pytest.raises(DamagedLogError, match="revision 3") as caught:
        told("room", "verify", "a", "--data", data)
    assert "restore it from a backup" in str(sentence_of(caught.value))


def test_an_expected_error_has_a_sentence_and_a_fault_has_none() -> None:
    assert sentence_of(RoomError("what was found")) == "what was found"
    assert sentence_of(OSError(28, "x", "/data")) is not None
    assert sentence_of(ZeroDivisionError("inside")) is None


@pytest.mark.parametrize("name", ["room.zip", "gone/room.commissure", "folder.commissure"])
def test_a_bundle_is_written_over_a_bundle_or_nothing(
    data: Path, tmp_path: Path, name: str
) -> None:
    told("room", "create", "a", "--data", data)
    (tmp_path / "folder.commissure").mkdir()
    (tmp_path / "room.zip").write_text("somebody's")
    with pytest.raises(BundleError):
        told("room", "export", "a", "--data", data, "--out", tmp_path / name)
    assert (tmp_path / "room.zip").read_text() == "somebody's"
    assert sorted(it.name for it in tmp_path.iterdir()) == ["data", "folder.commissure", "room.zip"]


def test_a_data_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ServingError, match="is no folder"):
        told("room", "list", "--data", tmp_path / "file")
