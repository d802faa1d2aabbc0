"""In which language a page is: the chosen one, from a cookie, else what the browser asks for."""

import html
import re
from contextvars import ContextVar
from typing import Final
from urllib.parse import quote

from aiohttp import web
from aiohttp.typedefs import Handler

from workspace.panels.words import LANGUAGES, TAGS, best_of, speak, spoken_now, t
from workspace.server.cookies import LANGUAGE, read_cookie, whole_site
from workspace.server.site import SITE, at, is_secure

PATH: Final = "/language/{code}"

CURRENT: Final = ' aria-current="true"'

KEPT_S: Final = 365 * 24 * 3600

_NEXT: Final = re.compile(r"/(?!/)[\w./?=%&~+-]{0,1000}", re.ASCII)
"""Where one may be led after choosing: a path of this server, never another one's address."""

_here: ContextVar[tuple[str, str]] = ContextVar("here", default=("", "/"))
"""The server's prefix, and the path that is being answered."""


@web.middleware
async def in_their_language(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer in the language of whoever asks."""
    speak(language_of(request))
    _here.set((request.app[SITE].base_path, request.rel_url.raw_path_qs))
    return await handler(request)


def language_of(request: web.Request) -> str:
    """Return the code of the language that was chosen in this browser, else that it asks for."""
    chosen = read_cookie(request, LANGUAGE)
    return chosen if chosen in LANGUAGES else best_of(request.headers.get("Accept-Language", ""))


async def choose(request: web.Request) -> web.Response:
    """Remember a language, and lead back."""
    code = request.match_info["code"]
    if code not in LANGUAGES:
        raise web.HTTPNotFound
    response = web.Response(status=303, headers={"Location": _back(request)})
    # Not only to our own pages' requests: a link from elsewhere shall find the language, too.
    response.set_cookie(
        whole_site(request, LANGUAGE),
        code,
        path=request.app[SITE].base_path + "/",
        max_age=KEPT_S,
        httponly=True,
        samesite="Lax",
        secure=is_secure(request),
    )
    return response


def language_menu(back_to: str = "") -> str:
    """Return links to the page that is being answered, in each language, as HTML.

    Parameters
    ----------
    back_to : str
        Where to lead instead, below the server's prefix: for a path that holds a secret.
    """
    base, here = _here.get()
    back = html.escape(quote(base + back_to if back_to else here, safe=""))
    links = "".join(
        f'<a href="{base}/language/{code}?next={back}" lang="{TAGS[code]}" hreflang="{TAGS[code]}"'
        f"{CURRENT if code == spoken_now() else ''}>{name}</a>"
        for code, name in LANGUAGES.items()
    )
    return f'<nav class="languages" aria-label="{html.escape(t("Language"))}">{links}</nav>'


def _back(request: web.Request) -> str:
    base = request.app[SITE].base_path
    wanted = request.query.get("next", "")
    is_ours = wanted.startswith(f"{base}/") and _NEXT.fullmatch(wanted) is not None
    return wanted if is_ours else at(request, "/")
