"""The one aiohttp application: which path leads where."""

from typing import Final

from aiohttp import web

from workspace.server import downloads, joining, pages
from workspace.server.access import HOSTING, add_headers
from workspace.server.failures import show_failures
from workspace.server.hosting import Hosting
from workspace.server.import_desk import ImportDesk
from workspace.server.import_routes import add_import_routes
from workspace.server.plain_pages import plain_page
from workspace.server.static_files import StaticFiles

MEMBER: Final = "/rooms/{room}/m/{member}"

MAX_FORM_BYTES: Final = 16 * 1024
"""The only form asks for a name."""


def build_application(hosting: Hosting, desk: ImportDesk | None = None) -> web.Application:
    """Return the application; the caller runs it and closes `desk` and `hosting` afterwards."""
    application = web.Application(middlewares=[show_failures], client_max_size=MAX_FORM_BYTES)
    application[HOSTING] = hosting
    application.on_response_prepare.append(add_headers)
    route = application.router
    route.add_get("/", _front_door)
    route.add_get("/health", _health)
    if desk is not None:
        add_import_routes(application, desk)
    route.add_get("/join/{token}", joining.show_form)
    route.add_post("/join/{token}", joining.join)
    route.add_get(MEMBER + "/", pages.show_page)
    route.add_post(MEMBER + "/session", pages.start_session)
    route.add_get(MEMBER + "/trame", pages.carry_panels)
    route.add_get(MEMBER + "/socket", pages.carry_room)
    route.add_get(MEMBER + "/surfaces/{sha256}.drc", downloads.send_surface)
    route.add_get(MEMBER + "/export/{solid}.stl", downloads.send_stl)
    route.add_get(MEMBER + "/bundle", downloads.send_bundle)
    static = StaticFiles(hosting.static_folders, hosting.trame_www)
    route.add_get("/static/{path:.+}", static.send)
    return application


async def _front_door(_: web.Request) -> web.Response:
    return plain_page(
        "<h1>This is a Commissure server</h1><p>Rooms open by their invitation links. "
        "Ask the room's owner for one.</p>"
    )


async def _health(_: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})
