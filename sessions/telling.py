"""What a room's subscribers are told of an entry."""

from collections.abc import Sequence

from sessions.plan.records import BranchId
from sessions.plan.view import changes_between
from sessions.protocol import Change
from sessions.state import Line, State, Step


class Told:
    """An entry, and what it made of the room.

    Parameters
    ----------
    step : Step
        The entry with the state after it.
    before : State
        The state before it.
    """

    def __init__(self, step: Step, before: State) -> None:
        self.entry = step.entry
        self.activity = step.activity
        self.overwrote = step.overwrote
        self.state = step.state
        self.before = before
        self._changes: dict[BranchId, tuple[Change, ...]] = {}

    def changes(self, branch_id: BranchId) -> tuple[Change, ...]:
        """Return what the entry changed in the view of a branch; computed once for each."""
        if branch_id not in self._changes:
            before = self.before.lines.get(branch_id, Line()).plan
            self._changes[branch_id] = changes_between(before, self.state.lines[branch_id].plan)
        return self._changes[branch_id]


def changes_of(turn: Sequence[Told], branch_id: BranchId) -> tuple[Change, ...]:
    """Return what entries that follow each other changed together in the view of a branch."""
    if len(turn) == 1:
        return turn[0].changes(branch_id)
    before = turn[0].before.lines.get(branch_id, Line()).plan
    return changes_between(before, turn[-1].state.lines[branch_id].plan)
