"""Backups made while members work, and what becomes of those that were touched."""

import asyncio
import contextlib
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import apsw
import pytest

from sessions.errors import RoomError
from sessions.plan.records import MemberId, OperationId, Role, RoomId
from sessions.room import Room
from sessions.sqlite_log import FILE_NAME, read_log
from sessions.state import hash_of, replay
from tests.sessions.scene import ANA, BEN, furnish, pin
from tests.workspace.command import commissure, ready, running
from tests.workspace.served_room import ROOM, served
from workspace.blobs import BlobStore
from workspace.errors import BackupError
from workspace.imagery.room_images import RoomImages, images_of_room, note_images
from workspace.operations.backing_up import WHOLE, BackupWish, back_up, maintenance
from workspace.operations.databases import copy_database, facts_of
from workspace.operations.manifest import NAME, Manifest, decoded, encoded
from workspace.operations.restoring import restore_backup, verify_backup
from workspace.operations.restoring_rooms import restore_room
from workspace.planning.pool import GeometryPool
from workspace.storage import blobs_in, import_links_in, make_data_folder, rooms_in


def quiet(_label: str, _done: int, _total: int) -> None:
    """Show no progress."""


async def load(room: Room, member_id: MemberId, count: int, acknowledged: list[int]) -> None:
    for number in range(count):
        name = f"{member_id}-{number}"
        receipt = await room.submit(member_id, OperationId(name), pin(name))
        acknowledged.append(receipt.revision)


async def small_folder(data: Path) -> Room:
    """Make a data folder with one room and a surface that it names."""
    make_data_folder(data)
    folder = rooms_in(data) / ROOM
    folder.mkdir()
    return await furnish(await Room.open(folder, ROOM))


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory, pool: GeometryPool) -> Path:
    """Return a data folder with a room, its surfaces, a link and a member's cookie."""
    folder = tmp_path_factory.mktemp("pattern") / "data"

    async def make() -> None:
        async with served(folder, pool) as server:
            link = await server.hosting.invite(ROOM, Role.SURGEON)
            await server.hosting.admit(link.rpartition("/")[2], "Ana")

    asyncio.run(make())
    import_links_in(folder).mkdir()
    (import_links_in(folder) / "a-link").write_text("2030-01-01T00:00:00+00:00")
    return folder


@pytest.fixture
def data(tmp_path: Path, pattern: Path) -> Path:
    """Return a data folder of the test's own."""
    return shutil.copytree(pattern, tmp_path / "data")


@pytest.mark.parametrize("after", [1, 40, 90])
async def test_a_backup_in_the_midst_of_work_restores_to_a_state_that_the_room_had(
    tmp_path: Path, after: int
) -> None:
    """Row 64."""
    data, out, new = tmp_path / "data", tmp_path / "backup.zip", tmp_path / "new"
    room = await small_folder(data)
    acknowledged: list[int] = []
    async with asyncio.TaskGroup() as group:
        for member_id in (ANA, BEN):
            group.create_task(load(room, member_id, 60, acknowledged))
        while len(acknowledged) < after:  # noqa: ASYNC110 (the room's own turns are the event)
            await asyncio.sleep(0)
        before = max(acknowledged)
        manifest = await asyncio.to_thread(back_up, data, out, WHOLE, quiet)
    (facts,) = manifest.rooms
    assert before <= facts.revision <= room.revision
    entries = read_log(rooms_in(data) / ROOM)[: facts.revision]
    assert facts.state_hash == hash_of(replay(entries))
    assert facts.head_hash == entries[-1].hash
    await room.close()
    assert verify_backup(out, quiet) == manifest
    restore_backup(out, new, quiet)
    assert facts_of(rooms_in(new) / ROOM) == facts
    again = await Room.open(rooms_in(new) / ROOM, ROOM)
    assert (again.revision, again.state_hash) == (facts.revision, facts.state_hash)
    await again.submit(ANA, OperationId("goes-on"), pin("goes-on"))
    await again.close()


