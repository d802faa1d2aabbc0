"""Joining: an invitation link asks for a name and makes a member of whoever holds it."""

import html
import unicodedata
from typing import Final

from aiohttp import web

from sessions.errors import InvitationError
from workspace.server.access import HOSTING, member_path, require_own_origin, set_member_cookie
from workspace.server.plain_pages import plain_page

MAX_NAME: Final = 60

ROLE_WORDS: Final = {
    "owner": "You join as the owner: you can plan, and invite others.",
    "surgeon": "You join as a surgeon: you can plan, cut and move, and sign versions.",
    "radiologist": "You join as a radiologist: you prepare the model; you cut and move nothing.",
    "trainee": "You join as a trainee: you can note, measure and propose planes.",
    "observer": "You join as an observer: you see everything and change nothing.",
    "patient": "You see the anatomy and the plan, and change nothing.",
}


async def show_form(request: web.Request) -> web.Response:
    """Ask for a name."""
    hosting = request.app[HOSTING]
    try:
        invitation = await hosting.invitation(request.match_info["token"])
    except InvitationError as error:
        return _no_longer_valid(error)
    return plain_page(_form(invitation.title, invitation.role, ""))


async def join(request: web.Request) -> web.StreamResponse:
    """Let the holder of the link in under the name that they gave."""
    require_own_origin(request)
    hosting = request.app[HOSTING]
    token = request.match_info["token"]
    name = acceptable_name((await request.post()).get("name"))
    try:
        if name is None:
            invitation = await hosting.invitation(token)
            sentence = f"Please give a name of 1 to {MAX_NAME} printable characters."
            return plain_page(_form(invitation.title, invitation.role, sentence), status=422)
        admitted = await hosting.admit(token, name)
    except InvitationError as error:
        return _no_longer_valid(error)
    path = member_path(admitted.room_id, admitted.member_id)
    response = web.Response(status=303, headers={"Location": path})
    set_member_cookie(response, path, admitted.secret, tls=request.secure)
    return response


def acceptable_name(given: object) -> str | None:
    r"""Return a name without surplus spaces, or None for what is no name.

    Examples
    --------
    >>> acceptable_name("  Ana   Reis ")
    'Ana Reis'
    >>> acceptable_name("Ana\tReis") is None
    True
    """
    if not isinstance(given, str) or any(unicodedata.category(it) == "Cc" for it in given):
        return None
    name = " ".join(given.split())
    return name if 1 <= len(name) <= MAX_NAME and name.isprintable() else None


def _no_longer_valid(error: InvitationError) -> web.Response:
    body = (
        "<h1>This link does not open a room</h1>"
        f"<p>{html.escape(str(error))}</p><p>Ask whoever sent it for a new one.</p>"
    )
    return plain_page(body, status=410)


def _form(title: str, role: str, problem: str) -> str:
    alert = f'<p class="bad" role="alert">{html.escape(problem)}</p>' if problem else ""
    return (
        f"<h1>{html.escape(title)}</h1>"
        f"<p>{ROLE_WORDS[role]}</p>{alert}"
        '<form method="post"><label for="name">Your name, as the others shall see it</label>'
        f'<input id="name" name="name" maxlength="{MAX_NAME}" autocomplete="name" autofocus '
        'required><button type="submit">Join the room</button></form>'
        '<p class="small">Not for diagnostic use. No tissue mechanics, bleeding or flow is '
        "simulated.</p>"
    )
