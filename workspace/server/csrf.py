"""Forms: only a page of ours, opened in the same browser, can send one.

Three locks, each enough by itself: the Origin is ours; the cookie that the form is bound to goes
with no request of another site; and the form carries what can be computed from that cookie only.
"""

import asyncio
import hashlib
import hmac
import secrets
from typing import Final

from aiohttp import web

from sessions.invitations import TOKEN_BYTES
from workspace.server.access import require_own_origin
from workspace.server.cookies import FORM, SESSION, read_cookie, set_cookie

FIELD: Final = "form_token"

READ_WITHIN_S: Final = 15.0
"""A form has a few hundred bytes; whoever sends them one by one holds a line for nothing."""


class FormGuard:
    """What a form needs so that it is taken when it comes back.

    Parameters
    ----------
    request : aiohttp.web.Request
        The one that the form is shown to.
    """

    def __init__(self, request: web.Request) -> None:
        self._request = request
        self._known = _secret_of(request)
        self._secret = self._known or secrets.token_urlsafe(TOKEN_BYTES)

    @property
    def field(self) -> str:
        """The hidden field, as HTML."""
        return f'<input type="hidden" name="{FIELD}" value="{form_token(self._secret)}">'

    def protect(self, response: web.Response) -> web.Response:
        """Have the browser keep what the form is bound to."""
        if not self._known:
            set_cookie(self._request, response, FORM, self._secret)
        return response


def form_token(secret: str) -> str:
    """Return what a form carries that is bound to a browser's secret."""
    return hmac.new(secret.encode(), b"commissure form", hashlib.sha256).hexdigest()


async def read_form(request: web.Request) -> dict[str, str]:
    """Return the texts of a form that one of our pages sent.

    Raises
    ------
    aiohttp.web.HTTPForbidden
        It is from elsewhere, or from a page that was opened before signing in or out.
    """
    require_own_origin(request)
    try:
        async with asyncio.timeout(READ_WITHIN_S):
            posted = await request.post()
    except TimeoutError as error:
        raise web.HTTPRequestTimeout from error
    fields = {name: value for name, value in posted.items() if isinstance(value, str)}
    secret = _secret_of(request)
    given = fields.pop(FIELD, "").encode("utf-8", "surrogatepass")
    if not secret or not hmac.compare_digest(given, form_token(secret).encode()):
        raise web.HTTPForbidden(text="this form is too old; load the page again")
    return fields


def _secret_of(request: web.Request) -> str:
    """Return what this browser's forms are bound to: its session, else the cookie for forms."""
    secret = read_cookie(request, SESSION) or read_cookie(request, FORM)
    return secret if len(secret) >= TOKEN_BYTES and secret.isascii() else ""
