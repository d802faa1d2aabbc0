import asyncio
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import apsw
import pytest

from sessions.audit.reading import Wanted, read_trail, verify_trail
from sessions.audit.records import Actor, AuditEntry, Kind, Outcome, Reference
from sessions.audit.trail import FILE_NAME, AuditTrail
from sessions.audit.vouching import require_vouched
from sessions.errors import AuditError, DamagedAuditError
from sessions.plan.commands import ChangeRole
from sessions.plan.records import MemberId, OperationId, Role
from sessions.room import Room
from tests.sessions.failing_disk import FailingDisk
from tests.sessions.scene import ANA, BEN, MEMBERS, OLE, furnish, pin
from workspace.accounts.auditing import DoorEvent
from workspace.accounts.auditing import Outcome as DoorOutcome
from workspace.audit import recorder
from workspace.audit.callers import Caller
from workspace.audit.desk import Addresses, AuditDesk

_names = count(1)
NAMES = {member.name for member in MEMBERS}


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    folder = tmp_path / "rooms" / "r1"
    folder.mkdir(parents=True)
    room = await Room.open(folder, "r1")
    yield room
    await room.close()


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[AuditDesk]:
    desk = AuditDesk.of_folder(tmp_path)
    yield desk
    await desk.close()


@pytest.fixture
def disk() -> Iterator[FailingDisk]:
    disk = FailingDisk(f"desk-{next(_names)}")
    yield disk
    disk.unregister()


def entries(data: Path, kind: Kind | None = None) -> list[AuditEntry]:
    return list(read_trail(data / FILE_NAME, Wanted(kind=kind)))


def written(data: Path) -> bytes:
    """Return every byte of the trail's files."""
    return b"".join(path.read_bytes() for path in data.glob(f"{FILE_NAME}*"))


def caller(room: Room, member_id: MemberId = ANA, address: str = "10.0.0.7") -> Caller:
    return Caller(room, room.plan.members[member_id], address)


async def pinned(room: Room, number: int) -> None:
    await room.submit(ANA, OperationId(f"pin-{number}"), pin(f"n{number}", text="Doe^Jane 1961"))


async def test_who_comes_in_is_on_record_before_anything_is_shown(
    room: Room, desk: AuditDesk, tmp_path: Path
) -> None:
    desk.attend(await furnish(room))
    await desk.opened(caller(room), "room")
    (opened,) = entries(tmp_path, Kind.OPENED)
    assert opened.event.actor == Actor(member=ANA, role="owner")
    assert opened.event.address == "10.0.0.7"
    assert opened.event.object == Reference(kind="room", revision=room.revision)


async def test_every_change_is_noted_with_the_hash_of_the_log_and_nothing_of_its_content(
    room: Room, desk: AuditDesk, tmp_path: Path
) -> None:
    desk.attend(room)
    await furnish(room)
    await desk.opened(caller(room), "room")
    await pinned(room, 1)
    desk.left(caller(room), "room")
    await desk.close()
    changed = entries(tmp_path, Kind.CHANGED)
    assert [it.event.object.hash for it in changed] == [it.hash for it in (await room.entries())]
    last = changed[-1].event
    assert (last.action, last.object.id, last.address) == ("note_pinned", "pin-1", "10.0.0.7")
    assert require_vouched(entries(tmp_path), (await room.entries())) == (0, room.revision, 0)
    trail = written(tmp_path)
    assert b"Doe" not in trail
    assert not any(f'"{name}"'.encode() in trail for name in NAMES)


async def test_the_server_s_own_changes_are_the_server_s(
    room: Room, desk: AuditDesk, tmp_path: Path
) -> None:
    desk.attend(room)
    await furnish(room)
    await desk.close()
    first = entries(tmp_path, Kind.CHANGED)[0].event
    assert (first.actor, first.action, first.address) == (Actor(role="server"), "case_opened", "")


async def test_changes_that_a_killed_server_did_not_note_are_noted_by_the_next(
    room: Room, desk: AuditDesk, tmp_path: Path
) -> None:
    desk.attend(await furnish(room))
    await desk.opened(caller(room), "room")
    await desk.close()
    await pinned(room, 1)  # on disk in the log, and then the power failed
    again = AuditDesk.of_folder(tmp_path)
    again.attend(room)
    await again.opened(caller(room), "room")
    await again.close()
    kinds = [it.event.kind for it in entries(tmp_path)]
    assert kinds[:5] == [Kind.ROOM_ADOPTED, Kind.OPENED, Kind.LEFT, Kind.CHANGED, Kind.OPENED]
    assert require_vouched(entries(tmp_path), (await room.entries())).waiting == 0


