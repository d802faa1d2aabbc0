"""The one aiohttp application: which path leads where."""

from dataclasses import replace
from typing import Final

from aiohttp import web

from workspace.accounts.auditing import nobody_listens
from workspace.server import downloads, house_key, joining, pages
from workspace.server.access import HOSTING, add_headers
from workspace.server.case_routes import add_case_routes
from workspace.server.entrance import Entrance, add_entrance
from workspace.server.failures import show_failures
from workspace.server.health import HEALTH, MIN_FREE_BYTES, Health, show_live, show_ready
from workspace.server.history_routes import add_history_routes
from workspace.server.home import show_home
from workspace.server.hosting import Hosting
from workspace.server.house_key import PATH as HOUSE_PATH
from workspace.server.image_routes import add_image_routes
from workspace.server.import_desk import ImportDesk
from workspace.server.import_routes import add_import_routes
from workspace.server.language import PATH as LANGUAGE_PATH
from workspace.server.language import choose, in_their_language
from workspace.server.observing import observe
from workspace.server.site import SITE
from workspace.server.static_files import STATIC, StaticFiles

MEMBER: Final = "/rooms/{room}/m/{member}"

MAX_FORM_BYTES: Final = 16 * 1024
"""No form has more than a few hundred."""


def build_application(
    hosting: Hosting,
    desk: ImportDesk | None = None,
    entrance: Entrance | None = None,
    health: Health | None = None,
) -> web.Application:
    """Return the application; the caller runs it and closes what it was given afterwards."""
    entrance = entrance or Entrance()
    if entrance.audit is nobody_listens:
        entrance = replace(entrance, audit=hosting.audit.door)
    hosting.base_path = entrance.site.base_path
    application = _bare(entrance)
    application[HEALTH] = health or Health(hosting, hosting.data, MIN_FREE_BYTES)
    application.middlewares.insert(0, observe)
    add_entrance(application, entrance)
    _add_routes(application, hosting, desk)
    return _below(entrance, application)


def _bare(entrance: Entrance) -> web.Application:
    """Return an application that shows failures, puts headers on, and knows where it is."""
    application = web.Application(
        middlewares=[in_their_language, show_failures], client_max_size=MAX_FORM_BYTES
    )
    application[SITE] = entrance.site
    application.on_response_prepare.append(add_headers)
    return application


def _below(entrance: Entrance, application: web.Application) -> web.Application:
    """Return the application below its prefix, if it has one."""
    prefix = entrance.site.base_path
    if not prefix:
        return application

    async def to_home(_: web.Request) -> web.Response:
        raise web.HTTPSeeOther(f"{prefix}/")

    root = _bare(entrance)
    root.router.add_get(prefix, to_home)
    root.add_subapp(prefix, application)
    return root


def _add_routes(application: web.Application, hosting: Hosting, desk: ImportDesk | None) -> None:
    application[HOSTING] = hosting
    route = application.router
    route.add_get("/", show_home)
    route.add_get(HOUSE_PATH, house_key.visit)
    add_case_routes(application)
    route.add_get(LANGUAGE_PATH, choose)
    route.add_get("/health", show_live)
    route.add_get("/health/live", show_live)
    route.add_get("/health/ready", show_ready)
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
    add_history_routes(route, MEMBER)
    add_image_routes(application, hosting, MEMBER)
    static = application[STATIC] = StaticFiles(
        hosting.layouts.static_folders, hosting.layouts.trame_www, hosting.layouts.files
    )
    route.add_get("/static/{path:.+}", static.send)
