"""What people see when something fails: a page with a sentence, never what went wrong inside."""

import html
import secrets
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from sessions.errors import SessionError
from workspace.errors import WorkspaceError
from workspace.panels.words import key, t
from workspace.server.plain_pages import onward_page, plain_page
from workspace.server.sign_in_forms import SIGN_IN, offers_sign_in
from workspace.server.site import at

log = structlog.get_logger()

ONCE_MORE: Final = "here"
"""In the query of a visit that our own page asked for, after one that came from elsewhere."""

_SENTENCES: Final = {
    HTTPStatus.FORBIDDEN: (
        key("This came from another page"),
        key("Another site sent it, or a page that was open for too long. Load the page again."),
    ),
    HTTPStatus.NOT_FOUND: (
        key("There is nothing here"),
        key("Open your invitation link again."),
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
        key("That was too much"),
        key("No form of this server is that long."),
    ),
    HTTPStatus.TOO_MANY_REQUESTS: (
        key("Too many requests"),
        key("They come from your network faster than anybody types. Wait a minute, then go on."),
    ),
}


@web.middleware
async def show_failures(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn errors into pages; a fault of our own reaches the browser as a number only."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        if error.status < web.HTTPBadRequest.status_code:
            raise
        return await _refusal(request, error)
    except (SessionError, WorkspaceError) as error:
        log.warning("request.refused", error=type(error).__name__)
        return plain_page(
            f"<h1>{t('That cannot be done now')}</h1><p>{html.escape(str(error))}.</p>", status=503
        )
    except ConnectionError:
        raise  # whoever asked has gone
    except Exception:
        number = secrets.token_hex(4)
        log.exception("request.failed", number=number)
        sentence = t(
            "This is a fault of our own. Whoever runs the server finds it in the log under "
            "{number}."
        ).format(number=number)
        return plain_page(f"<h1>{t('That did not work')}</h1><p>{sentence}</p>", status=500)


def comes_from_elsewhere(request: web.Request) -> bool:
    """Say whether another site's link led here: our strict cookies stayed at home."""
    return (
        request.method == "GET"
        and request.headers.get("Sec-Fetch-Site") == "cross-site"
        and request.headers.get("Sec-Fetch-Mode") == "navigate"
        and ONCE_MORE not in request.query
    )


def once_more(request: web.Request) -> web.Response:
    """Have the browser come again by itself, with its cookies."""
    return onward_page(f"{request.rel_url.raw_path}?{ONCE_MORE}")


async def _refusal(request: web.Request, error: web.HTTPException) -> web.Response:
    if error.status == web.HTTPUnauthorized.status_code:
        return (
            once_more(request) if comes_from_elsewhere(request) else await _not_signed_in(request)
        )
    try:
        heading, sentence = map(t, _SENTENCES[HTTPStatus(error.status)])
    except (KeyError, ValueError):
        heading = t("That did not work")
        sentence = t("The server answered with {status}.").format(status=error.status)
    page = plain_page(f"<h1>{heading}</h1><p>{sentence}</p>", status=error.status)
    if "Retry-After" in error.headers:
        page.headers["Retry-After"] = error.headers["Retry-After"]
    return page


async def _not_signed_in(request: web.Request) -> web.Response:
    body = (
        f"<h1>{t('You are not signed in here')}</h1><p>"
        f"{t('Open your invitation link again, in this browser, or ask for a new one.')}</p>"
    )
    if await offers_sign_in(request):
        back = quote(request.rel_url.raw_path, safe="")
        body += f'<a class="button" href="{at(request, SIGN_IN)}?next={back}">{t("Sign in")}</a>'
    return plain_page(body, status=401)
