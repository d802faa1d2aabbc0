"""The first page: the rooms of whoever comes, and images on their way to becoming one."""

from aiohttp import web

from workspace.panels.words import t
from workspace.server.access import session_of
from workspace.server.cases import cases_of
from workspace.server.csrf import FormGuard
from workspace.server.failures import comes_from_elsewhere, once_more
from workspace.server.home_page import Reader, home_html
from workspace.server.house_key import holds_house_key
from workspace.server.import_access import DESK
from workspace.server.plain_pages import plain_page
from workspace.server.sign_in_forms import SIGN_IN, offers_sign_in
from workspace.server.site import SITE, at
from workspace.server.static_files import STATIC


async def show_home(request: web.Request) -> web.Response:
    """List the rooms of whoever is let in; to others, say what this is."""
    if comes_from_elsewhere(request):
        return once_more(request)
    session = await session_of(request)
    cases = await cases_of(request)
    keeper = await holds_house_key(request)
    if session is None and not cases and not keeper:
        return await _front_door(request)
    guard = FormGuard(request)
    static = at(request, f"/static/{await request.app[STATIC].digest()}/")
    reader = Reader(
        name="" if session is None else session.account.display_name,
        base=request.app[SITE].base_path,
        static=static,
        form_field=guard.field,
        may_send=request.app.get(DESK) is not None,
        may_sign_in=session is None and await offers_sign_in(request),
    )
    text = home_html(cases, reader)
    return guard.protect(web.Response(text=text, content_type="text/html"))


async def _front_door(request: web.Request) -> web.Response:
    body = (
        f"<h1>{t('This is a Commissure server')}</h1><p>"
        f"{t('Rooms open by their invitation links. Ask the owner of a room for one.')}</p>"
    )
    if await offers_sign_in(request):
        body += f'<a class="button" href="{at(request, SIGN_IN)}">{t("Sign in")}</a>'
    return plain_page(body)
