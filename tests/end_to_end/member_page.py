"""One member's browser page, used and looked at as a person would: pointer, keys, text."""

import contextlib
from collections.abc import Iterator
from typing import Any, Self

from playwright.sync_api import Browser, BrowserContext, FloatRect, Locator, Page, expect

from imaging.space import Vector

PATIENCE_MS = 120_000
"""Software rendering on two shared cores: a frame takes a tenth of a second, a start several."""

LAYOUTS = ("four", "even", "space", "pair", "slices")
"""In the order of their keys; `space` is 3D alone, which software draws in half the time."""


class MemberPage:
    """A page in a browser profile of its own."""

    def __init__(self, context: BrowserContext, page: Page) -> None:
        self.context = context
        self.page = page
        self.faults: list[str] = []
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: self.faults.append(str(error)))

    @classmethod
    def join(cls, browser: Browser, link: str, name: str) -> Self:
        """Open an invitation link, give a name, wait for the anatomy."""
        context = browser.new_context(viewport={"width": 1280, "height": 720})
        member = cls(context, context.new_page())
        member.page.goto(link)
        member.page.get_by_label("Your name").fill(name)
        member.page.get_by_role("button", name="Join the room").click()
        member.wait_until_ready()
        return member

    def close(self) -> None:
        self.context.close()

    def wait_until_ready(self) -> None:
        self.wait_for("window.commissure?.ready && window.commissure.connection === 'live'")

    def wait_for(self, condition: str, argument: object = None) -> None:
        self.page.wait_for_function(condition, arg=argument, timeout=PATIENCE_MS)

    def probe(self, name: str) -> Any:  # noqa: ANN401  # whatever JavaScript returns
        return self.page.evaluate(f"window.commissure.{name}")

    @property
    def view(self) -> dict[str, dict[str, Any]]:
        view: dict[str, dict[str, Any]] = self.probe("view")
        return view

    @property
    def canvas(self) -> Locator:
        return self.page.locator("commissure-view, .cmv-root, .cm-view").first

    def use(self, tool: str) -> None:
        """Choose a tool from the strip."""
        self.page.get_by_role("toolbar").get_by_role("button", name=tool, exact=True).click()

    def pixel_of(self, world: Vector) -> tuple[float, float]:
        """Return the page's pixel at which a world point is seen."""
        x, y = self.page.evaluate("(point) => window.commissure.worldToScreen(point)", list(world))
        box = self.page.locator(".cmv-pane-3d").bounding_box()
        assert box is not None
        return box["x"] + x, box["y"] + y

    def box_of(self, pane: str) -> FloatRect:
        """Return where a pane is on the page; `3d` or the name of a slice."""
        box = self.page.locator(f".cmv-pane-{pane}").bounding_box()
        assert box is not None
        return box

    def pixel_in(self, pane: str, world: Vector) -> tuple[float, float]:
        """Return the pixel of a pane at which it shows a world point."""
        x, y = self.page.evaluate(
            "([pane, point]) => window.commissure.paneToScreen(pane, point)", [pane, list(world)]
        )
        return x, y

    def hover_in(self, pane: str, world: Vector) -> None:
        """Bring the pointer to where a pane shows a world point, in two moves."""
        box = self.box_of(pane)
        x, y = self.pixel_in(pane, world)
        self.page.mouse.move(box["x"] + x - 2, box["y"] + y)
        self.page.mouse.move(box["x"] + x, box["y"] + y)

    def click_in(self, pane: str, world: Vector) -> None:
        self.hover_in(pane, world)
        self.page.mouse.down()
        self.page.mouse.up()

    def drag_in(self, pane: str, start: tuple[float, float], by: tuple[float, float]) -> None:
        """Drag within a pane, from one of its pixels, by pixels."""
        box = self.box_of(pane)
        x, y = box["x"] + start[0], box["y"] + start[1]
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        for step in range(1, 6):
            self.page.mouse.move(x + by[0] * step / 5, y + by[1] * step / 5)
        self.page.mouse.up()

    def point_at(self, world: Vector) -> None:
        self.page.mouse.move(*self.pixel_of(world))

    def click_at(self, world: Vector) -> None:
        x, y = self.pixel_of(world)
        self.page.mouse.move(x - 2, y)
        self.page.mouse.move(x, y)
        self.page.mouse.click(x, y)

    def drag_handle(self, handle_id: str, by: tuple[float, float]) -> None:
        """Drag a handle of the tool in hand by pixels."""
        with self.holding(handle_id, by):
            pass

    @contextlib.contextmanager
    def holding(self, handle_id: str, by: tuple[float, float]) -> Iterator[None]:
        """Drag a handle by pixels, and let go of it at the end of the block."""
        handles = {handle["id"]: handle["at"] for handle in self.probe("handles")}
        box = self.page.locator(".cmv-pane-3d").bounding_box()
        assert box is not None
        x, y = box["x"] + handles[handle_id][0], box["y"] + handles[handle_id][1]
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        for step in range(1, 6):
            self.page.mouse.move(x + by[0] * step / 5, y + by[1] * step / 5)
        yield
        self.page.mouse.up()

    def settle(self) -> None:
        """Wait until the server has answered everything."""
        self.wait_for("window.commissure.pending === 0")

    def has_same_plan_as(self, other: "MemberPage") -> None:
        """Wait until both pages show one plan."""
        self.settle()
        other.settle()
        revision = max(self.probe("revision"), other.probe("revision"))
        for member in (self, other):
            member.wait_for("(least) => window.commissure.revision >= least", revision)
        assert self.probe("viewDigest") == other.probe("viewDigest")

    def sees(self, text: str) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible(timeout=PATIENCE_MS)

    def lay_out(self, layout: str) -> None:
        """Choose how the panes lie, by its key."""
        self.page.keyboard.press(f"Shift+Digit{LAYOUTS.index(layout) + 1}")
        self.wait_for("(layout) => window.commissure.panes.layout === layout", layout)

    def step(self, name: str) -> None:
        """Open a panel by its step on the left."""
        self.page.locator(f"#step-{name}").click()
