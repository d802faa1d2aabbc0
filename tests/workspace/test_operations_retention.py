"""What retention lists, does and leaves alone."""

import asyncio
import contextlib
import json
import os
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import apsw
import msgspec
import pytest

from sessions.audit.reading import read_trail
from sessions.audit.records import Kind
from sessions.audit.trail import FILE_NAME as TRAIL
from sessions.errors import AuditError
from sessions.plan.casework import SYSTEM
from sessions.plan.commands import AddSegment
from sessions.plan.records import OperationId, Role
from sessions.room import Room
from sessions.sqlite_log import FILE_NAME
from tests.sessions.scene import ANA, SETUP, Ticking, segment
from tests.workspace.command import commissure
from workspace.audit.operating import note
from workspace.audit.verifying import verify_all
from workspace.errors import BackupError, RetentionError
from workspace.export.bundle_rooms import import_bundle
from workspace.operations.backing_up import maintenance
from workspace.operations.proposals import Proposal
from workspace.operations.retaining import carry_out, proposals
from workspace.operations.retention_rules import FILE_NAME as RULES
from workspace.operations.retention_rules import RetentionRules, rules_of
from workspace.operations.unnamed_surfaces import sweep
from workspace.storage import blobs_in, make_data_folder, rooms_in, uploads_in
from workspace.uploading.limits import DEFAULT_UPLOAD_LIMITS
from workspace.uploading.shelf import Shelf

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
NOW = datetime(2027, 1, 1, tzinfo=UTC)
ALL = """
rooms.archive_after_days = 100
uploads.delete_after_days = 7
surfaces.delete_after_days = 3
access.delete_after_days = 90
audit.seal_after_days = 1
"""


async def room_in(data: Path, room_id: str, at: datetime) -> Room:
    """Return an open room with a case and members, but no solids, whose last entry is of `at`."""
    folder, clock = rooms_in(data) / room_id, Ticking()
    folder.mkdir(parents=True)
    clock.now = at
    room = await Room.open(folder, room_id, clock=clock)
    for number, command in enumerate((SETUP[0], *SETUP[3:])):
        await room.submit(SYSTEM, OperationId(f"setup-{number}"), command)
    return room


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    make_data_folder(folder)
    (folder / RULES).write_text(ALL)
    return folder


def listed(data: Path, now: datetime = NOW) -> list[tuple[str, str, int]]:
    return [(it.kind, it.what, it.count) for it in proposals(data, rules_of(data), now)]


def applied(data: Path, now: datetime = NOW) -> list[tuple[str, str]]:
    noted: list[Proposal] = []
    done = carry_out(proposals(data, rules_of(data), now), noted.append)
    assert [it.proposal for it in done if not it.hindrance] == noted
    return [(it.proposal.kind, it.hindrance) for it in done]


def set_times(path: Path, at: datetime) -> None:
    os.utime(path, (at.timestamp(), at.timestamp()))


async def test_without_rules_nothing_is_ever_done(data: Path) -> None:
    await (await room_in(data, "old", LONG_AGO)).close()
    blobs_in(data).put(b"unnamed")
    (data / RULES).unlink()
    assert rules_of(data) == RetentionRules()
    assert listed(data, NOW + timedelta(days=10_000)) == []


@pytest.mark.parametrize(
    "text", ["rooms.archive_after_days = 0", "rooms.delete = 3", "audit = 'never'", "= = ="]
)
def test_rules_that_are_none_are_refused_and_nothing_is_done(data: Path, text: str) -> None:
    (data / RULES).write_text(text)
    with pytest.raises(RetentionError, match=r"retention.toml: .*; nothing was done"):
        rules_of(data)


async def test_a_room_that_nobody_works_in_becomes_a_bundle_that_opens_again(
    data: Path, tmp_path: Path
) -> None:
    old, served = await room_in(data, "old", LONG_AGO), await room_in(data, "served", LONG_AGO)
    young = await room_in(data, "young", NOW - timedelta(days=3))
    state_hash = old.state_hash
    await old.close()
    await young.close()
    assert {it[:2] for it in listed(data)} == {("archive_room", "old"), ("archive_room", "served")}
    (_, first), (_, second) = applied(data)
    assert first == ""
    assert "room served is open in another server" in second
    assert sorted(it.parent.name for it in rooms_in(data).glob(f"*/{FILE_NAME}")) == [
        "served",
        "young",
    ]
    await served.close()
    bundle = data / "archive" / "old.commissure"
    imported = await asyncio.to_thread(import_bundle, bundle, tmp_path / "new", None)
    assert imported == ("old", state_hash)


async def test_a_damaged_room_is_left_for_somebody_to_look_at(data: Path) -> None:
    await (await room_in(data, "old", LONG_AGO)).close()
    with contextlib.closing(apsw.Connection(str(rooms_in(data) / "old" / FILE_NAME))) as connection:
        connection.execute("UPDATE entries SET hash = 'x' WHERE revision = 2")
    assert listed(data) == []


