"""Chromium, a phantom on disk, and a room on it."""

import shutil
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from sample_data.acquisition import Acquisition
from sample_data.craniopagus import craniopagus
from sample_data.series import write_series
from tests.end_to_end.member_page import MemberPage
from tests.end_to_end.pictures import SCREENSHOTS, take_picture
from tests.end_to_end.server_process import ServerProcess

CHROMIUM_FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    executable = shutil.which("chromium")
    assert executable, "Debian's chromium is missing; make test installs it"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def phantom_series(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The craniopagus phantom at 1.5 mm: surfaces small enough for software rendering."""
    folder = tmp_path_factory.mktemp("phantom") / "series"
    write_series(craniopagus(), folder, Acquisition(spacing_mm=(1.5, 1.5, 1.5)))
    return folder


@pytest.fixture(scope="module")
def server(
    phantom_series: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServerProcess]:
    data = tmp_path_factory.mktemp("data")
    process = ServerProcess.open_case(data, phantom_series, "--title", "Craniopagus phantom")
    yield process
    process.stop()


@pytest.fixture(scope="module")
def screenshots() -> Path:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    return SCREENSHOTS


@pytest.fixture(scope="module")
def ana(browser: Browser, server: ServerProcess) -> Iterator[MemberPage]:
    page = MemberPage.join(browser, server.link("owner"), "Ana Reis")
    yield page
    page.close()


@pytest.fixture(scope="module")
def ben(browser: Browser, server: ServerProcess) -> Iterator[MemberPage]:
    page = MemberPage.join(browser, server.link("surgeon"), "Ben Okoye")
    yield page
    page.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Leave a picture of every member's page behind when a test of it fails."""
    report = yield
    if report.when == "call" and report.failed:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        for name, value in getattr(item, "funcargs", {}).items():
            if isinstance(value, MemberPage):
                take_picture(value.page, SCREENSHOTS / f"failed-{item.name}-{name}.png")
    return report
