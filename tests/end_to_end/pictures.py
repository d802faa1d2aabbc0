"""Pictures of pages, for people to look at."""

from pathlib import Path

from playwright.sync_api import Error, Page

SCREENSHOTS = Path(__file__).resolve().parents[2] / "build" / "screenshots"

NOT_NOW = "Unable to capture screenshot"
"""What Chromium answers while a page gives way to the next one, or its compositor starts anew."""

TRIES = 5
PAUSE_MS = 400


def take_picture(page: Page, path: Path) -> None:
    """Write a picture of the page, as soon as its browser can give one.

    Raises
    ------
    playwright.sync_api.Error
        It cannot, or not in time.
    """
    for _ in range(TRIES - 1):
        try:
            page.screenshot(path=path)
        except Error as error:
            if NOT_NOW not in error.message:
                raise
            page.wait_for_timeout(PAUSE_MS)
        else:
            return
    page.screenshot(path=path)
