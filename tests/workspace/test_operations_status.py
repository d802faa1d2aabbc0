"""How a data folder is said to stand, and old rooms brought up to date."""

import contextlib
import json
import shutil
from pathlib import Path

import apsw
import pytest

from sessions.audit.records import Kind
from sessions.migrating import SCHEMA_VERSION
from sessions.sqlite_log import FILE_NAME
from tests.workspace.command import commissure
from workspace.audit.operating import note
from workspace.cli.logs import room_code
from workspace.operations.databases import facts_of
from workspace.operations.standing import standing_of
from workspace.storage import make_data_folder, rooms_in

OLD = Path(__file__).parents[1] / "golden" / "room-v1.sqlite"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a data folder with a room as the first version wrote it."""
    make_data_folder(tmp_path)
    with contextlib.closing(apsw.Connection(f"file:{OLD}?immutable=1", flags=0x41)) as connection:
        rows = connection.execute("SELECT value FROM room WHERE key = 'room_id'").fetchall()
    folder = rooms_in(tmp_path) / str(rows[0][0])
    folder.mkdir()
    shutil.copy(OLD, folder / FILE_NAME)
    return tmp_path


def test_an_old_room_is_told_migrated_and_kept_beside(data: Path) -> None:
    (room,) = standing_of(data).databases
    assert (room.schema, room.known_schema, room.is_older) == (1, SCHEMA_VERSION, True)
    folder = (data / room.path).parent
    before = facts_of(folder)
    told = commissure("data", "status", "--data", data)
    assert "migrated when opened" in told.out
    assert room_code(folder.name) in told.out
    done = json.loads(commissure("data", "migrate", "--data", data, "--json").out)
    assert done == {"migrated": [folder.name]}
    after = facts_of(folder)
    assert (after.schema_version, after.revision) == (SCHEMA_VERSION, before.revision)
    assert (after.head_hash, after.state_hash) == (before.head_hash, before.state_hash)
    assert (folder / f"{FILE_NAME}.v1").is_file()


def test_a_newer_or_damaged_database_is_a_problem(data: Path) -> None:
    (room,) = standing_of(data).databases
    with contextlib.closing(apsw.Connection(str(data / room.path))) as connection:
        connection.execute("UPDATE room SET value = '99' WHERE key = 'schema_version'")
    note(data, Kind.BACKED_UP)
    (newer, trail) = standing_of(data).databases
    assert "newer version" in newer.problem
    assert (trail.path, trail.problem) == ("audit.sqlite", "")
    (data / room.path).write_bytes(b"no database " * 100)
    assert "damaged" in standing_of(data).databases[0].problem


def test_a_broken_chain_is_found_where_it_is_asked_for(data: Path) -> None:
    (room,) = standing_of(data).databases
    with contextlib.closing(apsw.Connection(str(data / room.path))) as connection:
        connection.execute("UPDATE entries SET hash = 'x' WHERE revision = 2")
    assert standing_of(data).databases[0].problem == ""
    assert "revision 2" in standing_of(data, replayed=True).databases[0].problem
    assert commissure("data", "status", "--check", "--data", data, "--json").code == 1
