"""Images come in through the browser: over a line that breaks, from a folder, by drag and drop."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Self

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from sample_data.acquisition import Acquisition
from sample_data.craniopagus import craniopagus
from sample_data.series import write_series
from tests.end_to_end.cutting_proxy import CuttingProxy
from tests.end_to_end.member_page import PATIENCE_MS, MemberPage
from tests.end_to_end.pictures import SCREENSHOTS, take_picture
from tests.end_to_end.server_process import ServerProcess

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

DROP: Final = """
([name, text]) => {
  const transfer = new DataTransfer();
  transfer.items.add(new File([text], name));
  const target = document.getElementById("drop");
  target.dispatchEvent(new DragEvent("dragover", { dataTransfer: transfer, bubbles: true }));
  target.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true }));
}
"""


class SendingPage:
    """The import page in a browser profile of its own."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.page: Page = context.new_page()
        self.faults: list[str] = []
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("dialog", lambda dialog: dialog.accept())
        self.page.on("filechooser", lambda _: None)  # else the first might come before we listen

    @classmethod
    def visit(cls, browser: Browser, link: str, width: int = 1280, height: int = 720) -> Self:
        sending = cls(browser.new_context(viewport={"width": width, "height": height}))
        sending.page.goto(link)
        sending.is_at("choosing")
        return sending

    @property
    def heading(self) -> Locator:
        return self.page.get_by_role("heading", level=1)

    def is_at(self, phase: str) -> None:
        self.page.wait_for_selector(f'body[data-phase="{phase}"]', timeout=PATIENCE_MS)

    def choose_folder(self, folder: Path) -> None:
        self.page.locator('[data-choose="folder"]').set_input_files(folder)

    def drag_in(self, *paths: Path) -> None:
        """Drag files or folders from the desktop onto the page, as the browser itself does it."""
        box = self.page.locator("#drop").bounding_box()
        assert box is not None
        line = self.context.new_cdp_session(self.page)
        where = {"x": box["x"] + box["width"] / 2, "y": box["y"] + 60}
        held = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
        for kind in ("dragEnter", "dragOver", "drop"):
            line.send("Input.dispatchDragEvent", {"type": kind, **where, "data": held})

    def picture(self, name: str) -> None:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        take_picture(self.page, SCREENSHOTS / f"import-{name}.png")