@pytest.mark.parametrize("name", ["backup.zip", "backup"])
async def test_a_restored_folder_holds_what_the_first_one_held(
    data: Path, tmp_path: Path, name: str
) -> None:
    out, new = tmp_path / name, tmp_path / "new"
    manifest = back_up(data, out, WHOLE, quiet)
    assert manifest.missing == ()
    assert verify_backup(out, quiet) == manifest
    restore_backup(out, new, quiet)
    for path in blobs_in(data).folder.glob("*/*"):
        if path.parent.name != "derived":
            assert blobs_in(new).read(path.name) == path.read_bytes()
    assert not list(new.rglob("*.lock"))
    assert oct((new / "rooms" / ROOM / FILE_NAME).stat().st_mode)[-3:] == "600"
    if name == "backup":
        (blob, *_) = [it for it in manifest.files if it.path.startswith("blobs/")]
        assert (data / blob.path).samefile(out / blob.path)


def contents(folder: Path) -> list[Path]:
    return list(folder.iterdir())


def old_keys(data: Path) -> tuple[int, int, int]:
    with contextlib.closing(apsw.Connection(str(rooms_in(data) / ROOM / FILE_NAME))) as connection:
        credentials = connection.execute("SELECT * FROM credentials").fetchall()
        invitations = connection.execute("SELECT * FROM invitations").fetchall()
    return len(credentials), len(invitations), len(list(import_links_in(data).glob("*")))


async def test_old_cookies_and_links_work_again_only_if_that_was_asked_for(
    data: Path, tmp_path: Path
) -> None:
    assert old_keys(data) == (1, 1, 1)
    back_up(data, tmp_path / "with", WHOLE, quiet)
    back_up(data, tmp_path / "without", BackupWish(credentials=False), quiet)
    restore_backup(tmp_path / "with", tmp_path / "one", quiet)
    restore_backup(tmp_path / "with", tmp_path / "two", quiet, keep_members=True)
    restore_backup(tmp_path / "without", tmp_path / "three", quiet, keep_members=True)
    assert old_keys(tmp_path / "one") == (0, 0, 0)
    assert old_keys(tmp_path / "two") == (1, 1, 1)
    assert old_keys(tmp_path / "three") == (0, 0, 0)
    room = await Room.open(rooms_in(tmp_path / "one") / ROOM, ROOM)
    assert len(room.plan.members) == 1, "members stay; only their keys are gone"
    await room.close()


