"""What happens at the door, told to whoever keeps the audit trail."""

from enum import StrEnum
from typing import Protocol


class DoorEvent(StrEnum):
    """What happened; the names are stable."""

    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
    SIGN_IN_REFUSED = "sign_in_refused"
    SECOND_FACTOR_REFUSED = "second_factor_refused"
    INVITATION_OPENED = "invitation_opened"
    JOINED = "joined"
    ACCOUNT_LOCKED = "account_locked"


class Outcome(StrEnum):
    """How it went."""

    SUCCESS = "success"
    REFUSED = "refused"


class AuditSink(Protocol):
    """Takes note of what happened at the door; what it raises refuses the request."""

    async def __call__(
        self, kind: DoorEvent, outcome: Outcome, account_or_member: str, address: str
    ) -> None:
        """Take note.

        Parameters
        ----------
        account_or_member : str
            The id of an account or member; empty where nobody is known. Never a name that was
            typed: people type their passwords there.
        address : str
            Where the request came from.
        """


async def nobody_listens(
    kind: DoorEvent, outcome: Outcome, account_or_member: str, address: str
) -> None:
    """Take no note: where no audit trail is kept."""