async def test_a_log_that_was_exchanged_behind_the_server_s_back_is_found_at_once(
    room: Room, desk: AuditDesk, tmp_path: Path
) -> None:
    desk.attend(await furnish(room))
    await desk.opened(caller(room), "room")
    await desk.close()
    other_folder = tmp_path / "other"
    other_folder.mkdir()
    other = await furnish(await Room.open(other_folder, "r1"))
    again = AuditDesk.of_folder(tmp_path)
    again.attend(other)
    await pinned(other, 1)
    await again.opened(caller(other), "room")
    await again.close()
    kept = await other.entries()
    await other.close()
    found = entries(tmp_path, Kind.LOG_DISAGREES)
    assert [it.event.outcome for it in found] == [Outcome.SERIOUS_FAILURE]
    with pytest.raises(DamagedAuditError, match="found the room's log changed"):
        require_vouched(entries(tmp_path), kept)


async def test_nobody_comes_in_and_nothing_goes_out_while_the_trail_cannot_be_written(
    room: Room, tmp_path: Path, disk: FailingDisk
) -> None:
    desk = AuditDesk(AuditTrail(tmp_path / FILE_NAME, disk.name))
    desk.attend(await furnish(room))
    await desk.opened(caller(room), "room")
    disk.failing_writes = apsw.FullError("full")
    for refused in (desk.opened(caller(room, BEN), "room"), desk.exported(caller(room), "bundle")):
        with pytest.raises(AuditError, match="could not be put on record: the disk of the audit"):
            await refused
    assert desk.failure is not None
    await pinned(room, 1)  # the plan goes on: its own log holds who did what
    disk.failing_writes = None
    await desk.opened(caller(room, BEN), "room")
    assert desk.failure is None
    await desk.close()
    (interrupted,) = entries(tmp_path, Kind.AUDIT_INTERRUPTED)
    assert (interrupted.event.count, interrupted.event.outcome) == (2, Outcome.SERIOUS_FAILURE)
    assert require_vouched(entries(tmp_path), (await room.entries())).waiting == 0


async def test_what_nobody_waits_for_is_noted_when_the_disk_works_again(
    room: Room, tmp_path: Path, disk: FailingDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder, "RETRY_S", 0.02)
    desk = AuditDesk(AuditTrail(tmp_path / FILE_NAME, disk.name))
    await furnish(room)
    disk.failing_syncs = apsw.IOError("io")
    with pytest.raises(AuditError):
        await desk.opened(caller(room), "room")
    desk.noted(Kind.INVITED, "r1")
    disk.failing_syncs = None
    async with asyncio.timeout(20):
        while not entries(tmp_path, Kind.INVITED):  # noqa: ASYNC110 (it comes without an event)
            await asyncio.sleep(0.01)
    await desk.close()


async def test_a_flood_that_the_disk_cannot_take_is_counted_and_not_kept(
    room: Room, tmp_path: Path, disk: FailingDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder, "MAX_WAITING", 10)
    desk = AuditDesk(AuditTrail(tmp_path / FILE_NAME, disk.name))
    desk.attend(await furnish(room))
    await desk.opened(caller(room), "room")
    disk.failing_writes = apsw.FullError("full")
    with pytest.raises(AuditError):
        await desk.exported(caller(room), "bundle")
    for _ in range(100):
        desk.noted(Kind.INVITED, "r1")
    for number in range(20):
        await pinned(room, number)
    assert len(desk._recorder._waiting) <= 10
    disk.failing_writes = None
    await desk.opened(caller(room), "room")
    await desk.close()
    interrupted = sum(it.event.count for it in entries(tmp_path, Kind.AUDIT_INTERRUPTED))
    assert interrupted + len(entries(tmp_path, Kind.INVITED)) == 101
    assert require_vouched(entries(tmp_path), (await room.entries())).waiting == 0


async def test_members_wait_while_the_trail_lags_and_go_on_when_it_has_caught_up(
    room: Room, desk: AuditDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder, "CROWDED", 5)
    await furnish(room)
    await desk.keep_up()
    for _ in range(8):
        desk.noted(Kind.INVITED, "r1")
    waiting = asyncio.ensure_future(desk.keep_up())
    await asyncio.sleep(0)
    assert not waiting.done()
    async with asyncio.timeout(20):
        await waiting


async def test_addresses_can_be_left_out(room: Room, tmp_path: Path) -> None:
    desk = AuditDesk.of_folder(tmp_path, Addresses.LEFT_OUT)
    desk.attend(await furnish(room))
    await desk.opened(caller(room), "room")
    await pinned(room, 1)
    await desk.close()
    assert {it.event.address for it in entries(tmp_path)} == {""}


async def test_refusals_are_noted_with_a_code_and_a_flood_of_them_is_counted(
    room: Room, desk: AuditDesk, tmp_path: Path
) -> None:
    await furnish(room)
    for _ in range(1000):
        desk.refused(caller(room, OLE), "pin_note", "role")
    await desk.close()
    refused = [it.event for it in entries(tmp_path, Kind.REFUSED)]
    assert [it.count for it in refused] == [1, 999]
    assert {(it.actor.role, it.action, it.reason) for it in refused} == {
        (Role.OBSERVER.value, "pin_note", "role")
    }