@pytest.fixture(scope="module")
def coarse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The phantom at 3 mm."""
    folder = tmp_path_factory.mktemp("coarse") / "Kopf CT"
    write_series(craniopagus(), folder, Acquisition(spacing_mm=(3.0, 3.0, 3.0)))
    return folder


@pytest.fixture(scope="module")
def empty_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    process = ServerProcess.empty(tmp_path_factory.mktemp("empty"))
    yield process
    process.stop()


@pytest.fixture
def line(empty_server: ServerProcess) -> Iterator[CuttingProxy]:
    with CuttingProxy(empty_server.port) as proxy:
        yield proxy


@pytest.fixture
def sending(
    browser: Browser, empty_server: ServerProcess, line: CuttingProxy
) -> Iterator[SendingPage]:
    path = str(empty_server.ready["import_url"]).partition("/import/")[2]
    page = SendingPage.visit(browser, f"http://127.0.0.1:{line.port}/import/{path}")
    yield page
    assert page.faults == []
    page.context.close()


def size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir())


def bytes_below(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def test_the_secret_of_the_link_leaves_the_address_and_a_reload_opens_the_page_again(
    sending: SendingPage,
) -> None:
    assert sending.page.url.endswith("/import/")
    sending.page.reload()
    sending.is_at("choosing")
    sending.picture("choosing")


def test_a_folder_arrives_over_a_line_that_breaks_and_a_server_that_is_killed(
    sending: SendingPage,
    line: CuttingProxy,
    empty_server: ServerProcess,
    phantom_series: Path,
    browser: Browser,
) -> None:
    size = size_of(phantom_series)
    line.cut_after(size // 2)
    sending.choose_folder(phantom_series)
    line.wait_until_cut(60)
    sending.is_at("waiting")
    expect(sending.page.get_by_text("Connection lost")).to_have_count(2)  # seen, and spoken
    sending.picture("lost")
    empty_server.kill()
    empty_server.serve_again()
    line.mend()
    sending.page.get_by_role("button", name="Try now").click()
    sending.is_at("found")
    assert line.carried < 1.2 * size  # it went on, rather than begin anew
    sending.picture("found")
    expect(sending.page.get_by_role("radio")).to_be_checked()
    sending.page.get_by_label("Title of the case").fill("Twins 3")
    sending.page.get_by_role("button", name="Open a room").click()
    sending.is_at("opening")
    sending.picture("opening")
    sending.page.wait_for_selector('body[data-phase="ready"]', timeout=4 * PATIENCE_MS)
    sending.picture("ready")
    surgeon = sending.page.get_by_label("Link for a surgeon").input_value()
    sending.page.get_by_role("link", name="Open the room").click()
    ana = MemberPage(sending.context, sending.page)
    ana.page.get_by_label("Your name").fill("Ana Reis")
    ana.page.get_by_role("button", name="Join the room").click()
    ana.wait_until_ready()
    ana.sees("Twins 3")
    assert set(ana.view["segments"]) >= {"bone", "skin"}
    take_picture(ana.page, SCREENSHOTS / "import-room.png")
    ben = MemberPage.join(browser, surgeon, "Ben Okoye")
    ben.has_same_plan_as(ana)
    ben.close()
    assert list((empty_server.data / "uploads").iterdir()) == []


def test_after_a_reload_in_mid_upload_the_same_folder_goes_on(
    sending: SendingPage,
    line: CuttingProxy,
    coarse: Path,
    tmp_path: Path,
    empty_server: ServerProcess,
) -> None:
    size = size_of(coarse)
    line.hold_after(size // 2)
    sending.choose_folder(coarse)
    # What is on its way when a line breaks may be lost: the server has this much for certain.
    for _ in range(PATIENCE_MS // 100):
        if bytes_below(empty_server.data / "uploads") >= size // 4:
            break
        sending.page.wait_for_timeout(100)
    line.cut_after(0)
    line.let_go()
    line.wait_until_cut(60)
    sending.is_at("waiting")
    line.mend()
    sending.page.reload()
    sending.is_at("needs_files")
    sending.picture("needs-files")
    carried = line.carried
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.dcm").write_bytes(b"something else")
    sending.choose_folder(other)
    expect(sending.page.get_by_role("alert")).to_contain_text("not the files of the unfinished")
    sending.choose_folder(coarse)
    sending.is_at("found")
    assert line.carried - carried < 0.9 * size
    sending.page.get_by_role("button", name="Discard").click()
    sending.is_at("choosing")


def test_a_folder_is_dragged_in_with_all_that_is_below_it(
    sending: SendingPage, coarse: Path, tmp_path: Path
) -> None:
    study = tmp_path / "study"
    shutil.copytree(coarse, study / "deep" / "er")
    (study / "README.txt").write_text("no image")
    sending.drag_in(study)
    sending.is_at("found")
    expect(sending.heading).to_have_text("One volume found")
    expect(sending.page.get_by_text("1 file set aside")).to_be_visible()
    sending.page.get_by_role("button", name="Discard").click()
    sending.is_at("choosing")


def test_a_zip_is_dragged_in(sending: SendingPage, coarse: Path, tmp_path: Path) -> None:
    packed = Path(shutil.make_archive(str(tmp_path / "study"), "zip", coarse))
    sending.drag_in(packed)
    sending.is_at("found")
    expect(sending.heading).to_have_text("One volume found")
    sending.page.get_by_role("button", name="Discard").click()
    sending.is_at("choosing")


def test_a_single_file_is_dropped_and_refused_with_what_to_do(sending: SendingPage) -> None:
    sending.page.evaluate(DROP, ["letter.txt", "no image"])
    sending.is_at("failed")
    expect(sending.page.get_by_role("alert")).to_contain_text("DICOM")
    sending.picture("failed")
    sending.page.get_by_role("button", name="Discard and choose others").click()
    sending.is_at("choosing")


def test_a_series_with_a_hole_is_shown_as_refused_beside_one_that_is_whole(
    sending: SendingPage, coarse: Path, tmp_path: Path
) -> None:
    study = tmp_path / "study"
    shutil.copytree(coarse, study / "whole")
    write_series(craniopagus(), study / "torn", Acquisition(spacing_mm=(6.0, 6.0, 6.0)))
    torn = sorted((study / "torn").iterdir())
    torn[len(torn) // 2].unlink()
    (study / "DICOMDIR.txt").write_text("x")
    sending.choose_folder(study)
    sending.is_at("found")
    expect(sending.page.get_by_role("heading", name="Refused")).to_be_visible()
    sending.page.set_viewport_size({"width": 820, "height": 1180})
    sending.picture("found-tablet")
    sending.page.get_by_role("button", name="Discard").click()
    sending.is_at("choosing")
    sending.picture("choosing-tablet")


def test_an_upload_is_paused_and_gone_on_with(
    sending: SendingPage, line: CuttingProxy, coarse: Path
) -> None:
    line.hold_after(size_of(coarse) // 2)
    sending.choose_folder(coarse)
    sending.is_at("sending")
    bar = sending.page.get_by_role("progressbar", name="Sending")
    expect(bar).to_have_attribute("aria-valuenow", re.compile("^[1-9]"))
    sending.picture("sending")
    sending.page.get_by_role("button", name="Pause").click()
    sending.is_at("paused")
    sending.picture("paused")
    line.let_go()
    sending.page.get_by_role("button", name="Go on").click()
    sending.is_at("found")
    sending.page.get_by_role("button", name="Discard").click()
    sending.is_at("choosing")


def test_an_upload_is_cancelled_and_gone(
    sending: SendingPage, line: CuttingProxy, coarse: Path, empty_server: ServerProcess
) -> None:
    line.cut_after(size_of(coarse) // 2)
    sending.choose_folder(coarse)
    line.wait_until_cut(60)
    sending.is_at("waiting")
    line.mend()
    sending.page.get_by_role("button", name="Cancel").click()
    sending.is_at("choosing")
    assert list((empty_server.data / "uploads").iterdir()) == []


def test_the_page_is_used_by_keyboard_alone(sending: SendingPage, coarse: Path) -> None:
    sending.page.keyboard.press("Tab")
    expect(sending.page.get_by_role("button", name="Choose folder")).to_be_focused()
    with sending.page.expect_file_chooser() as chooser:
        sending.page.keyboard.press("Enter")
    chooser.value.set_files(coarse)
    sending.is_at("found")
    expect(sending.heading).to_be_focused()
    sending.page.keyboard.press("Tab")
    expect(sending.page.get_by_role("radio")).to_be_focused()
    sending.page.get_by_role("button", name="Discard").press("Enter")
    sending.is_at("choosing")


def test_a_link_that_has_ended_says_what_to_do(browser: Browser, line: CuttingProxy) -> None:
    page = browser.new_context().new_page()
    answer = page.goto(f"http://127.0.0.1:{line.port}/import/{'x' * 43}")
    assert answer is not None
    assert answer.status == 410
    expect(page.get_by_text("ask whoever runs the server")).to_be_visible()
    page.goto(f"http://127.0.0.1:{line.port}/import/")
    expect(page.get_by_role("heading", name="Open the import link again")).to_be_visible()
    page.context.close()
