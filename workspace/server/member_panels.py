"""The panels of one member: follows the room, and answers the few things they may ask."""

import asyncio
import contextlib
import copy
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any, Final, Self

from sessions.members import may, may_change_plan
from sessions.plan.records import Member, Role, RoomId
from workspace.panels.page import WRITABLE, page_state
from workspace.server.access import member_path
from workspace.server.dismissals import member_now
from workspace.server.hosted_room import HostedRoom
from workspace.server.member_server import MemberServer

REFRESH_S: Final = 0.1
"""Panels follow the room at most ten times a second: text that changes faster cannot be read."""

INVITABLE: Final = (
    (Role.SURGEON, "Surgeon", "plans: notes, measures, cuts, moves, signs"),
    (Role.RADIOLOGIST, "Radiologist", "prepares the model: segments, notes, measures"),
    (Role.TRAINEE, "Trainee", "notes, measures, proposes planes; cuts nothing"),
    (Role.OBSERVER, "Observer", "sees everything, changes nothing"),
    (Role.PATIENT, "Patient", "sees the anatomy and the plan, not what is said about it"),
    (Role.OWNER, "Owner", "plans, and decides who is in the room"),
)

Invite = Callable[[RoomId, Role], Awaitable[str]]


class MemberPanels:
    """Binds one member's trame server to the room."""

    def __init__(
        self,
        hosted: HostedRoom,
        member: Member,
        template: Mapping[str, Any],
        invite: Invite,
        base_path: str = "",
    ) -> None:
        self._hosted = hosted
        self._member = member
        self._invite = invite
        self._open_pages = 0
        self._following: asyncio.Task[None] | None = None
        room_id = RoomId(hosted.room.room_id)
        self.server = MemberServer(f"{room_id}-{member.member_id}", WRITABLE)
        constants = {"me": _me(member), "base": base_path + member_path(room_id, member.member_id)}
        state = page_state(constants, self._hosted.panel_state(member.member_id))
        self.server.trame.state.update({**copy.deepcopy(dict(template)), **state})
        self.server.on_trigger("invitations", self._show_invitations)
        self.server.start()

    @contextlib.contextmanager
    def shown(self) -> Iterator[Self]:
        """Follow the room for as long as at least one page of the member shows the panels."""
        self._open_pages += 1
        if self._following is None:
            self.server.update(self._state())
            self._following = asyncio.create_task(self._follow())
        try:
            yield self
        finally:
            self._open_pages -= 1
            if self._open_pages == 0:
                self.close()

    def close(self) -> None:
        """Stop following."""
        if self._following is not None:
            self._following.cancel()
            self._following = None

    async def _follow(self) -> None:
        while True:
            await self._hosted.next_change()
            await asyncio.sleep(REFRESH_S)
            self.server.update(self._state())

    def _state(self) -> dict[str, Any]:
        return {
            **self._hosted.panel_state(self._member.member_id),
            "me": _me(member_now(self._hosted.room, self._member.member_id) or self._member),
        }

    async def _show_invitations(self) -> None:
        # as they are now: these panels may have been made for an owner who is none any more
        member = member_now(self._hosted.room, self._member.member_id)
        if member is None or not may(member.role, "invite"):
            return
        links = [
            {
                "role": role.value,
                "label": label,
                "may": able_to,
                "path": await self._invite(RoomId(self._hosted.room.room_id), role),
            }
            for role, label, able_to in INVITABLE
        ]
        self.server.update({"invitations": links, "invite_open": True})


def _me(member: Member) -> dict[str, Any]:
    return {
        "id": member.member_id,
        "name": member.name,
        "role": member.role.value,
        "editor": may_change_plan(member.role),
        "owner": member.role is Role.OWNER,
    }
