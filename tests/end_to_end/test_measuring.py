"""Measuring and annotating in 3D and on slices: one draws, the other sees; values have truths.

The tests are one story and run in order; each can rely on what the ones before left in the room.
"""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from imaging.space import Vector
from tests.end_to_end.member_page import PATIENCE_MS, MemberPage
from tests.end_to_end.pictures import take_picture

pytestmark = [pytest.mark.browser, pytest.mark.soak, pytest.mark.timeout(600)]

Z_MM = -54.0
"""Of the middle of twin A's head: there the skull is a ring of 66 mm radius, and the skin of 70."""

LEFT, RIGHT = (33.0, -57.2, Z_MM), (-33.0, -57.2, Z_MM)
"""On the front of the skull, 60 degrees apart."""

BRAIN_HU, NOISE_HU = 35.0, 15.0


@pytest.fixture(scope="module", autouse=True)
def _skulls(ana: MemberPage, ben: MemberPage) -> None:
    """Hide the skin, and bring Ana's slices to the middle of twin A's head."""
    for member in (ana, ben):
        member.page.locator('[data-solid="skin"] .eye').click()
        member.wait_for("!window.commissure.solids.skin.visible")
    ana.wait_for("Object.keys(window.commissure.outlineLengths.axial ?? {}).length > 0")
    ana.wait_for("window.commissure.imagesReady")
    for pane in ("axial", "coronal"):
        keep_in_place(ana, pane)
    ana.click_in("coronal", (0.0, 0.0, Z_MM))
    ana.wait_for("(z) => Math.abs(window.commissure.crosshair[2] - z) < 4", Z_MM)


def keep_in_place(page: MemberPage, pane: str) -> None:
    """Shift a slice a little: one that nobody has touched is fitted anew to what is visible."""
    box = page.box_of(pane)
    x, y = box["x"] + 60.0, box["y"] + 60.0
    page.page.mouse.move(x, y)
    page.page.keyboard.down("Shift")  # not before: a pointer that moves would lead the crosshair
    page.page.mouse.down()
    page.page.mouse.move(x + 10.0, y)
    page.page.mouse.up()
    page.page.keyboard.up("Shift")


def choose(page: MemberPage, menu: str, name: str) -> None:
    """Choose what to measure or to draw from the strip."""
    page.page.get_by_role("toolbar").get_by_label(menu, exact=True).click()
    page.page.get_by_role("menuitemradio", name=name, exact=True).click()


def measure(page: MemberPage, name: str) -> None:
    choose(page, "What to measure", name)


def draw(page: MemberPage, name: str) -> None:
    choose(page, "What to draw", name)


def place_in(page: MemberPage, pane: str, *points: Vector) -> None:
    """Click places one after the other; the tool counts each before the next."""
    for point in points:
        before = page.probe("placing.count")
        known = len(page.probe("markups"))
        page.click_in(pane, point)
        page.wait_for(
            "([count, known]) => window.commissure.placing.count > count"
            " || window.commissure.placing.phase === 'writing'"
            " || window.commissure.pending > 0"
            " || Object.keys(window.commissure.markups).length > known",
            [before, known],
        )


def markup(page: MemberPage, name: str) -> dict[str, Any]:
    """Return a markup by name, as soon as a page shows it and what it measures."""
    page.wait_for(
        "(name) => Object.values(window.commissure.markups).some("
        "(it) => it.name === name && !it.pending)",
        name,
    )
    known: dict[str, dict[str, Any]] = page.probe("markups")
    return next(it for it in known.values() if it["name"] == name)


def value(one: dict[str, Any], name: str) -> float:
    return float(next(it["value"] for it in one["values"] if it["name"] == name))


def on_axial(page: MemberPage, x: float, y: float) -> Vector:
    z: float = page.probe("crosshair[2]")
    return (x, y, z)


def surface_at(page: MemberPage, world: Vector) -> Vector:
    """Return the point of the anatomy that a click at a world point meets in 3D."""
    x, y = page.pixel_in("3d", world)
    hit = page.page.evaluate("([x, y]) => window.commissure.pick(x, y)", [x, y])
    point: Vector = tuple(hit["point_mm"])
    return point


def angle_deg(points: Sequence[Vector]) -> float:
    a, vertex, b = points
    first = [p - q for p, q in zip(a, vertex, strict=True)]
    second = [p - q for p, q in zip(b, vertex, strict=True)]
    cosine = sum(p * q for p, q in zip(first, second, strict=True))
    return math.degrees(math.acos(cosine / math.hypot(*first) / math.hypot(*second)))


