"""Bytes and seconds to the first picture of a case in a real browser, cold and after a reload.

Ours is a real server with a room on the phantom; the peer is a stock trame page that shows the
same surfaces in a VtkLocalView. Both are seen through a line that counts every byte that the
server sends. The clock runs from the click that leaves for the page to the frame in which all
triangles were drawn: `DRAWN` counts them where they pass, in WebGL's own draw calls.
"""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.effort import FULL, Effort
from benchmarks.room_members import phantom_room
from benchmarks.server_process import ServerProcess, link_of
from benchmarks.table import Row, figure, row_of
from benchmarks.wire import CountingWire
from segmentation.engines.table import ENGINES
from segmentation.surface.encoding import HEADER, MAGIC

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page, Playwright

CHROMIUM_FLAGS: Final = (
    "--headless=new",
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)

PATIENCE_MS: Final = 90_000

REST_MS: Final = 1_000
"""After the picture: what a page still fetches belongs to it, too."""

DRAWN: Final = """
(() => {
  // vertices of all triangles drawn in one go, and the most that there were
  const seen = (window.benchSeen = { now: 0, most: 0 });
  const close = () => { seen.most = Math.max(seen.most, seen.now); seen.now = 0; };
  const note = (mode, count) => {
    if (mode !== WebGLRenderingContext.TRIANGLES) return;
    if (seen.now === 0) queueMicrotask(close);
    seen.now += count;
  };
  for (const kind of [WebGLRenderingContext, WebGL2RenderingContext]) {
    const { drawArrays, drawElements } = kind.prototype;
    kind.prototype.drawArrays = function (mode, first, count) {
      note(mode, count);
      return drawArrays.call(this, mode, first, count);
    };
    kind.prototype.drawElements = function (mode, count, ...rest) {
      note(mode, count);
      return drawElements.call(this, mode, count, ...rest);
    };
  }
})();
"""

ALL_DRAWN: Final = "(vertices) => window.benchSeen && window.benchSeen.most >= vertices"

ROOM_READY: Final = "() => window.commissure && window.commissure.ready"
"""The anatomy can also be picked and cut."""

ALL_HERE: Final = "() => window.commissure && window.commissure.images.progress === 1"
"""The images, too."""

PICKS: Final = """
() => {
  const { width, height } = document.querySelector("canvas").getBoundingClientRect();
  const waits = [];
  let hits = 0;
  for (let i = 0; i < 400; i += 1) {
    const x = width * (0.3 + 0.4 * ((i * 0.618034) % 1));
    const y = height * (0.2 + 0.6 * ((i * 0.754878) % 1));
    const began = performance.now();
    hits += window.commissure.pick(x, y) ? 1 : 0;
    waits.push(performance.now() - began);
  }
  waits.sort((a, b) => a - b);
  return { hits, p50: waits[200], p99: waits[396] };
}
"""
"""Points of the anatomy found under the pointer, all over the picture."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What one way to the picture took."""

    seconds: float
    bytes_seen: int
    surface_bytes: int
    """Of bodies that were surfaces, where they can be told from the rest."""


@dataclass(frozen=True, slots=True)
class Case:
    """The surfaces that both pages show."""

    blobs: tuple[Path, ...]
    opacities: tuple[float, ...]
    """Of each: what is translucent takes a browser longer."""
    triangles: int
    raw_bytes: int
    """As float32 vertices and int32 triangles: how a plain transport sends them."""


def measure(effort: Effort = FULL) -> list[Row]:
    """Return bytes and seconds of ours and of the stock page."""
    from playwright.sync_api import sync_playwright

    with phantom_room(effort.picture_spacing_mm) as (server, data):
        case = _case_in(data, server)
        link = link_of(server.ready, "surgeon")
        with (
            ServerProcess("benchmarks.stock_view", *_arguments_for(case)) as stock,
            CountingWire(link.partition("/join/")[0]) as our_wire,
            CountingWire(str(stock.ready["url"])) as their_wire,
            sync_playwright() as playwright,
        ):
            path = link.partition("/join/")[2]
            turns = []
            for _ in range(effort.runs):
                with _browser(playwright) as ours, _browser(playwright) as theirs:
                    turns.append(
                        (
                            _visit_room(ours, our_wire, path, case),
                            _visit_stock(theirs, their_wire, case),
                        )
                    )
            with _browser(playwright) as browser:
                picks = _picks(browser, our_wire, path)
    return [*_rows(case, turns), *_pick_rows(picks)]


def _case_in(data: Path, server: ServerProcess) -> Case:
    """Return the surfaces in the server's folder, each with the opacity of its segment."""
    opacity_of = {engine.structure.name: engine.structure.opacity for engine in ENGINES.values()}
    by_triangles = {it["triangles"]: opacity_of[it["name"]] for it in server.ready["segments"]}
    # Beside the surfaces lie their Draco forms and the images.
    blobs = tuple(path for path in sorted(data.rglob("*")) if _is_surface(path))
    counts = [HEADER.unpack_from(path.read_bytes())[2] for path in blobs]
    return Case(
        blobs,
        tuple(by_triangles[count] for count in counts),
        sum(counts),
        sum(path.stat().st_size - HEADER.size for path in blobs),
    )


