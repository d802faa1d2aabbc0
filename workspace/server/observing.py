"""Around every request: its id in the log, its outcome in the metrics, nothing new on the way out.

Paths never enter either, for they hold tokens of invitations and ids of rooms; patterns do.
"""

import secrets
from typing import Final

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from workspace.server.access import HOSTING
from workspace.server.plain_pages import plain_page

HEALTH_PATHS: Final = ("/health", "/health/live", "/health/ready")
"""Answered to the end."""

UPGRADE_REFUSALS: Final = {
    401: "not_signed_in",
    403: "foreign_origin",
    404: "unknown",
    410: "ended",
    429: "too_many",
    503: "not_now",
}
"""Status -> reason of a socket that was not opened."""

SIGN_IN_OUTCOMES: Final = {
    200: "passed",
    303: "passed",
    401: "refused",
    403: "refused",
    404: "unknown",
    410: "ended",
    422: "refused",
    429: "too_many",
}
"""Status -> outcome of an attempt to come in; of a password before a second factor, too."""

SIGN_IN_WAYS: Final = {
    ("POST", "/join/{token}"): "invitation",
    ("POST", "/sign-in"): "password",
    ("POST", "/sign-in/code"): "second_factor",
    ("POST", "/sign-in/recovery"): "recovery_code",
    ("GET", "/sign-in/provider/return"): "provider",
}
"""Method and end of a route's pattern -> way of coming in."""


@web.middleware
async def observe(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give a request an id in the log, count its outcome, and refuse it while the server stops."""
    structlog.contextvars.clear_contextvars()  # a line carries one request after the other
    structlog.contextvars.bind_contextvars(request=secrets.token_hex(4))
    status = 500
    try:
        if request.app[HOSTING].draining and not request.path.endswith(HEALTH_PATHS):
            response: web.StreamResponse = _restarting()
        else:
            response = await handler(request)
        status = response.status
    except web.HTTPException as error:
        status = error.status
        raise
    else:
        return response
    finally:
        _count(request, status)


def route_of(request: web.Request) -> str:
    """Return the pattern of the path: one of those that the application was built with."""
    resource = request.match_info.route.resource
    return "none" if resource is None else resource.canonical


def _count(request: web.Request, status: int) -> None:
    metrics, route = request.app[HOSTING].metrics, route_of(request)
    metrics.answered(route, status)
    if request.headers.get("Upgrade", "").lower() == "websocket":
        reason = UPGRADE_REFUSALS.get(status)
        if reason is not None:
            metrics.upgrade_refused(reason)
    for (method, end), way in SIGN_IN_WAYS.items():
        if request.method == method and route.endswith(end):
            metrics.sign_in(way, SIGN_IN_OUTCOMES.get(status, "failed"))


def _restarting() -> web.Response:
    response = plain_page(
        "<h1>The server is restarting</h1>"
        "<p>Nothing is lost. Load this page again in a moment.</p>",
        status=503,
    )
    response.headers["Retry-After"] = "5"
    return response
