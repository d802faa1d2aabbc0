"""Four panes on the phantom: what is on a slice is where closed form says that it is."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from imaging.space import Vector
from tests.end_to_end.member_page import PATIENCE_MS, MemberPage
from tests.end_to_end.pictures import take_picture
from tests.end_to_end.server_process import ServerProcess

pytestmark = [pytest.mark.browser, pytest.mark.soak, pytest.mark.timeout(600)]

OUTER_MM, INNER_MM, LONG_MM, INNER_LONG_MM, CENTRE_MM = 66.0, 62.5, 72.0, 68.5, 54.0
"""Half axes of the skull's two spheroids across and along z, and where twin A's centre is."""

VOXEL_MM = 1.5

SIDES = {
    "axial": {"left": "R", "right": "L", "top": "A", "bottom": "P"},
    "coronal": {"left": "R", "right": "L", "top": "S", "bottom": "I"},
    "sagittal": {"left": "A", "right": "P", "top": "S", "bottom": "I"},
}


@pytest.fixture(scope="module")
def eva(browser: Browser, server: ServerProcess) -> Iterator[MemberPage]:
    page = MemberPage.join(browser, server.link("surgeon"), "Eva Lind")
    page.wait_for("Object.keys(window.commissure.outlineLengths.axial ?? {}).length > 0")
    yield page
    page.close()


def radius_at(z_mm: float, across_mm: float, along_mm: float) -> float:
    return across_mm * math.sqrt(1 - ((z_mm + CENTRE_MM) / along_mm) ** 2)


def crosshair_near(page: MemberPage, point: Vector, within_mm: float) -> None:
    page.wait_for(
        "([point, off]) => "
        "window.commissure.crosshair.every((v, i) => Math.abs(v - point[i]) <= off)",
        [list(point), within_mm],
    )


def shade_at(page: MemberPage, pane: str, world: Vector) -> int:
    """Return how bright the picture of the images is at a world point, 0 to 255."""
    x, y = page.pixel_in(pane, world)
    shade: int = page.page.locator(f".cmv-pane-{pane} canvas").first.evaluate(
        """(canvas, [x, y]) => {
          const scale = canvas.width / canvas.clientWidth;
          const at = [Math.round(x * scale), Math.round(y * scale)];
          return canvas.getContext("2d").getImageData(...at, 1, 1).data[0];
        }""",
        [x, y],
    )
    return shade


def test_each_slice_is_seen_as_radiologists_see_it(eva: MemberPage) -> None:
    for pane, sides in SIDES.items():
        for side, letter in sides.items():
            expect(eva.page.locator(f".cmv-pane-{pane} .cmv-letter-{side}")).to_have_text(letter)
        shown = eva.probe("panes")["shown"][pane]
        assert abs(sum(a * b for a, b in zip(shown["direction"], shown["up"], strict=True))) < 1e-9


def test_a_click_brings_all_slices_there(eva: MemberPage) -> None:
    eva.click_in("coronal", (0.0, 0.0, -CENTRE_MM))
    mm = 2 * eva.probe("panes")["shown"]["coronal"]["half_height_mm"] / 150
    eva.wait_for(
        "([z, off]) => Math.abs(window.commissure.crosshair[2] - z) < off", [-CENTRE_MM, mm]
    )
    for pane in SIDES:
        camera = eva.probe("panes")["shown"][pane]
        offset = sum(
            (c - f) * d
            for c, f, d in zip(
                eva.probe("crosshair"), camera["focal"], camera["direction"], strict=True
            )
        )
        assert abs(offset) < 1e-6


def test_the_skull_is_where_closed_form_says(eva: MemberPage) -> None:
    z = eva.probe("crosshair")[2]
    outer, inner = radius_at(z, OUTER_MM, LONG_MM), radius_at(z, INNER_MM, INNER_LONG_MM)
    eva.wait_for(
        "(most) => Object.values(window.commissure.outlineLengths.axial).some((mm) => mm > most)",
        0.95 * math.tau * (outer + inner),
    )
    lengths = eva.probe("outlineLengths")["axial"]
    assert lengths["bone"] == pytest.approx(math.tau * (outer + inner), rel=0.03)
    # In the images as in the outlines: bone is bright, and beside the skin there is air.
    bone = (0.0, (outer + inner) / 2, z)
    eva.wait_for("window.commissure.imagesReady")
    assert shade_at(eva, "axial", bone) > 160
    assert 50 < shade_at(eva, "axial", (20.0, -30.0, z)) < 120
    assert shade_at(eva, "axial", (0.0, 80.0, z)) == 0
    eva.click_in("axial", bone)
    eva.wait_for("window.commissure.selectedId === 'bone'")
    eva.hover_in("axial", bone)
    expect(eva.page.locator(".cmv-pane-axial .cmv-sliceseries")).to_contain_text(
        "HU", timeout=PATIENCE_MS
    )


def test_the_wheel_and_keys_go_on_by_one_slice_of_voxels(eva: MemberPage) -> None:
    before = eva.probe("crosshair")
    eva.hover_in("axial", (10.0, 10.0, before[2]))
    eva.page.mouse.wheel(0, 100)
    crosshair_near(eva, (before[0], before[1], before[2] + VOXEL_MM), 1e-3)
    eva.page.locator(".cmv-pane-axial .cmv-surface").focus()
    eva.page.keyboard.press("PageUp")
    eva.page.keyboard.press("ArrowUp")
    crosshair_near(eva, (before[0], before[1], before[2] - VOXEL_MM), 1e-3)


def test_shift_leads_the_crosshair_along(eva: MemberPage) -> None:
    z = eva.probe("crosshair")[2]
    eva.page.keyboard.down("Shift")
    eva.hover_in("axial", (-30.0, 20.0, z))
    eva.hover_in("axial", (30.0, -20.0, z))
    mm = 2 * eva.probe("panes")["shown"]["axial"]["half_height_mm"] / 150
    crosshair_near(eva, (30.0, -20.0, z), mm)
    eva.page.keyboard.up("Shift")


def test_dragging_sets_the_window_and_moves_nothing(eva: MemberPage) -> None:
    told = eva.page.locator(".cmv-pane-axial .cmv-slicetitle small")
    before, plan = told.inner_text(), eva.probe("viewDigest")
    camera = eva.probe("panes")["shown"]["axial"]
    eva.drag_in("axial", (60, 60), by=(30, 0))
    expect(told).not_to_have_text(before, timeout=PATIENCE_MS)
    assert eva.probe("panes")["shown"]["axial"] == camera
    assert eva.probe("viewDigest") == plan


def test_planes_turn_by_the_ends_of_the_crosshair(eva: MemberPage) -> None:
    eva.page.locator(".cmv-pane-coronal .cmv-surface").focus()
    eva.page.keyboard.press("Shift+O")
    box = eva.box_of("coronal")
    x, y = eva.pixel_in("coronal", eva.probe("crosshair"))
    far = 0.36 * min(box["width"], box["height"])
    eva.drag_in("coronal", (x + far, y), by=(0, -far * math.tan(math.radians(20))))
    eva.wait_for("Math.abs(window.commissure.panes.shown.axial.direction[0]) > 0.2")
    shown: dict[str, Any] = eva.probe("panes")["shown"]
    axial, sagittal = shown["axial"]["direction"], shown["sagittal"]["direction"]
    assert math.degrees(math.acos(axial[2])) == pytest.approx(20, abs=1.5)
    assert abs(sum(a * b for a, b in zip(axial, sagittal, strict=True))) < 1e-9
    assert shown["coronal"]["direction"] == [0, 1, 0]
    expect(eva.page.locator(".cmv-pane-axial .cmv-slicetitle")).to_contain_text("oblique")
    eva.page.get_by_role("button", name="Coronal: slab, window, oblique").click()
    eva.page.get_by_role("button", name="Reset planes").click()
    eva.wait_for("window.commissure.panes.shown.axial.direction[2] === 1")
    slab = eva.page.locator(".cmv-pane-coronal .cmv-slicemenu select").first
    slab.select_option("max")
    expect(eva.page.locator(".cmv-pane-coronal .cmv-sliceseries")).to_contain_text("MIP 10 mm")
    slab.select_option("thin")
    eva.page.get_by_role("button", name="Coronal: slab, window, oblique").click()
    eva.page.keyboard.press("Shift+O")


def test_a_double_click_lets_a_pane_fill_the_view_and_keys_lay_panes_out(
    eva: MemberPage, screenshots: Path
) -> None:
    eva.wait_for("window.commissure.imagesReady")
    take_picture(eva.page, screenshots / "panes-four.png")
    box = eva.box_of("sagittal")
    eva.page.mouse.dblclick(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.5)
    eva.wait_for("window.commissure.panes.maximised === 'sagittal'")
    eva.wait_for("Object.keys(window.commissure.panes.shown).length === 1")
    eva.page.keyboard.press("Shift+F")
    eva.wait_for("Object.keys(window.commissure.panes.shown).length === 4")
    for key, layout, panes in [(5, "slices", 3), (4, "pair", 2), (3, "space", 1), (2, "even", 4)]:
        eva.page.keyboard.press(f"Shift+Digit{key}")
        eva.wait_for(
            "([layout, panes]) => window.commissure.panes.layout === layout"
            " && Object.keys(window.commissure.panes.shown).length === panes",
            [layout, panes],
        )
    eva.wait_for("window.commissure.imagesReady")
    take_picture(eva.page, screenshots / "panes-alike.png")
    eva.page.reload()
    eva.wait_until_ready()
    assert eva.probe("panes")["layout"] == "even"
    assert eva.faults == []
