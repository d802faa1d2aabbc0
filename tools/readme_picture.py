"""Take the picture of the README: two surgeons in one room, on the phantom, with a cut made.

Usage: python -m tools.readme_picture [OUT]
"""

import json
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from sample_data.craniopagus import craniopagus
from sample_data.series import write_series
from tests.end_to_end.conftest import CHROMIUM_FLAGS
from tests.end_to_end.member_page import MemberPage
from tests.end_to_end.server_process import ServerProcess
from tests.end_to_end.test_observer import SEND

OUT = Path(__file__).resolve().parents[1] / "docs" / "images" / "two-surgeons.png"

PLANE = {"origin": [0, 0, 0], "normal": [0, 0, 1]}
TURN = {"rotation": [0.9990482, 0.0436194, 0, 0], "translation_mm": [0, 0, 26]}


_POSED = iter(range(1000))


def submit(member: MemberPage, *commands: dict[str, object]) -> None:
    """Send commands through a second socket of the member's."""
    frames = [
        json.dumps({"type": "submit", "operation_id": f"pose-{next(_POSED)}", "command": command})
        for command in commands
    ]
    member.page.evaluate(SEND, [member.page.url.replace("http", "ws", 1) + "socket", frames])
    member.settle()


def pose(ana: MemberPage, ben: MemberPage) -> None:
    """Cut the joined skull between the twins, draw them apart, talk about it."""
    for member in (ana, ben):
        member.page.set_viewport_size({"width": 1680, "height": 1000})
        member.page.locator('[data-solid="skin"] .eye').click()
    submit(ana, {"type": "place_cut", "cut_id": "c1", "target_id": "bone", "plane": PLANE})
    ana.page.locator("[data-cut]").get_by_role("button", name="Cut", exact=True).click()
    ben.wait_for("Object.keys(window.commissure.view.fragments).length === 2")
    submit(ben, {"type": "move_fragment", "fragment_id": "c1+", "transform": TURN})
    ana.wait_until_ready()
    box = ana.page.locator(".cm-view").bounding_box()
    assert box is not None
    for member in (ana, ben):
        x, y = box["x"] + 160, box["y"] + 700
        member.page.mouse.move(x, y)
        member.page.mouse.down()
        member.page.mouse.move(x + 90, y + 20)
        member.page.mouse.move(x + 150, y + 34)
        member.page.mouse.up()
    start = {"solid_id": "c1-", "point_mm": [30, -36.0, -1.0]}
    end = {"solid_id": "c1+", "point_mm": [30, -36.0, 1.0]}
    submit(ben, {"type": "measure_distance", "measurement_id": "m1", "start": start, "end": end})
    note = {"solid_id": "c1-", "point_mm": [-20, -61.7, -40]}
    text = "Keep these tributaries with B until stage 3."
    submit(ana, {"type": "pin_note", "note_id": "n1", "anchor": note, "text": text})
    ben.use("Move")
    ben.page.locator('[data-solid="c1+"] .cm-name').click()
    ben.point_at((25.0, -50.0, 70.0))
    ana.page.wait_for_timeout(7000)


def main() -> None:
    """Run the product and take its picture."""
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else OUT
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        series = Path(folder) / "series"
        write_series(craniopagus(), series)
        server = ServerProcess.open_case(
            Path(folder) / "data", series, "--title", "Craniopagus phantom"
        )
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS
        )
        try:
            ana = MemberPage.join(browser, server.link("owner"), "Ana Reis")
            ben = MemberPage.join(browser, server.link("surgeon"), "Ben Okoye")
            pose(ana, ben)
            ana.page.screenshot(path=out)
            ben.page.screenshot(path=out.with_name("the-other.png"))
        finally:
            browser.close()
            server.stop()


if __name__ == "__main__":
    main()
