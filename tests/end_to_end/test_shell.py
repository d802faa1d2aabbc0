"""The first page, languages, narrow pages and what fails: in a browser, by eye and by axe."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.end_to_end.accessibility import require_accessible
from tests.end_to_end.member_page import PATIENCE_MS, MemberPage
from tests.end_to_end.pictures import take_picture
from tests.end_to_end.server_process import ServerProcess

pytestmark = [pytest.mark.browser, pytest.mark.soak]


PANELS = ("case", "segment", "model", "rehearse", "archive", "talk", "versions", "plan")

NO_WEBGL = """
const real = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
  return kind.startsWith('webgl') ? null : real.call(this, kind, ...more);
};
"""

LOSE_CONTEXT = """() => {
  const canvas = document.querySelector('.cmv-picture canvas');
  const context = canvas.getContext('webgl2');
  window.realContext = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
    return kind.startsWith('webgl') ? null : window.realContext.call(this, kind, ...more);
  };
  context.getExtension('WEBGL_lose_context').loseContext();
}"""
"""And there is no other: as while a driver starts anew."""

GIVE_BACK = "() => { HTMLCanvasElement.prototype.getContext = window.realContext; }"

SMALL_TARGETS = """() => [...document.querySelectorAll('button, select, a.cm-btn')]
  .filter((one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
  .filter((one) => !one.matches('.cmv-pin, .cmv-thread, .cm-skip'))
  .map((one) => [one.getBoundingClientRect(), one.id || one.className || one.textContent.trim()])
  .filter(([box]) => box.width > 0 && (box.height < 43.5 || box.width < 24))
  .map(([box, name]) => `${name}: ${box.width} x ${box.height}`)"""

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module", autouse=True)
def patience() -> Iterator[None]:
    """What is looked for may take as long on a loaded machine as what is waited for."""
    expect.set_options(timeout=PATIENCE_MS)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture(scope="module")
def keeper(browser: Browser, server: ServerProcess) -> Iterator[Page]:
    """The browser of whoever runs the server."""
    command = [sys.executable, "-m", "workspace.cli", "room", "create", "bare", "--data"]
    subprocess.run([*command, str(server.data)], check=True, capture_output=True)
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(str(server.ready["house_url"]))
    expect(page.locator(".ch-case")).to_have_count(2)
    expect(page.locator("#drop")).to_be_visible()
    yield page
    context.close()


def test_the_first_page_lists_finds_and_sorts_rooms(keeper: Page, screenshots: Path) -> None:
    search = keeper.get_by_role("searchbox", name="Search")
    keeper.keyboard.press("/")
    expect(search).to_be_focused()
    keeper.keyboard.type("phântom ct")  # accents count for nothing
    expect(keeper.locator(".ch-case:visible")).to_have_count(1)
    search.fill("no such room")
    expect(keeper.locator("#none")).to_be_visible()
    keeper.keyboard.press("Escape")
    expect(keeper.locator(".ch-case:visible")).to_have_count(2)
    keeper.get_by_label("Sort by").select_option("title")
    titles = keeper.locator(".ch-title")
    expect(titles).to_have_text(["A planning room", "Craniopagus phantom"])
    require_accessible(keeper)
    take_picture(keeper, screenshots / "home.png")


def test_a_room_is_deleted_and_brought_back_by_keyboard(keeper: Page, screenshots: Path) -> None:
    keeper.get_by_role("button", name="Delete A planning room").press("Enter")
    dialog = keeper.get_by_role("dialog", name="Delete “A planning room”?")
    expect(dialog.get_by_role("button", name="Keep it")).to_be_focused()
    require_accessible(keeper)
    keeper.keyboard.press("Tab")
    keeper.keyboard.press("Enter")
    expect(keeper.get_by_text("Deleted “A planning room”.")).to_be_visible()
    expect(keeper.locator(".ch-case")).to_have_count(1)
    expect(keeper.get_by_role("button", name="Undo")).to_be_focused()
    take_picture(keeper, screenshots / "home-undo.png")
    keeper.keyboard.press("Enter")
    expect(keeper.get_by_text("“A planning room” is back.")).to_be_visible()
    expect(keeper.locator(".ch-case")).to_have_count(2)
    keeper.reload()
    expect(keeper.locator(".ch-case")).to_have_count(2)


def test_the_first_page_fits_a_tablet_and_speaks_portuguese(
    keeper: Page, screenshots: Path
) -> None:
    keeper.set_viewport_size({"width": 768, "height": 1024})
    keeper.get_by_role("link", name="Português").click()
    expect(keeper.get_by_role("heading", name="Suas salas")).to_be_visible()
    expect(keeper.locator("#drop")).to_be_visible()
    expect(keeper.locator("html")).to_have_attribute("lang", "pt-BR")
    assert keeper.evaluate(OVERFLOW) <= 0
    require_accessible(keeper)
    take_picture(keeper, screenshots / "home-tablet-pt.png")
    keeper.get_by_role("link", name="English").click()
    expect(keeper.get_by_role("heading", name="Your rooms")).to_be_visible()
    keeper.set_viewport_size({"width": 1280, "height": 720})


def test_plain_pages_and_the_import_are_accessible(
    browser: Browser, server: ServerProcess, screenshots: Path
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 720}, locale="es-ES")
    page = context.new_page()
    page.goto(server.url)
    require_accessible(page)
    page.goto(server.link("observer") if has_link(server, "observer") else server.link("owner"))
    expect(page.get_by_role("button", name="Entrar en la sala")).to_be_visible()
    require_accessible(page)
    take_picture(page, screenshots / "join-es.png")
    page.goto(str(server.ready["import_url"]))
    expect(page.locator("#drop")).to_be_visible()
    require_accessible(page)
    take_picture(page, screenshots / "import-es.png")
    answer = page.goto(server.url + "/rooms/none/m/none/")
    assert answer is not None
    assert answer.status == 401
    require_accessible(page)
    take_picture(page, screenshots / "not-signed-in-es.png")
    context.close()


def has_link(server: ServerProcess, role: str) -> bool:
    return any(link["role"] == role for link in server.ready["links"])


@pytest.mark.parametrize("panel", PANELS)
def test_every_panel_is_accessible(ana: MemberPage, panel: str) -> None:
    ana.step(panel)
    expect(ana.page.locator(f"#step-{panel}")).to_have_attribute("aria-pressed", "true")
    require_accessible(ana.page)


def test_menus_dialogs_and_the_sheet_of_keys_are_accessible(
    ana: MemberPage, screenshots: Path
) -> None:
    page = ana.page
    page.locator(".cmv-pane-3d .cmv-surface").focus()
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keys")
    expect(sheet).to_be_visible()
    require_accessible(page)
    take_picture(page, screenshots / "keys.png")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    page.locator("#export").click()
    expect(page.locator("#export-bundle")).to_be_visible()
    require_accessible(page)
    page.keyboard.press("Escape")
    expect(page.locator("#export-bundle")).to_be_hidden()
    page.locator("#invite").click()
    expect(page.locator(".cm-dialog")).to_be_visible()
    require_accessible(page)
    page.keyboard.press("Escape")
    expect(page.locator(".cm-dialog")).to_be_hidden()


def test_a_key_in_a_text_field_is_text(ana: MemberPage) -> None:
    ana.step("talk")
    field = ana.page.get_by_label("Message to the room")
    field.fill("")
    field.press("x")
    field.press("1")
    expect(field).to_have_value("x1")
    assert ana.probe("tool") == "select"
    field.fill("")
    ana.step("plan")


def test_a_lost_graphics_context_comes_back_by_itself(ana: MemberPage, screenshots: Path) -> None:
    drawn = ana.probe("framesDrawn")
    ana.page.evaluate(LOSE_CONTEXT)
    expect(ana.page.get_by_text("The graphics card let go of this view.")).to_be_visible()
    take_picture(ana.page, screenshots / "lost-context.png")
    before = ana.probe("crosshair")
    ana.page.locator(".cmv-pane-axial .cmv-surface").focus()
    ana.page.keyboard.press("PageDown")
    ana.wait_for("(z) => window.commissure.crosshair[2] > z", before[2])
    ana.wait_for("window.commissure.imagesReady")
    ana.page.evaluate(GIVE_BACK)
    expect(ana.page.get_by_text("The graphics card let go of this view.")).to_be_hidden()
    ana.wait_for("(before) => window.commissure.framesDrawn > before", drawn)
    assert ana.probe("ready")


def test_the_room_speaks_the_language_that_is_chosen_on_the_rail(
    ana: MemberPage, screenshots: Path
) -> None:
    ana.page.locator("#language").click()
    ana.page.get_by_role("button", name="Português", exact=True).click()
    expect(ana.page.locator("html")).to_have_attribute("lang", "pt-BR")
    ana.wait_until_ready()
    expect(ana.page.locator("#step-rehearse")).to_contain_text("Ensaiar")
    expect(ana.page.get_by_role("toolbar").first).to_contain_text("Corte plano")
    require_accessible(ana.page)
    take_picture(ana.page, screenshots / "room-pt.png")
    ana.page.locator("#language").click()
    ana.page.get_by_role("button", name="English", exact=True).click()
    expect(ana.page.locator("html")).to_have_attribute("lang", "en")
    ana.wait_until_ready()


def test_lists_are_a_drawer_on_a_tablet_and_targets_fit_a_finger(
    browser: Browser, server: ServerProcess, screenshots: Path
) -> None:
    context = browser.new_context(viewport={"width": 820, "height": 1180}, has_touch=True)
    page = joined(context.new_page(), server.link("surgeon"), "Ben Okoye")
    page.wait_for_function("window.commissure && window.commissure.ready", timeout=PATIENCE_MS)
    side = page.get_by_role("complementary", name="Lists")
    expect(side).to_be_hidden()
    page.locator("#step-plan").tap()
    expect(side).to_be_visible()
    require_accessible(page)
    take_picture(page, screenshots / "tablet-drawer.png")
    page.get_by_role("button", name="Close the lists").tap()
    expect(side).to_be_hidden()
    assert page.evaluate(OVERFLOW) <= 0
    assert page.evaluate(SMALL_TARGETS) == []
    take_picture(page, screenshots / "tablet.png")
    page.set_viewport_size({"width": 640, "height": 360})  # a desk's 1280 x 720 at 200 %
    expect(page.locator("#invite, #connection").first).to_be_visible()
    assert page.evaluate(OVERFLOW) <= 0
    page.locator("#step-plan").tap()
    expect(side).to_be_visible()
    take_picture(page, screenshots / "zoomed.png")
    context.close()


def test_without_webgl_the_lists_and_slices_work_and_3d_says_what_to_do(
    browser: Browser, server: ServerProcess, screenshots: Path
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    context.add_init_script(NO_WEBGL)
    page = joined(context.new_page(), server.link("surgeon"), "Cleo Duarte")
    expect(page.get_by_text("This browser cannot draw in 3D.")).to_be_visible()
    page.wait_for_function("window.commissure && window.commissure.ready", timeout=PATIENCE_MS)
    page.locator("#step-talk").click()
    expect(page.get_by_label("Message to the room")).to_be_visible()
    expect(page.locator(".cmv-slice").first).to_be_visible()
    require_accessible(page)
    take_picture(page, screenshots / "no-webgl.png")
    context.close()


def test_a_room_without_images_says_what_comes_next(keeper: Page, screenshots: Path) -> None:
    keeper.locator('[data-room="bare"] .ch-open').click()
    joined(keeper, None, "Ana Reis")
    expect(keeper.get_by_text("No anatomy in this room yet.")).to_be_visible()
    require_accessible(keeper)
    take_picture(keeper, screenshots / "empty-room.png")


def joined(page: Page, link: str | None, name: str) -> Page:
    """Give a name on the page of an invitation."""
    page.set_default_timeout(PATIENCE_MS)
    if link is not None:
        page.goto(link)
    page.get_by_label("Your name").fill(name)
    page.get_by_role("button", name="Join the room").click()
    return page
