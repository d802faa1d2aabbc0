"""The timeline, the plan as it was, the search, and the history to take away."""

import asyncio
import csv
import io
import json

import pytest

from sessions.plan.anatomy import surfaces_of
from sessions.plan.commands import ApplyCut, EditNote, OpenBranch, SaveVersion, SendMessage, Undo
from sessions.plan.records import (
    BranchId,
    CutId,
    MessageId,
    NoteId,
    Role,
    VersionId,
)
from tests.sessions.scene import pin, place
from tests.workspace.served_room import Guest, Line, Served


async def work(line: Line) -> dict[str, int]:
    """Do a little of everything; return the revisions."""
    return {
        "note": await line.done(pin("n1", "bone", text="=HYPERLINK(1)")),
        "version": await line.done(SaveVersion(version_id=VersionId("v1"), name="first")),
        "branch": await line.done(
            OpenBranch(branch_id=BranchId("b"), name="other way", version_id=VersionId("v1"))
        ),
        "plane": await line.done(place("c1", "bone")),
        "cut": await line.done(ApplyCut(cut_id=CutId("c1"))),
        "back": await line.done(Undo()),
        "reworded": await line.done(EditNote(note_id=NoteId("n1"), text="otherwise")),
        "message": await line.done(
            SendMessage(message_id=MessageId("h1"), text="shall we begin with the sinus?")
        ),
    }


async def test_the_timeline_tells_every_entry_and_marks_what_stands_out(server: Served) -> None:
    async with Guest.joining(server) as ana, ana.in_room() as line:
        done = await work(line)
        told = json.loads(await (await ana.get("timeline")).text())
        moments = {it["revision"]: it for it in told["moments"]}
        assert list(moments) == list(range(1, told["last"] + 1))
        marks = {name: moments[done[name]]["mark"] for name in ("version", "branch", "cut", "note")}
        assert marks == {"version": "version", "branch": "branch", "cut": "cut", "note": None}
        assert moments[done["version"]]["label"] == "v1 (first)"
        assert moments[done["cut"]]["summary"] == "cut Bone into 2 fragments"
        some = json.loads(await (await ana.get(f"timeline?before={done['cut']}&count=2")).text())
        assert [it["revision"] for it in some["moments"]] == [done["branch"], done["plane"]]


async def test_a_past_plan_is_shown_with_the_surfaces_that_it_had(server: Served) -> None:
    async with Guest.joining(server) as ana, ana.in_room() as line:
        done = await work(line)
        room = (await server.hosted()).room
        cut = (await room.past.at(done["cut"])).plan
        gone = surfaces_of(cut) - surfaces_of(room.plan)
        assert len(gone) == 2
        (one, _) = sorted(gone)
        assert (await ana.get(f"surfaces/{one}.drc")).status == 404
        was = json.loads(await (await ana.get(f"at/{done['cut']}")).text())
        assert len(was["view"]["fragments"]) == 2
        assert was["view"]["notes"]["n1"]["text"] == "=HYPERLINK(1)"
        assert (await ana.get(f"surfaces/{one}.drc")).status == 200
        branch = json.loads(await (await ana.get(f"at/{done['cut']}?branch=b")).text())
        assert branch["view"]["fragments"] == {}


async def test_steps_from_a_past_plan_lead_to_the_present_one(server: Served) -> None:
    async with Guest.joining(server) as ana, ana.in_room() as line:
        done = await work(line)
        view = json.loads(await (await ana.get(f"at/{done['note']}")).text())["view"]
        steps = json.loads(await (await ana.get(f"steps?after={done['note']}&count=500")).text())
        for change in (it for step in steps["steps"] for it in step["changes"]):
            if change["value"] is None:
                del view[change["kind"]][change["id"]]
            else:
                view[change["kind"]][change["id"]] = change["value"]
        last = json.loads(await (await ana.get(f"at/{done['message']}")).text())["view"]
        assert view == last


async def test_what_was_said_is_found(server: Served) -> None:
    async with Guest.joining(server, name="Ana Reis") as ana, ana.in_room() as line:
        await work(line)
        found = json.loads(await (await ana.get("search?q=sinus")).text())["found"]
        assert [(it["kind"], it["member_name"]) for it in found] == [("message", "Ana Reis")]
        assert json.loads(await (await ana.get("search?q=nothing")).text())["found"] == []


async def test_the_history_goes_out_as_a_table_that_runs_nothing_and_as_lines(
    server: Served,
) -> None:
    async with Guest.joining(server, name="=cmd()") as ana, ana.in_room() as line:
        await work(line)
        table = list(csv.reader(io.StringIO(await (await ana.get("history.csv")).text())))
        assert table[0][:5] == ["revision", "at", "member", "branch", "what"]
        room = (await server.hosted()).room
        assert [int(row[0]) for row in table[1:]] == list(range(1, room.revision + 1))
        assert "'=cmd()" in {row[2] for row in table}
        assert not any(cell.startswith(("=", "+", "-", "@")) for row in table for cell in row)
        lines = (await (await ana.get("history.jsonl")).text()).splitlines()
        hashes = [json.loads(text)["entry"]["hash"] for text in lines]
        assert hashes == [entry.hash for entry in await room.entries()]


@pytest.mark.parametrize("path", ["timeline", "search?q=x", "history.csv", "history.jsonl"])
async def test_a_patient_sees_no_history(server: Served, path: str) -> None:
    async with Guest.joining(server, Role.PATIENT) as pat:
        assert (await pat.get(path)).status == 403


async def test_a_patient_sees_neither_notes_nor_chat_live_or_in_the_past(server: Served) -> None:
    async with (
        Guest.joining(server, Role.PATIENT) as pat,
        pat.in_room() as watching,
        Guest.joining(server) as ana,
        ana.in_room() as line,
    ):
        done = await work(line)
        was = json.loads(await (await pat.get(f"at/{done['message']}")).text())["view"]
        assert (was["notes"], was["chat"], len(was["segments"])) == ({}, {}, 2)
        async with asyncio.timeout(10), pat.in_room() as again:
            assert again.welcome.view["notes"] == again.welcome.view["chat"] == {}
        steps = await (await pat.get("steps?after=0&count=500")).text()
        heard = repr(watching.heard) + steps
        assert "sinus" not in heard
        assert "HYPERLINK" not in heard


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.TRAINEE])
async def test_who_may_not_export_takes_no_history_away(server: Served, role: Role) -> None:
    async with Guest.joining(server, role) as ole:
        assert (await ole.get("history.csv")).status == 403
        assert (await ole.get("timeline")).status == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("at/9999", 404),
        ("at/x", 404),
        ("at/3?branch=none", 404),
        ("steps?after=9999", 404),
        ("timeline?before=-1", 400),
        ("timeline?count=1e9", 400),
    ],
)
async def test_a_moment_that_never_was_is_said_to_be_none(
    server: Served, path: str, status: int
) -> None:
    async with Guest.joining(server) as ana:
        assert (await ana.get(path)).status == status
