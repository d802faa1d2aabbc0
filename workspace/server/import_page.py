"""The page on which images are sent: static, the script asks for all that is somebody's own."""

import html
from typing import Final

from aiohttp import web

from workspace.errors import UploadError
from workspace.panels.words import TAGS, spoken_now, t
from workspace.server.import_access import DESK, PATH, set_import_cookie
from workspace.server.language import language_menu
from workspace.server.plain_pages import plain_page
from workspace.server.site import at

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Stricter than a room's page: there is no trame here."""

_PAGE: Final = """<!doctype html>
<html lang="{lang}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<link rel="icon" href="{static}panels/favicon.svg"><title>{title} · Commissure</title>
<link rel="stylesheet" href="{static}commissure_client/commissure_import.css">
<script type="module" src="{static}commissure_client/commissure_import.js"></script>
</head><body>
<header class="ci-top"><span class="ci-brand">Comm<i>i</i>ssure</span>
<span class="ci-where">{title}</span></header>
<main id="import"><noscript><p>{script}</p></noscript></main>
<footer class="ci-foot"><b>{not_diagnostic}</b>
<span>{only_here}</span>{languages}</footer>
</body></html>
"""


async def visit(request: web.Request) -> web.Response:
    """Open the page by its link, whose secret the page then takes out of the address."""
    token = request.match_info["token"]
    try:
        request.app[DESK].links.require(token)
    except UploadError as error:
        heading = t("This link does not open the import")
        body = f"<h1>{heading}</h1><p>{html.escape(str(error))}.</p>"
        return plain_page(body, status=410)
    response = _page(request)
    set_import_cookie(response, request, token)
    return response


async def show_page(request: web.Request) -> web.Response:
    """Open the page again, as a reload does; whether the visitor may do anything is asked then."""
    return _page(request)


def _page(request: web.Request) -> web.Response:
    headers = {"Content-Security-Policy": CONTENT_SECURITY_POLICY}
    text = _PAGE.format(
        lang=TAGS[spoken_now()],
        static=at(request, "/static/"),
        title=t("Import images"),
        script=t("This page needs JavaScript to send files."),
        not_diagnostic=t("Not for diagnostic use"),
        only_here=t("Files go to this server only."),
        languages=language_menu(f"{PATH}/"),
    )
    return web.Response(text=text, content_type="text/html", headers=headers)
