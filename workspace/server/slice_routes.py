"""Pictures of slices, for browsers that do not draw them themselves."""

from functools import partial
from http import HTTPStatus

from aiohttp import web

from imaging.errors import RefusedFileError
from workspace.errors import PictureError
from workspace.imagery.drawing import Wish, draw
from workspace.server.downloads import FOREVER
from workspace.server.image_access import IMAGE_DESK
from workspace.server.picture_desk import SupersededError
from workspace.server.slice_parameters import wish_of


def add_slice_routes(route: web.UrlDispatcher, member: str) -> None:
    """Add what is below a member's page."""
    route.add_get(member + "/volumes/{key}/slice", send_slice)


async def send_slice(request: web.Request) -> web.Response:
    """Send a picture of a plane of a volume."""
    desk = request.app[IMAGE_DESK]
    visitor, volume = await desk.require_volume(request)
    try:
        wish = wish_of(request.query, volume.window)
    except PictureError as error:
        return web.Response(status=HTTPStatus.BAD_REQUEST, text=str(error))
    who = (visitor.hosted.room.room_id, visitor.member.member_id)
    job = partial(draw, volume.opened, wish, desk.memory)
    try:
        picture = await desk.pictures.drawn(who, _pane_of(request, wish), job)
    except SupersededError:
        return web.Response(status=HTTPStatus.CONFLICT, text="a newer picture was asked for")
    except RefusedFileError as error:
        return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE, text=f"{error}.")
    headers = {"Cache-Control": FOREVER}
    return web.Response(body=picture, content_type=f"image/{wish.format}", headers=headers)


def _pane_of(request: web.Request, wish: Wish) -> tuple[str, ...]:
    """Return which of a page's panes a picture is for: its name, else the volume and its axes."""
    pane = request.query.get("pane", "")
    if pane:
        return (pane[:40],)
    axes = (f"{value:.2f}" for value in (*wish.plane.right, *wish.plane.down))
    return (request.match_info["key"], *axes)
