"""Who may come in: the member's cookie or their account's, the page's origin, the headers."""

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aiohttp import web
from structlog.contextvars import bind_contextvars

from sessions.credentials import MAX_AGE
from sessions.errors import InvitationError
from sessions.plan.records import Member, MemberId, RoomId
from workspace.accounts.accounts import Accounts
from workspace.accounts.auditing import AuditSink
from workspace.accounts.records import Session
from workspace.audit.callers import Caller
from workspace.server.cookies import SESSION, read_cookie
from workspace.server.site import SITE, address_of, is_own_origin, is_secure

if TYPE_CHECKING:
    from workspace.server.hosted_room import HostedRoom
    from workspace.server.hosting import Hosting

HOSTING: "Final[web.AppKey[Hosting]]" = web.AppKey("hosting")
ACCOUNTS: Final[web.AppKey[Accounts]] = web.AppKey("accounts", Accounts)
AUDIT: Final[web.AppKey[AuditSink]] = web.AppKey("audit")

COOKIE: Final = "commissure"
"""Of a member without an account, on the member's own path."""

# trame compiles its templates in the browser: without unsafe-eval it does not start.
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'self'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
    "worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'none'"
)

HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    # An invitation is in its link: it must not travel on to another site. ("no-referrer" would
    # also make our own form's Origin null.)
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "X-Frame-Options": "DENY",
}

STRICT_TRANSPORT: Final = "max-age=31536000"
"""A year; without subdomains, which are not ours to speak for."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """A member at the door of their page."""

    hosted: "HostedRoom"
    member: Member
    session: Session | None
    """Of one who has an account."""


def caller_of(request: web.Request, visitor: Visitor) -> Caller:
    """Return a visitor as the audit trail names them."""
    account = "" if visitor.session is None else visitor.session.account.account_id
    return Caller(visitor.hosted.room, visitor.member, address_of(request), account)


def member_path(room_id: str, member_id: str) -> str:
    """Return the path of a member's page, below the server's prefix; their cookie stays there.

    Two members can thus sit in two tabs of one browser.
    """
    return f"/rooms/{room_id}/m/{member_id}/"


def set_member_cookie(
    request: web.Request, response: web.StreamResponse, path: str, secret: str
) -> None:
    """Sign a member in on their own page."""
    response.set_cookie(
        _member_cookie(request),
        secret,
        path=path,
        max_age=int(MAX_AGE.total_seconds()),
        httponly=True,
        samesite="Strict",
        secure=is_secure(request),
    )


def require_own_origin(request: web.Request) -> None:
    """Refuse what another site's page sends: the Origin must be exactly where we are.

    Raises
    ------
    aiohttp.web.HTTPForbidden
        It is not, or there is none.
    """
    origin = request.headers.get("Origin", "")
    if not origin or not is_own_origin(request, origin):
        raise web.HTTPForbidden(text="this request comes from another page")


async def session_of(request: web.Request) -> Session | None:
    """Return the session of the account that is signed in with this browser, if one is."""
    session = await half_way_or_in(request)
    return None if session is None or session.is_half_way else session


async def half_way_or_in(request: web.Request) -> Session | None:
    """Return the session of this browser, also where the second factor is still asked for."""
    accounts = request.app.get(ACCOUNTS)
    token = read_cookie(request, SESSION)
    return None if accounts is None or not token else await accounts.sign_ins.session_of(token)


async def require_member(request: web.Request) -> "tuple[HostedRoom, Member]":
    """Return the room and the member whose cookie came with the request.

    Raises
    ------
    aiohttp.web.HTTPUnauthorized
        Without a cookie, with a wrong one, or with one of another member or room.
    """
    visitor = await require_visitor(request)
    return visitor.hosted, visitor.member


async def require_visitor(request: web.Request) -> Visitor:
    """Return who is at a member's page: by the account, or by the cookie of one without.

    Raises
    ------
    aiohttp.web.HTTPUnauthorized
        As `require_member`.
    """
    visitor = await _visitor(request)
    bind_contextvars(room=visitor.hosted.room.room_id, member=visitor.member.member_id)
    return visitor


async def _visitor(request: web.Request) -> Visitor:
    hosting = request.app[HOSTING]
    room_id = RoomId(request.match_info["room"])
    member_id = MemberId(request.match_info["member"])
    secret = request.cookies.get(_member_cookie(request), "")
    if secret and not request.app[SITE].requires_account:
        with contextlib.suppress(InvitationError):
            return Visitor(*await hosting.member_of(room_id, member_id, secret), None)
    session = await session_of(request)
    if session is None:
        raise web.HTTPUnauthorized(text="nobody is signed in")
    try:
        hosted, member = await hosting.member_by_account(room_id, session.account.account_id)
    except InvitationError as error:
        raise web.HTTPUnauthorized(text=str(error)) from error
    if member.member_id != member_id:
        raise web.HTTPUnauthorized(text="this is another member's page")
    return Visitor(hosted, member, session)


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Put the security headers on an answer that is about to go out."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)  # a page may be stricter
    if is_secure(request):
        response.headers.setdefault("Strict-Transport-Security", STRICT_TRANSPORT)
    if "Cache-Control" not in response.headers:
        # Static files may be kept, but are asked for again: most have no hash in their names.
        static = request.path.startswith(f"{request.app[SITE].base_path}/static/")
        response.headers["Cache-Control"] = "no-cache" if static else "no-store"


def _member_cookie(request: web.Request) -> str:
    return f"__Secure-{COOKIE}" if is_secure(request) else COOKIE
