"""What an invitation is for, and when it ends."""

from dataclasses import dataclass
from datetime import timedelta

from sessions.plan.records import Role


@dataclass(frozen=True, slots=True)
class Terms:
    """What an invitation is for, and when it ends."""

    role: Role
    label: str = ""
    """Whom it is for."""
    lasts: timedelta | None = None
    """None: for good."""
    uses: int | None = None
    """None: any number."""
