"""What people see when something fails: a page with a sentence, never what went wrong inside."""

import html
import secrets

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from sessions.errors import SessionError
from workspace.errors import WorkspaceError
from workspace.server.plain_pages import plain_page

log = structlog.get_logger()


@web.middleware
async def show_failures(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn errors into pages; a fault of our own reaches the browser as a number only."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        if error.status < web.HTTPBadRequest.status_code:
            raise
        return _refusal(error.status)
    except (SessionError, WorkspaceError) as error:
        log.warning("request.refused", error=type(error).__name__)
        return plain_page(
            f"<h1>That cannot be done now</h1><p>{html.escape(str(error))}.</p>", status=503
        )
    except ConnectionError:
        raise  # whoever asked has gone
    except Exception:
        number = secrets.token_hex(4)
        log.exception("request.failed", number=number)
        return plain_page(
            "<h1>That did not work</h1><p>This is a fault of our own. The server's operator finds "
            f"it in the log under {number}.</p>",
            status=500,
        )


def _refusal(status: int) -> web.Response:
    match status:
        case web.HTTPUnauthorized.status_code:
            body = (
                "<h1>You are not signed in here</h1><p>Open your invitation link again, in this "
                "browser, or ask for a new one.</p>"
            )
        case web.HTTPNotFound.status_code:
            body = "<h1>There is nothing here</h1><p>Open your invitation link again.</p>"
        case _:
            body = f"<h1>That did not work</h1><p>The server answered with {status}.</p>"
    return plain_page(body, status=status)
