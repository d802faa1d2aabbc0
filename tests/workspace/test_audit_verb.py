import asyncio
import base64
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
import typer.testing

from sessions.audit.reading import read_trail
from sessions.audit.records import Kind
from sessions.audit.trail import FILE_NAME
from sessions.errors import AuditError, DamagedAuditError, DamagedLogError
from sessions.lobby import Lobby
from sessions.members import PALETTE
from sessions.plan.casework import SYSTEM
from sessions.plan.commands import AddSegment, AdmitMember, OpenCase
from sessions.plan.records import Member, OperationId, Role
from sessions.sqlite_log import FILE_NAME as LOG_NAME
from tests.sessions.audit.events import altered
from tests.sessions.scene import ANA, SOURCE, furnish, pin, segment
from workspace.audit.callers import Caller
from workspace.audit.desk import AuditDesk
from workspace.cli.main import build_app, sentence_of
from workspace.errors import MisuseError
from workspace.storage import make_data_folder, rooms_in

PATIENT = "Doe^Jane 1961"
CANARY = "QXJZ Canary"


@pytest.fixture(scope="session")
def rehearsed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder in which Ana rehearsed in a room."""
    data = tmp_path_factory.mktemp("rehearsed") / "data"
    make_data_folder(data)
    asyncio.run(rehearse(data))
    return data


@pytest.fixture
def data(rehearsed: Path, tmp_path: Path) -> Path:
    """Return a copy of that folder."""
    return Path(shutil.copytree(rehearsed, tmp_path / "data"))


async def rehearse(data: Path) -> None:
    lobby, desk = Lobby(rooms_in(data)), AuditDesk.of_folder(data)
    room = await lobby.create("r1")
    desk.attend(room)
    await furnish(room)
    ana = Caller(room, room.plan.members[ANA], "10.0.0.7")
    await desk.opened(ana, "room")
    await room.submit(ANA, OperationId("pin-1"), pin(text=PATIENT))
    await desk.exported(ana, "stl", "skull")
    desk.refused(ana, "apply_cut", "rule")
    desk.left(ana, "room")
    await desk.close()
    await lobby.close()


def ran(*arguments: object) -> typer.testing.Result:
    return typer.testing.CliRunner().invoke(build_app(), [str(it) for it in arguments])


def told(*arguments: object) -> str:
    result = ran(*arguments)
    assert result.exit_code == 0, result.exception
    return result.stdout


def document(*arguments: object) -> Any:  # noqa: ANN401 (any JSON)
    return json.loads(told(*arguments, "--json"))


def refused(*arguments: object) -> tuple[Any, BaseException]:
    """Return the JSON document of a command that ends with an error, and the error."""
    result = ran(*arguments, "--json")
    assert result.exit_code == 1
    assert result.exception is not None
    assert sentence_of(result.exception)
    return json.loads(result.stdout), result.exception


def test_entries_are_listed_for_people_and_for_programs(data: Path) -> None:
    text = told("audit", "list", "--data", data)
    listed = document("audit", "list", "--data", data)
    assert len(text.splitlines()) == len(listed["entries"]) == 12
    assert listed["damaged_at"] is None
    (opened,) = [it for it in listed["entries"] if it["kind"] == "opened"]
    assert (opened["member"], opened["role"], opened["address"]) == ("ana", "owner", "10.0.0.7")
    assert "refused" in text
    assert "apply_cut, rule, minor failure" in text
    assert "Doe" not in text + json.dumps(listed)


def test_entries_are_chosen_by_room_time_and_kind(data: Path) -> None:
    def kinds(*options: str) -> list[str]:
        return [it["kind"] for it in document("audit", "list", "--data", data, *options)["entries"]]

    assert kinds("--kind", "exported") == ["exported"]
    assert kinds("--room", "elsewhere") == []
    assert kinds("--since", "2999-01-01") == []
    assert len(kinds("--since", "2020-01-01T08:00", "--room", "r1")) == 12


@pytest.mark.parametrize("since", ["yesterday", "2026-13-01", "=1", ""])
def test_a_time_that_is_none_is_refused_with_a_sentence(data: Path, since: str) -> None:
    result = ran("audit", "list", "--data", data, "--since", since)
    assert isinstance(result.exception, MisuseError)
    assert "2026-01-31" in str(result.exception)


def test_verify_checks_the_trail_and_the_rooms_against_each_other(data: Path) -> None:
    checked = document("audit", "verify", "--data", data)
    assert (checked["whole"], checked["entries"]) == (True, 12)
    assert checked["rooms"] == {"r1": {"audited_from": 0, "awaiting_audit": 0}}
    text = told("audit", "verify", "--data", data)
    assert "12 entries, chain whole, head " in text
    assert "Room r1: agrees from revision 0 on" in text


def test_the_room_is_verified_with_its_audit(data: Path) -> None:
    checked = document("room", "verify", "r1", "--data", data)
    assert (checked["whole"], checked["audited_from"], checked["awaiting_audit"]) == (True, 0, 0)
    assert "The audit trail agrees from revision 0 on." in told(
        "room", "verify", "r1", "--data", data
    )


def trail_entry_changed(data: Path) -> None:
    other = "CAST(replace(payload, '10.0.0.7', '10.0.0.8') AS BLOB)"
    altered(data / FILE_NAME, f"UPDATE entries SET payload = {other} WHERE sequence = 8")


def trail_entry_deleted(data: Path) -> None:
    altered(data / FILE_NAME, "DELETE FROM entries WHERE sequence = 5")


def trail_cut_short(data: Path) -> None:
    altered(data / FILE_NAME, "DELETE FROM entries WHERE sequence > 9")


def log_entry_changed(data: Path) -> None:
    other = "CAST(replace(payload, 'Doe', 'Roe') AS BLOB)"
    altered(rooms_in(data) / "r1" / LOG_NAME, f"UPDATE entries SET payload = {other}")


def log_cut_short(data: Path) -> None:
    """Take the last entry away, and make the log look whole: only the trail knows better."""
    altered(
        rooms_in(data) / "r1" / LOG_NAME,
        "DELETE FROM entries WHERE revision = 7",
        "UPDATE room SET value = '6' WHERE key = 'head_revision'",
        "UPDATE room SET value = (SELECT hash FROM entries WHERE revision = 6) "
        "WHERE key = 'head_hash'",
    )


@pytest.mark.parametrize(
    ("damage", "where", "first_bad"),
    [
        (trail_entry_changed, "audit trail", 8),
        (trail_entry_deleted, "audit trail", 5),
        (trail_cut_short, "audit trail", 10),
        (log_entry_changed, "log", 7),
        (log_cut_short, "audit trail", 9),
    ],
)
def test_verify_names_the_first_bad_entry_of_either(
    data: Path, damage: Callable[[Path], None], where: str, first_bad: int
) -> None:
    """Rows 60 and 61 of the abuse list."""
    damage(data)
    found, error = refused("room", "verify", "r1", "--data", data)
    assert (found["whole"], found["damaged"], found["first_bad"]) == (False, where, first_bad)
    assert isinstance(error, DamagedAuditError | DamagedLogError)
    assert str(first_bad) in str(error)
    found, error = refused("audit", "verify", "--data", data)
    assert found["whole"] is False
    assert isinstance(error, AuditError)
    assert PATIENT not in str(error)


def test_a_room_that_vanished_is_missed_by_its_trail(data: Path) -> None:
    shutil.rmtree(rooms_in(data) / "r1")
    found, error = refused("audit", "verify", "--data", data)
    assert found["first_bad"] == 2
    assert "which the room's log lacks" in str(error)


def test_a_list_ends_where_the_damage_begins(data: Path) -> None:
    trail_entry_deleted(data)
    found, error = refused("audit", "list", "--data", data)
    assert ([it["sequence"] for it in found["entries"]], found["damaged_at"]) == (list("1234"), 5)
    assert "damaged at entry 5: it is missing" in str(error)


@pytest.mark.parametrize("form", ["dicom", "syslog", "fhir", "jsonl", "csv"])
def test_an_export_is_on_record_and_its_own_last_entry(
    data: Path, tmp_path: Path, form: str
) -> None:
    out = tmp_path / "audit.out"
    told_of = document("audit", "export", "--format", form, "--out", out, "--data", data)
    assert told_of == {"out": str(out), "format": form, "entries": 13}
    assert b"Doe" not in out.read_bytes()
    last = list(read_trail(data / FILE_NAME))[-1].event
    assert (last.kind, last.action, last.actor.role) == (Kind.AUDIT_EXPORTED, form, "operator")
    assert document("audit", "verify", "--data", data)["entries"] == 13


def test_an_export_of_a_room_holds_what_happened_there(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "audit.csv"
    text = told("audit", "export", "--format", "csv", "--out", out, "--room", "r1", "--data", data)
    assert text == f"Wrote {out}: 13 entries\n"
    assert document("audit", "list", "--kind", "audit_exported", "--data", data)["entries"]


@pytest.mark.parametrize("form", ["dicom", "syslog", "fhir", "jsonl", "csv"])
def test_no_export_holds_anything_of_the_patient_or_of_members_names(
    tmp_path: Path, form: str
) -> None:
    """Row 65 of the abuse list, in a room where all that people write names the patient."""
    data, out = tmp_path / "data", tmp_path / "audit.out"
    make_data_folder(data)
    asyncio.run(rehearse_with_words(data))
    told("audit", "export", "--format", form, "--out", out, "--data", data)
    text = out.read_bytes()
    assert CANARY.encode() not in text
    assert base64.b64encode(CANARY.encode())[:12] not in text
    log = b"".join(path.read_bytes() for path in (rooms_in(data) / "r1").glob(f"{LOG_NAME}*"))
    assert CANARY.encode() in log  # as it would be in a trail of what people did in their words


async def rehearse_with_words(data: Path) -> None:
    lobby, desk = Lobby(rooms_in(data)), AuditDesk.of_folder(data)
    room = await lobby.create("r1")
    desk.attend(room)
    source = msgspec.structs.replace(SOURCE, description=CANARY, acquired_on=CANARY)
    ana = Member(member_id=ANA, name=CANARY, role=Role.OWNER, colour=PALETTE[0])
    await room.submit(SYSTEM, OperationId("s1"), OpenCase(title=CANARY, source=source))
    bone = AddSegment(segment=segment(name=CANARY))
    await room.submit(SYSTEM, OperationId("s2"), bone)
    await room.submit(SYSTEM, OperationId("s9"), AdmitMember(member=ana))
    await room.invitations.create(Role.SURGEON, CANARY)
    caller = Caller(room, room.plan.members[ANA], "10.0.0.7", CANARY)
    await desk.opened(caller, "room")
    await room.submit(ANA, OperationId("pin-1"), pin(text=CANARY))
    await desk.exported(caller, "stl", CANARY)
    desk.refused(caller, CANARY, CANARY)
    await desk.close()
    await lobby.close()


def test_a_damaged_trail_is_not_exported(data: Path, tmp_path: Path) -> None:
    trail_entry_deleted(data)
    result = ran("audit", "export", "--out", tmp_path / "audit.jsonl", "--data", data)
    assert isinstance(result.exception, DamagedAuditError)
    assert not (tmp_path / "audit.jsonl").exists()


def test_a_form_or_folder_that_is_not_there_is_a_misuse(data: Path, tmp_path: Path) -> None:
    for options in (["--format", "pdf", "--out", "a"], ["--out", tmp_path / "nowhere" / "a"]):
        assert isinstance(ran("audit", "export", *options, "--data", data).exception, MisuseError)
    assert len(list(read_trail(data / FILE_NAME))) == 12


def test_a_data_folder_without_a_trail_is_told(tmp_path: Path) -> None:
    for verb in (["list"], ["export", "--out", tmp_path / "a"]):
        result = ran("audit", *verb, "--data", tmp_path)
        assert isinstance(result.exception, AuditError)
        assert "begins with the first" in str(result.exception)
    assert document("audit", "verify", "--data", tmp_path)["entries"] == 0


def test_what_the_operator_does_to_rooms_is_on_record(data: Path, tmp_path: Path) -> None:
    bundle = tmp_path / "r1.commissure"
    told("room", "invite", "r1", "--role", "observer", "--data", data)
    told("room", "create", "r2", "--data", data)
    told("room", "export", "r2", "--out", bundle, "--data", data)
    told("room", "import", bundle, "--as", "r3", "--data", data)
    events = [it.event for it in read_trail(data / FILE_NAME)][12:]
    assert [(it.kind, it.room_id, it.action) for it in events] == [
        (Kind.INVITED, "r1", "observer"),
        (Kind.EXPORTED, "r2", "bundle"),
        (Kind.IMPORTED, "r3", "bundle"),
    ]
    assert {it.actor.role for it in events} == {"operator"}


def test_what_the_operator_does_to_accounts_is_on_record(tmp_path: Path) -> None:
    def user(verb: str, *more: str) -> None:
        words = ["user", verb, "ana", *more, "--data", str(tmp_path)]
        runner = typer.testing.CliRunner()
        result = runner.invoke(build_app(), words, input="saw horse tin roof\n")
        assert result.exit_code == 0, result.exception

    user("add", "--password-stdin")
    user("reset-password", "--password-stdin")
    user("reset-totp", "--off")
    user("disable")
    user("enable")
    user("remove")
    events = [it.event for it in read_trail(tmp_path / FILE_NAME)]
    assert {(it.kind, it.object.kind, it.object.id) for it in events} == {
        (Kind.ACCOUNT_CHANGED, "account", "ana")
    }
    assert [it.action for it in events] == [
        "added",
        "password_reset",
        "second_factor_off",
        "disabled",
        "enabled",
        "removed",
    ]
