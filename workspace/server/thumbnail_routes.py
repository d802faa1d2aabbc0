"""The small picture of a room in a list of cases."""

from aiohttp import web

from sessions.plan.records import Plan
from workspace.errors import PlanningError
from workspace.planning.thumbnails import Painted, draw_thumbnail
from workspace.server.access import HOSTING, require_member

FOR_A_WHILE = "private, max-age=300"
"""Segments come and get other colours; the list need not know at once."""


def add_thumbnail_routes(route: web.UrlDispatcher, member: str) -> None:
    """Add what is below a member's page."""
    route.add_get(member + "/thumbnail.jpg", send_thumbnail)


async def send_thumbnail(request: web.Request) -> web.StreamResponse:
    """Send a picture of the room's anatomy, drawn when it is first asked for."""
    hosted, _ = await require_member(request)
    segments = painted(hosted.room.plan)
    if not segments:
        raise web.HTTPNotFound(text="the room has no anatomy yet")
    try:
        pool = request.app[HOSTING].pool
        path = await pool.run(draw_thumbnail, hosted.blobs.folder, segments)
    except PlanningError as error:
        raise web.HTTPNotFound(text="the room's anatomy cannot be drawn") from error
    headers = {"Cache-Control": FOR_A_WHILE, "Content-Type": "image/jpeg"}
    return web.FileResponse(path, headers=headers)


def painted(plan: Plan) -> tuple[Painted, ...]:
    """Return how the segments of a plan are painted, as they were before any cut."""
    return tuple(
        Painted(it.surface.sha256, it.code, it.colour, it.opacity) for it in plan.segments.values()
    )
