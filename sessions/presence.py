"""What everybody does right now: the latest wins, and nothing of it is kept.

Each recipient (one open page) has its own set of members whose news it has not taken yet. One
that reads slowly finds only the newest of each member, never a queue.
"""

import asyncio
from collections.abc import Hashable

from sessions.plan.records import MemberId
from sessions.protocol import Presence

News = dict[MemberId, Presence | None]
"""The latest presence of members that changed; None: left."""


class PresenceBoard:
    """The presence of all members of one room, and who has yet to hear of it."""

    def __init__(self) -> None:
        self._latest: dict[MemberId, Presence] = {}
        self._recipients: dict[Hashable, MemberId] = {}
        self._dirty: dict[Hashable, set[MemberId]] = {}
        self._woken: dict[Hashable, asyncio.Event] = {}

    @property
    def present(self) -> tuple[MemberId, ...]:
        """The members with at least one open page, in the order of arrival."""
        return tuple(self._latest)

    def join(self, recipient: Hashable, member_id: MemberId) -> None:
        """Add an open page of a member; it will hear of all others first."""
        self._recipients[recipient] = member_id
        self._dirty[recipient] = set(self._latest) - {member_id}
        self._woken[recipient] = asyncio.Event()
        if self._dirty[recipient]:
            self._woken[recipient].set()
        if member_id not in self._latest:
            self.show(member_id, Presence())

    def leave(self, recipient: Hashable) -> None:
        """Take a page away; the member has left when it was the last one."""
        member_id = self._recipients.pop(recipient, None)
        self._dirty.pop(recipient, None)
        woken = self._woken.pop(recipient, None)
        if woken is not None:
            woken.set()
        if member_id is not None and member_id not in self._recipients.values():
            self._latest.pop(member_id, None)
            self._mark(member_id)

    def show(self, member_id: MemberId, presence: Presence) -> None:
        """Set what a member does; others hear of it when they take their news."""
        self._latest[member_id] = presence
        self._mark(member_id)

    def take(self, recipient: Hashable) -> News:
        """Return what changed for a recipient since the last time, and forget that it did."""
        dirty, self._dirty[recipient] = self._dirty.get(recipient, set()), set()
        if recipient not in self._recipients:
            del self._dirty[recipient]
            return {}
        self._woken[recipient].clear()
        return {member_id: self._latest.get(member_id) for member_id in sorted(dirty)}

    async def news(self, recipient: Hashable) -> News:
        """Wait until there is something to take, and take it; empty: the recipient has left."""
        woken = self._woken.get(recipient)
        if woken is not None:
            await woken.wait()
        return self.take(recipient)

    def _mark(self, member_id: MemberId) -> None:
        """Note that everybody else has yet to hear of a member."""
        for recipient, own_id in self._recipients.items():
            if own_id != member_id:
                self._dirty[recipient].add(member_id)
                self._woken[recipient].set()
