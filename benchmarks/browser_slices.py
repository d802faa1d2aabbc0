"""Slices of a CT of 512 x 512 x 300 in a real browser: the first one, scrolling, askew, bytes.

The CT is imported into a real server's store and opened as a room. There is no peer: what other
viewers publish was measured on other machines. The clock of the first slice is the page's own,
from the moment at which it was asked for; frames are those in which the browser drew while the
wheel turned once in each.
"""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from benchmarks.effort import FULL, Effort
from benchmarks.first_picture import CHROMIUM_FLAGS, PATIENCE_MS
from benchmarks.server_process import ServerProcess, link_of
from benchmarks.table import Row, figure
from benchmarks.volume_store import write_head

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FEW_TRIANGLES: Final = ("--engine", "threshold", "--set", "lower_hu=1150")
"""Of the room's own segment, specks of noise in the skull: 3D is not what is measured here."""

SCROLLED_S: Final = 3

KNOB_SHARE: Final = 0.36
"""How far from the crosshair its knobs are, of a pane's shorter side."""

ALL_HERE: Final = (
    "window.commissure && window.commissure.imagesReady && window.commissure.images.progress === 1"
)

SCROLL: Final = """
(seconds) => new Promise((resolve) => {
  const surface = document.querySelector(".cmv-pane-axial .cmv-surface");
  const box = surface.getBoundingClientRect();
  const [clientX, clientY] = [box.x + box.width / 2, box.y + box.height / 2];
  const began = performance.now();
  let frames = 0;
  const turn = (now) => {
    frames += 1;
    const deltaY = Math.floor(frames / 100) % 2 ? -1 : 1;
    const wheel = { deltaY, deltaMode: 1, clientX, clientY, bubbles: true, cancelable: true };
    surface.dispatchEvent(new WheelEvent("wheel", wheel));
    if (now - began < 1000 * seconds) requestAnimationFrame(turn);
    else resolve((1000 * frames) / (now - began));
  };
  requestAnimationFrame(turn);
})
"""


@dataclass(frozen=True, slots=True)
class Visit:
    """What one member's page took."""

    first_ms: float
    sharp_ms: float
    frames_per_s: float
    askew_ms: float
    megabytes: float


def measure(effort: Effort = FULL) -> list[Row]:
    """Return seconds to the first slice, frames per second, milliseconds and megabytes."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as name:
        series, data = Path(name) / "series", Path(name) / "data"
        series.mkdir()
        write_head(series, effort.slices)
        arguments = ("open", str(series), "--data", str(data), "--port", "0", "--json")
        with (
            ServerProcess("workspace.cli", *arguments, *FEW_TRIANGLES) as server,
            sync_playwright() as playwright,
        ):
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=list(CHROMIUM_FLAGS)
            )
            link = link_of(server.ready, "surgeon")
            visits = [_visit(browser, link) for _ in range(max(1, effort.runs // 2))]
            browser.close()
    return _rows(visits, effort.slices)


def _visit(browser: "Browser", link: str) -> Visit:
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(link)
    page.get_by_label("Your name").fill("Ana Reis")
    page.get_by_role("button", name="Join the room").click()
    page.wait_for_function(ALL_HERE)
    found = page.evaluate("window.commissure.images.first_ms")
    megabytes = page.evaluate("window.commissure.images.bytes") / 1e6
    page.get_by_role("button", name="Layout").click()
    page.get_by_role("button", name="Slices only").click()
    page.wait_for_function("Object.keys(window.commissure.panes.shown).length === 3")
    frames_per_s = page.evaluate(SCROLL, SCROLLED_S)
    askew_ms = _askew_ms(page)
    context.close()
    return Visit(found["seen"], found["sharp"], frames_per_s, askew_ms, megabytes)


def _askew_ms(page: "Page") -> float:
    """Turn the planes by a knob of the crosshair, and return what an askew picture takes."""
    page.get_by_role("button", name="Axial: slab, window, oblique").click()
    page.get_by_label("Oblique: turn by the ends of the crosshair").check()
    page.keyboard.press("Escape")
    box: Any = page.locator(".cmv-pane-axial .cmv-surface").bounding_box()
    x, y = page.evaluate("window.commissure.paneToScreen('axial', window.commissure.crosshair)")
    reach = KNOB_SHARE * min(box["width"], box["height"])
    page.mouse.move(box["x"] + x + reach, box["y"] + y)
    page.mouse.down()
    for step in range(1, 13):
        page.mouse.move(box["x"] + x + reach, box["y"] + y + 6 * step)
    page.mouse.up()
    page.wait_for_function("window.commissure.imagesReady")
    times = sorted(page.evaluate("window.commissure.images.paint_ms"))
    return float(times[len(times) // 2])


def _rows(visits: list[Visit], slices: int) -> list[Row]:
    size = f"512 x 512 x {slices}"
    return [
        figure(
            "seconds from opening the room to the first slice",
            [it.first_ms / 1000 for it in visits],
            "s",
        ).noted(f"CT of {size}; promised: 1 s at most"),
        figure(
            "seconds from opening the room to three slices in full resolution",
            [it.sharp_ms / 1000 for it in visits],
            "s",
        ),
        figure(
            "frames per second while scrolling", [it.frames_per_s for it in visits], "1/s"
        ).noted("three slices on screen; promised: 30 at least"),
        figure("an askew slice, sampled and windowed", [it.askew_ms for it in visits], "ms"),
        figure("all bricks of the volume", [it.megabytes for it in visits], "MB"),
    ]
