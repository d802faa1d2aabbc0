"""Taking leave: nobody new comes in, what was asked is done and answered, then the lines close."""

import asyncio
import contextlib
from typing import TYPE_CHECKING, Final

import structlog
from aiohttp import WSCloseCode, web

if TYPE_CHECKING:
    from workspace.server.hosting import Hosting

log = structlog.get_logger()

FAREWELL: Final = "the server is restarting; your page comes back by itself"

COMMANDS_WITHIN_S: Final = 5.0
"""For what members have asked already; a cut takes two seconds. What is not done is asked again."""

PANELS_WITHIN_S: Final = 1.0

REQUESTS_WITHIN_S: Final = 5.0
"""For downloads that are under way; a cut-off one is begun anew."""


async def take_leave(hosting: "Hosting") -> None:
    """Refuse what is new, finish what was asked, tell the members, and close their lines."""
    hosting.draining = True
    rooms = hosting.open_rooms()
    log.info("server.draining", rooms=len(rooms))
    await asyncio.gather(*(room.take_leave(FAREWELL, COMMANDS_WITHIN_S) for room in rooms))
    lines = list(hosting.panel_lines)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(PANELS_WITHIN_S):
            await asyncio.gather(*(_close(line) for line in lines), return_exceptions=True)


async def _close(line: web.WebSocketResponse) -> None:
    await line.close(code=WSCloseCode.SERVICE_RESTART)
