"""Who may come in: the member's cookie, the page's origin, the headers on every answer."""

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

from sessions.errors import InvitationError
from sessions.plan.records import Member, MemberId, RoomId
from workspace.server.plain_pages import plain_page

if TYPE_CHECKING:
    from workspace.server.hosted_room import HostedRoom
    from workspace.server.hosting import Hosting

HOSTING: "Final[web.AppKey[Hosting]]" = web.AppKey("hosting")

COOKIE: Final = "commissure"

CONTENT_SECURITY_POLICY: Final = "; ".join(
    (
        "default-src 'self'",
        # trame compiles its templates in the browser; without unsafe-eval it does not start
        "script-src 'self' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
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


def set_member_cookie(
    response: web.StreamResponse, room_id: RoomId, member_id: MemberId, secret: str
) -> None:
    """Sign a member in on their own page."""
    response.set_cookie(
        COOKIE,
        secret,
        path=member_path(room_id, member_id),
        max_age=180 * 24 * 3600,
        httponly=True,
        samesite="Strict",
    )


def require_own_origin(request: web.Request) -> None:
    """Refuse what another site's page sends: the Origin must be exactly where we are."""
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


@web.middleware
async def add_headers(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Put the security headers on every answer; show people a page instead of a bare error."""
    try:
        response = await handler(request)
    except web.HTTPException as error:
        if error.status < web.HTTPBadRequest.status_code:
            error.headers.update(HEADERS)
            raise
        response = _error_page(error)
    if not response.prepared:
        response.headers.update(HEADERS)
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _error_page(error: web.HTTPException) -> web.Response:
    if error.status == web.HTTPUnauthorized.status_code:
        body = (
            "<h1>You are not signed in here</h1><p>Open your invitation link again, in this "
            "browser, or ask for a new one.</p>"
        )
    elif error.status == web.HTTPNotFound.status_code:
        body = "<h1>There is nothing here</h1><p>Open your invitation link again.</p>"
    else:
        body = f"<h1>That did not work</h1><p>The server answered with {error.status}.</p>"
    return plain_page(body, status=error.status)
