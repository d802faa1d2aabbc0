"""Joining: an invitation link makes a member of whoever holds it, by account or under a name."""

import html
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from aiohttp import web

from sessions.errors import EndedInvitationError, InvitationError
from sessions.plan.records import Role
from workspace.accounts.auditing import DoorEvent, Outcome
from workspace.accounts.records import Account
from workspace.panels.words import key, t
from workspace.server.access import (
    AUDIT,
    HOSTING,
    member_path,
    session_of,
    set_member_cookie,
)
from workspace.server.csrf import FormGuard, read_form
from workspace.server.failures import comes_from_elsewhere, once_more
from workspace.server.hosting import Admission, Invitation
from workspace.server.keyring import note_opened
from workspace.server.names import MAX_NAME, acceptable_name
from workspace.server.plain_pages import alert, plain_page
from workspace.server.sign_in_forms import offers_sign_in
from workspace.server.site import SITE, address_of, at

ROLE_WORDS: Final[Mapping[Role, str]] = {
    Role.OWNER: key("You join as the owner: you can plan, and invite others."),
    Role.SURGEON: key("You join as a surgeon: you can pin notes, measure, cut and move."),
    Role.RADIOLOGIST: key(
        "You join as a radiologist: you prepare the model, pin notes and measure."
    ),
    Role.TRAINEE: key("You join as a trainee: you pin notes, measure and propose planes."),
    Role.OBSERVER: key("You join as an observer: you see everything and change nothing."),
    Role.PATIENT: key("You join as a patient: you see the anatomy and the plan."),
}

_SMALL_PRINT: Final = key(
    "Not for diagnostic use. No tissue mechanics, bleeding or flow is simulated."
)


async def show_form(request: web.Request) -> web.Response:
    """Ask for a name, or whoever is signed in whether they want to come in."""
    if comes_from_elsewhere(request):
        return once_more(request)
    hosting, token = request.app[HOSTING], request.match_info["token"]
    session = await session_of(request)
    if session is not None:
        known = await hosting.place_of(token, session.account.account_id)
        if known is not None:
            return _to_the_room(request, known)
    try:
        invitation = await hosting.invitation(token)
    except InvitationError as error:
        return _no_longer_valid(error)
    who = "" if session is None else session.account.account_id
    await request.app[AUDIT](DoorEvent.INVITATION_OPENED, Outcome.SUCCESS, who, address_of(request))
    if session is None and request.app[SITE].requires_account:
        return _to_sign_in(request)
    return await _form(request, invitation, None if session is None else session.account)


async def join(request: web.Request) -> web.StreamResponse:
    """Let the holder of the link in, as their account or under the name that they gave."""
    fields = await read_form(request)
    session = await session_of(request)
    if session is None and request.app[SITE].requires_account:
        return _to_sign_in(request)
    hosting, token = request.app[HOSTING], request.match_info["token"]
    try:
        if session is not None:
            account = session.account
            admitted = await hosting.admit_account(token, account.account_id, account.display_name)
        else:
            name = acceptable_name(fields.get("name"))
            if name is None:
                sentence = t("Please give a name of 1 to {most} printable characters.").format(
                    most=MAX_NAME
                )
                return await _form(request, await hosting.invitation(token), None, sentence)
            admitted = await hosting.admit(token, name)
    except InvitationError as error:
        return _no_longer_valid(error)
    await request.app[AUDIT](
        DoorEvent.JOINED, Outcome.SUCCESS, admitted.member_id, address_of(request)
    )
    return _to_the_room(request, admitted)


def _to_the_room(request: web.Request, admitted: Admission) -> web.Response:
    path = at(request, member_path(admitted.room_id, admitted.member_id))
    response = web.Response(status=303, headers={"Location": path})
    if admitted.secret:
        set_member_cookie(request, response, path, admitted.secret)
        note_opened(request, response, admitted.room_id, admitted.member_id, admitted.secret)
    return response


def _to_sign_in(request: web.Request) -> web.Response:
    return web.Response(status=303, headers={"Location": _sign_in_path(request)})


def _sign_in_path(request: web.Request) -> str:
    return f"{at(request, '/sign-in')}?next={quote(request.rel_url.raw_path, safe='')}"


def _no_longer_valid(error: InvitationError) -> web.Response:
    body = (
        f"<h1>{t('This link does not open a room')}</h1>"
        f"<p>{html.escape(str(error))}</p><p>{t('Ask whoever sent it for a new one.')}</p>"
    )
    return plain_page(body, status=410 if isinstance(error, EndedInvitationError) else 404)


async def _form(
    request: web.Request, invitation: Invitation, account: Account | None, problem: str = ""
) -> web.Response:
    guard = FormGuard(request)
    role = t(ROLE_WORDS[invitation.role])
    head = f"<h1>{html.escape(invitation.title)}</h1><p>{role}</p>{alert(problem)}"
    if account is not None:
        name = f"<b>{html.escape(account.display_name)}</b>"
        asked = f"<p>{t('The others see you as {name}.').format(name=name)}</p>"
    else:
        asked = (
            f'<label for="name">{t("Your name, as the others shall see it")}</label>'
            f'<input id="name" name="name" maxlength="{MAX_NAME}" autocomplete="name" autofocus '
            "required>"
        )
    form = (
        f'<form method="post">{guard.field}{asked}'
        f'<button type="submit">{t("Join the room")}</button></form>'
    )
    if account is None and await offers_sign_in(request):
        form += (
            f'<a class="button" href="{html.escape(_sign_in_path(request))}">'
            f"{t('I have an account: sign in')}</a>"
        )
    small = f'<p class="small">{t(_SMALL_PRINT)}</p>'
    page = plain_page(head + form + small, status=422 if problem else 200)
    return guard.protect(page)
