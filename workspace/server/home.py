"""The first page: the rooms of whoever is signed in."""

import html

from aiohttp import web

from workspace.accounts.records import Account
from workspace.server.access import HOSTING, member_path, session_of
from workspace.server.csrf import FormGuard
from workspace.server.failures import comes_from_elsewhere, once_more
from workspace.server.hosting import Place
from workspace.server.plain_pages import plain_page
from workspace.server.sign_in_forms import SIGN_IN, offers_sign_in
from workspace.server.site import at


async def show_home(request: web.Request) -> web.Response:
    """List the rooms of the account that is signed in; to others, say what this is."""
    if comes_from_elsewhere(request):
        return once_more(request)
    session = await session_of(request)
    if session is None:
        return await _front_door(request)
    places = await request.app[HOSTING].places_of(session.account.account_id)
    return _rooms(request, session.account, places)


async def _front_door(request: web.Request) -> web.Response:
    body = (
        "<h1>This is a Commissure server</h1><p>Rooms open by their invitation links. "
        "Ask the room's owner for one.</p>"
    )
    if await offers_sign_in(request):
        body += f'<a class="button" href="{at(request, SIGN_IN)}">Sign in</a>'
    return plain_page(body)


def _rooms(request: web.Request, account: Account, places: tuple[Place, ...]) -> web.Response:
    guard = FormGuard(request)
    rows = "".join(
        f'<li><a href="{at(request, member_path(it.room_id, it.member.member_id))}">'
        f"{html.escape(it.title)}<span>{it.member.role.value}, last opened "
        f"{it.last_opened_at[:10]}</span></a></li>"
        for it in places
    )
    if rows:
        rooms = f"<ul>{rows}</ul>"
    else:
        rooms = (
            "<p>No rooms yet. Open an invitation link while you are signed in, and its room "
            "stands here from then on.</p>"
        )
    out, everywhere = at(request, "/sign-out"), at(request, "/sign-out/everywhere")
    body = (
        f"<h1>Your rooms</h1><p>Signed in as <b>{html.escape(account.display_name)}</b>.</p>{rooms}"
        f'<div class="row"><form method="post" action="{out}">{guard.field}'
        '<button class="quiet" type="submit">Sign out</button></form>'
        f'<form method="post" action="{everywhere}">{guard.field}'
        '<button class="quiet" type="submit">Sign out everywhere</button></form></div>'
    )
    return guard.protect(plain_page(body))
