"""Cookies: their names say what a browser guarantees about them, and no script reads them."""

from typing import Final, Literal

from aiohttp import web

from workspace.server.site import SITE, is_secure

SESSION: Final = "commissure_session"
"""Of an account that is signed in."""

FORM: Final = "commissure_form"
"""Of a browser that has opened a form, and nothing else yet."""

PROVIDER: Final = "commissure_provider"
"""Of a browser that has gone to the provider to sign in."""


LANGUAGE: Final = "commissure_language"
"""Of a browser in which a language was chosen."""

HOUSE: Final = "commissure_house"
"""Of the browser of whoever runs the server: it sees all rooms."""

KEYRING: Final = "commissure_rooms"
"""Of a browser that has joined rooms without an account."""


def whole_site(request: web.Request, name: str) -> str:
    """Return the full name of a cookie that goes to all of our pages.

    ``__Host-``: set by this very host over TLS, for all of its paths. Behind a prefix the host
    has other pages, which are not to be told: ``__Secure-`` may have our path.
    """
    if not is_secure(request):
        return name
    return f"__Secure-{name}" if request.app[SITE].base_path else f"__Host-{name}"


def read_cookie(request: web.Request, name: str) -> str:
    """Return the value of a cookie of ours, or nothing."""
    return request.cookies.get(whole_site(request, name), "")


def set_cookie(
    request: web.Request,
    response: web.StreamResponse,
    name: str,
    value: str,
    same_site: Literal["Strict", "Lax"] = "Strict",
) -> None:
    """Have the browser keep a value until it is closed."""
    response.set_cookie(
        whole_site(request, name),
        value,
        path=request.app[SITE].base_path + "/",
        httponly=True,
        samesite=same_site,
        secure=is_secure(request),
    )


def forget_cookie(request: web.Request, response: web.StreamResponse, name: str) -> None:
    """Have the browser forget a value."""
    response.del_cookie(
        whole_site(request, name),
        path=request.app[SITE].base_path + "/",
        httponly=True,
        samesite="Strict",
        secure=is_secure(request),
    )
