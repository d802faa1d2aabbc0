"""The entries of one turn of the room, told to all its pages together, and kept for who comes back.

A turn under load records many entries, and moving a fragment changes every note on it. So the
view is compared once for the whole turn: the last entry of a frame brings what all of them changed.
A page whose connection was lost for a moment is sent the frames that it missed, not the plan.
"""

import asyncio
from collections import deque
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple, cast

import msgspec

from sessions.plan.events import RoleChanged
from sessions.plan.records import BranchId, MemberId
from sessions.protocol import Advanced
from sessions.room import Room
from sessions.telling import Told, changes_of
from workspace.server.connection import Connection
from workspace.server.frames import encoded
from workspace.server.visible import sees_talk, visible_activity, visible_changes

MAX_KEPT_BYTES: Final = 2 * 1024 * 1024
"""Of each audience; a longer absence costs a whole welcome."""


NOTICE_BYTES: Final = 1024
"""What an entry's own words take, at most about."""


class Audience(NamedTuple):
    """Those who see an entry alike, but for what they may take back."""

    branch_id: BranchId
    talk: bool


class _Frame(NamedTuple):
    """What one turn brought an audience."""

    before: int
    """The revision that it builds on."""
    notices: tuple[Advanced, ...]
    size: int
    roles_of: frozenset[MemberId]
    """Whose role was changed: they may see more or less than before, and start anew."""


class Bulletin:
    """What has been recorded and not yet told, and what was told lately.

    Parameters
    ----------
    room : Room
        Knows roles, and who may undo.
    pages : iterable of Connection
        Those who are told; looked at when it is issued.
    """

    def __init__(self, room: Room, pages: Iterable[Connection]) -> None:
        self._room = room
        self._pages = pages
        self._turn: list[Told] = []
        self._kept: dict[Audience, _Kept] = {}

    def add(self, told: Told) -> None:
        """Take an entry in; it is told when the turn that recorded it is over."""
        if not self._turn:
            asyncio.get_running_loop().call_soon(self.issue)
        self._turn.append(told)

    def issue(self) -> None:
        """Tell all pages what has been taken in."""
        turn, self._turn = self._turn, []
        if not turn:
            return
        pages = [(page, self.audience_of(page)) for page in self._pages]
        frames = {it: _frame_of(turn, it) for it in {audience for _, audience in pages}}
        told: dict[tuple[Audience, bool, bool], bytes] = {}
        for page, audience in pages:
            may = self.may_take_back(page)
            if (audience, *may) not in told:
                told[audience, *may] = b",".join(_messages(frames[audience], *may))
            page.tell_encoded(told[audience, *may])
        self._keep(frames)

    def since(self, page: Connection, revision: int) -> list[bytes] | None:
        """Return the messages that a page of that revision has missed; None: not all are kept."""
        if revision == self._room.revision:
            return []
        kept = self._kept.get(self.audience_of(page))
        missed = None if kept is None else kept.after(revision)
        if missed is None or any(page.member_id in frame.roles_of for frame in missed):
            return None
        may = self.may_take_back(page)
        return [message for frame in missed for message in _messages(frame, *may)]

    def audience_of(self, page: Connection) -> Audience:
        """Return with whom a page sees entries alike."""
        role = self._room.plan.members[page.member_id].role
        return Audience(page.branch_id, sees_talk(role))

    def may_take_back(self, page: Connection) -> tuple[bool, bool]:
        """Say whether a page's member can undo, and redo."""
        room, member_id, branch_id = self._room, page.member_id, page.branch_id
        return room.can_undo(member_id, branch_id), room.can_redo(member_id, branch_id)

    def _keep(self, frames: dict[Audience, _Frame]) -> None:
        """Keep frames without a gap, and no more than `MAX_KEPT_BYTES` for each audience.

        Where nobody is left of an audience, what was kept for it ends here.
        """
        self._kept = {it: kept for it, kept in self._kept.items() if it in frames}
        for audience, frame in frames.items():
            self._kept.setdefault(audience, _Kept()).add(frame)


class _Kept:
    """Frames that build on each other, the latest of them."""

    def __init__(self) -> None:
        self.frames: deque[_Frame] = deque()
        self._bytes = 0

    def add(self, frame: _Frame) -> None:
        self.frames.append(frame)
        self._bytes += frame.size
        while self._bytes > MAX_KEPT_BYTES:
            self._bytes -= self.frames.popleft().size

    def after(self, revision: int) -> list[_Frame] | None:
        """Return the frames that lead on from a revision, or None where they do not begin there."""
        missed = [frame for frame in self.frames if frame.before >= revision]
        return missed if missed and missed[0].before == revision else None


def _frame_of(turn: Sequence[Told], audience: Audience) -> _Frame:
    branch_id, talk = audience
    changes = _raw(visible_changes(changes_of(turn, branch_id), talk=talk))
    none = msgspec.Raw(b"[]")
    notices = tuple(
        Advanced(
            revision=told.entry.revision,
            operation_id=told.entry.operation_id,
            branch_id=told.activity.branch_id,
            activity=visible_activity(told.activity, talk=talk),
            changes=cast("Any", changes if told is turn[-1] else none),
            overwrote=told.overwrote if talk else (),
            can_undo=False,
            can_redo=False,
        )
        for told in turn
    )
    events = (event for told in turn for event in told.entry.events)
    roles_of = frozenset(it.member_id for it in events if isinstance(it, RoleChanged))
    size = len(changes) + len(notices) * NOTICE_BYTES
    return _Frame(turn[0].entry.revision - 1, notices, size, roles_of)


def _messages(frame: _Frame, can_undo: bool, can_redo: bool) -> list[bytes]:  # noqa: FBT001 (what a member may)
    replace = msgspec.structs.replace
    return [encoded(replace(it, can_undo=can_undo, can_redo=can_redo)) for it in frame.notices]


def _raw(value: object) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(value))
