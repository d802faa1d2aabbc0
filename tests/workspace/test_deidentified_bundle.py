"""A room that is given away without whoever is named in it, through the command line."""

import asyncio
import json
import re
import zipfile
from pathlib import Path

import pytest
import typer.testing
from msgspec.structs import replace

from sessions.lobby import Lobby
from sessions.plan.casework import SYSTEM
from sessions.plan.commands import AddSegment, AdmitMember, OpenCase, ServerCommand, Undo
from sessions.plan.records import Member, MemberId, OperationId, Plan, Role
from sessions.sqlite_log import read_log
from sessions.state import State, replay
from tests.segmentation.solids import ball
from tests.sessions.scene import SOURCE, pin, place
from tests.workspace.served_room import segment_of
from workspace.cli.main import build_app
from workspace.errors import BundleError
from workspace.storage import blobs_in, make_data_folder, rooms_in

ANA = MemberId("ana-reis")
NAMED = ("Reis", "ana-reis", "Jane", "Doe", "4711", "1961", "2026", "113619", "vol-77")


def ran(*arguments: object) -> typer.testing.Result:
    runner = typer.testing.CliRunner()
    result = runner.invoke(build_app(), [str(it) for it in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with a room in which everything names somebody."""
    folder = tmp_path / "data"
    make_data_folder(folder)

    async def make() -> None:
        lobby = Lobby(rooms_in(folder))
        room = await lobby.create("doe-jane")
        source = replace(
            SOURCE,
            volume_id="vol-77",
            description="Doe^Jane 4711",
            acquired_on="1961-05-12",
            frame_of_reference_uid="1.2.840.113619.77",
            warnings=(("sheared", "Jane Doe lay askew"),),
        )
        segment = segment_of("jane-bone", "Bone", ball(20.0), blobs_in(folder))
        member = Member(member_id=ANA, name="Ana Reis", role=Role.OWNER, colour="#35a7ff")
        furnishing: tuple[ServerCommand, ...] = (
            OpenCase(title="Jane Doe", source=source),
            AddSegment(segment=segment),
            AdmitMember(member=member),
        )
        for number, command in enumerate(furnishing):
            await room.submit(SYSTEM, OperationId(f"doe-{number}"), command)
        note = pin("jane-1", "jane-bone", text="Jane Doe's left side")
        await room.submit(ANA, OperationId("4711-a"), note)
        await room.submit(ANA, OperationId("4711-b"), place("c1", "jane-bone"))
        await room.submit(ANA, OperationId("4711-c"), Undo())
        await lobby.close()

    asyncio.run(make())
    return folder


def state_in(data: Path, room_id: str) -> State:
    return replay(read_log(rooms_in(data) / room_id))


def shape(plan: Plan) -> list[object]:
    return [
        [(it.name, it.surface, it.owner) for it in plan.segments.values()],
        [it.anchor.point_mm for it in plan.notes.values()],
        [it.role for it in plan.members.values()],
        plan.edited,
    ]


def test_a_room_that_is_given_away_names_nobody_and_opens_elsewhere(
    data: Path, tmp_path: Path
) -> None:
    """Row 65."""
    out, there = tmp_path / "case.commissure", tmp_path / "there"
    exported = ran(
        "room", "export", "doe-jane", "--data", data, "--out", out, "--de-identified", "--json"
    )
    assert exported.stderr == ""
    with zipfile.ZipFile(out) as bundle:
        log = bundle.read("log.jsonl").decode()
        assert {it.date_time[0] for it in bundle.infolist()} == {1980}
    # Digits may stand in a hash, or in the last places of a coordinate.
    words = re.sub(r'"[0-9a-f]{64}"|[0-9]+\.[0-9]+', "", log)
    assert [it for it in NAMED if it in words] == []
    ran("room", "import", out, "--data", there)
    verified = json.loads(ran("room", "verify", "case", "--data", there, "--json").stdout)
    assert verified["state_hash"] == json.loads(exported.stdout)["state_hash"]
    was, now = state_in(data, "doe-jane"), state_in(there, "case")
    assert shape(now.plan) == shape(was.plan)
    redoable = [len(own) for own in now.ledger.redoable.values()]
    assert redoable == [len(own) for own in was.ledger.redoable.values()] == [1]
    assert ran("room", "list", "--data", there).stdout == "case  De-identified case\n"


def test_texts_that_are_kept_are_warned_of(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "case.commissure"
    asked = ("room", "export", "doe-jane", "--data", data, "--out", out)
    assert "may name people" in ran(*asked, "--de-identified", "--keep-texts").stderr
    with zipfile.ZipFile(out) as bundle:
        log = bundle.read("log.jsonl").decode()
    assert "Jane Doe's left side" in log
    assert not any(it in log for it in ("Reis", "ana-reis", "Doe^Jane", "askew", "vol-77"))
    with pytest.raises(BundleError, match="goes with --de-identified"):
        ran(*asked, "--keep-texts")
