"""The link of whoever runs the server on their own machine: to a first page with all rooms.

It grants nothing that its holder could not have had: the same console prints an owner's link for
each room. It exists where nobody has an account and no other machine can come in.
"""

from pathlib import Path
from typing import Final

from aiohttp import web

from workspace.errors import UploadError
from workspace.panels.words import t
from workspace.server.access import HOSTING
from workspace.server.cookies import HOUSE, read_cookie, whole_site
from workspace.server.entrance import Entrance
from workspace.server.import_access import DESK, set_import_cookie
from workspace.server.plain_pages import onward_page, plain_page
from workspace.server.sign_in_forms import offers_sign_in
from workspace.server.site import LOOPBACK_NAMES, SITE, Site, at, is_secure
from workspace.storage import house_links_in
from workspace.uploading.limits import DEFAULT_UPLOAD_LIMITS
from workspace.uploading.links import ImportLinks
from workspace.uploading.shelf import utc_now

PATH: Final = "/house/{token}"

KEPT_FOR: Final = DEFAULT_UPLOAD_LIMITS.kept_for
"""As long as an import link, which comes with it."""


async def house_link(entrance: Entrance, data: Path) -> str | None:
    """Return the path of a new link to all rooms; None where others could come by it."""
    accounts = entrance.accounts
    has_accounts = accounts is not None and await accounts.store.has_any()
    if has_accounts or entrance.provider is not None or not _is_own_machine(entrance.site):
        return None
    token = ImportLinks(house_links_in(data)).create(utc_now() + KEPT_FOR)
    return f"{entrance.site.base_path}/house/{token}"


async def holds_house_key(request: web.Request) -> bool:
    """Say whether this browser is of whoever runs the server."""
    token = read_cookie(request, HOUSE)
    return bool(token) and await _opens(request, token)


async def visit(request: web.Request) -> web.Response:
    """Open the first page by the link; images may be sent from there, too."""
    token = request.match_info["token"]
    if not await _opens(request, token):
        return plain_page(
            f"<h1>{t('This link does not open the rooms')}</h1>"
            f"<p>{t('It is unknown or has run out. Start the server again for a new one.')}</p>",
            status=410,
        )
    response = onward_page(at(request, "/"))
    response.set_cookie(
        whole_site(request, HOUSE),
        token,
        path=request.app[SITE].base_path + "/",
        max_age=int(KEPT_FOR.total_seconds()),
        httponly=True,
        samesite="Strict",
        secure=is_secure(request),
    )
    desk = request.app.get(DESK)
    if desk is not None:
        set_import_cookie(response, request, desk.new_link().rpartition("/")[2])
    return response


async def _opens(request: web.Request, token: str) -> bool:
    """Say whether a token opens all rooms, here and now: one that was made before may not."""
    if not _is_own_machine(request.app[SITE]) or await offers_sign_in(request):
        return False
    try:
        ImportLinks(house_links_in(request.app[HOSTING].data)).require(token)
    except UploadError:
        return False
    return True


def _is_own_machine(site: Site) -> bool:
    is_loopback = bool(site.names) and site.names <= LOOPBACK_NAMES
    proxied = bool(site.origins or site.trusted_proxies)
    return is_loopback and not proxied and not site.requires_account
