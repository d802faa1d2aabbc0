"""What everybody does right now: the latest wins, and nothing of it is kept.

Whoever keeps up gets the same news as all others who do, in one go. For each of the rest (each is
one open page) a set of members is kept whose news it has not had; when it takes news again, it
finds only the newest of each member, never a queue.
"""

from collections.abc import Callable, Hashable
from collections.abc import Set as AbstractSet
from typing import Generic, NamedTuple, TypeVar

from sessions.plan.records import MemberId
from sessions.protocol import Presence

News = dict[MemberId, Presence | None]
"""The latest presence of members that changed; None: left."""

R = TypeVar("R", bound=Hashable)
"""An open page."""


class Share(NamedTuple, Generic[R]):
    """Those who get the same news; one's own is among it where others' is, and is ignored."""

    news: News
    recipients: list[R]


class PresenceBoard(Generic[R]):
    """The presence of all members of one room, and who has yet to hear of it."""

    def __init__(self) -> None:
        self._latest: dict[MemberId, Presence] = {}
        self._recipients: dict[R, MemberId] = {}
        self._changed: set[MemberId] = set()
        self._owed: dict[R, frozenset[MemberId]] = {}

    @property
    def present(self) -> tuple[MemberId, ...]:
        """The members with at least one open page, in the order of arrival."""
        return tuple(self._latest)

    @property
    def pages(self) -> int:
        """How many pages are open."""
        return len(self._recipients)

    @property
    def changed(self) -> AbstractSet[MemberId]:
        """Whose news those who keep up have not had."""
        return self._changed

    @property
    def owes(self) -> bool:
        """Whether anybody has yet to hear of something."""
        return bool(self._changed or self._owed)

    def of(self, member_id: MemberId) -> Presence | None:
        """Return what a member does, or None if they are not here."""
        return self._latest.get(member_id)

    def join(self, recipient: R, member_id: MemberId) -> None:
        """Add an open page of a member; it will hear of all others first."""
        self._recipients[recipient] = member_id
        others = frozenset(self._latest) - {member_id}
        if others:
            self._owed[recipient] = others
        if member_id not in self._latest:
            self.show(member_id, Presence())

    def leave(self, recipient: R) -> None:
        """Take a page away; the member has left when it was the last one."""
        member_id = self._recipients.pop(recipient, None)
        self._owed.pop(recipient, None)
        if member_id is not None and member_id not in self._recipients.values():
            self._latest.pop(member_id, None)
            self._changed.add(member_id)

    def show(self, member_id: MemberId, presence: Presence) -> None:
        """Set what a member does; others hear of it at the next deal."""
        self._latest[member_id] = presence
        self._changed.add(member_id)

    def deal(self, keeps_up: Callable[[R], bool]) -> list[Share[R]]:
        """Return what is new and who gets it; who does not keep up is owed it."""
        common, self._changed = frozenset(self._changed), set()
        shares: dict[frozenset[MemberId], list[R]] = {}
        for recipient, own_id in self._recipients.items():
            due = common | self._owed.pop(recipient, frozenset())
            if not due - {own_id}:
                continue
            if keeps_up(recipient):
                shares.setdefault(due, []).append(recipient)
            else:
                self._owed[recipient] = due
        return [Share(self._news(due), recipients) for due, recipients in shares.items()]

    def _news(self, member_ids: frozenset[MemberId]) -> News:
        return {member_id: self._latest.get(member_id) for member_id in sorted(member_ids)}
