"""What a served room leaves in the audit trail, and what happens where it cannot."""

import asyncio
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import apsw
import pytest

from sessions.audit.reading import read_trail
from sessions.audit.records import AuditEvent, Kind, Outcome
from sessions.audit.trail import FILE_NAME, AuditTrail
from sessions.lobby import Lobby
from sessions.plan.records import Role
from sessions.protocol import Refused
from sessions.room import utc_now
from tests.sessions.failing_disk import FailingDisk
from tests.sessions.scene import pin
from tests.workspace.command import ready, running, told_to_stop
from tests.workspace.served_room import ROOM, Guest, Served, furnish, served
from tests.workspace.signing_in import PASSWORD, sign_in
from tests.workspace.test_accounts import QUICK
from workspace.accounts.accounts import Accounts
from workspace.accounts.records import Account
from workspace.audit.desk import AuditDesk
from workspace.audit.verifying import verify_room
from workspace.planning.pool import GeometryPool
from workspace.server.entrance import Entrance
from workspace.server.hosting import Hosting
from workspace.server.serving import bound_socket, serving, url_of
from workspace.server.site import Site
from workspace.storage import blobs_in, make_data_folder, rooms_in

PATIENT = "Doe^Jane 1961"
_names = count(1)


def events(data: Path) -> list[AuditEvent]:
    return [entry.event for entry in read_trail(data / FILE_NAME)]


def kinds(data: Path) -> list[Kind]:
    return [event.kind for event in events(data)]


def written(data: Path) -> bytes:
    return b"".join(path.read_bytes() for path in data.glob(f"{FILE_NAME}*"))


async def test_a_visit_is_on_record_from_the_link_to_the_farewell(
    tmp_path: Path, pool: GeometryPool
) -> None:
    async with served(tmp_path, pool) as server, Guest.joining(server) as ana:
        async with ana.in_room() as line:
            await line.done(pin("n1", "bone", text=PATIENT))
        for path in ("export/bone.stl", "bundle"):
            assert (await ana.get(path)).status == 200
        member_id = ana.member_id
    told = events(tmp_path)
    mine = [it for it in told if it.actor.member == member_id and it.kind != Kind.LEFT]
    assert [(it.kind, it.action, it.object.id) for it in mine] == [
        (Kind.JOINED, "", ""),
        (Kind.OPENED, "room", ""),
        (Kind.CHANGED, "note_pinned", mine[2].object.id),
        (Kind.EXPORTED, "stl", "bone"),
        (Kind.EXPORTED, "bundle", ""),
    ]
    assert {it.address for it in mine} == {"127.0.0.1"}
    assert {it.actor.role for it in mine[1:]} == {"surgeon"}
    assert {Kind.ROOM_ADOPTED, Kind.INVITED, Kind.INVITATION_OPENED, Kind.LEFT} <= set(
        kinds(tmp_path)
    )
    assert Kind.SERVER_STARTED in kinds(tmp_path)
    assert told[-1].kind == Kind.SERVER_STOPPED
    assert verify_room(tmp_path, ROOM).vouched.waiting == 0
    for text in (b"Ana Reis", b"Doe", b"Jane"):
        assert text not in written(tmp_path)


async def test_what_is_refused_is_on_record_with_the_type_of_the_command(
    tmp_path: Path, pool: GeometryPool
) -> None:
    """Row 12 of the abuse list: an observer's command is forbidden, and audited."""
    async with served(tmp_path, pool) as server, Guest.joining(server, Role.OBSERVER) as ole:
        async with ole.in_room() as line:
            for number in range(30):
                answer = await line.ask(pin(f"n{number}", "bone", text=PATIENT))
                assert isinstance(answer, Refused)
        async with ole.raw_socket() as socket:
            await socket.send_str(f'{{"type": "{PATIENT}"}}')
            await socket.receive()
        assert (await ole.get("bundle")).status == 403
    refused = [it for it in events(tmp_path) if it.kind == Kind.REFUSED]
    commands = [it for it in refused if it.action == "pin_note"]
    assert {(it.reason, it.outcome) for it in commands} == {
        ("forbidden_command", Outcome.MINOR_FAILURE)
    }
    assert sum(it.count for it in refused) == 32
    assert len(refused) <= 4 + len({it.reason for it in refused})
    assert b"Doe" not in written(tmp_path)


