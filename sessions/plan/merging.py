"""Take chosen records over from a version: the events that make them as they are there."""

from sessions.errors import RejectedCommandError
from sessions.plan.commands import MergeRecords
from sessions.plan.events import PlanEvent
from sessions.plan.records import Plan


def merge(ours: Plan, theirs: Plan, command: MergeRecords) -> tuple[PlanEvent, ...]:
    """Return the events that make the chosen records of `ours` as they are in `theirs`.

    Raises
    ------
    RejectedCommandError
        A choice cannot be taken over by itself.
    """
    raise RejectedCommandError("nothing can be taken over from this version yet")
