"""Words of patients and of attackers in logs, reports, answers and downloads, here."""

import csv
import io
from pathlib import Path
from typing import Final

import pytest
import structlog

from sessions.plan.commands import OpenCase
from sessions.plan.records import Role
from sessions.protocol import Refused
from tests.abuse.panels_line import panels_of
from tests.sessions.scene import SOURCE, pin
from tests.workspace.served_room import OTHER_ROOM, Guest, Served
from tests.workspace.test_panels_are_static import offences
from tests.workspace.uploader import Uploader, importing
from workspace.planning.pool import GeometryPool
from workspace.server import downloads
from workspace.storage import uploads_in

CANARY: Final = "Doe^Jane^canary"
DRAWING: Final = b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'
FORMULA: Final = '=HYPERLINK("http://evil.example")'


async def test_nothing_that_was_uploaded_is_handed_out_again(
    tmp_path: Path, pool: GeometryPool
) -> None:
    """Row 31."""
    async with importing(tmp_path / "data", pool) as server, Uploader.visiting(server) as ana:
        upload = await ana.begin({"scan.svg": DRAWING, "scan.html": DRAWING})
        await ana.send("PATCH", f"uploads/{upload}", DRAWING * 2, {"Upload-Offset": "0"})
        lying = [it for it in uploads_in(server.data).rglob("*") if it.is_file()]
        assert any(DRAWING in it.read_bytes() for it in lying)
        paths = [f"/{it.relative_to(server.data)}" for it in lying]
        paths += [f"/static/..{it}" for it in paths] + [f"/import/api/uploads/{upload}"]
        for path in paths:
            answer = await ana.http.get(f"{server.url}{path}", headers={"Accept": "*/*"})
            assert DRAWING not in await answer.read()
            assert "svg" not in answer.headers["Content-Type"]
            assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_what_a_member_takes_away_is_saved_and_never_opened_as_a_page(
    server: Served,
) -> None:
    """Row 31."""
    async with Guest.joining(server, Role.OWNER) as ana:
        for path in ("bundle", "export/bone.stl", "history.csv", "history.jsonl"):
            answer = await ana.get(path)
            assert answer.status == 200, path
            assert answer.headers["Content-Disposition"].startswith("attachment"), path
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert "html" not in answer.headers["Content-Type"]


@pytest.mark.parametrize(
    "source", ["html.Div(f'{title}')", "html.Div(v_html='note')", "html.Div('%s' % title)"]
)
def test_what_would_make_code_of_text_is_found_in_our_panels(source: str) -> None:
    """Row 32: the very children that run in the stock application."""
    assert list(offences(source))


async def test_a_fault_of_our_own_says_neither_what_it_was_nor_whom_it_met(
    server: Served, monkeypatch: pytest.MonkeyPatch, logged: io.StringIO
) -> None:
    """Rows 33 and 34: over HTTP, the room's line and the panels' line."""
    hosted = await server.hosting.create(OTHER_ROOM)
    await hosted.record_as_server(OpenCase(title=CANARY, source=SOURCE))

    async def fail(*_: object) -> None:
        raise RuntimeError(CANARY)

    async with Guest.arriving(server) as ana:
        await ana.join(await server.link(Role.OWNER, OTHER_ROOM), CANARY)
        async with ana.in_room() as line, panels_of(ana) as panels:
            monkeypatch.setattr(downloads, "write_bundle", _raise)
            monkeypatch.setattr(hosted, "submit", fail)
            monkeypatch.setattr(hosted, "panel_state", _raise)
            answers = [await ana.get(it) for it in ("bundle", f"at/{CANARY}", f"export/{CANARY}")]
            told = [await it.text() for it in answers]
            refused = await line.ask(pin("n1", "bone", text=CANARY))
            assert isinstance(refused, Refused)
            told.append(refused.reason)
            told.append(str(await panels.call("trame.trigger", "invitations", [CANARY], {})))
    assert answers[0].status == 500
    assert "in the log under" in told[0]
    log = logged.getvalue()
    assert "request.failed" in log
    for text in (*told, log, server.hosting.metrics.text().decode()):
        assert CANARY not in text
        assert "Traceback" not in text
        assert "RuntimeError(" not in text


def _raise(*_: object) -> None:
    raise RuntimeError(CANARY)


async def test_no_cell_of_a_rooms_history_is_a_formula(server: Served) -> None:
    """Row 35: whatever members call themselves and write."""
    async with Guest.arriving(server) as eve:
        await eve.join(await server.link(Role.OWNER), FORMULA)
        async with eve.in_room() as line:
            for number, text in enumerate((FORMULA, "+1", "-1", "@SUM(A1)", "|cmd", "%0d=1")):
                await line.done(pin(f"n{number}", "bone", text=text))
        table = await (await eve.get("history.csv")).text()
    rows = list(csv.reader(io.StringIO(table)))
    assert any("HYPERLINK" in cell for row in rows for cell in row)
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t"))]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x85", "\u2028"])
def test_no_value_forges_a_line_of_our_log(end: str, logged: io.StringIO) -> None:
    """Row 36."""
    forged = "2026-01-02T03:04:05Z [info] plan.signed"
    structlog.get_logger().warning("series.read", kernel=f"Head{end}{forged}", room=f"x{end}y")
    (line,) = logged.getvalue().splitlines()
    assert "series.read" in line
    assert not line.startswith(forged)
