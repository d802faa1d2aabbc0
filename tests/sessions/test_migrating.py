"""A room's file of an earlier version is brought up to date, whole or not at all."""

import json
import random
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import apsw
import msgspec
import pytest
import structlog

from sessions.errors import DamagedLogError, LogError
from sessions.migrating import SCHEMA_VERSION
from sessions.plan.codec import canonical, sha256
from sessions.plan.records import OperationId
from sessions.room import Room
from sessions.sqlite_log import FILE_NAME, SqliteLog, read_log
from tests.sessions.failing_disk import FailingDisk
from tests.sessions.power_cut_disk import PowerCutDisk
from tests.sessions.scene import ANA, Ticking, pin

GOLDEN: Final = Path(__file__).parents[1] / "golden"
TOLD: Final[dict[str, Any]] = json.loads((GOLDEN / "room-v1.json").read_text())
"""What version 1 said of `room-v1.sqlite`."""

FIRST_FIELDS: Final = (
    "title",
    "source",
    "segments",
    "fragments",
    "cuts",
    "notes",
    "measurements",
    "members",
)
"""Of a plan, as version 1 hashed it."""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Return the folder of a room of version 1."""
    shutil.copy(GOLDEN / "room-v1.sqlite", tmp_path / FILE_NAME)
    return tmp_path


def rows_of(path: Path, statement: str, vfs: str | None = None) -> list[tuple[Any, ...]]:
    with closing(apsw.Connection(str(path), vfs=vfs)) as connection:
        return list(connection.execute(statement))


def version_in(path: Path, vfs: str | None = None) -> str:
    ((value,),) = rows_of(path, "SELECT value FROM room WHERE key = 'schema_version'", vfs)
    return str(value)


def change(folder: Path, statement: str) -> None:
    with closing(apsw.Connection(str(folder / FILE_NAME))) as connection:
        connection.execute(statement)


async def test_a_room_of_version_1_opens_with_the_same_entries_and_plan(old: Path) -> None:
    """L14."""
    room = await Room.open(old, "r1")
    assert [it.hash for it in read_log(old)] == TOLD["hashes"]
    assert room.revision == TOLD["revision"]
    plan = msgspec.to_builtins(room.plan)
    assert sha256(canonical({it: plan[it] for it in FIRST_FIELDS})) == TOLD["state_hash"]
    await room.submit(ANA, OperationId("op-new"), pin("n9"))
    await room.close()
    assert version_in(old / FILE_NAME) == str(SCHEMA_VERSION)


async def test_a_room_of_version_1_knows_whom_it_let_in_and_what_was_asked(old: Path) -> None:
    """L14."""
    room = await Room.open(old, "r1", clock=Ticking())
    for member_id, token in TOLD["credentials"].items():
        assert await room.credentials.member_of(token) == member_id
    listed = await room.invitations.listed()
    assert len(listed) == len(TOLD["invitations"])
    await room.close()
    log = await SqliteLog.open(old, "r1")
    assert {it.operation_id for it in (await log.read()).idle} == set(TOLD["idle"])
    assert [it.text for it in await log.search("sinus")] == [
        "mind the sagittal sinus",
        "mind the sinus",
    ]
    await log.close()


async def test_an_old_file_is_copied_as_it_was_once(old: Path) -> None:
    """L14."""
    everything = "SELECT * FROM entries"
    before = rows_of(old / FILE_NAME, everything)
    for _ in range(2):
        await (await SqliteLog.open(old, "r1")).close()
    copy = old / f"{FILE_NAME}.v1"
    assert version_in(copy) == "1"
    assert rows_of(copy, everything) == before == rows_of(old / FILE_NAME, everything)
    content = copy.read_bytes()
    await (await SqliteLog.open(old, "r1")).close()
    assert copy.read_bytes() == content


async def test_a_new_file_is_made_like_an_old_one_that_was_brought_up_to_date(
    old: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """L14."""
    new = tmp_path_factory.mktemp("new")
    for folder in (old, new):
        await (await SqliteLog.open(folder, "r1")).close()
    shapes = [
        {
            table: [row[1:] for row in rows_of(folder / FILE_NAME, f"PRAGMA table_info({table})")]
            for (table,) in rows_of(folder / FILE_NAME, "SELECT name FROM sqlite_schema")
        }
        for folder in (old, new)
    ]
    assert shapes[0] == shapes[1]
    assert not (new / f"{FILE_NAME}.v1").exists()


@pytest.mark.parametrize("sector", [512, 4096])
async def test_a_power_cut_leaves_the_one_version_or_the_other(tmp_path: Path, sector: int) -> None:
    """L14."""
    disk, path = PowerCutDisk("migrating"), tmp_path / FILE_NAME
    old = (GOLDEN / "room-v1.sqlite").read_bytes()
    cut_at, versions = 0, set()
    with structlog.testing.capture_logs():
        while True:
            disk.insert({str(path): old}, sector, spoils=cut_at % 2 == 0)
            cut_at += 1
            disk.cut_at = cut_at
            try:
                await (await SqliteLog.open(tmp_path, "r1", vfs=disk.name)).close()
            except LogError:
                assert disk.is_off
            if not disk.is_off:
                break
            disk.reboot(random.Random(cut_at))
            versions.add(version_in(path, disk.name))
            if version_in(path, disk.name) == "2":
                assert version_in(path.with_name(f"{FILE_NAME}.v1"), disk.name) == "1"
            log = await SqliteLog.open(tmp_path, "r1", vfs=disk.name)
            assert [it.hash for it in (await log.read()).entries] == TOLD["hashes"]
            assert len(await log.search("sinus")) == 2
            await log.close()
    assert versions == {"1", "2"}
    assert cut_at > 50
    disk.unregister()


async def test_on_a_full_disk_an_old_file_stays_as_it_is(old: Path) -> None:
    """L14."""
    content = (old / FILE_NAME).read_bytes()
    disk = FailingDisk("full")
    disk.failing_writes = apsw.FullError("disk is full")
    with pytest.raises(LogError, match="the room's disk is full; nothing was recorded"):
        await SqliteLog.open(old, "r1", vfs=disk.name)
    disk.failing_writes = None
    assert version_in(old / FILE_NAME) == "1"
    assert (old / FILE_NAME).read_bytes() == content
    await (await SqliteLog.open(old, "r1", vfs=disk.name)).close()
    disk.unregister()


async def test_damage_in_an_old_file_is_named_and_not_hidden(old: Path) -> None:
    """L14."""
    change(old, "UPDATE entries SET payload = x'00ff' WHERE revision = 8")
    log = await SqliteLog.open(old, "r1")
    with pytest.raises(DamagedLogError) as caught:
        await log.read()
    assert caught.value.revision == 8
    await log.close()


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("UPDATE room SET value = '3x' WHERE key = 'schema_version'", "does not say its version"),
        ("DELETE FROM room", "does not say its version"),
        ("DROP TABLE room", "holds something else"),
        ("UPDATE room SET value = '3' WHERE key = 'schema_version'", "by a newer version"),
        ("DELETE FROM room WHERE key LIKE 'head%'", "does not say where its log ends"),
    ],
)
async def test_a_file_that_is_no_room_of_a_known_version_is_refused(
    old: Path, statement: str, sentence: str
) -> None:
    """L7."""
    change(old, statement)
    with pytest.raises(LogError, match=sentence):
        await Room.open(old, "r1")
    with pytest.raises(LogError, match=sentence):
        read_log(old)
