"""Who may ask what: a table, and everything that is not in it is forbidden."""

from collections.abc import Mapping
from typing import Final, get_args

from sessions.errors import ForbiddenError
from sessions.plan.casework import SYSTEM
from sessions.plan.commands import (
    AdjustCut,
    AnyCommand,
    ApplyCut,
    Command,
    EditNote,
    MeasureDistance,
    MemberCommand,
    MoveFragment,
    PinNote,
    PlaceCut,
    RecordCut,
    Redo,
    RemoveCut,
    RemoveMeasurement,
    RemoveNote,
    Undo,
)
from sessions.plan.records import MemberId, Plan, Role

PALETTE: Final = ("#35a7ff", "#ff8a3d", "#5fd38d", "#c08bff", "#ffd166", "#ff7ab6")
"""The colours of members, in the order of joining."""

_PLANNING: Final[frozenset[type[Command]]] = frozenset(
    {
        PinNote,
        EditNote,
        RemoveNote,
        MeasureDistance,
        RemoveMeasurement,
        PlaceCut,
        AdjustCut,
        RemoveCut,
        ApplyCut,
        MoveFragment,
        Undo,
        Redo,
    }
)

ALLOWED: Final[Mapping[Role, frozenset[type[Command]]]] = {
    Role.OWNER: _PLANNING,
    Role.SURGEON: _PLANNING,
    Role.OBSERVER: frozenset(),
}
"""Role x command. An owner may also change and remove what others made, see `plan.requirements`."""

_MEMBER_COMMANDS: Final = frozenset(get_args(MemberCommand))


def require_allowed(plan: Plan, member_id: MemberId, command: AnyCommand) -> None:
    """Refuse a command that the member's role does not allow.

    The server itself asks what no member can, and nothing else.

    Raises
    ------
    ForbiddenError
        The table does not allow it.
    """
    if member_id == SYSTEM:
        if type(command) in _MEMBER_COMMANDS:
            raise ForbiddenError("the server plans nothing; a member has to ask for this")
        return
    member = plan.members.get(member_id)
    if member is None:
        raise ForbiddenError("you are not a member of this room; join by an invitation link")
    if type(command) not in ALLOWED[member.role]:
        raise ForbiddenError(
            f"as {member.role.value} you may not do this; ask the room's owner for another role"
        )


def require_may_record(plan: Plan, member_id: MemberId, command: AnyCommand) -> None:
    """Refuse a server's command on behalf of a member: only a cut that the member may apply."""
    if member_id != SYSTEM and not isinstance(command, RecordCut):
        raise ForbiddenError("only the server may do this, for nobody")
    if isinstance(command, RecordCut) and member_id != SYSTEM:
        require_allowed(plan, member_id, ApplyCut(cut_id=command.cut_id))
    else:
        require_allowed(plan, member_id, command)


def next_colour(plan: Plan) -> str:
    """Return the colour of the next member to join."""
    return PALETTE[len(plan.members) % len(PALETTE)]


def may_change_plan(role: Role) -> bool:
    """Say whether a role may ask for anything at all that changes the plan."""
    return bool(ALLOWED[role])
