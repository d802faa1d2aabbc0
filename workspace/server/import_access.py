"""Who may send images: the link's cookie, the uploader's own cookie, the page's origin."""

import secrets
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Final

from aiohttp import web

from sessions.errors import SessionError
from sessions.invitations import TOKEN_BYTES, hash_of
from workspace.errors import UploadError
from workspace.server.access import require_own_origin
from workspace.server.import_desk import ImportDesk, disk_sentence, fault_logged
from workspace.server.site import at, is_secure

DESK: "Final[web.AppKey[ImportDesk]]" = web.AppKey("import_desk")

PATH: Final = "/import"
"""The cookies are sent nowhere else."""

LINK_COOKIE: Final = "commissure_import"
"""Proves the link. Set by visiting it, whatever site that link stood on."""

UPLOADER_COOKIE: Final = "commissure_uploader"
"""Tells one uploader from another who came by the same link, and knows them again.

Set by a request of our own page only: a strict cookie does not come with a visit from elsewhere,
and would then be replaced by another, with the unfinished uploads lost.
"""

CHANGING: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})

STATUS: Final = {
    "not_signed_in": 401,
    "foreign": 403,
    "unknown_upload": 404,
    "unknown_volume": 404,
    "wrong_offset": 409,
    "wrong_start": 409,
    "superseded": 409,
    "not_complete": 409,
    "not_listed": 409,
    "busy": 409,
    "stalled": 408,
    "no_length": 411,
    "too_large": 413,
    "too_many_files": 413,
    "too_much": 413,
    "too_many_uploads": 429,
    "no_space": 507,
    "disk": 500,
    "fault": 500,
}
"""Code of a refusal -> status; all others are 422."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def answering_in_json(handler: Handler) -> Handler:
    """Let a handler in only for who may, and turn whatever it raises into JSON with a sentence."""

    @wraps(handler)
    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            if request.method in CHANGING:
                require_own_origin(request)
            request.app[DESK].links.require(request.cookies.get(LINK_COOKIE, ""))
            return await handler(request)
        except web.HTTPForbidden:
            return refusal("foreign", "this request comes from another page")
        except UploadError as error:
            return refusal(error.code, str(error), error.file)
        except SessionError as error:
            return refusal("refused", str(error))
        except ConnectionError:
            raise  # whoever asked has gone
        except OSError as error:
            return refusal(*disk_sentence(error))
        except Exception as error:  # noqa: BLE001 - the outer rim of a request
            return refusal("fault", f"a fault of our own ({fault_logged(error)}); try again")

    return answer


def refusal(code: str, message: str, file: int | None = None) -> web.Response:
    """Return a refusal: why, in one sentence, and which file of the list is meant."""
    document = {"code": code, "message": message, "file": file}
    return web.json_response(document, status=STATUS.get(code, 422))


def owner_of(request: web.Request) -> str:
    """Return what an uploader's uploads are known by.

    Raises
    ------
    UploadError
        They have not been greeted yet.
    """
    secret = request.cookies.get(UPLOADER_COOKIE, "")
    if len(secret) < TOKEN_BYTES:
        raise UploadError("open the import link again, in this browser", "not_signed_in")
    return hash_of(secret)


def set_import_cookie(response: web.StreamResponse, request: web.Request, token: str) -> None:
    """Note in the browser which link it came by."""
    _set(response, request, LINK_COOKIE, token)


def set_uploader_cookie(response: web.StreamResponse, request: web.Request) -> str:
    """Let the browser be known again, and return what its uploads are known by."""
    secret = request.cookies.get(UPLOADER_COOKIE, "")
    if len(secret) < TOKEN_BYTES:
        secret = secrets.token_urlsafe(TOKEN_BYTES)
    _set(response, request, UPLOADER_COOKIE, secret)
    return hash_of(secret)


def _set(response: web.StreamResponse, request: web.Request, name: str, value: str) -> None:
    kept_s = int(request.app[DESK].shelf.limits.kept_for.total_seconds())
    response.set_cookie(
        name,
        value,
        path=at(request, PATH),
        max_age=kept_s,
        httponly=True,
        samesite="Strict",
        secure=is_secure(request),
    )
