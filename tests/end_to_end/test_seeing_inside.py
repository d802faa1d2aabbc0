"""Seeing inside: clip planes of one's own and of all, isolating, pictures, and whose left is left.

The tests are one story and run in order; each can rely on what the ones before left in the room.
"""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from sample_data.acquisition import Acquisition
from sample_data.craniopagus import craniopagus
from sample_data.series import write_series
from tests.end_to_end.member_page import PATIENCE_MS, MemberPage
from tests.end_to_end.pictures import take_picture
from tests.end_to_end.server_process import ServerProcess

pytestmark = [pytest.mark.browser, pytest.mark.soak, pytest.mark.timeout(600)]

HALF_OPEN = (-30.0, 0.0, -54.0)
"""Right of the middle of twin A: under the wall that a plane through the middle takes away."""
TITLE = "Craniopagus phantom"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A room on a coarse phantom: pages draw it in software on two cores."""
    series = tmp_path_factory.mktemp("coarse") / "series"
    write_series(craniopagus(), series, Acquisition(spacing_mm=(4.0, 4.0, 4.0)))
    process = ServerProcess.open_case(tmp_path_factory.mktemp("inside"), series, "--title", TITLE)
    yield process
    process.stop()


@pytest.fixture(scope="module")
def ana(browser: Browser, server: ServerProcess) -> Iterator[MemberPage]:
    page = MemberPage.join(browser, server.link("owner"), "Ana Reis")
    page.page.locator('[data-solid="skin"] .eye').click()
    yield page
    page.close()


@pytest.fixture(scope="module")
def ben(browser: Browser, server: ServerProcess) -> Iterator[MemberPage]:
    page = MemberPage.join(browser, server.link("surgeon"), "Ben Okoye")
    page.page.locator('[data-solid="skin"] .eye').click()
    yield page
    page.close()


def picked(member: MemberPage, world: tuple[float, float, float]) -> Any:  # noqa: ANN401
    """Return what is picked at the pixel of a world point in 3D."""
    return member.page.evaluate(
        "(point) => window.commissure.pick(...window.commissure.worldToScreen(point))", list(world)
    )


def press(member: MemberPage, name: str) -> None:
    member.page.get_by_role("button", name=name, exact=True).click()


def test_a_clip_plane_hides_what_lies_before_it_and_it_cannot_be_picked(ana: MemberPage) -> None:
    before = picked(ana, HALF_OPEN)
    assert before["solid_id"] == "bone"
    assert before["point_mm"][1] < -50, "seen from anterior, the front wall is nearest"
    ana.page.keyboard.press("o")
    press(ana, "+ Coronal")
    ana.wait_for("window.commissure.clipping.planes.length === 1")
    (plane,) = ana.probe("clipping.planes")
    assert plane["normal"] == pytest.approx([0, 1, 0])
    behind = picked(ana, HALF_OPEN)
    assert behind["point_mm"][1] > plane["origin"][1], "the front is away: one points at the back"
    press(ana, "Flip Plane 1")
    ana.wait_for("window.commissure.clipping.planes[0].normal[1] < 0")
    assert picked(ana, HALF_OPEN)["point_mm"][1] == pytest.approx(before["point_mm"][1])
    press(ana, "Flip Plane 1")


def test_a_plane_is_dragged_only_while_the_card_is_open(ana: MemberPage) -> None:
    ana.page.keyboard.press("3")
    ana.wait_for("window.commissure.camera.direction[0] < -0.99")
    before = ana.probe("clipping.planes[0].origin[1]")
    ana.drag_handle("clip-offset", by=(30, 0))
    ana.wait_for("(was) => window.commissure.clipping.planes[0].origin[1] > was + 5", before)
    press(ana, "Close")
    assert not [handle for handle in ana.probe("handles") if handle["id"].startswith("clip-")]
    ana.page.keyboard.press("1")
    ana.wait_for("window.commissure.camera.direction[1] > 0.99")


def test_a_shared_clip_reaches_the_other_who_may_use_their_own(
    ana: MemberPage, ben: MemberPage, screenshots: Path
) -> None:
    assert ben.probe("clipping.from") == "own"
    assert ben.probe("clipping.planes") == []
    ana.page.keyboard.press("o")
    press(ana, "Share with all")
    ben.wait_for("window.commissure.clipping.from === 'shared'")
    assert ben.probe("clipping.planes") == ana.probe("clipping.planes")
    assert picked(ben, HALF_OPEN)["point_mm"][1] > 0
    ben.sees("Clipped by Ana Reis")
    take_picture(ana.page, screenshots / "look-inside.png")
    take_picture(ben.page, screenshots / "clipped-by-another.png")
    press(ben, "Use my own")
    ben.wait_for("window.commissure.clipping.from === 'own'")
    assert picked(ben, HALF_OPEN)["point_mm"][1] < -50
    press(ana, "Stop sharing")
    ben.wait_for("!window.commissure.view.clipping.shared")


def test_a_box_leaves_only_what_is_in_it(ana: MemberPage) -> None:
    press(ana, "Clear")
    ana.page.get_by_label("Show only what is in a box").check()
    ana.wait_for("window.commissure.clipping.box !== null")
    above = ana.page.get_by_label("Box from, towards superior, mm")
    above.fill("0")
    above.press("Enter")
    ana.wait_for("window.commissure.clipping.box.minimum_mm[2] === 0")
    assert picked(ana, HALF_OPEN) is None
    assert picked(ana, (0.0, 0.0, 54.0))["solid_id"] == "bone"
    press(ana, "Clear")
    press(ana, "Close")


def test_what_is_chosen_is_shown_alone_and_the_others_come_back(ana: MemberPage) -> None:
    ana.page.locator('[data-solid="skin"] .eye').click()
    ana.wait_for("window.commissure.solids.skin.visible")
    ana.page.locator('[data-solid="bone"] .cm-name').click()
    ana.wait_for("window.commissure.selectedId === 'bone'")
    ana.page.keyboard.press("i")
    ana.wait_for("!window.commissure.solids.skin.visible")
    assert ana.probe("solids.bone.visible")
    ana.sees("Only Bone is shown")
    ana.page.keyboard.press("i")
    ana.wait_for("window.commissure.solids.skin.visible")
    ana.page.locator('[data-solid="skin"] .eye').click()
    ana.page.keyboard.press("Escape")


def test_a_picture_carries_everything_that_must_be_on_it(
    ana: MemberPage, tmp_path: Path, screenshots: Path
) -> None:
    with ana.page.expect_download() as arriving:
        ana.page.keyboard.press("k")
    path = tmp_path / arriving.value.suggested_filename
    arriving.value.save_as(path)
    picture = ana.probe("picture")
    header = path.read_bytes()[:24]
    assert header[1:4] == b"PNG"
    assert struct.unpack(">II", header[16:24]) == (picture["width"], picture["height"])
    (screenshots / "picture-of-the-panes.png").write_bytes(path.read_bytes())
    panes = [ana.page.locator(f".cmv-pane-{name}").bounding_box() for name in ("3d", "axial")]
    assert picture["width"] >= 2 * sum(box["width"] for box in panes if box)
    text = "\n".join(picture["lines"])
    for part in (
        "Not for diagnostic use",
        "Rehearsal, not the agreed plan",
        f"Case: {TITLE}",
        "Plan: Draft · revision",
        "Frame: as scanned · LPS, mm",
        "slices 4 mm thick",
        "Hidden: Skin",
        "Present: Ana Reis, Ben Okoye",
        "Picture by Ana Reis",
        "lag",
    ):
        assert part in text


def test_others_are_seen_where_they_point_and_from_where_they_look(
    ana: MemberPage, ben: MemberPage
) -> None:
    ben.page.keyboard.press("3")
    ana.wait_for("window.commissure.frusta.length === 1")
    box = ben.page.locator(".cmv-pane-axial").bounding_box()
    assert box is not None
    ben.page.mouse.move(box["x"] + box["width"] / 2 + 20, box["y"] + box["height"] / 2)
    ben.page.mouse.move(box["x"] + box["width"] / 2 + 22, box["y"] + box["height"] / 2)
    cursor = ana.page.locator(".cmv-pane-axial .cmv-cursor")
    expect(cursor.get_by_text("Ben Okoye")).to_be_visible(timeout=PATIENCE_MS)
    press(ana, "Where the others look from")
    ana.wait_for("window.commissure.frusta.length === 0")
    press(ana, "Where the others look from")


def test_whoever_follows_is_led_through_the_slices_and_sees_as_clipped(
    ana: MemberPage, ben: MemberPage
) -> None:
    ana.page.keyboard.press("p")
    ben.wait_for("window.commissure.following !== null")
    ana.page.keyboard.press("o")
    press(ana, "+ Sagittal")
    ben.wait_for("window.commissure.clipping.from === 'followed'")
    ben.wait_for("window.commissure.clipping.planes.length === 1")
    pane = ana.page.locator(".cmv-pane-axial").bounding_box()
    assert pane is not None
    ana.page.mouse.click(pane["x"] + pane["width"] / 2 + 25, pane["y"] + pane["height"] / 2 + 15)
    ana.wait_for("window.commissure.crosshair[0] > 5")
    ben.wait_for(
        "(there) => Math.hypot(...window.commissure.crosshair.map((v, i) => v - there[i])) < 0.01",
        ana.probe("crosshair"),
    )
    ana.page.keyboard.press("p")
    ben.wait_for("window.commissure.clipping.planes.length === 0")
    press(ana, "Clear")
    press(ana, "Close")


def test_left_is_left_for_either_twin(ana: MemberPage, ben: MemberPage, screenshots: Path) -> None:
    ana.page.keyboard.press("1")
    ana.wait_for("window.commissure.camera.direction[1] > 0.99")
    assert ana.probe("letters['3d']") == {"left": "R", "right": "L", "top": "S", "bottom": "I"}
    ana.page.get_by_label("Whose left is left").select_option("B")
    ana.wait_for("window.commissure.letters['3d'].left === 'L'")
    assert ana.probe("letters['3d']") == {"left": "L", "right": "R", "top": "I", "bottom": "S"}
    ana.page.keyboard.press("1")
    ana.wait_for("window.commissure.letters['3d'].left === 'R'")
    assert ana.probe("letters['3d'].top") == "S"
    assert ana.probe("camera.up[2]") == pytest.approx(-1), (
        "twin B lies head to head with the images"
    )
    assert ana.probe("letters.axial") == {"left": "R", "right": "L", "top": "A", "bottom": "P"}
    expect(ana.page.get_by_role("banner").get_by_text("Twin B")).to_be_visible(timeout=PATIENCE_MS)
    assert ben.probe("letters['3d'].top") != "I", "a member's frame is their own choice"
    take_picture(ana.page, screenshots / "frame-of-twin-b.png")
    for member in (ana, ben):
        assert member.faults == []
