"""Pictures of slices and single values, for browsers that do not hold the voxels themselves."""

from collections.abc import Callable, Hashable
from functools import partial
from http import HTTPStatus

import msgspec
from aiohttp import web

from imaging.errors import RefusedFileError
from imaging.space import Vector
from workspace.errors import PictureError
from workspace.imagery.drawing import Wish, draw
from workspace.imagery.shelf import ShownVolume
from workspace.imagery.single_values import value_at
from workspace.server.access import Visitor
from workspace.server.downloads import FOREVER
from workspace.server.image_access import IMAGE_DESK, ImageDesk
from workspace.server.picture_desk import SupersededError
from workspace.server.slice_parameters import place_of, wish_of


def add_slice_routes(route: web.UrlDispatcher, member: str) -> None:
    """Add what is below a member's page."""
    route.add_get(member + "/volumes/{key}/slice", send_slice)
    route.add_get(member + "/volumes/{key}/value", send_value)


async def send_slice(request: web.Request) -> web.Response:
    """Send a picture of a plane of a volume."""
    desk = request.app[IMAGE_DESK]
    visitor, volume = await desk.require_volume(request)
    try:
        wish = wish_of(request.query, volume.window)
    except PictureError as error:
        return web.Response(status=HTTPStatus.BAD_REQUEST, text=str(error))
    job = partial(draw, volume.opened, wish, desk.memory)
    answer = await _in_turn(desk, visitor, _pane_of(request, wish), job)
    if isinstance(answer, web.Response):
        return answer
    headers = {"Cache-Control": FOREVER}
    return web.Response(body=answer, content_type=f"image/{wish.format}", headers=headers)


async def send_value(request: web.Request) -> web.Response:
    """Send the value of the voxel at a place, and whether it is in Hounsfield units."""
    desk = request.app[IMAGE_DESK]
    visitor, volume = await desk.require_volume(request)
    try:
        place = place_of(request.query)
    except PictureError as error:
        return web.Response(status=HTTPStatus.BAD_REQUEST, text=str(error))
    answer = await _in_turn(desk, visitor, "value", partial(_told_value, volume, place))
    if isinstance(answer, web.Response):
        return answer
    headers = {"Cache-Control": "no-store"}
    return web.Response(body=answer, content_type="application/json", headers=headers)


def _told_value(volume: ShownVolume, place: Vector) -> bytes:
    value = value_at(volume.opened, place)
    return msgspec.json.encode({"value": value, "hu": volume.opened.description.hu})


async def _in_turn(
    desk: ImageDesk, visitor: Visitor, pane: Hashable, job: Callable[[], bytes]
) -> bytes | web.Response:
    """Return what a job makes when its turn came, or the answer that says why there is nothing."""
    who = (visitor.hosted.room.room_id, visitor.member.member_id)
    try:
        return await desk.pictures.drawn(who, pane, job)
    except SupersededError:
        return web.Response(status=HTTPStatus.CONFLICT, text="a newer picture was asked for")
    except RefusedFileError as error:
        return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE, text=f"{error}.")


def _pane_of(request: web.Request, wish: Wish) -> tuple[str, ...]:
    """Return which of a page's panes a picture is for: its name, else the volume and its axes."""
    pane = request.query.get("pane", "")
    if pane:
        return (pane[:40],)
    axes = (f"{value:.2f}" for value in (*wish.plane.right, *wish.plane.down))
    return (request.match_info["key"], *axes)