def rewritten(path: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """Return a copy of a zip whose content was changed."""
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    change(content)
    changed = path.with_name("changed.zip")
    with zipfile.ZipFile(changed, "w") as archive:
        for name, body in content.items():
            archive.writestr(name, body)
    return changed


def manifest_with(content: dict[str, bytes], old: bytes, new: bytes) -> None:
    assert old in content[NAME]
    content[NAME] = content[NAME].replace(old, new)


def a_flipped_bit(content: dict[str, bytes]) -> None:
    name = next(it for it in content if it.startswith("blobs/"))
    content[name] = content[name][:-1] + bytes([content[name][-1] ^ 1])


def a_file_less(content: dict[str, bytes]) -> None:
    del content[next(it for it in content if it.startswith("blobs/"))]


def a_file_more(content: dict[str, bytes]) -> None:
    content["../../etc/cron.d/evil"] = b"* * * * * root evil"


def a_longer_file(content: dict[str, bytes]) -> None:
    name = next(it for it in content if it.startswith("blobs/"))
    content[name] += bytes(1000)


def a_path_outside(content: dict[str, bytes]) -> None:
    manifest_with(content, b'"blobs/', b'"../blobs/')


def a_newer_format(content: dict[str, bytes]) -> None:
    manifest_with(content, b'"version": 1', b'"version": 2')


def a_newer_room(content: dict[str, bytes]) -> None:
    manifest = decoded(content[NAME])
    (room,) = manifest.rooms
    old = f'"schema_version": {room.schema_version}'.encode()
    manifest_with(content, old, b'"schema_version": 99')


def another_state(content: dict[str, bytes]) -> None:
    manifest = decoded(content[NAME])
    manifest_with(content, manifest.rooms[0].state_hash.encode(), b"0" * 64)


def no_manifest(content: dict[str, bytes]) -> None:
    del content[NAME]


CHANGES = {
    a_flipped_bit: "is missing or not as it was backed up",
    a_file_less: "is missing or not as it was backed up",
    a_longer_file: "is missing or not as it was backed up",
    a_file_more: "holds 1 files that it does not name",
    a_path_outside: "outside of its folder",
    a_newer_format: "has format 2, this version knows 1",
    a_newer_room: "has schema 99",
    another_state: "adds up to another state",
    no_manifest: "is no backup",
}


async def test_a_backup_that_was_touched_is_refused_and_nothing_is_left(
    data: Path, tmp_path: Path
) -> None:
    out, new = tmp_path / "backup.zip", tmp_path / "place" / "new"
    new.parent.mkdir()
    back_up(data, out, WHOLE, quiet)
    for change, sentence in CHANGES.items():
        changed = rewritten(out, change)
        with pytest.raises(BackupError, match=sentence):
            restore_backup(changed, new, quiet)
        assert contents(new.parent) == [], change.__name__
        if change is not a_newer_room:
            with pytest.raises(BackupError, match=sentence):
                verify_backup(changed, quiet)


async def test_every_byte_of_a_zip_that_is_flipped_or_cut_off_is_noticed(tmp_path: Path) -> None:
    room = await small_folder(tmp_path / "data")
    await room.close()
    out, changed = tmp_path / "backup.zip", tmp_path / "changed.zip"
    first = back_up(tmp_path / "data", out, WHOLE, quiet)
    whole = out.read_bytes()
    for at in range(0, len(whole), len(whole) // 60):
        for spoilt in (whole[:at], whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :]):
            changed.write_bytes(spoilt)
            try:
                assert verify_backup(changed, quiet) == first  # a time stamp, or the like
            except BackupError:
                continue


async def test_a_folder_that_links_elsewhere_is_refused(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "backup"
    manifest = back_up(data, out, WHOLE, quiet)
    victim = out / manifest.files[-1].path
    elsewhere = tmp_path / "elsewhere"
    shutil.copy(victim, elsewhere)
    victim.unlink()
    victim.symlink_to(elsewhere)
    with pytest.raises(BackupError, match="a link to somewhere else"):
        verify_backup(out, quiet)


async def test_nothing_is_overwritten(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "backup.zip"
    back_up(data, out, WHOLE, quiet)
    with pytest.raises(BackupError, match="overwrites nothing"):
        back_up(data, out, WHOLE, quiet)
    with pytest.raises(BackupError, match="is not empty"):
        restore_backup(out, data, quiet)
    with pytest.raises(BackupError, match="there is no folder"):
        back_up(data, tmp_path / "nowhere" / "b.zip", WHOLE, quiet)
    with pytest.raises(BackupError, match="is within the data folder"):
        back_up(data, data / "blobs" / "b.zip", WHOLE, quiet)
    (tmp_path / "empty").mkdir()
    restore_backup(out, tmp_path / "empty", quiet)
    for path, sentence in {tmp_path / "none": "there is no backup", data: "is no backup"}.items():
        with pytest.raises(BackupError, match=sentence):
            verify_backup(path, quiet)


async def test_what_is_damaged_already_is_backed_up_and_named(data: Path, tmp_path: Path) -> None:
    blobs = blobs_in(data)
    (first, *_) = sorted(it for it in blobs.folder.glob("*/*") if it.parent.name != "derived")
    first.write_bytes(b"spoilt")
    whole = rooms_in(data) / ROOM
    spoilt = rooms_in(data) / "spoilt"
    shutil.copytree(whole, spoilt)
    with contextlib.closing(apsw.Connection(str(spoilt / FILE_NAME))) as connection:
        connection.execute("UPDATE entries SET hash = 'x' WHERE revision = 2")
    manifest = back_up(data, tmp_path / "backup", WHOLE, quiet)
    assert manifest.missing == (first.name,)
    by_id = {room.room_id: room for room in manifest.rooms}
    assert by_id[ROOM].damage == ""
    assert "damaged at revision 2" in by_id["spoilt"].damage
    restore_backup(tmp_path / "backup", tmp_path / "new", quiet)
    assert facts_of(rooms_in(tmp_path / "new") / "spoilt").damage == by_id["spoilt"].damage


async def test_a_damaged_room_is_replaced_from_a_backup_and_set_aside(
    data: Path, tmp_path: Path
) -> None:
    out = tmp_path / "backup.zip"
    (room,) = back_up(data, out, WHOLE, quiet).rooms
    place = rooms_in(data) / ROOM
    opened = await Room.open(place, ROOM)
    with pytest.raises(RoomError, match="is open in another server"):
        restore_room(out, data, ROOM, quiet)
    await opened.close()
    (place / FILE_NAME).write_bytes(b"no database " * 1000)
    blobs = blobs_in(data)
    spoilt, gone, *_ = sorted(it for it in blobs.folder.glob("*/*") if it.parent.name != "derived")
    spoilt.write_bytes(b"spoilt")
    gone.unlink()
    damaged = back_up(data, tmp_path / "damaged.zip", WHOLE, quiet)
    assert "is damaged" in damaged.rooms[0].damage
    with pytest.raises(BackupError, match="has no sound room"):
        restore_room(tmp_path / "damaged.zip", data, ROOM, quiet)
    assert restore_room(out, data, ROOM, quiet) == room
    assert facts_of(place) == room
    assert blobs.has(gone.name)
    assert blobs.read(spoilt.name)
    (aside,) = (data / "set-aside").iterdir()
    assert (aside / FILE_NAME).read_bytes().startswith(b"no database")
    again = back_up(data, tmp_path / "again.zip", WHOLE, quiet)
    assert again.rooms == (room,)
    assert f"set-aside/{aside.name}/{FILE_NAME}" in {file.path for file in again.files}
    assert verify_backup(tmp_path / "again.zip", quiet) == again
    with pytest.raises(BackupError, match="has no sound room elsewhere"):
        restore_room(out, data, "elsewhere", quiet)


@pytest.mark.parametrize("wish", [WHOLE, BackupWish(rooms=(ROOM,))], ids=["whole", "one room"])
async def test_a_room_that_is_restored_still_knows_its_images(
    data: Path, tmp_path: Path, wish: BackupWish
) -> None:
    images = RoomImages(primary="v0123456789ab-0123456789abcdef")
    note_images(data, ROOM, images)
    back_up(data, tmp_path / "backup.zip", wish, quiet)
    restore_room(tmp_path / "backup.zip", data, ROOM, quiet)
    assert images_of_room(data, ROOM) == images


async def test_one_room_is_backed_up_with_its_surfaces_and_nothing_else(
    data: Path, tmp_path: Path
) -> None:
    other = BlobStore(blobs_in(data).folder).put(b"of another room")
    manifest = back_up(data, tmp_path / "one.zip", BackupWish(rooms=(ROOM,)), quiet)
    assert not manifest.is_whole
    paths = {file.path for file in manifest.files}
    assert f"rooms/{ROOM}/{FILE_NAME}" in paths
    assert sum(path.startswith("blobs/") for path in paths) == 2
    assert not any(other in path for path in paths)
    with pytest.raises(BackupError, match="there is no room elsewhere"):
        back_up(data, tmp_path / "none.zip", BackupWish(rooms=("elsewhere",)), quiet)
    assert {it.name for it in contents(tmp_path)} == {"data", "one.zip"}


async def test_who_deletes_and_who_copies_wait_for_each_other(data: Path, tmp_path: Path) -> None:
    with (
        maintenance(data, exclusive=True),
        pytest.raises(BackupError, match="a clean-up of this data folder is running"),
    ):
        back_up(data, tmp_path / "backup.zip", WHOLE, quiet)
    with maintenance(data, exclusive=False):
        back_up(data, tmp_path / "backup.zip", WHOLE, quiet)


def test_a_file_that_is_no_database_is_not_copied_as_one(tmp_path: Path) -> None:
    (tmp_path / "x.sqlite").write_bytes(b"no database " * 1000)
    with pytest.raises(BackupError, match="cannot be copied"):
        copy_database(tmp_path / "x.sqlite", tmp_path / "copy.sqlite")


def test_a_manifest_comes_back_as_it_was_written() -> None:
    manifest = Manifest(
        made_at="2026-01-01T00:00:00+00:00",
        made_by="0.1.0",
        is_whole=True,
        has_credentials=False,
        rooms=(),
        files=(),
    )
    assert decoded(encoded(manifest)) == manifest


async def test_the_command_backs_up_a_server_that_runs(data: Path, tmp_path: Path) -> None:
    out, new = tmp_path / "backup.zip", tmp_path / "new"
    with running("serve", "--data", data, "--port", 0, "--json") as process:
        await asyncio.to_thread(ready, process)
        made = commissure("backup", "create", "--data", data, "--out", out, "--json")
    assert (made.code, made.err) == (0, "")
    restored = commissure("backup", "restore", out, "--data", new, "--json")
    documents = [json.loads(it.out) for it in (made, restored)]
    assert documents[0]["rooms"] == documents[1]["rooms"]
    assert documents[0]["rooms"][0]["room"] == RoomId(ROOM)