def test_a_line_in_3d_is_as_long_as_what_was_clicked_is_apart(
    ana: MemberPage, ben: MemberPage
) -> None:
    ends = [surface_at(ana, LEFT), surface_at(ana, RIGHT)]
    ana.use("Measure")
    place_in(ana, "3d", LEFT, RIGHT)
    line = markup(ben, "Line 1")
    assert value(line, "length") == pytest.approx(math.dist(*ends), abs=0.1)
    assert value(line, "length") == pytest.approx(66.0, abs=0.5)
    assert line["values"][0]["uncertainty"] == pytest.approx(1.5 / math.sqrt(6), abs=0.1)
    ben.sees(f"{value(line, 'length'):.1f} ± 0.6 mm")


def test_an_angle_in_3d_is_the_angle_at_the_second_point(ana: MemberPage, ben: MemberPage) -> None:
    clicked = (LEFT, (0.0, -64.0, -70.0), RIGHT)
    places = [surface_at(ana, it) for it in clicked]
    measure(ana, "Angle")
    place_in(ana, "3d", *clicked[:1])
    ana.sees("Click the vertex of the angle")
    place_in(ana, "3d", *clicked[1:])
    assert value(markup(ben, "Angle 1"), "angle") == pytest.approx(angle_deg(places), abs=0.1)


def test_a_line_on_a_slice_is_drawn_to_the_outlines(ana: MemberPage, ben: MemberPage) -> None:
    measure(ana, "Line")
    place_in(ana, "axial", on_axial(ana, 67.0, 0.0), on_axial(ana, -67.0, 0.0))
    line = markup(ben, "Line 2")
    # Two outlines of the skull are near there, 3.5 mm apart: the outer one is the nearer.
    assert value(line, "length") == pytest.approx(132.0, abs=0.6)
    assert value(line, "length") == pytest.approx(math.dist(*line["points"]), abs=0.1)
    (record,) = (it for it in ben.view["markups"].values() if it["name"] == "Line 2")
    assert [it["solid_id"] for it in record["points"]] == ["bone", "bone"]
    assert record["plane"]["normal"] == pytest.approx([0, 0, 1])


def test_a_closed_curve_on_a_slice_has_the_area_of_its_polygon(
    ana: MemberPage, ben: MemberPage
) -> None:
    corners = [on_axial(ana, x, y) for x, y in ((-20, -5), (20, -5), (20, 35), (-20, 35))]
    measure(ana, "Area")
    place_in(ana, "axial", *corners)
    ana.page.get_by_role("button", name="Finish").click()
    curve = markup(ben, "Curve 1")
    around = curve["points"][1:] + curve["points"][:1]
    twice = [a[0] * b[1] - a[1] * b[0] for a, b in zip(curve["points"], around, strict=True)]
    assert value(curve, "area") == pytest.approx(abs(sum(twice)) / 2, rel=1e-6)
    assert value(curve, "area") == pytest.approx(1600, rel=0.05)


def test_a_region_in_the_brain_has_the_grey_values_of_brain(
    ana: MemberPage, ben: MemberPage
) -> None:
    measure(ana, "Region: ellipse")
    ana.click_in("3d", LEFT)
    ana.sees("This is drawn in a slice")
    place_in(ana, "axial", on_axial(ana, 0.0, 0.0), on_axial(ana, 25.0, 0.0))
    ana.page.keyboard.press("Enter")
    region = markup(ben, "Ellipse 1")
    assert value(region, "mean") == pytest.approx(BRAIN_HU, abs=2.0)
    assert value(region, "sd") == pytest.approx(NOISE_HU, abs=2.0)
    assert value(region, "area") == pytest.approx(math.pi * 25**2, rel=0.05)


def test_a_path_runs_along_the_surface(ana: MemberPage, ben: MemberPage) -> None:
    measure(ana, "Path along the surface")
    place_in(ana, "3d", LEFT, RIGHT)
    ana.page.keyboard.press("Enter")
    path = markup(ben, "Path 1")
    # A sixth of the ring of 66 mm radius; the straight way would be 66 mm.
    assert value(path, "length") == pytest.approx(66.0 * math.pi / 3, rel=0.01)
    assert len(path["path"]) > 10


def test_a_gap_is_the_least_distance_of_two(ana: MemberPage, ben: MemberPage) -> None:
    ana.page.locator('[data-solid="skin"] .eye').click()
    ana.wait_for("window.commissure.outlineLengths.axial.skin > 0")
    measure(ana, "Gap between two")
    place_in(ana, "axial", on_axial(ana, 71.5, 0.0), on_axial(ana, 63.5, 0.0))
    # The scalp is 4 mm thick where both spheroids have their half axes.
    assert value(markup(ben, "Gap 1"), "distance") == pytest.approx(4.0, abs=0.4)
    ana.page.locator('[data-solid="skin"] .eye').click()
    ana.wait_for("!window.commissure.solids.skin.visible")