@pytest.fixture
async def on_failing_disk(
    tmp_path: Path, pool: GeometryPool
) -> AsyncIterator[tuple[Served, FailingDisk]]:
    """Return a server whose audit trail lies on a disk of its own."""
    disk = FailingDisk(f"served-{next(_names)}")
    make_data_folder(tmp_path)
    desk = AuditDesk(AuditTrail(tmp_path / FILE_NAME, disk.name))
    hosting = Hosting(Lobby(rooms_in(tmp_path)), blobs_in(tmp_path), pool, desk)
    with bound_socket("127.0.0.1", 0) as listener:
        async with serving(hosting, listener):
            await furnish(await hosting.create(ROOM))
            yield Served(hosting, url_of(listener)), disk
    disk.unregister()


async def test_nobody_comes_in_and_nothing_goes_out_without_a_record_and_work_goes_on(
    on_failing_disk: tuple[Served, FailingDisk], tmp_path: Path
) -> None:
    server, disk = on_failing_disk
    async with Guest.joining(server) as ana, Guest.joining(server, name="Ben") as ben:
        async with ana.in_room() as line:
            disk.failing_writes = apsw.FullError("full")
            async with ben.raw_socket() as socket:
                await socket.send_str('{"type": "hello", "protocol": 3}')
                farewell = (await socket.receive()).data
            answer = await ben.get("bundle")
            assert "audit trail is full; free some space" in str(farewell)
            assert answer.status == 503
            assert "could not be put on record" in await answer.text()
            await line.done(pin("n1", "bone"))  # who is in goes on
            not_ready = await (await ben.http.get("/health/ready")).json()
            assert "audit_not_writable" in not_ready["reasons"]
            disk.failing_writes = None
            async with ben.in_room():
                pass
        await asyncio.sleep(0)
    await server.hosting.audit.close()
    assert Kind.AUDIT_INTERRUPTED in kinds(tmp_path)
    assert verify_room(tmp_path, ROOM).vouched.waiting == 0


def test_a_server_can_be_told_to_keep_no_addresses(tmp_path: Path) -> None:
    with running(
        "serve", "--no-audit-addresses", "--data", tmp_path, "--port", "0", "--json"
    ) as server:
        url = ready(server)["url"]
        told_to_stop(server)
    assert url
    assert kinds(tmp_path) == [Kind.SERVER_STARTED, Kind.SERVER_STOPPED]
    assert {it.address for it in events(tmp_path)} == {""}


async def test_who_signs_in_and_who_does_not_is_on_record_and_never_what_was_typed(
    tmp_path: Path, pool: GeometryPool
) -> None:
    """Row 4 of the abuse list: attempts are audited, and counted while they come in floods."""
    make_data_folder(tmp_path)
    accounts = await Accounts.open(tmp_path, None, clock=utc_now, cost=QUICK)
    account = await accounts.store.add(
        Account(account_id="", name="ana", display_name="Ana Reis"),
        accounts.passwords.hash(PASSWORD),
        None,
    )
    async with (
        served(tmp_path, pool, Entrance(Site(), accounts)) as server,
        Guest.arriving(server) as ana,
    ):
        for _ in range(3):
            await sign_in(ana, password="typed by mistake")
        await sign_in(ana, name="Doe-Jane", password="born in June")
        assert (await sign_in(ana)).status == 303
        await ana.post(urlsplit(await server.link()).path, "")
    told = events(tmp_path)
    refused = [it for it in told if it.kind == Kind.SIGN_IN_REFUSED]
    assert sum(it.count for it in refused) == 4
    assert {it.outcome for it in refused} == {Outcome.MINOR_FAILURE}
    (signed_in,) = [it for it in told if it.kind == Kind.SIGNED_IN]
    assert (signed_in.actor.account, signed_in.address) == (account.account_id, "127.0.0.1")
    assert Kind.JOINED in kinds(tmp_path)
    for text in (b"mistake", b"Doe", b"June", b"Ana Reis"):
        assert text not in written(tmp_path)
