"""Three members look at a real head: what they see is where the scanner says, value for value.

The truth is read by pydicom alone: a pixel lies at ImagePositionPatient plus its row and column
along ImageOrientationPatient (PS3.3, C.7.6.2.1.1), whatever our own reader makes of it.
"""

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pydicom
import pytest
from playwright.sync_api import Browser

from imaging.space import Vector
from tests.end_to_end.member_page import MemberPage
from tests.end_to_end.pictures import take_picture
from tests.end_to_end.server_process import ServerProcess

pytestmark = [
    pytest.mark.browser,
    pytest.mark.soak,
    pytest.mark.shared_data,
    pytest.mark.timeout(900),
]

MEMBERS = (("owner", "Ana Reis"), ("surgeon", "Ben Okoye"), ("surgeon", "Cleo Marti"))

VALUES = "(points) => points.map((point) => window.commissure.images.valueAt(point))"


def places_and_values(series: Path, count: int) -> tuple[list[Vector], list[float]]:
    """Return places of pixels all over a series, and what the scanner measured there."""
    random = np.random.default_rng(5)
    files = sorted(series.iterdir())
    places: list[Vector] = []
    values: list[float] = []
    for number in np.linspace(1, len(files) - 2, count).astype(int):
        image = pydicom.dcmread(files[number])
        rows = image.Rows
        row, column = (int(it) for it in random.integers((rows // 4,), (3 * rows // 4,), 2))
        origin = np.array(image.ImagePositionPatient, float)
        along, down = np.reshape(np.array(image.ImageOrientationPatient, float), (2, 3))
        step_down, step_along = (float(it) for it in image.PixelSpacing)
        x, y, z = origin + column * step_along * along + row * step_down * down
        places.append((float(x), float(y), float(z)))
        slope = float(getattr(image, "RescaleSlope", 1))
        intercept = float(getattr(image, "RescaleIntercept", 0))
        values.append(float(image.pixel_array[row, column]) * slope + intercept)
    return places, values


@pytest.fixture(scope="module")
def tilted(shared_data: Path) -> Path:
    """A skull of plastic, scanned with a tilted gantry: the grid is sheared."""
    return shared_data / "01_ct_skull_phantom" / "tilt_+16.5"


@pytest.fixture(scope="module")
def room(tilted: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    data = tmp_path_factory.mktemp("real")
    server = ServerProcess.open_case(
        data, tilted, "--engine", "bone", "--title", "Skull of plastic"
    )
    yield server
    server.stop()


@pytest.fixture(scope="module")
def members(browser: Browser, room: ServerProcess) -> Iterator[list[MemberPage]]:
    pages = [MemberPage.join(browser, room.link(role), name) for role, name in MEMBERS]
    for page in pages:
        page.wait_for("window.commissure.images.progress === 1")
    yield pages
    for page in pages:
        assert page.faults == []
        page.close()


def test_every_value_is_where_the_scanner_says(members: list[MemberPage], tilted: Path) -> None:
    places, values = places_and_values(tilted, 40)
    for member in members:
        seen = member.page.evaluate(VALUES, places)
        assert seen == pytest.approx(values, abs=1.0)


def test_a_line_between_two_places_is_as_long_as_they_are_apart_for_all_three(
    members: list[MemberPage],
) -> None:
    ana, ben, cleo = members
    middle = ana.probe("crosshair")
    start: Vector = (middle[0] - 40.0, middle[1], middle[2])
    end: Vector = (middle[0] + 40.0, middle[1], middle[2])
    ana.use("Measure")
    for place in (start, end):
        ana.click_in("axial", place)
    for member in (ana, ben, cleo):
        member.wait_for("Object.keys(window.commissure.view.markups).length === 1")
        (line,) = member.view["markups"].values()
        (length,) = (it["value"] for it in line["values"])
        assert length == pytest.approx(math.dist(*line["world_points"]), abs=1e-6)
        box = member.box_of("axial")
        pixel_mm = 80.0 / abs(member.pixel_in("axial", end)[0] - member.pixel_in("axial", start)[0])
        assert length == pytest.approx(80.0, abs=2 * pixel_mm), box
    ana.has_same_plan_as(ben)
    ana.has_same_plan_as(cleo)


def test_left_is_on_the_right_of_axial_and_coronal_slices(members: list[MemberPage]) -> None:
    for member in members:
        x, y, z = member.probe("crosshair")
        for pane in ("axial", "coronal"):
            right, _ = member.pixel_in(pane, (x + 30.0, y, z))
            left, _ = member.pixel_in(pane, (x - 30.0, y, z))
            assert right > left


def test_the_real_head_looks_right(members: list[MemberPage], screenshots: Path) -> None:
    ana = members[0]
    ana.wait_for("window.commissure.imagesReady")
    take_picture(ana.page, screenshots / "real-tilted-ct.png")


def test_an_mr_is_shown_value_for_value_with_a_window_of_its_own(
    browser: Browser,
    shared_data: Path,
    tmp_path_factory: pytest.TempPathFactory,
    screenshots: Path,
) -> None:
    series = shared_data / "02_mr_head_contrast_VS-SEG-001" / "dicom"
    data = tmp_path_factory.mktemp("mr")
    server = ServerProcess.open_case(data, series, "--engine", "skin", "--title", "Contrast MR")
    try:
        ana = MemberPage.join(browser, server.link("owner"), "Ana Reis")
        ana.wait_for("window.commissure.images.progress === 1 && window.commissure.imagesReady")
        places, values = places_and_values(series, 30)
        assert ana.page.evaluate(VALUES, places) == pytest.approx(values, abs=1.0)
        window = ana.probe("images.window")
        assert 0 < window["width"] < 4 * max(values)
        take_picture(ana.page, screenshots / "real-mr.png")
        assert ana.faults == []
        ana.close()
    finally:
        server.stop()
