"""Text that wants to be code: in a stock trame page, in naive reports and logs, then here."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest
from aiohttp.test_utils import TestClient, TestServer
from playwright.async_api import Browser, Page, WebSocket, async_playwright

from sessions.plan.commands import AddSegment, OpenCase, PinNote
from sessions.plan.records import Anchor, NoteId, Role, SolidId
from tests.abuse.naive_builds.texts import naive_csv, naive_error, naive_log_line
from tests.abuse.naive_builds.uploads import site_with_uploads
from tests.abuse.stock_trame import StockTrame
from tests.end_to_end.conftest import CHROMIUM_FLAGS
from tests.end_to_end.member_page import PATIENCE_MS
from tests.segmentation.solids import ball
from tests.sessions.scene import SOURCE
from tests.workspace.served_room import OTHER_ROOM, Guest, Served, segment_of

VUE: Final = "{{_toDisplayString.constructor('window.pwnedByTitle=1')()}}"
IMAGE: Final = "<img src=x onerror='window.pwnedByImage=1'>"
LINK: Final = "javascript:window.pwnedByLink=1"
DRAWING: Final = '<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    executable = shutil.which("chromium")
    assert executable, "Debian's chromium is missing; make test installs it"
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        yield chromium
        await chromium.close()


async def until(page: Page, condition: str) -> None:
    await page.wait_for_function(condition, timeout=PATIENCE_MS)


def addresses_of_sockets(page: Page) -> list[str]:
    """Return a list that fills with the address of every socket that the page opens."""
    addresses: list[str] = []

    def note(socket: WebSocket) -> None:
        addresses.append(socket.url)

    page.on("websocket", note)
    return addresses


async def pwned(page: Page) -> object:
    """Return what ran: a flag each, for a page runs the text of a title again at every change."""
    return await page.evaluate("Object.keys(window).filter((key) => key.startsWith('pwned'))")


@pytest.mark.browser
@pytest.mark.timeout(600)
async def test_text_is_code_on_a_stock_page_and_text_here(browser: Browser, server: Served) -> None:
    """Rows 23 and 28 to 30."""
    await stock_page_runs_what_it_shows(browser)
    await our_page_shows_what_it_is_given(browser, server)


async def stock_page_runs_what_it_shows(browser: Browser) -> None:
    with StockTrame(VUE) as stock:
        # Before the page opens: stock trame tells of no change to whom it heard last.
        async with stock.member() as eve:
            await eve.set("note", IMAGE)
            await eve.set("link", LINK)
        page = await browser.new_page()
        await page.goto(stock.url)
        await until(page, "window.pwnedByTitle")  # the title of the case, in an f-string
        await until(page, "window.pwnedByImage")
        await until(page, "document.querySelector('#link')?.href.startsWith('javascript:')")
        # Not by the pointer: the page draws its link anew whenever the title's code runs.
        await page.evaluate("document.querySelector('#link').click()")
        await until(page, "window.pwnedByLink")
        foreign = f"ws://127.0.0.1:{stock.port}/elsewhere"
        async with page.expect_websocket(lambda it: it.url == foreign, timeout=PATIENCE_MS):
            await page.goto(f"{stock.url}/index.html?sessionURL={foreign}")
        await page.close()


async def our_page_shows_what_it_is_given(browser: Browser, server: Served) -> None:
    """Give every text that a member or an image can bring one hostile value."""
    hosted = await server.hosting.create(OTHER_ROOM)
    await hosted.record_as_server(OpenCase(title=f"Case {VUE}", source=SOURCE))
    for segment_id, name in (("bone", f"Bone {VUE}"), ("skin", f"Skin {IMAGE}")):
        segment = segment_of(segment_id, name, ball(40.0), hosted.blobs)
        await hosted.record_as_server(AddSegment(segment=segment))
    name = "<img src=x onerror='window.pwnedByName=1'>"
    async with Guest.arriving(server) as eve:
        await eve.join(await server.link(Role.SURGEON, OTHER_ROOM), name)
        async with eve.in_room() as line:
            notes = (f"Note {VUE}", f"Note {IMAGE}", f"Note {LINK}")
            for number, text in enumerate(notes):
                anchor = Anchor(solid_id=SolidId("bone"), point_mm=(0, 0, 40.0))
                await line.done(PinNote(note_id=NoteId(f"n{number}"), anchor=anchor, text=text))
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(await server.link(Role.OWNER, OTHER_ROOM))
    seen = await page.inner_text("body")
    await page.get_by_label("Your name").fill(f"Ana {{{{ {VUE}")
    await page.get_by_role("button", name="Join the room").click()
    await page.wait_for_url("**/m/**", wait_until="commit")
    first, page = page, await context.new_page()
    own_page = first.url
    await first.close()  # not before: a browser without any page may not open another
    sockets = addresses_of_sockets(page)
    await page.goto(f"{own_page}?sessionURL=ws://127.0.0.1:1/ws")
    await until(page, "window.commissure && window.commissure.ready")
    for step in await page.locator(".cm-rail [id^=step-]").all():
        await step.click()
        seen += await page.inner_text("body")
    for text in (f"Case {VUE}", f"Bone {VUE}", f"Skin {IMAGE}", name, *notes):
        assert text in seen, text
    assert await pwned(page) == []
    assert await page.locator("a[href^='javascript:' i], [src='x'], [onerror]").count() == 0
    own = server.url.replace("http", "ws", 1)
    assert sockets
    assert all(it.startswith(own) for it in sockets)
    await context.close()


async def test_a_naive_site_opens_an_uploaded_drawing_as_a_page(tmp_path: Path) -> None:
    """Row 31: a script in it runs as ours."""
    (tmp_path / "scan.svg").write_text(DRAWING)
    async with TestClient(TestServer(site_with_uploads(tmp_path))) as http:
        answer = await http.get("/uploads/scan.svg")
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert "Content-Disposition" not in answer.headers
    assert "X-Content-Type-Options" not in answer.headers


def test_a_naive_error_says_who_the_patient_is() -> None:
    """Row 33."""
    assert "Doe^Jane" in naive_error("image 7", "Doe^Jane")


@pytest.mark.parametrize("cell", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)"])
def test_a_cell_of_a_naive_report_is_a_formula(cell: str) -> None:
    """Row 35."""
    lines = naive_csv([["member", "note"], ["Ana", cell]]).splitlines()
    assert lines[1].split(",")[1].startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_line_break_in_a_tag_forges_a_line_of_a_naive_log(end: str) -> None:
    """Row 36."""
    forged = "2026-01-02T03:04:05Z INFO signed by Ana"
    written = naive_log_line("INFO", f"read series Head{end}{forged}")
    assert forged in written.splitlines()
