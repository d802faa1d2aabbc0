"""Which operations were carried out: a repeat gets the receipt of the first time.

The log knows them all, by an index. The room keeps the latest at hand.
"""

from collections.abc import Iterable
from typing import Final

import msgspec

from sessions.errors import RejectedCommandError
from sessions.eventlog import EventLog, Idle
from sessions.plan.events import Entry
from sessions.plan.records import MemberId, OperationId

KEPT_AT_HAND: Final = 1024
"""More than the requests of a turn; a page that was away asks again for a handful."""


class Receipt(msgspec.Struct, frozen=True):
    """An operation is on disk."""

    revision: int
    """At which everybody sees it."""
    entry: Entry | None
    """None: it changed nothing."""


class Receipts:
    """The receipts of a room, by operation.

    Parameters
    ----------
    event_log : EventLog | None
        Where `fetch` finds what is no longer at hand; without one, everything is kept.
    """

    def __init__(self, event_log: EventLog | None = None, at_hand: int = KEPT_AT_HAND) -> None:
        self._log = event_log
        self._at_hand = at_hand
        self._receipts: dict[OperationId, tuple[MemberId, Receipt]] = {}
        self._refusals: dict[tuple[MemberId, OperationId], RejectedCommandError] = {}

    def add(self, member_id: MemberId, operation_id: OperationId, receipt: Receipt) -> None:
        """Give a receipt."""
        self._receipts.pop(operation_id, None)  # the latest is last
        self._receipts[operation_id] = (member_id, receipt)
        if self._log is not None and len(self._receipts) > self._at_hand:
            del self._receipts[next(iter(self._receipts))]

    async def fetch(self, operation_ids: Iterable[OperationId]) -> None:
        """Bring to hand what the log holds of these operations, before `find` is asked for them.

        Raises
        ------
        LogError
            The log cannot be read.
        """
        if self._log is None:
            return
        asked = set(operation_ids)
        at_hand = asked & self._receipts.keys()
        for operation_id in at_hand:  # the latest are the last to be dropped
            self.add(self._receipts[operation_id][0], operation_id, self._receipts[operation_id][1])
        if asked > at_hand:
            found = await self._log.recorded(asked - at_hand)
            for it in found.values():
                self._add_recorded(it)

    def find(self, member_id: MemberId, operation_id: OperationId) -> Receipt | None:
        """Return the receipt of an operation, if it was carried out and is at hand.

        Raises
        ------
        RejectedCommandError
            It is another member's.
        """
        known = self._receipts.get(operation_id)
        if known is None:
            return None
        if known[0] != member_id:
            raise RejectedCommandError(
                "this operation id is another member's; ask again under another id"
            )
        return known[1]

    def refuse(
        self, member_id: MemberId, operation_id: OperationId, refusal: RejectedCommandError
    ) -> None:
        """Remember what a member was refused: asked again, it may be possible by then.

        Somebody who undid nothing, and lost the line before the answer came, must not find that
        what they did afterwards is undone when the page asks again.
        """
        self._refusals[(member_id, operation_id)] = refusal
        if len(self._refusals) > self._at_hand:
            del self._refusals[next(iter(self._refusals))]

    def refusal(
        self, member_id: MemberId, operation_id: OperationId
    ) -> RejectedCommandError | None:
        """Return what an operation was refused with, as long as it is at hand."""
        return self._refusals.get((member_id, operation_id))

    def _add_recorded(self, it: Entry | Idle) -> None:
        entry = it if isinstance(it, Entry) else None
        self.add(it.member_id, it.operation_id, Receipt(it.revision, entry))