async def test_the_door_tells_who_signed_in_and_who_did_not(
    desk: AuditDesk, tmp_path: Path
) -> None:
    await desk.door(DoorEvent.SIGN_IN, DoorOutcome.SUCCESS, "acc1", "10.0.0.7")
    for _ in range(5):
        await desk.door(DoorEvent.SIGN_IN_REFUSED, DoorOutcome.REFUSED, "", "10.0.0.9")
    await desk.door(DoorEvent.ACCOUNT_LOCKED, DoorOutcome.REFUSED, "acc2", "10.0.0.9")
    await desk.door(DoorEvent.JOINED, DoorOutcome.SUCCESS, "m1", "10.0.0.7")
    await desk.close()
    noted = [it.event for it in entries(tmp_path)]
    assert {(it.kind, it.outcome, it.count) for it in noted} == {
        (Kind.SIGNED_IN, Outcome.SUCCESS, 1),
        (Kind.SIGN_IN_REFUSED, Outcome.MINOR_FAILURE, 1),
        (Kind.SIGN_IN_REFUSED, Outcome.MINOR_FAILURE, 4),
        (Kind.ACCOUNT_LOCKED, Outcome.MAJOR_FAILURE, 1),
        (Kind.JOINED, Outcome.SUCCESS, 1),
    }
    assert {it.actor for it in noted if it.kind == Kind.JOINED} == {Actor(member="m1")}


async def test_another_role_is_on_record_with_who_gave_it_to_whom(
    room: Room, desk: AuditDesk, tmp_path: Path
) -> None:
    desk.attend(await furnish(room))
    command = ChangeRole(member_id=OLE, expected=Role.OBSERVER, role=Role.SURGEON)
    await room.submit(ANA, OperationId("role-1"), command)
    await desk.close()
    (changed,) = entries(tmp_path, Kind.ROLE_CHANGED)
    assert changed.event.actor == Actor(member=ANA, role="owner")
    assert (changed.event.object.id, changed.event.action) == (OLE, "surgeon")


async def test_the_first_look_into_the_past_is_on_record_and_scrubbing_is_counted(
    room: Room, desk: AuditDesk, tmp_path: Path
) -> None:
    desk.attend(await furnish(room))
    await desk.saw(caller(room), "past", revision=3)
    assert entries(tmp_path, Kind.SAW)[0].event.object.revision == 3
    for _ in range(200):
        await desk.saw(caller(room), "past", revision=2)
    await desk.close()
    assert [it.event.count for it in entries(tmp_path, Kind.SAW)] == [1, 200]


async def test_nobody_scrubs_on_while_it_cannot_be_put_on_record(
    room: Room, tmp_path: Path, disk: FailingDisk
) -> None:
    desk = AuditDesk(AuditTrail(tmp_path / FILE_NAME, disk.name))
    desk.attend(await furnish(room))
    await desk.saw(caller(room), "past", revision=3)
    disk.failing_writes = apsw.FullError("full")
    with pytest.raises(AuditError):
        await desk.exported(caller(room), "bundle")
    with pytest.raises(AuditError, match="could not be put on record"):
        await desk.saw(caller(room), "past", revision=2)
    disk.failing_writes = None
    await desk.saw(caller(room), "past", revision=1)
    await desk.close()


async def test_to_and_fro_between_branches_is_counted_each_on_its_own(
    room: Room, desk: AuditDesk, tmp_path: Path
) -> None:
    await furnish(room)
    for _ in range(100):
        desk.looked_at(caller(room), "branch", "b1")
        desk.looked_at(caller(room), "branch", "b2")
    await desk.close()
    seen = [(it.event.object.id, it.event.count) for it in entries(tmp_path, Kind.SAW)]
    assert seen == [("b1", 1), ("b2", 1), ("b1", 99), ("b2", 99)]


async def test_what_is_seen_and_taken_out_is_named(
    room: Room, desk: AuditDesk, tmp_path: Path
) -> None:
    desk.attend(await furnish(room))
    await desk.saw(caller(room), "version", "v1")
    await desk.saw(caller(room), "revision", revision=2)
    await desk.exported(caller(room), "stl", "skull")
    desk.noted(Kind.INVITED, "r1", Actor(member=ANA, role="owner"), action="surgeon")
    await desk.close()
    named = [(it.event.object.kind, it.event.object.id) for it in entries(tmp_path)]
    assert named[1:] == [("version", "v1"), ("revision", ""), ("stl", "skull"), ("invitation", "")]
    assert verify_trail(tmp_path / FILE_NAME).sequence == 5


async def test_who_is_in_when_the_server_stops_has_left(
    room: Room, desk: AuditDesk, tmp_path: Path
) -> None:
    await furnish(room)
    await desk.opened(caller(room), "room")
    await desk.opened(caller(room, BEN), "room")
    desk.left(caller(room), "room")
    await desk.close()
    desk.left(caller(room, BEN), "room")  # its socket was cut, and says so a moment later
    assert len(entries(tmp_path, Kind.LEFT)) == 2


async def test_a_closed_desk_lets_nobody_in(room: Room, tmp_path: Path) -> None:
    desk = AuditDesk.of_folder(tmp_path)
    await desk.close()
    with pytest.raises(AuditError):
        await desk.opened(caller(await furnish(room)), "room")
