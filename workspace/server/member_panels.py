"""The panels of one member: follows the room, and answers the few things they may ask."""

import asyncio
import contextlib
import copy
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, Final, Protocol, Self

import msgspec

from sessions.errors import RejectedCommandError
from sessions.invitations import Invitation
from sessions.members import Faculty, may, may_change_plan, permissions_of
from sessions.plan.records import Member, Role, RoomId
from sessions.room import utc_now
from workspace.binders.anatomy_colours import meaning_rows
from workspace.binders.comparison import compared
from workspace.binders.invitation_rows import found_rows, invitation_rows
from workspace.panels.page import WRITABLE, page_state
from workspace.server.access import member_path
from workspace.server.dismissals import member_now
from workspace.server.hosted_room import HostedRoom
from workspace.server.member_server import MemberServer
from workspace.server.terms import Terms

REFRESH_S: Final = 0.1
"""Panels follow the room at most ten times a second: text that changes faster cannot be read."""

MAX_DAYS: Final = 365
MAX_USES: Final = 1000
MAX_LABEL: Final = 100
MAX_SOUGHT: Final = 200


class Inviting(Protocol):
    """Makes and ends invitations."""

    async def invite_on(self, room_id: RoomId, terms: Terms, made_by: str = "") -> str:
        """Return the path of a new link."""

    async def invitations(self, room_id: RoomId) -> tuple[Invitation, ...]:
        """Return all invitations of a room."""

    async def revoke_invitation(self, room_id: RoomId, invitation_id: str) -> None:
        """End one."""


class MemberPanels:
    """Binds one member's trame server to the room."""

    def __init__(
        self,
        hosted: HostedRoom,
        member: Member,
        template: Mapping[str, Any],
        inviting: Inviting,
        base_path: str = "",
    ) -> None:
        self._hosted = hosted
        self._member = member
        self._inviting = inviting
        self._open_pages = 0
        self._sent: dict[str, Any] = {}
        self._following: asyncio.Task[None] | None = None
        room_id = RoomId(hosted.room.room_id)
        self.server = MemberServer(f"{room_id}-{member.member_id}", WRITABLE)
        constants = {
            "meanings": msgspec.to_builtins(meaning_rows()),
            "roles": [role.value for role in Role],
            "me": _me(member),
            "base": base_path + member_path(room_id, member.member_id),
        }
        state = page_state(constants, self._hosted.panel_state(member.member_id))
        self.server.trame.state.update({**copy.deepcopy(dict(template)), **state})
        for name, call in (
            ("invitations", self._show_invitations),
            ("make_link", self._make_link),
            ("revoke_link", self._revoke_link),
            ("compare", self._compare),
            ("search", self._search),
        ):
            self.server.on_trigger(name, call)
        self.server.start()

    @contextlib.contextmanager
    def shown(self) -> Iterator[Self]:
        """Follow the room for as long as at least one page of the member shows the panels."""
        self._open_pages += 1
        if self._following is None:
            self._send_changes()
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
            self._send_changes()

    def _send_changes(self) -> None:
        """Send what is another object than last time; the room's rows are kept where equal."""
        state = self._state()
        changed = {key: of for key, of in state.items() if of is not self._sent.get(key)}
        self._sent = state
        self.server.update(changed)

    def _state(self) -> dict[str, Any]:
        return {
            **self._hosted.panel_state(self._member.member_id),
            "me": _me(member_now(self._hosted.room, self._member.member_id) or self._member),
        }

    def _may(self, faculty: Faculty) -> bool:
        # as they are now: these panels may have been made for one who has another role by now
        member = member_now(self._hosted.room, self._member.member_id)
        return member is not None and may(member.role, faculty)

    async def _show_invitations(self) -> None:
        if self._may("invite"):
            rows = await self._invitation_rows()
            self.server.update({"invitations": rows, "new_link": None, "invite_open": True})

    async def _make_link(self, role: str, days: int, uses: int, label: str) -> None:
        """Make a link; 0 days: without end, 0 uses: for any number."""
        if not self._may("invite") or role not in set(Role) or len(label) > MAX_LABEL:
            return
        if not (0 <= int(days) <= MAX_DAYS and 0 <= int(uses) <= MAX_USES):
            return
        terms = Terms(
            Role(role), label, timedelta(days=int(days)) if int(days) else None, int(uses) or None
        )
        path = await self._inviting.invite_on(self._room_id, terms, self._member.member_id)
        link = {"path": path, "role": role, "label": label}
        self.server.update({"invitations": await self._invitation_rows(), "new_link": link})

    async def _revoke_link(self, invitation_id: str) -> None:
        if self._may("invite"):
            await self._inviting.revoke_invitation(self._room_id, str(invitation_id))
            self.server.update({"invitations": await self._invitation_rows()})

    async def _invitation_rows(self) -> list[dict[str, Any]]:
        made = await self._inviting.invitations(self._room_id)
        return invitation_rows(made, self._hosted.room.plan, utc_now())

    async def _compare(self, one: str, other: str) -> None:
        if not self._may("see_talk"):
            return
        try:
            found = compared(self._hosted.room, str(one), str(other))
        except RejectedCommandError as error:
            news: dict[str, Any] = {"comparison": None, "compare_problem": str(error)}
        else:
            news = {"comparison": found, "compare_problem": ""}
        self.server.update({**news, "chosen": [], "compare_open": True})

    async def _search(self, text: str) -> None:
        if self._may("see_talk") and str(text).strip():
            found = await self._hosted.room.search(str(text)[:MAX_SOUGHT])
            self.server.update({"found": found_rows(found, self._hosted.room.plan)})

    @property
    def _room_id(self) -> RoomId:
        return RoomId(self._hosted.room.room_id)


def _me(member: Member) -> dict[str, Any]:
    return {
        "id": member.member_id,
        "name": member.name,
        "role": member.role.value,
        "editor": may_change_plan(member.role),
        "owner": member.role is Role.OWNER,
        "may": list(permissions_of(member.role)),
    }
