"""What a page is told when it comes: the whole plan, or what is new since it was last here."""

from typing import Any, cast

import msgspec

from sessions.members import permissions_of
from sessions.plan.records import MemberId
from sessions.protocol import PROTOCOL_VERSION, Presenting, Resumed, Seen, Welcome
from sessions.room import Room
from workspace.server.bulletin import Audience, Bulletin
from workspace.server.connection import Connection
from workspace.server.frames import encoded
from workspace.server.visible import visible_activity, visible_view

ACTIVITY_SHOWN = 50


class Greeting:
    """Greets the pages of one room.

    Parameters
    ----------
    room : Room
        What there is to show.
    boot_id : str
        Differs from one start of the server to the next.
    bulletin : Bulletin
        Keeps what was told lately.
    """

    def __init__(self, room: Room, boot_id: str, bulletin: Bulletin) -> None:
        self._room = room
        self._boot_id = boot_id
        self._bulletin = bulletin
        self._at = -1
        self._state_hash = ""
        self._views: dict[Audience, msgspec.Raw] = {}

    def welcome(
        self, page: Connection, present: tuple[MemberId, ...], presenting: Presenting
    ) -> bytes:
        """Return the whole plan; what all pages are sent alike is made once for each revision."""
        room = self._room
        audience = self._bulletin.audience_of(page)
        role = room.plan.members[page.member_id].role
        can_undo, can_redo = self._bulletin.may_take_back(page)
        shown = room.activity(ACTIVITY_SHOWN)
        view = self._view(audience)
        return encoded(
            Welcome(
                protocol=PROTOCOL_VERSION,
                boot_id=self._boot_id,
                room_id=room.room_id,
                member_id=page.member_id,
                role=role,
                may=permissions_of(role),
                branch_id=page.branch_id,
                revision=room.revision,
                state_hash=self._state_hash,
                view=cast("Any", view),
                present=present,
                presenting=presenting,
                activity=tuple(visible_activity(it, talk=audience.talk) for it in shown),
                can_undo=can_undo,
                can_redo=can_redo,
            )
        )

    def resumed(
        self,
        page: Connection,
        seen: Seen,
        present: tuple[MemberId, ...],
        presenting: Presenting,
    ) -> list[bytes] | None:
        """Return what a page has missed, or None where it must be shown the whole plan."""
        if seen.boot_id != self._boot_id:
            return None
        missed = self._bulletin.since(page, seen.revision)
        if missed is None:
            return None
        role = self._room.plan.members[page.member_id].role
        can_undo, can_redo = self._bulletin.may_take_back(page)
        resumed = Resumed(
            boot_id=self._boot_id,
            branch_id=page.branch_id,
            revision=self._room.revision,
            role=role,
            may=permissions_of(role),
            present=present,
            presenting=presenting,
            can_undo=can_undo,
            can_redo=can_redo,
        )
        return [encoded(resumed), *missed]

    def _view(self, audience: Audience) -> msgspec.Raw:
        room = self._room
        if self._at != room.revision:
            self._at, self._views, self._state_hash = room.revision, {}, room.state_hash
        if audience not in self._views:
            view = visible_view(room.view(audience.branch_id), talk=audience.talk)
            self._views[audience] = msgspec.Raw(msgspec.json.encode(view))
        return self._views[audience]
