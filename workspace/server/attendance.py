"""Whose sockets are open, and under which sign-in: what ends, closes at once."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sessions.plan.records import MemberId, RoomId

End = Callable[[str], None]
"""Closes a socket, after a last sentence where its protocol has one."""


@dataclass(slots=True, eq=False)
class Present:
    """An open socket."""

    room_id: RoomId
    member_id: MemberId
    session: str | None
    end: End
    is_used: bool = False

    def use(self) -> None:
        """Note that somebody is there, and not only their page."""
        self.is_used = True


class Attendance:
    """The open sockets of a server."""

    def __init__(self) -> None:
        self._present: set[Present] = set()

    @contextlib.contextmanager
    def of(
        self, room_id: RoomId, member_id: MemberId, session: str | None, end: End
    ) -> Iterator[Present]:
        """Count a socket for the length of the block.

        Parameters
        ----------
        session : str or None
            What the sign-in is stored as, of a member who has an account.
        end : callable
            Called when the member or the sign-in may be here no longer; must not block.
        """
        present = Present(room_id, member_id, session, end)
        self._present.add(present)
        try:
            yield present
        finally:
            self._present.discard(present)

    @property
    def sessions(self) -> frozenset[str]:
        """The sign-ins under which something is open."""
        return frozenset(it.session for it in self._present if it.session is not None)

    def take_used(self) -> frozenset[str]:
        """Return the sign-ins that were used since this was asked last."""
        used = [it for it in self._present if it.is_used]
        for present in used:
            present.is_used = False
        return frozenset(it.session for it in used if it.session is not None)

    def end_member(self, room_id: RoomId, member_id: MemberId, reason: str) -> None:
        """Close what a member has open in a room."""
        self._end(lambda it: (it.room_id, it.member_id) == (room_id, member_id), reason)

    def end_session(self, session: str, reason: str) -> None:
        """Close what is open under a sign-in."""
        self._end(lambda it: it.session == session, reason)

    def _end(self, concerns: Callable[[Present], bool], reason: str) -> None:
        for present in [it for it in self._present if concerns(it)]:
            present.end(reason)
