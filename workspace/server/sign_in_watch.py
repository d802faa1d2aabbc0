"""Sign-ins that end while something is open under them: by the command line, or by themselves."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Final

import structlog
from aiohttp import web

from sessions.errors import LogError
from workspace.accounts.sign_ins import SignIns
from workspace.server.access import ACCOUNTS, HOSTING
from workspace.server.attendance import Attendance
from workspace.server.signing_in import SIGNED_OUT

log = structlog.get_logger()

LOOK_EVERY_S: Final = 0.3
"""With half a second for the farewell, what is open closes within one."""


async def watch_sign_ins(application: web.Application) -> AsyncIterator[None]:
    """Look after open sockets for as long as the application runs."""
    sign_ins = application[ACCOUNTS].sign_ins
    task = asyncio.create_task(_watch(sign_ins, application[HOSTING].attendance))
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def _watch(sign_ins: SignIns, attendance: Attendance) -> None:
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        try:
            await _look(sign_ins, attendance)
        except LogError as error:
            log.warning("sign_ins.unreadable", error=str(error))


async def _look(sign_ins: SignIns, attendance: Attendance) -> None:
    for session in attendance.take_used():
        await sign_ins.note_use(session)
    present = attendance.sessions
    if present:
        for session in present - await sign_ins.live(present):
            attendance.end_session(session, SIGNED_OUT)
