"""Who may come in: the member's cookie, the page's origin, the headers on every answer."""

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from aiohttp import web

from sessions.errors import InvitationError
from sessions.plan.records import Member, MemberId, RoomId

if TYPE_CHECKING:
    from workspace.server.hosted_room import HostedRoom
    from workspace.server.hosting import Hosting

HOSTING: "Final[web.AppKey[Hosting]]" = web.AppKey("hosting")

COOKIE: Final = "commissure"
COOKIE_DAYS: Final = 180
"""A rehearsal goes on for months; whoever loses the cookie opens their link again."""

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
}


def member_path(room_id: str, member_id: str) -> str:
    """Return the URL path of a member's page; the cookie is sent nowhere else.

    Two members can thus sit in two tabs of one browser.
    """
    return f"/rooms/{room_id}/m/{member_id}/"


def set_member_cookie(response: web.StreamResponse, path: str, secret: str, *, tls: bool) -> None:
    """Sign a member in on their own page."""
    response.set_cookie(
        COOKIE,
        secret,
        path=path,
        max_age=COOKIE_DAYS * 24 * 3600,
        httponly=True,
        samesite="Strict",
        secure=tls,
    )


def require_own_origin(request: web.Request) -> None:
    """Refuse what another site's page sends: the Origin must be exactly where we are.

    Raises
    ------
    aiohttp.web.HTTPForbidden
        It is not, or there is none.
    """
    origin = request.headers.get("Origin", "")
    if not origin or urlsplit(origin).netloc != request.host:
        raise web.HTTPForbidden(text="this request comes from another page")


async def require_member(request: web.Request) -> "tuple[HostedRoom, Member]":
    """Return the room and the member whose cookie came with the request.

    Raises
    ------
    aiohttp.web.HTTPUnauthorized
        Without a cookie, with a wrong one, or with one of another member or room.
    """
    hosting = request.app[HOSTING]
    secret = request.cookies.get(COOKIE, "")
    room_id = RoomId(request.match_info["room"])
    member_id = MemberId(request.match_info["member"])
    try:
        return await hosting.member_of(room_id, member_id, secret)
    except InvitationError as error:
        raise web.HTTPUnauthorized(text=str(error)) from error


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Put the security headers on an answer that is about to go out."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)  # a page may be stricter
    if "Cache-Control" not in response.headers:
        # Static files may be kept, but are asked for again: most have no hash in their names.
        static = request.path.startswith("/static/")
        response.headers["Cache-Control"] = "no-cache" if static else "no-store"
