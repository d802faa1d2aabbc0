"""The images of the phantom in a real browser: values, sides, windows, and who makes the slices."""

import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from imaging.space import Vector
from sample_data.craniopagus import craniopagus
from tests.end_to_end.member_page import MemberPage
from tests.end_to_end.pictures import take_picture

pytestmark = [pytest.mark.browser, pytest.mark.soak, pytest.mark.timeout(600)]

NOISE_OF_MEAN_HU = 8.0
"""Five standard deviations of the mean of a hundred voxels with noise of 15 HU."""

SHADES = """
([pane, points]) => {
  const canvas = document.querySelector(`.cmv-pane-${pane} canvas`);
  const ratio = canvas.width / canvas.clientWidth;
  const context = canvas.getContext("2d");
  return points.map((point) => {
    const [x, y] = window.commissure.paneToScreen(pane, point);
    const [left, top] = [Math.round(x * ratio) - 1, Math.round(y * ratio) - 1];
    const reds = [...context.getImageData(left, top, 3, 3).data].filter((_, n) => n % 4 === 0);
    return reds.reduce((sum, red) => sum + red / 9, 0);
  });
}
"""
"""How bright places are in a pane, means of nine pixels: their noise is no matter."""

TWO_FRAMES = "new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)))"

GRID = [(x, y, 0.0) for x in range(-60, 61, 6) for y in range(-60, 61, 6)]


@pytest.fixture(scope="module")
def viewer(ana: MemberPage) -> Iterator[MemberPage]:
    """A member with all of the images, and their card open."""
    ana.wait_for("window.commissure.images.progress === 1 && window.commissure.imagesReady")
    ana.page.locator("[data-look=images]").click()
    yield ana
    assert ana.faults == []


def _mean_hu(viewer: MemberPage, points: list[Vector]) -> float:
    script = "(points) => points.map((point) => window.commissure.images.valueAt(point))"
    values = viewer.page.evaluate(script, points)
    assert None not in values
    return float(sum(values) / len(values))


def _ring(radius_mm: float, z: float, count: int = 100) -> list[Vector]:
    angles = [2 * math.pi * (n + 0.5) / count for n in range(count)]
    return [(radius_mm * math.cos(a), radius_mm * math.sin(a), z) for a in angles]


def _shades(viewer: MemberPage, pane: str, points: list[Vector]) -> list[float]:
    # what was asked for is begun in the next frame
    viewer.page.evaluate(TWO_FRAMES)
    viewer.wait_for("window.commissure.imagesReady")
    shades: list[float] = viewer.page.evaluate(SHADES, [pane, points])
    return shades


def test_values_at_known_places_are_the_phantoms(viewer: MemberPage) -> None:
    assert _mean_hu(viewer, _ring(20, -60) + _ring(20, 60)) == pytest.approx(
        35, abs=NOISE_OF_MEAN_HU
    )
    assert _mean_hu(viewer, _ring(64.25, -54)) == pytest.approx(700, abs=NOISE_OF_MEAN_HU)
    assert _mean_hu(viewer, _ring(32, 0)) == pytest.approx(250, abs=NOISE_OF_MEAN_HU)
    assert viewer.probe("images.valueAt([500, 0, 0])") is None


def test_twin_as_left_ear_is_on_the_patients_left_and_on_the_right_of_the_screen(
    viewer: MemberPage,
) -> None:
    x, y, z = craniopagus().points["left_ear_a"]
    ear, mirrored = (x + 5, y, z), (-x - 5, y, z)
    assert _mean_hu(viewer, [ear]) > -500
    assert _mean_hu(viewer, [mirrored]) < -900
    right, wrong = viewer.page.evaluate(
        "(points) => points.map((point) => window.commissure.paneToScreen('coronal', point)[0])",
        [ear, mirrored],
    )
    assert right > wrong
    inside = (0.0, y, z)
    _go_to(viewer, "axial", inside)
    bright, dark, brain = _shades(viewer, "coronal", [ear, mirrored, inside])
    assert dark < 20 < min(bright, brain)


def test_a_preset_changes_what_is_drawn(viewer: MemberPage, screenshots: Path) -> None:
    bone, brain = (64.25, 0.0, -54.0), (30.0, 0.0, -54.0)
    window = viewer.page.get_by_label("Window of CT")
    window.select_option(label="Bone")
    viewer.wait_for("window.commissure.images.window.width === 2000")
    wide = _shades(viewer, "coronal", [bone, brain])
    assert wide[1] == pytest.approx(255 * (35 + 500) / 2000, abs=12)
    window.select_option(label="Brain")
    viewer.wait_for("window.commissure.images.window.width === 80")
    narrow = _shades(viewer, "coronal", [bone, brain])
    assert narrow[1] == pytest.approx(255 * 35 / 80, abs=25)
    assert narrow[0] > wide[0]
    take_picture(viewer.page, screenshots / "images-brain-window.png")
    window.select_option(label="Soft tissue")
    viewer.wait_for("window.commissure.images.window.width === 400")


def test_the_server_draws_the_same_slices(viewer: MemberPage, screenshots: Path) -> None:
    here = {pane: _shades(viewer, pane, _places_in(pane)) for pane in ("axial", "coronal")}
    bone = [64.25, 0.0, -54.0]
    value = viewer.probe(f"images.valueAt({bone})")
    viewer.page.get_by_label("The server").check()
    viewer.wait_for("window.commissure.images.mode === 'server'")
    for pane, shades in here.items():
        served = _shades(viewer, pane, _places_in(pane))
        off = [abs(a - b) for a, b in zip(shades, served, strict=True)]
        assert sum(off) / len(off) < 12, pane
    viewer.wait_for("([at, value]) => commissure.images.valueAt(at) === value", [bone, value])
    take_picture(viewer.page, screenshots / "images-from-the-server.png")
    viewer.page.get_by_label("This browser").check()
    viewer.wait_for("window.commissure.images.mode === 'browser'")
    viewer.wait_for("window.commissure.images.progress === 1 && window.commissure.imagesReady")


def test_the_images_are_drawn_in_3d_when_asked_for(viewer: MemberPage, screenshots: Path) -> None:
    assert viewer.probe("images.in_space") is None
    viewer.page.get_by_label("Show the images in 3D").check()
    viewer.wait_for("window.commissure.images.in_space !== null")
    take_picture(viewer.page, screenshots / "images-in-3d.png")
    viewer.page.get_by_label("Show the images in 3D").uncheck()
    viewer.wait_for("window.commissure.images.in_space === null")
    expect(viewer.page.get_by_label("Look of the images in 3D")).to_have_count(0)


def _go_to(viewer: MemberPage, pane: str, world: Vector) -> None:
    """Click a place in a pane, so that the other slices go through it."""
    x, y = viewer.page.evaluate(
        "([pane, point]) => window.commissure.paneToScreen(pane, point)", [pane, world]
    )
    box = viewer.page.locator(f".cmv-pane-{pane}").bounding_box()
    assert box is not None
    viewer.page.mouse.click(box["x"] + x, box["y"] + y)
    viewer.wait_for(
        "([x, y]) => Math.hypot(window.commissure.crosshair[0] - x,"
        " window.commissure.crosshair[1] - y) < 2",
        [world[0], world[1]],
    )


def _places_in(pane: str) -> list[Vector]:
    """Return places all over a slice, in its plane or seen along it."""
    return [(x, 0.0, y) if pane == "coronal" else (x, y, 0.0) for x, y, _ in GRID]