def test_annotations_are_seen_by_the_other_at_once(ana: MemberPage, ben: MemberPage) -> None:
    draw(ana, "Arrow")
    place_in(ana, "3d", (45.0, -40.0, -90.0), (20.0, -60.0, -75.0))
    draw(ana, "Point")
    place_in(ana, "coronal", (0.0, 0.0, -70.0))
    draw(ana, "Text")
    place_in(ana, "3d", (-20.0, -58.0, -90.0))
    ana.page.get_by_label("Text of the markup").fill("Keep {{ rim }} <b>here</b>")
    ana.page.keyboard.press("Enter")
    ben.sees("Keep {{ rim }} <b>here</b>")
    draw(ana, "Freehand")
    ana.drag_in("3d", ana.pixel_in("3d", (-30.0, -40.0, 70.0)), by=(50, 25))
    drawn = markup(ben, "Drawing 1")
    assert len(drawn["points"]) >= 2
    kinds = {it["kind"] for it in ben.probe("markups").values()}
    assert {"arrow", "point", "text", "freehand"} <= kinds
    ana.has_same_plan_as(ben)


def test_a_drag_moves_a_point_in_the_mode_of_editing_only(ana: MemberPage, ben: MemberPage) -> None:
    before = markup(ana, "Line 1")["points"]
    ana.use("Select")
    ana.page.get_by_role("button", name="Line 1,").first.click()
    ana.drag_in("3d", ana.pixel_in("3d", before[0]), by=(30, 0))
    ana.settle()
    assert markup(ben, "Line 1")["points"] == before
    ana.page.keyboard.press("1")
    ana.wait_for("Math.abs(window.commissure.camera.direction[1]) > 0.999999")
    ana.page.locator(".cmv-pane-3d .cmv-surface").focus()
    ana.page.keyboard.press("e")
    ana.wait_for("window.commissure.handles.some(({ id }) => id === 'point-0')")
    ana.drag_in("3d", ana.pixel_in("3d", before[0]), by=(-20, 0))
    ana.wait_for(
        "(x) => Object.values(window.commissure.markups)"
        ".some((it) => it.name === 'Line 1' && Math.abs(it.points[0][0] - x) > 3)",
        before[0][0],
    )
    ana.settle()
    ana.has_same_plan_as(ben)
    moved = markup(ben, "Line 1")
    assert value(moved, "length") == pytest.approx(math.dist(*moved["points"]), abs=1e-6)
    ana.page.keyboard.press("Escape")
    ana.page.keyboard.press("Control+z")
    ana.settle()
    ana.has_same_plan_as(ben)
    assert markup(ben, "Line 1")["points"] == before


def keyboard_in(page: MemberPage, pane: str) -> None:
    """Bring the keyboard to a pane."""
    page.page.locator(f".cmv-pane-{pane} .cmv-surface").focus()


def press(page: MemberPage, *keys: str) -> None:
    for key in keys:
        page.page.keyboard.press(key)


def hears(page: MemberPage, text: str) -> None:
    """Wait until the page has told those who hear it what a key did."""
    expect(page.page.get_by_role("status").filter(has_text=text).first).to_be_attached(
        timeout=PATIENCE_MS
    )


def added(page: MemberPage, known: set[str]) -> dict[str, Any]:
    """Return the markup that a page shows besides those known, as soon as it measures something."""
    page.wait_for(
        "(known) => Object.entries(window.commissure.markups).some("
        "([id, it]) => !known.includes(id) && !it.pending)",
        sorted(known),
    )
    shown: dict[str, dict[str, Any]] = page.probe("markups")
    (new,) = shown.keys() - known
    known.add(new)
    return shown[new]


def test_points_are_placed_on_a_slice_by_keyboard_alone(ana: MemberPage, ben: MemberPage) -> None:
    known = set(ben.probe("markups"))
    ana.use("Select")
    keyboard_in(ana, "axial")
    press(ana, "m", "m")
    expect(ana.page.get_by_role("menuitemradio").first).to_be_attached(timeout=PATIENCE_MS)
    press(ana, "l")
    expect(ana.page.locator(".cmv-pane-axial .cmv-surface")).to_be_focused(timeout=PATIENCE_MS)
    start: Vector = ana.probe("crosshair")
    press(ana, "Shift+ArrowLeft", "Shift+Enter", *4 * ["Shift+ArrowRight"], *3 * ["ArrowDown"])
    hears(ana, "Crosshair at")
    press(ana, "Shift+Enter")
    line = added(ben, known)
    ends = [(start[0] - 5, *start[1:]), (start[0] + 15, start[1] + 1.5, start[2])]
    for point, end in zip(line["points"], ends, strict=True):
        assert point == pytest.approx(end, abs=1e-6)
    assert value(line, "length") == pytest.approx(math.hypot(20, 1.5), abs=1e-6)
    hears(ana, "Line placed: 20.1")
    # Of an area any number of points: pressed twice, Enter ends it, as a double click does.
    press(ana, "m", "c", "Shift+Enter", *4 * ["Shift+ArrowRight"], "Shift+Enter")
    press(ana, *2 * ["Shift+ArrowDown"], "Shift+Enter", *2 * ["Shift+ArrowDown"], "Shift+Enter")
    hears(ana, "Point 4 at")
    press(ana, "Backspace")
    hears(ana, "Points left: 3")
    press(ana, *4 * ["Shift+ArrowLeft"], *2 * ["Shift+ArrowUp"], *2 * ["Shift+Enter"])
    assert value(added(ben, known), "area") == pytest.approx(20 * 10, abs=1e-6)
    press(ana, "Shift+Enter", "Escape", "Backspace")
    hears(ana, "Cancelled")
    assert ana.probe("placing")["phase"] == "idle"
    assert known <= set(ana.view["markups"])


