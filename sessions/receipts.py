"""Which operations were carried out: a repeat gets the receipt of the first time."""

import msgspec

from sessions.errors import RejectedCommandError
from sessions.eventlog import History
from sessions.plan.events import Entry
from sessions.plan.records import MemberId, OperationId


class Receipt(msgspec.Struct, frozen=True):
    """An operation is on disk."""

    revision: int
    """At which everybody sees it."""
    entry: Entry | None
    """None: it changed nothing."""


class Receipts:
    """The receipts of a room, by operation."""

    def __init__(self) -> None:
        self._receipts: dict[OperationId, tuple[MemberId, Receipt]] = {}

    def add_history(self, history: History) -> None:
        """Give receipts for all that a log holds."""
        for entry in history.entries:
            self.add(entry.member_id, entry.operation_id, Receipt(entry.revision, entry))
        for idle in history.idle:
            self.add(idle.member_id, idle.operation_id, Receipt(idle.revision, None))

    def add(self, member_id: MemberId, operation_id: OperationId, receipt: Receipt) -> None:
        """Give a receipt."""
        self._receipts[operation_id] = (member_id, receipt)

    def find(self, member_id: MemberId, operation_id: OperationId) -> Receipt | None:
        """Return the receipt of an operation, if it was carried out.

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
