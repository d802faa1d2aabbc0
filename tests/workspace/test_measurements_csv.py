"""The table of what was measured: every value once, and nothing that a spreadsheet runs."""

import csv
import io
import math

import pytest

from imaging.space import Plane
from sessions.plan.commands import ApplyCut, RemoveMarkup, Rename
from sessions.plan.records import CutId, MarkupId, RecordRef, Role
from tests.sessions.scene import at, draw, measure, place
from tests.workspace.served_room import BALL_MM, Guest, Served
from tests.workspace.test_findings import around_ball, findings

Table = list[dict[str, str]]


async def table(guest: Guest, query: str = "") -> Table:
    answer = await guest.get(f"measurements.csv{query}")
    assert answer.status == 200, await answer.text()
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "-measurements.csv" in answer.headers["Content-Disposition"]
    return list(csv.DictReader(io.StringIO(await answer.text())))


async def test_every_value_that_the_screen_shows_is_a_line_of_the_table(server: Served) -> None:
    room = (await server.hosted()).room
    async with Guest.joining(server) as ana, ana.in_room() as line:
        ends = (at((-3.0, 0.0, 10.0), "bone"), at((-3.0, 0.0, -35.2), "bone"))
        await line.done(draw("k1", "line", ends))
        await line.done(draw("k2", "surface_path", around_ball(0, 90)))
        await line.done(draw("k3", "text", (at((1.0, 2.0, 3.0)),), text="look here"))
        await line.done(measure("m1", (0.0, 0.0, 0.0), (3.0, 4.0, 0.0), "bone"))
        await findings(room, "k2")
        rows = {(it["id"], it["quantity"]): it for it in await table(ana)}
    length = rows["k1", "length"]
    assert float(length["value"]) == pytest.approx(45.2)
    assert length["unit"] == "mm"
    assert float(length["standard_uncertainty"]) > 0
    assert length["points_lps_mm"] == "(-3 0 10) (-3 0 -35.2)"
    assert (length["author"], length["name"]) == (
        "Ana Reis",
        room.plan.markups[MarkupId("k1")].name,
    )
    assert length["source_modality"] == "CT"
    assert float(rows["k2", "length"]["value"]) == pytest.approx(BALL_MM * math.pi / 2, abs=0.1)
    assert rows["k3", ""]["remark"] == "look here"
    assert float(rows["m1", "length"]["value"]) == pytest.approx(5.0)
    assert float(rows["box", "volume"]["value"]) == pytest.approx(8.0)
    assert float(rows["box", "area"]["value"]) == pytest.approx(24.0)


async def test_no_cell_is_a_formula_and_negative_numbers_stay_numbers(server: Served) -> None:
    async with Guest.joining(server, name="=1+1") as ana, ana.in_room() as line:
        await line.done(draw("k1", "text", (at((-1.0, -2.0, -3.0)),), text="=HYPERLINK(1)"))
        ref = RecordRef(kind="markup", record_id="k1")
        await line.done(Rename(ref=ref, name="@SUM(A1)"))
        (row,) = (it for it in await table(ana) if it["id"] == "k1")
    assert row["name"] == "'@SUM(A1)"
    assert row["remark"] == "'=HYPERLINK(1)"
    assert row["author"] == "'=1+1"
    assert row["points_lps_mm"] == "(-1 -2 -3)"


async def test_the_table_is_of_what_stands_now(server: Served) -> None:
    async with Guest.joining(server) as ana, ana.in_room() as line:
        await line.done(draw("k1", "line", (at((0, 0, 0), "bone"), at((1, 0, 0), "bone"))))
        await line.done(RemoveMarkup(markup_id=MarkupId("k1")))
        await line.done(place("c1", "bone", Plane((0.0, 0.0, 0.0), (0.0, 0.0, 1.0))))
        await line.done(ApplyCut(cut_id=CutId("c1")))
        rows = await table(ana)
        assert "k1" not in {it["id"] for it in rows}
        assert {it["remark"] for it in rows if it["id"] == "bone"} == {"cut into fragments"}
        assert {it["id"] for it in rows} >= {"c1+", "c1-"}
        assert (await ana.get("measurements.csv?branch=nowhere")).status == 404


@pytest.mark.parametrize("role", [Role.TRAINEE, Role.OBSERVER, Role.PATIENT])
async def test_only_roles_that_export_take_the_table_away(server: Served, role: Role) -> None:
    async with Guest.joining(server, role) as ole:
        assert (await ole.get("measurements.csv")).status == 403
