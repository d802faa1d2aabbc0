"""What is done on the first page: a room is opened by whoever runs the server, deleted, undone."""

import secrets
import time
from dataclasses import dataclass, field
from typing import Final

from aiohttp import web

from sessions.errors import SessionError
from sessions.invitations import TOKEN_BYTES
from sessions.plan.records import Role, RoomId
from workspace.audit.callers import SERVER, member_of
from workspace.panels.words import key, t
from workspace.server.access import HOSTING
from workspace.server.cases import case_of
from workspace.server.csrf import read_form
from workspace.server.house_key import holds_house_key
from workspace.server.terms import Terms

OPEN: Final = "/cases/open"
DELETE: Final = "/cases/delete"
UNDO: Final = "/cases/undo"

UNDO_WITHIN_S: Final = 600.0
"""The page offers it for half a minute; a slow line does not take it away."""

PARTING: Final = "the owner deleted this room"

NOT_YOURS: Final = key("Only the owner of a room can delete it.")
TOO_LATE: Final = key(
    "It is too late to undo this here. Whoever runs the server can still bring the room back."
)


@dataclass(frozen=True, slots=True)
class _Gone:
    room_id: RoomId
    place: str
    at_s: float


@dataclass(slots=True)
class Deletions:
    """What was deleted a moment ago, by the secret that undoes it."""

    gone: dict[str, _Gone] = field(default_factory=dict)

    def note(self, room_id: RoomId, place: str) -> str:
        """Remember a deletion and return its secret."""
        now = time.monotonic()
        self.gone = {it: one for it, one in self.gone.items() if now - one.at_s < UNDO_WITHIN_S}
        secret = secrets.token_urlsafe(TOKEN_BYTES)
        self.gone[secret] = _Gone(room_id, place, now)
        return secret

    def take(self, secret: str) -> _Gone | None:
        """Return what a secret undoes, once."""
        found = self.gone.pop(secret, None)
        return None if found is None or time.monotonic() - found.at_s > UNDO_WITHIN_S else found


DELETIONS: Final[web.AppKey[Deletions]] = web.AppKey("deletions", Deletions)


def add_case_routes(application: web.Application) -> None:
    """Let rooms be opened, deleted and brought back from the first page."""
    application[DELETIONS] = Deletions()
    application.router.add_post(OPEN, open_room)
    application.router.add_post(DELETE, delete)
    application.router.add_post(UNDO, undo)


async def open_room(request: web.Request) -> web.StreamResponse:
    """Lead whoever runs the server into a room, as an owner under a name that they give."""
    fields = await read_form(request)
    hosting = request.app[HOSTING]
    room_id = RoomId(fields.get("room", ""))
    if not await holds_house_key(request) or room_id not in hosting.room_ids():
        raise web.HTTPNotFound
    path = await hosting.invite_on(room_id, Terms(Role.OWNER, uses=1))
    raise web.HTTPSeeOther(path)


async def delete(request: web.Request) -> web.Response:
    """Take a room out of serving, for its owner, who may undo that."""
    fields = await read_form(request)
    case = await case_of(request, fields.get("room", ""))
    if case is None or not case.may_be_deleted:
        return web.json_response({"problem": t(NOT_YOURS)}, status=403)
    hosting = request.app[HOSTING]
    room = (await hosting.room(case.room_id)).room
    by = SERVER if case.member is None else member_of(room, case.member.member_id)
    place = await hosting.set_aside(case.room_id, PARTING, by)
    return web.json_response({"undo": request.app[DELETIONS].note(case.room_id, place)})


async def undo(request: web.Request) -> web.Response:
    """Bring back what was deleted."""
    fields = await read_form(request)
    gone = request.app[DELETIONS].take(fields.get("undo", ""))
    if gone is None:
        return web.json_response({"problem": t(TOO_LATE)}, status=410)
    try:
        await request.app[HOSTING].bring_back(gone.room_id, gone.place)
    except SessionError as error:
        return web.json_response({"problem": f"{str(error).capitalize()}."}, status=409)
    return web.json_response({"room": gone.room_id})
