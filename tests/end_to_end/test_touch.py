"""Fingers on a tablet: one turns or scrolls, two pinch, a long one asks for the menu."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, ViewportSize, expect

from tests.end_to_end.member_page import MemberPage
from tests.end_to_end.server_process import ServerProcess

pytestmark = [pytest.mark.browser, pytest.mark.soak, pytest.mark.timeout(600)]

Finger = tuple[float, float]

TABLET: ViewportSize = {"width": 1180, "height": 820}


@pytest.fixture(scope="module")
def eva(browser: Browser, server: ServerProcess) -> Iterator[MemberPage]:
    context = browser.new_context(viewport=TABLET, has_touch=True)
    page = MemberPage(context, context.new_page())
    page.page.goto(server.link("surgeon"))
    page.page.get_by_label("Your name").fill("Eva Lind")
    page.page.get_by_role("button", name="Join the room").tap()
    page.wait_until_ready()
    yield page
    page.close()


@pytest.fixture(scope="module")
def fingers(eva: MemberPage) -> CDPSession:
    return eva.context.new_cdp_session(eva.page)


def touch(fingers: CDPSession, kind: str, points: Sequence[Finger]) -> None:
    at = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
    fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})


def glide(fingers: CDPSession, *paths: tuple[Finger, Finger]) -> None:
    """Put fingers down, move them side by side, and lift them."""
    touch(fingers, "touchStart", [start for start, _ in paths])
    for step in range(1, 9):
        share = step / 8
        touch(
            fingers,
            "touchMove",
            [(a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])) for a, b in paths],
        )
    touch(fingers, "touchEnd", [])


def middle_of(page: MemberPage, pane: str) -> Finger:
    box = page.box_of(pane)
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def camera(page: MemberPage, pane: str) -> Any:  # noqa: ANN401  # as the page tells it
    return page.probe("camera") if pane == "3d" else page.probe("panes")["shown"][pane]


def test_one_finger_turns_the_anatomy_and_changes_nothing(
    eva: MemberPage, fingers: CDPSession
) -> None:
    before, plan = camera(eva, "3d"), eva.probe("viewDigest")
    x, y = middle_of(eva, "3d")
    glide(fingers, ((x, y), (x + 80, y + 20)))
    eva.wait_for(
        "(before) => window.commissure.camera.direction.some((v, i) => v !== before[i])",
        before["direction"],
    )
    after = camera(eva, "3d")
    assert after["half_height_mm"] == before["half_height_mm"]
    assert eva.probe("viewDigest") == plan


def test_two_fingers_that_part_bring_the_anatomy_nearer(
    eva: MemberPage, fingers: CDPSession
) -> None:
    before = camera(eva, "3d")
    x, y = middle_of(eva, "3d")
    glide(fingers, ((x - 30, y), (x - 90, y)), ((x + 30, y), (x + 90, y)))
    eva.wait_for(
        "(before) => Math.abs(window.commissure.camera.half_height_mm * 3 / before - 1) < 0.02",
        before["half_height_mm"],
    )
    assert camera(eva, "3d")["direction"] == pytest.approx(before["direction"], abs=1e-9)


def test_one_finger_scrolls_a_slice_by_whole_slices_of_voxels(
    eva: MemberPage, fingers: CDPSession
) -> None:
    before = eva.probe("crosshair")
    x, y = middle_of(eva, "axial")
    glide(fingers, ((x, y - 30), (x, y + 30)))
    eva.wait_for("(z) => Math.abs(window.commissure.crosshair[2] - z) > 1", before[2])
    steps = (eva.probe("crosshair")[2] - before[2]) / 1.5
    assert steps == pytest.approx(round(steps), abs=1e-6)
    assert eva.probe("crosshair")[:2] == pytest.approx(before[:2], abs=1e-6)


def test_a_tap_takes_all_slices_there(eva: MemberPage, fingers: CDPSession) -> None:
    box = eva.box_of("coronal")
    x, y = eva.pixel_in("coronal", (12.0, 0.0, -40.0))
    touch(fingers, "touchStart", [(box["x"] + x, box["y"] + y)])
    touch(fingers, "touchEnd", [])
    mm = 2 * camera(eva, "coronal")["half_height_mm"] / box["height"]
    eva.wait_for(
        "([x, z, off]) => Math.abs(window.commissure.crosshair[0] - x) < off"
        " && Math.abs(window.commissure.crosshair[2] - z) < off",
        [12.0, -40.0, 1.5 * mm],
    )


def test_a_finger_that_rests_asks_for_the_menu(eva: MemberPage, fingers: CDPSession) -> None:
    touch(fingers, "touchStart", [middle_of(eva, "3d")])
    menu = eva.page.get_by_role("menu")
    expect(menu).to_be_visible()
    touch(fingers, "touchEnd", [])
    expect(menu).to_be_visible()
    eva.page.keyboard.press("Escape")
    expect(menu).to_be_hidden()


def test_taps_place_the_points_of_a_line(eva: MemberPage, fingers: CDPSession) -> None:
    eva.page.get_by_role("toolbar").get_by_role("button", name="Measure", exact=True).tap()
    z = eva.probe("crosshair")[2]
    box = eva.box_of("axial")
    for world in ((-20.0, 0.0, z), (20.0, 0.0, z)):
        x, y = eva.pixel_in("axial", world)
        touch(fingers, "touchStart", [(box["x"] + x, box["y"] + y)])
        touch(fingers, "touchEnd", [])
    eva.wait_for("Object.keys(window.commissure.view.markups).length === 1")
    (line,) = eva.view["markups"].values()
    (length,) = (it["value"] for it in line["values"] if it["unit"] == "mm")
    mm = 2 * camera(eva, "axial")["half_height_mm"] / box["height"]
    assert length == pytest.approx(40.0, abs=2 * mm)
    assert eva.faults == []
