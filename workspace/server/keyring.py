"""The rooms that a browser has joined without an account, so that its first page can list them.

A member's own cookie goes to the member's own page only: two members can thus sit in two tabs of
one browser. This one holds copies of those secrets for the first page, and lets nobody into a room.
"""

import re
import time
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from sessions.credentials import MAX_AGE
from sessions.plan.records import MemberId, RoomId
from workspace.server.cookies import KEYRING, read_cookie, whole_site
from workspace.server.site import SITE, is_secure

MOST: Final = 24
"""Browsers keep 4 kB a cookie; the rooms that were opened longest ago are forgotten first."""

_HELD: Final = re.compile(r"([\w-]{1,64})\.([\w-]{1,64})\.([\w-]{16,64})\.(\d{1,12})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Held:
    """A member that this browser can be."""

    room_id: RoomId
    member_id: MemberId
    secret: str
    opened_at_s: int
    """Seconds since 1970."""


def held_in(request: web.Request) -> tuple[Held, ...]:
    """Return whom this browser can be, the last opened first; nobody where accounts are asked."""
    if request.app[SITE].requires_account:
        return ()
    found = (_HELD.fullmatch(it) for it in read_cookie(request, KEYRING).split("~")[:MOST])
    return tuple(
        Held(RoomId(it[1]), MemberId(it[2]), it[3], int(it[4])) for it in found if it is not None
    )


def note_opened(
    request: web.Request,
    response: web.StreamResponse,
    room_id: RoomId,
    member_id: MemberId,
    secret: str,
) -> None:
    """Have the browser remember a room that it opens now."""
    if request.app[SITE].requires_account or not secret:
        return
    now = Held(room_id, member_id, secret, int(time.time()))
    others = [it for it in held_in(request) if it.member_id != member_id]
    _keep(request, response, [now, *others][:MOST])


def note_opened_again(
    request: web.Request, response: web.StreamResponse, member_id: MemberId
) -> None:
    """Have the browser remember when it opened a room that it knows."""
    for held in held_in(request):
        if held.member_id == member_id:
            note_opened(request, response, held.room_id, member_id, held.secret)


def _keep(request: web.Request, response: web.StreamResponse, held: list[Held]) -> None:
    value = "~".join(f"{it.room_id}.{it.member_id}.{it.secret}.{it.opened_at_s}" for it in held)
    response.set_cookie(
        whole_site(request, KEYRING),
        value,
        path=request.app[SITE].base_path + "/",
        max_age=int(MAX_AGE.total_seconds()),
        httponly=True,
        samesite="Strict",
        secure=is_secure(request),
    )
