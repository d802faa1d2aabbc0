"""Two versions, or a version and a branch as it is now, side by side: rows for the dialog."""

from typing import Any, Final

from sessions.errors import RejectedCommandError
from sessions.plan.anatomy import member_name
from sessions.plan.comparing import Difference, compare
from sessions.plan.records import BranchId, Plan, VersionId
from sessions.plan.versioning import label_of
from sessions.room import Room
from sessions.state import Kept

NOW: Final = "now:"
"""Before a branch's id: the branch as it is now; anything else is a version's id."""


def compared(room: Room, one: str, other: str) -> dict[str, Any]:
    """Return what differs from one side to the other, for people.

    Raises
    ------
    RejectedCommandError
        There is no such version or branch.
    """
    found = compare(_side(room, one), _side(room, other))
    return {
        "one": {"id": one, "label": _label(room, one)},
        "other": {"id": other, "label": _label(room, other)},
        "rows": [_row(room.plan, it) for it in found.differences],
    }


def _side(room: Room, name: str) -> Kept:
    if name.startswith(NOW):
        line = room.state.line(BranchId(name.removeprefix(NOW)))
        return Kept(line.plan, line.ledger.latest)
    return room.state.version(VersionId(name))


def _label(room: Room, name: str) -> str:
    plan = room.plan
    if not name.startswith(NOW):
        version = plan.versions.get(VersionId(name))
        if version is None:
            raise RejectedCommandError("there is no such version in this room")
        return label_of(version)
    branch = plan.branches.get(BranchId(name.removeprefix(NOW)))
    return f"{branch.name if branch else 'main'}, now"


def _row(plan: Plan, it: Difference) -> dict[str, Any]:
    return {
        "key": f"{it.ref.kind}:{it.ref.record_id}",
        "kind": it.ref.kind,
        "record_id": it.ref.record_id,
        "what": it.what,
        "name": it.name,
        "sentence": it.sentence,
        "who": "" if it.member_id is None else member_name(plan, it.member_id),
        "did": it.did,
    }