async def test_a_surface_goes_when_it_was_unnamed_twice_so_many_days_apart(data: Path) -> None:
    blobs = blobs_in(data)
    named, unnamed, again = (blobs.put(it) for it in (b"named", b"unnamed", b"again"))
    room = await room_in(data, "r", NOW)
    surface = msgspec.structs.replace(segment().surface, sha256=named)
    piece = msgspec.structs.replace(segment(), surface=surface)
    await room.submit(SYSTEM, OperationId("piece"), AddSegment(segment=piece))
    derived = blobs.folder / "derived" / f"{unnamed}.drc"
    derived.parent.mkdir()
    derived.write_bytes(b"derived")
    for path in (blobs.path(it) for it in (named, unnamed, again)):
        set_times(path, LONG_AGO)
    assert listed(data) == [("mark_surfaces", "unnamed", 2)]
    assert applied(data) == [("mark_surfaces", "")]
    assert listed(data, NOW + timedelta(days=2)) == []
    set_times(blobs.path(again), NOW + timedelta(seconds=1))  # it was put again
    later = NOW + timedelta(days=4)
    assert listed(data, later) == [("delete_surface", unnamed, 1)]
    with maintenance(data, exclusive=False), pytest.raises(BackupError, match="is running"):
        applied(data, later)
    assert applied(data, later) == [("delete_surface", "")]
    assert [blobs.has(it) for it in (named, unnamed, again)] == [True, False, True]
    assert not derived.exists()
    await room.close()


def test_a_surface_that_is_put_while_it_is_swept_stays(data: Path) -> None:
    blobs = blobs_in(data)
    sha256 = blobs.put(b"wanted again")
    stop = threading.Event()

    def put() -> None:
        while not stop.is_set():
            blobs.put(b"wanted again")

    thread = threading.Thread(target=put)
    thread.start()
    for _ in range(50):
        sweep(data, sha256)
    stop.set()
    thread.join()
    blobs.put(b"wanted again")
    assert blobs.read(sha256) == b"wanted again"
    assert [path.name for path in blobs.path(sha256).parent.iterdir()] == [sha256]


def test_a_surface_that_is_there_already_is_touched_when_it_is_put(data: Path) -> None:
    blobs = blobs_in(data)
    path = blobs.path(blobs.put(b"x"))
    set_times(path, LONG_AGO)
    blobs.put(b"x")
    assert path.stat().st_mtime > NOW.timestamp() - 365 * 86400


async def test_ended_invitations_and_cookies_go_and_valid_ones_stay(data: Path) -> None:
    room = await room_in(data, "r", LONG_AGO)
    ended = await room.invitations.create(Role.SURGEON, uses=1)
    await room.invitations.redeem(ended, ANA)
    for days in (1, 1000):
        expires_at = LONG_AGO + timedelta(days=days)
        await room.invitations.create(Role.SURGEON, expires_at=expires_at)
    forever = await room.invitations.create(Role.OBSERVER)
    await room.credentials.issue(ANA)
    (data / RULES).write_text("access.delete_after_days = 90")
    assert listed(data) == [("delete_invitations", "r", 2), ("delete_credentials", "r", 1)]
    applied(data)  # while the room is open
    assert listed(data) == []
    assert (await room.invitations.resolve(forever)).role is Role.OBSERVER
    assert len(await room.invitations.listed()) == 2
    await room.close()


def test_an_upload_that_nobody_goes_on_with_is_deleted_unless_a_server_has_them(
    data: Path,
) -> None:
    uploads_in(data).mkdir()
    shelf = Shelf.taken(uploads_in(data), DEFAULT_UPLOAD_LIMITS)
    assert shelf is not None
    old, young = uploads_in(data) / ("0" * 32), uploads_in(data) / ("1" * 32)
    for folder, at in {old: LONG_AGO, young: NOW}.items():
        folder.mkdir()
        (folder / "upload.json").write_text("{}")
        set_times(folder / "upload.json", at)
        set_times(folder, at)
    assert listed(data) == [("delete_upload", old.name, 1)]
    assert "a server has the uploads" in applied(data)[0][1]
    shelf.close()
    assert applied(data) == [("delete_upload", "")]
    assert [path.name for path in uploads_in(data).iterdir()] == [young.name]


def test_old_entries_of_the_trail_are_sealed_once_and_none_is_deleted(data: Path) -> None:
    for _ in range(3):
        note(data, Kind.BACKED_UP)
    later = datetime.now(UTC) + timedelta(days=2)
    assert listed(data, later) == [("seal_audit", "1-3", 3)]
    assert applied(data, later) == [("seal_audit", "")]
    assert listed(data, later) == []
    note(data, Kind.BACKED_UP)
    assert listed(data, later) == [("seal_audit", "4-4", 1)]
    assert verify_all(data).head.sequence == 4
    (sealed,) = (data / "audit-segments").iterdir()
    assert sealed.name == "audit-000000001-000000003.jsonl"
    assert len(sealed.read_text().splitlines()) >= 3


async def test_what_cannot_be_noted_is_not_done(data: Path) -> None:
    await (await room_in(data, "old", LONG_AGO)).close()

    def refuse(_: Proposal) -> None:
        raise AuditError("the trail cannot be written")

    with pytest.raises(AuditError):
        carry_out(proposals(data, rules_of(data), NOW), refuse)
    assert len(list(rooms_in(data).glob(f"old/{FILE_NAME}"))) == 1


async def test_the_command_lists_does_and_notes(data: Path) -> None:
    await (await room_in(data, "old", LONG_AGO)).close()
    (data / RULES).write_text("rooms.archive_after_days = 5")
    dry = commissure("retention", "apply", "--dry-run", "--data", data)
    assert "Would archive room: old" in dry.out
    done = commissure("retention", "apply", "--data", data, "--json")
    (row,) = json.loads(done.out)["done"]
    assert (row["kind"], row["what"], row["hindrance"]) == ("archive_room", "old", "")
    kinds = [entry.event.kind for entry in read_trail(data / TRAIL)]
    assert kinds == [Kind.RETENTION_APPLIED, Kind.ROOM_REMOVED]
    verify_all(data)
