"""Open a room on freshly imported images and serve it until stopped: `open` and `demo`."""

import asyncio
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from imaging.progress import Progress
from imaging.worker import Limits, run_in_worker
from sessions.plan.commands import AddSegment, OpenCase
from sessions.plan.records import Role, RoomId
from workspace.cli.progress_bar import progress_bar
from workspace.preparation import EngineChoice, PreparedCase, PrepareRequest, Stopwatch, prepare
from workspace.server.hosted_room import HostedRoom
from workspace.server.hosting import Hosting
from workspace.server.serving import bound_socket, serving, until_told_to_stop, url_of

PREPARE_LIMITS: Final = Limits(memory_bytes=16 * 2**30, seconds=1800)
"""A 1 GB series with its filters stays well below; a bomb does not."""

INVITED: Final = (Role.OWNER, Role.SURGEON)


@dataclass(frozen=True, slots=True)
class RoomOptions:
    """How to run the room."""

    title: str
    data: Path
    host: str
    port: int
    as_json: bool


@dataclass(frozen=True, slots=True)
class Source:
    """What to make the case of."""

    paths: tuple[Path, ...]
    volume_id: str | None = None
    engines: tuple[EngineChoice, ...] = ()


def run_room(source: Source, options: RoomOptions) -> None:
    """Import, segment, open a room, print its links, and serve until stopped."""
    listener = bound_socket(options.host, options.port)
    try:
        asyncio.run(_run(source, options, url_of(listener), listener))
    finally:
        listener.close()


async def _run(source: Source, options: RoomOptions, url: str, listener: Any) -> None:
    clock = Stopwatch()
    hosting = Hosting.of_folder(options.data)
    async with serving(hosting, listener):
        hosted = await hosting.create(_new_room_id(options.title))
        links = [(role, url + await hosting.invite(RoomId(hosted.room.room_id), role)) for role in INVITED]
        if not options.as_json:
            _print_links(hosted, links)
        try:
            case = await _prepare(hosted, source, options)
        except BaseException:
            # Nothing half-made stays behind: the room holds nobody's work yet.
            await hosting.forget(RoomId(hosted.room.room_id))
            raise
        await fill_room(hosted, options.title, case)
        clock.lap("total")
        if options.as_json:
            print(json.dumps(_ready(hosted, links, case, clock)), flush=True)
        else:
            _print_ready(case, options)
        await until_told_to_stop()


def _new_room_id(title: str) -> RoomId:
    words = "".join(letter if letter.isalnum() and letter.isascii() else "-" for letter in title.lower())
    slug = "-".join(word for word in words.split("-") if word)[:32]
    return RoomId(f"{slug or 'case'}-{secrets.token_hex(4)}")


async def _prepare(hosted: HostedRoom, source: Source, options: RoomOptions) -> PreparedCase:
    request = PrepareRequest(
        paths=tuple(str(path) for path in source.paths),
        volume_id=source.volume_id,
        engines=source.engines,
        blobs=str(hosted.blobs.folder),
        author="Commissure",
        now=datetime.now(UTC).isoformat(timespec="milliseconds"),
    )
    loop = asyncio.get_running_loop()

    def everywhere(bar: Progress) -> Progress:
        def tell(label: str, done: int, total: int) -> None:
            bar(label, done, total)
            # never the last step: the page's bar goes when the anatomy is there
            shown = min(done, total - 1) if total else 0
            loop.call_soon_threadsafe(hosted.progress, "import", label, shown, max(total, 1))

        return tell

    with progress_bar() as bar:
        case = await asyncio.to_thread(_prepare_in_worker, request, everywhere(bar))
    hosted.progress("import", "Ready", 1, 1)
    return case


def _prepare_in_worker(request: PrepareRequest, on_progress: Progress) -> PreparedCase:
    return run_in_worker(prepare, request, limits=PREPARE_LIMITS, on_progress=on_progress)


async def fill_room(hosted: HostedRoom, title: str, case: PreparedCase) -> None:
    """Put a prepared case into an empty room."""
    await hosted.record_as_server(OpenCase(title=title, source=case.source))
    for segment in case.segments:
        await hosted.record_as_server(AddSegment(segment=segment))


def _print_links(hosted: HostedRoom, links: list[tuple[Role, str]]) -> None:
    print(f"Room {hosted.room.room_id}: open one link per person, each asks for a name.")
    for role, link in links:
        print(f"  {role.value:8} {link}", flush=True)


def _print_ready(case: PreparedCase, options: RoomOptions) -> None:
    for segment in case.segments:
        surface = segment.surface
        closed = "closed" if surface.watertight else "OPEN"
        print(
            f"  {segment.name:12} {surface.volume_ml:9.1f} mL  {surface.triangles:8,} triangles, "
            f"{closed}, surface error p95 {surface.error_p95_mm:.2f} mm"
        )
    for engine in case.empty:
        print(f"  {engine}: nothing found, left out")
    where = f" --data {options.data}"
    print(f"Ready. Ctrl+C stops; `commissure serve{where}` opens the room again.", flush=True)


def _ready(
    hosted: HostedRoom, links: list[tuple[Role, str]], case: PreparedCase, clock: Stopwatch
) -> dict[str, Any]:
    return {
        "room": hosted.room.room_id,
        "links": [{"role": role.value, "url": link} for role, link in links],
        "segments": [
            {
                "name": segment.name,
                "code": segment.code,
                "volume_ml": segment.surface.volume_ml,
                "triangles": segment.surface.triangles,
                "watertight": segment.surface.watertight,
            }
            for segment in case.segments
        ],
        "seconds": {**case.seconds, **clock.seconds},
    }