def test_in_3d_a_key_places_the_point_on_the_surface_in_front(
    ana: MemberPage, ben: MemberPage, screenshots: Path
) -> None:
    known = set(ben.probe("markups"))
    ana.use("Select")
    ana.click_in("coronal", (10.0, 0.0, Z_MM))
    keyboard_in(ana, "3d")
    press(ana, "1", "m", "m", "l", "Shift+ArrowRight")
    ana.wait_for("Math.abs(window.commissure.camera.direction[1]) > 0.999999")
    first: Vector = ana.probe("crosshair")
    seen = surface_at(ana, first)
    press(ana, "Enter", *4 * ["Shift+ArrowLeft"])
    ana.wait_for("window.commissure.placing.count === 1")
    ana.sees("or Enter at the crosshair")
    take_picture(ana.page, screenshots / "measuring-by-keyboard.png")
    press(ana, "Enter")
    start, end = added(ben, known)["points"]
    assert start == pytest.approx(seen, abs=1e-3)
    assert (end[0], end[2]) == pytest.approx((first[0] - 20, first[2]), abs=1e-3)
    assert math.hypot(*end[:2]) == pytest.approx(66.0, abs=0.5)


def test_a_note_and_a_comment_are_pinned_by_keyboard_alone(
    ana: MemberPage, ben: MemberPage
) -> None:
    keyboard_in(ana, "3d")
    press(ana, "n", "Enter")
    expect(ana.page.get_by_label("Text of the note")).to_be_focused(timeout=PATIENCE_MS)
    ana.page.keyboard.type("By key")
    press(ana, "Enter")
    ben.sees("By key")
    expect(ana.page.locator(".cmv-pane-3d .cmv-surface")).to_be_focused(timeout=PATIENCE_MS)
    press(ana, "c", "Shift+ArrowUp", "Enter")
    expect(ana.page.get_by_label("Text of the comment")).to_be_focused(timeout=PATIENCE_MS)
    ana.page.keyboard.type("Asked by key")
    press(ana, "Enter")
    ben.wait_for("Object.keys(window.commissure.view.threads).length === 1")
    press(ana, "Escape", "v")


def test_a_menu_offers_what_the_member_may(ana: MemberPage, ben: MemberPage) -> None:
    def items(page: MemberPage) -> list[str]:
        label = page.page.locator('.cmv-pane-3d .cmv-mk[data-record]:has-text("Angle 1") button')
        label.first.click(button="right")
        expect(page.page.get_by_role("menuitem").first).to_be_focused(timeout=PATIENCE_MS)
        return page.page.get_by_role("menuitem").all_inner_texts()

    theirs = [text.split("\n")[0] for text in items(ben)]
    assert {"Copy value", "Jump here"} <= set(theirs)
    assert not {"Edit points", "Remove"} & set(theirs)
    ben.page.keyboard.press("Escape")
    own = [text.split("\n")[0] for text in items(ana)]
    assert {"Rename", "Edit points", "Copy value", "Jump here", "Lock", "Remove"} <= set(own)
    ana.page.get_by_role("menuitem", name="Rename").click()
    ana.page.get_by_label("New name").fill("Flap angle")
    ana.page.keyboard.press("Enter")
    ben.sees("Flap angle")


def test_the_measures_look_right(ana: MemberPage, ben: MemberPage, screenshots: Path) -> None:
    ana.page.set_viewport_size({"width": 1680, "height": 1000})
    measure(ana, "Area")
    ana.page.get_by_role("toolbar").get_by_label("What to measure", exact=True).click()
    expect(ana.page.get_by_role("menu")).to_be_visible(timeout=PATIENCE_MS)
    take_picture(ana.page, screenshots / "measuring.png")
    ana.page.keyboard.press("Escape")
    ana.use("Select")
    ana.page.get_by_role("button", name="Ellipse 1,").first.press("Enter")
    take_picture(ana.page, screenshots / "measures.png")
    assert ana.faults == []
    assert ben.faults == []
