"""The rooms that somebody may see on the first page, and as whom: members' rooms, no others."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from aiohttp import web

from sessions.errors import InvitationError, SessionError
from sessions.members import may
from sessions.plan.records import Member, Role, RoomId
from sessions.plan.status import status_of
from sessions.room import Room
from workspace.panels.words import t
from workspace.server.access import HOSTING, session_of
from workspace.server.hosting import Hosting
from workspace.server.house_key import holds_house_key
from workspace.server.keyring import held_in

UNTITLED: Final = "A planning room"


@dataclass(frozen=True, slots=True)
class Case:
    """What the first page says of a room."""

    room_id: RoomId
    title: str
    member: Member | None
    """As whom one may come in; None: whoever runs the server, who is no member yet."""
    modality: str
    acquired_on: str
    colleagues: tuple[Member, ...]
    """Nobody for a patient, whom the others' names do not concern."""
    state: str
    changed_at: str
    opened_at: str
    """ISO 8601; empty: never by this one."""

    @property
    def may_be_deleted(self) -> bool:
        """Whether it is theirs to delete."""
        return self.member is None or self.member.role is Role.OWNER


async def cases_of(request: web.Request) -> tuple[Case, ...]:
    """Return the rooms of whoever asks, the last opened first.

    By their account, by the rooms that this browser has joined without one, and all of them for
    whoever runs the server.
    """
    hosting = request.app[HOSTING]
    found = await _of_account(request, hosting) or await _of_browser(request, hosting)
    if await holds_house_key(request):
        known = {it.room_id for it in found}
        found += [it async for it in _all_others(hosting, known)]
    return tuple(sorted(found, key=lambda it: it.opened_at or it.changed_at, reverse=True))


async def case_of(request: web.Request, room_id: str) -> Case | None:
    """Return one of the rooms of whoever asks; where they are several members, as the first."""
    return next((it for it in await cases_of(request) if it.room_id == room_id), None)


async def _of_account(request: web.Request, hosting: Hosting) -> list[Case]:
    session = await session_of(request)
    if session is None:
        return []
    places = await hosting.places_of(session.account.account_id)
    return [
        _case((await hosting.room(it.room_id)).room, it.member, it.last_opened_at) for it in places
    ]


async def _of_browser(request: web.Request, hosting: Hosting) -> list[Case]:
    found = []
    for held in held_in(request):
        with contextlib.suppress(InvitationError, SessionError):
            hosted, member = await hosting.member_of(held.room_id, held.member_id, held.secret)
            opened_at = datetime.fromtimestamp(held.opened_at_s, UTC).isoformat()
            found.append(_case(hosted.room, member, opened_at))
    return found


async def _all_others(hosting: Hosting, known: set[RoomId]) -> AsyncIterator[Case]:
    for room_id in hosting.room_ids():
        if room_id not in known:
            with contextlib.suppress(SessionError):
                yield _case((await hosting.room(room_id)).room, None, "")


def _case(room: Room, member: Member | None, opened_at: str) -> Case:
    plan, source = room.plan, room.plan.source
    latest = room.activity(1)
    sees_names = member is None or may(member.role, "see_talk")
    present = (it for it in plan.members.values() if it.member_id not in plan.dismissed)
    return Case(
        room_id=RoomId(room.room_id),
        title=plan.title or t(UNTITLED),
        member=member,
        modality="" if source is None else source.modality,
        acquired_on="" if source is None else source.acquired_on or "",
        colleagues=tuple(present) if sees_names else (),
        state=status_of(plan).state.value,
        changed_at=latest[-1].at if latest else "",
        opened_at=opened_at,
    )
