"""Serve one room until told to stop: made of fresh images, or of a bundle."""

import asyncio
import json
import socket
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from sessions.plan.records import Role, RoomId, Segment
from sessions.plan.requirements import MAX_NAME_CHARACTERS, require_text
from workspace.case_request import CaseRequest, Stopwatch
from workspace.cli.entrance_options import entrance_of
from workspace.cli.progress_bar import progress_bar
from workspace.intake import require_preparable, take_in
from workspace.server.entrance import Entrance
from workspace.server.hosting import Hosting
from workspace.server.house_key import house_link
from workspace.server.import_desk import ImportDesk
from workspace.server.new_rooms import new_room
from workspace.server.serving import bound_socket, forever, serving, until_told_to_stop, url_of
from workspace.storage import disk_errors_told

INVITED: Final = (Role.OWNER, Role.SURGEON)
"""Two, to rehearse together; the owner's page makes links for all roles."""


@dataclass(frozen=True, slots=True)
class RoomOptions:
    """How to run the room."""

    data: Path
    host: str
    port: int
    as_json: bool


@dataclass(frozen=True, slots=True)
class Ready:
    """What is said of a room that can be worked in."""

    room_id: RoomId
    links: dict[Role, str]
    segments: tuple[Segment, ...]
    seconds: dict[str, float]
    empty: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Doors:
    """Links that lead to no room in particular."""

    house_url: str | None
    """To all rooms, for whoever runs the server; None: others could come by it."""
    import_url: str | None
    """To where images are sent; None: another server takes them in."""


def run_new_room(request: CaseRequest, title: str, options: RoomOptions) -> None:
    """Import, segment, open a room, print its links, and serve until told to stop.

    Raises
    ------
    RejectedCommandError
        The title is none.
    """
    require_text(title, "title", MAX_NAME_CHARACTERS)
    with bound_socket(options.host, options.port) as listener:
        asyncio.run(_run_new_room(request, title, options, listener))


def run_known_room(room_id: RoomId, clock: Stopwatch, options: RoomOptions) -> None:
    """Serve a room that is in the data folder already."""
    with bound_socket(options.host, options.port) as listener:
        asyncio.run(_run_known_room(room_id, clock, options, listener))


async def _run_new_room(
    request: CaseRequest, title: str, options: RoomOptions, listener: socket.socket
) -> None:
    clock, whole = Stopwatch(), Stopwatch()
    with until_told_to_stop():
        with progress_bar() as bar:
            await require_preparable(request, bar)
        clock.lap("inspect")
        hosting = Hosting.of_folder(options.data)
        desk = ImportDesk.of_folder(options.data, hosting)
        entrance = await entrance_of(options.data, options.host)
        async with serving(hosting, listener, desk, entrance):
            async with new_room(hosting) as (room_id, hosted):
                links = await _links(hosting, room_id, url_of(listener))
                if not options.as_json:
                    _print_links(room_id, links)
                with disk_errors_told(options.data), progress_bar() as bar:
                    case = await take_in(
                        hosted, request, title, hosting.staging_folder(room_id), bar, options.data
                    )
            whole.lap("total")
            seconds = {**clock.seconds, **case.seconds, **whole.seconds}
            ready = Ready(room_id, links, case.segments, seconds, case.empty)
            doors = await _doors(entrance, desk, listener, options)
            _announce(ready, doors, options)
            await forever()


async def _run_known_room(
    room_id: RoomId, clock: Stopwatch, options: RoomOptions, listener: socket.socket
) -> None:
    hosting = Hosting.of_folder(options.data)
    with until_told_to_stop():
        desk = ImportDesk.of_folder(options.data, hosting)
        entrance = await entrance_of(options.data, options.host)
        async with serving(hosting, listener, desk, entrance):
            hosted = await hosting.room(room_id)
            links = await _links(hosting, room_id, url_of(listener))
            if not options.as_json:
                _print_links(room_id, links)
            clock.lap("total")
            segments = tuple(hosted.room.plan.segments.values())
            ready = Ready(room_id, links, segments, clock.seconds)
            doors = await _doors(entrance, desk, listener, options)
            _announce(ready, doors, options)
            await forever()


async def _links(hosting: Hosting, room_id: RoomId, url: str) -> dict[Role, str]:
    return {role: url + await hosting.invite(room_id, role) for role in INVITED}


async def _doors(
    entrance: Entrance, desk: ImportDesk | None, listener: socket.socket, options: RoomOptions
) -> Doors:
    url, house = url_of(listener), await house_link(entrance, options.data)
    return Doors(
        house_url=None if house is None else url + house,
        import_url=None if desk is None else url + desk.new_link(),
    )


def _print_links(room_id: RoomId, links: dict[Role, str]) -> None:
    print(f"Room {room_id}: open one link per person, each asks for a name.")
    for role, link in links.items():
        print(f"  {role.value:8} {link}", flush=True)


def _announce(ready: Ready, doors: Doors, options: RoomOptions) -> None:
    if options.as_json:
        print(json.dumps({**_document(ready), **asdict(doors)}), flush=True)
        return
    for segment in ready.segments:
        surface = segment.surface
        closed = "closed" if surface.watertight else "OPEN"
        print(
            f"  {segment.name:12} {surface.volume_ml:9.1f} mL  {surface.triangles:8,} triangles, "
            f"{closed}, surface error p95 {surface.error_p95_mm:.2f} mm"
        )
    for engine in ready.empty:
        print(f"  {engine}: nothing found, left out")
    if doors.import_url is not None:
        print(f"More images, through the browser: {doors.import_url}")
    if doors.house_url is not None:
        print(f"All rooms, for you alone: {doors.house_url}")
    print(
        f"Ready. Ctrl+C stops; `commissure serve --data {options.data}` opens the room again.",
        flush=True,
    )


def _document(ready: Ready) -> dict[str, Any]:
    return {
        "room": ready.room_id,
        "links": [{"role": role.value, "url": url} for role, url in ready.links.items()],
        "segments": [
            {
                "name": segment.name,
                "code": segment.code,
                "volume_ml": segment.surface.volume_ml,
                "triangles": segment.surface.triangles,
                "watertight": segment.surface.watertight,
            }
            for segment in ready.segments
        ],
        "seconds": ready.seconds,
    }
