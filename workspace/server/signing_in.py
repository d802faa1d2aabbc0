"""The pages on which people sign in and out: password, code, recovery code."""

from typing import Final

from aiohttp import web

from workspace.accounts.door import Answer, Door, HalfWay, MustWait, Refused, SignedIn
from workspace.accounts.records import Session
from workspace.panels.words import key, t
from workspace.server.access import HOSTING, half_way_or_in, session_of
from workspace.server.cookies import FORM, SESSION, forget_cookie, set_cookie
from workspace.server.csrf import read_form
from workspace.server.failures import comes_from_elsewhere, once_more
from workspace.server.plain_pages import onward_page
from workspace.server.sign_in_forms import (
    CODE,
    RECOVERY,
    SIGN_IN,
    Form,
    code_form,
    next_of,
    password_form,
    quoted_next,
    recovery_form,
)
from workspace.server.site import address_of, at

DOOR: Final[web.AppKey[Door]] = web.AppKey("door", Door)

MINUTE_S: Final = 60

WRONG_CODE: Final = key("This code is not right, or was used.")

SIGNED_OUT: Final = "you were signed out; sign in again"


def add_sign_in_routes(application: web.Application, door: Door) -> None:
    """Let accounts sign in and out."""
    application[DOOR] = door
    route = application.router
    route.add_get(SIGN_IN, show_sign_in)
    route.add_post(SIGN_IN, sign_in)
    route.add_get(CODE, show_code)
    route.add_post(CODE, give_code)
    route.add_get(RECOVERY, show_recovery)
    route.add_post(RECOVERY, give_recovery)
    route.add_post("/sign-out", sign_out)
    route.add_post("/sign-out/everywhere", sign_out_everywhere)


async def show_sign_in(request: web.Request) -> web.StreamResponse:
    """Ask for name and password."""
    if comes_from_elsewhere(request):
        return once_more(request)
    if await session_of(request) is not None:
        raise web.HTTPSeeOther(next_of(request))
    return password_form(request)


async def sign_in(request: web.Request) -> web.StreamResponse:
    """Try a name and a password."""
    fields = await read_form(request)
    answer = await request.app[DOOR].knock(
        fields.get("name", ""), fields.get("password", ""), address_of(request)
    )
    if isinstance(answer, HalfWay):
        response = _onward(f"{at(request, CODE)}?next={quoted_next(request)}")
        set_cookie(request, response, SESSION, answer.token)
        return response
    return await _come_of(request, answer, password_form, t("This name or password is not right."))


async def show_code(request: web.Request) -> web.StreamResponse:
    """Ask for the code of the authenticator."""
    await _half_way(request)
    return code_form(request)


async def give_code(request: web.Request) -> web.StreamResponse:
    """Try a code of the authenticator."""
    fields = await read_form(request)
    session = await _half_way(request)
    answer = await request.app[DOOR].show_code(session, fields.get("code", ""), address_of(request))
    return await _come_of(request, answer, code_form, t(WRONG_CODE))


async def show_recovery(request: web.Request) -> web.StreamResponse:
    """Ask for a code kept on paper."""
    await _half_way(request)
    return recovery_form(request)


async def give_recovery(request: web.Request) -> web.StreamResponse:
    """Try a code kept on paper."""
    fields = await read_form(request)
    session = await _half_way(request)
    answer = await request.app[DOOR].show_recovery_code(
        session, fields.get("code", ""), address_of(request)
    )
    return await _come_of(request, answer, recovery_form, t(WRONG_CODE))


async def sign_out(request: web.Request) -> web.StreamResponse:
    """End this browser's session, and close what it has open."""
    await read_form(request)
    session = await half_way_or_in(request)
    if session is not None:
        await request.app[DOOR].leave(session, address_of(request))
        request.app[HOSTING].attendance.end_session(session.token_hash, SIGNED_OUT)
    return _out(request)


async def sign_out_everywhere(request: web.Request) -> web.StreamResponse:
    """End all sessions of the account; what they have open closes within a second."""
    await read_form(request)
    session = await session_of(request)
    if session is not None:
        await request.app[DOOR].leave_everywhere(session, address_of(request))
    return _out(request)


def welcome(request: web.Request, signed_in: SignedIn, then: str) -> web.Response:
    """Let a browser in under a new token, whatever it came with, and lead it on."""
    response = onward_page(then)
    set_cookie(request, response, SESSION, signed_in.token)
    forget_cookie(request, response, FORM)
    return response


async def _come_of(
    request: web.Request, answer: Answer, form: Form, refusal: str
) -> web.StreamResponse:
    match answer:
        case SignedIn():
            response = _onward(next_of(request))
            set_cookie(request, response, SESSION, answer.token)
            forget_cookie(request, response, FORM)
            return response
        case MustWait(seconds=seconds):
            if seconds < 2 * MINUTE_S:
                words, n = t("Too many attempts. Wait {n} seconds, then try again."), seconds
            else:
                words = t("Too many attempts. Wait {n} minutes, then try again.")
                n = seconds // MINUTE_S
            page = form(request, words.format(n=n), 429)
            page.headers["Retry-After"] = str(seconds)
            return page
        case Refused() | HalfWay():
            return form(request, refusal, 401)


async def _half_way(request: web.Request) -> Session:
    """Return the session of whoever gave the password, or lead to where one does."""
    session = await half_way_or_in(request)
    if session is None:
        raise web.HTTPSeeOther(f"{at(request, SIGN_IN)}?next={quoted_next(request)}")
    if not session.is_half_way:
        raise web.HTTPSeeOther(next_of(request))
    return session


def _onward(path: str) -> web.Response:
    return web.Response(status=303, headers={"Location": path})


def _out(request: web.Request) -> web.Response:
    response = _onward(at(request, "/"))
    forget_cookie(request, response, SESSION)
    return response