def _is_surface(path: Path) -> bool:
    if len(path.name) != 64:
        return False
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def _arguments_for(case: Case) -> list[str]:
    return [f"{opacity}:{path}" for path, opacity in zip(case.blobs, case.opacities, strict=True)]


@contextmanager
def _browser(playwright: "Playwright") -> Iterator["BrowserContext"]:
    """Start a browser with an empty cache on disk: private windows keep much less."""
    with tempfile.TemporaryDirectory() as profile:
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=shutil.which("chromium"),
            args=list(CHROMIUM_FLAGS),
            viewport={"width": 1280, "height": 720},
        )
        context.add_init_script(DRAWN)
        yield context
        context.close()


def _visit_room(
    context: "BrowserContext", wire: CountingWire, path: str, case: Case
) -> tuple[Visit, Visit]:
    """Join by link, see the anatomy, reload, see it again."""
    page = _page_in(context)
    page.goto(f"{wire.url}/join/{path}")
    page.get_by_label("Your name").fill("Ana Reis")
    join = page.get_by_role("button", name="Join the room")
    cold = _visit(page, wire, lambda: join.click(no_wait_after=True), case, ALL_HERE)
    warm = _visit(page, wire, lambda: page.reload(wait_until="commit"), case, ALL_HERE)
    return cold, warm


def _picks(context: "BrowserContext", wire: CountingWire, path: str) -> dict[str, float]:
    """Return how long it takes to find what lies under the pointer, ms."""
    page = _page_in(context)
    page.goto(f"{wire.url}/join/{path}")
    page.get_by_label("Your name").fill("Ben Okoye")
    page.get_by_role("button", name="Join the room").click()
    page.wait_for_function(ROOM_READY, polling="raf")
    page.wait_for_function(ALL_HERE)
    found: dict[str, float] = page.evaluate(PICKS)
    return found


def _pick_rows(picks: dict[str, float]) -> list[Row]:
    hits = f"{picks['hits']:.0f} of 400 on the anatomy"
    return [
        figure(f"finding what is under the pointer, {name}", [picks[name]], "ms").noted(hits)
        for name in ("p50", "p99")
    ]


def _visit_stock(context: "BrowserContext", wire: CountingWire, case: Case) -> tuple[Visit, Visit]:
    page = _page_in(context)
    cold = _visit(page, wire, lambda: page.goto(wire.url, wait_until="commit"), case)
    warm = _visit(page, wire, lambda: page.reload(wait_until="commit"), case)
    return cold, warm


def _page_in(context: "BrowserContext") -> "Page":
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    return page


def _visit(
    page: "Page",
    wire: CountingWire,
    leave: Callable[[], object],
    case: Case,
    rest: str = "() => true",
) -> Visit:
    """Leave for a page, wait for the picture, and let the rest arrive."""
    surfaces: list[int] = []

    def note(url: str, size: str | None) -> None:
        if url.endswith(".drc"):
            surfaces.append(int(size or 0))

    page.on("response", lambda answer: note(answer.url, answer.headers.get("content-length")))
    wire.start_counting()
    began = time.perf_counter()
    leave()
    page.wait_for_function(ALL_DRAWN, arg=3 * case.triangles, polling="raf")
    seconds = time.perf_counter() - began
    page.wait_for_function(rest)
    page.wait_for_timeout(REST_MS)
    return Visit(seconds, wire.bytes_to_browser, sum(surfaces))


def _rows(case: Case, turns: list[tuple[tuple[Visit, Visit], tuple[Visit, Visit]]]) -> list[Row]:
    rows = [
        row_of(
            "surfaces of the case, Draco / raw float32 and int32",
            [(ours.surface_bytes / 1e6, case.raw_bytes / 1e6) for (ours, _), _ in turns],
            "MB",
        ).noted(f"{len(case.blobs)} surfaces, {case.triangles:,} triangles"),
        figure(
            "bytes for each triangle",
            [ours.surface_bytes / case.triangles for (ours, _), _ in turns],
            "B",
        ).noted(f"raw: {case.raw_bytes / case.triangles:.1f} B"),
    ]
    for number, when in enumerate(("cold", "warm reload")):
        visits = [(ours[number], theirs[number]) for ours, theirs in turns]
        rows += [
            row_of(
                f"all bytes to the page, {when} / stock trame VtkLocalView",
                [(ours.bytes_seen / 1e6, theirs.bytes_seen / 1e6) for ours, theirs in visits],
                "MB",
            ),
            row_of(
                f"seconds to the first full picture, {when} / stock trame VtkLocalView",
                [(ours.seconds, theirs.seconds) for ours, theirs in visits],
            ),
        ]
    return rows
