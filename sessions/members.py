"""Who may ask what: a table, and everything that is not in it is forbidden."""

from collections.abc import Iterable, Mapping
from typing import Final, Literal, get_args

from sessions.errors import ForbiddenError
from sessions.plan.casework import SYSTEM
from sessions.plan.commands import (
    AdjustCut,
    AnyCommand,
    ApplyCut,
    ChangeRole,
    Command,
    ConfirmImaging,
    DismissMember,
    EditComment,
    EditMarkup,
    EditNote,
    EditSegment,
    LockRecord,
    MeasureDistance,
    MemberCommand,
    MergeRecords,
    MoveFragment,
    OpenBranch,
    OpenThread,
    PinNote,
    PlaceCut,
    PlaceMarkup,
    RecordCut,
    Redo,
    RemoveComment,
    RemoveCut,
    RemoveMarkup,
    RemoveMeasurement,
    RemoveNote,
    Rename,
    Reply,
    RequestReview,
    ResolveThread,
    ReturnToDraft,
    SaveVersion,
    SendMessage,
    ShareClipping,
    SignVersion,
    Undo,
    UnlockRecord,
)
from sessions.plan.event import Event
from sessions.plan.events import (
    CutAdjusted,
    CutApplied,
    CutPlaced,
    CutRemoved,
    CutReverted,
    FragmentMoved,
    PlanEvent,
    Renamed,
    SegmentEdited,
)
from sessions.plan.records import MemberId, Plan, Role

PALETTE: Final = ("#35a7ff", "#ff8a3d", "#5fd38d", "#c08bff", "#ffd166", "#ff7ab6")
"""The colours of members, in the order of joining."""

_TALK: Final[frozenset[type[Command]]] = frozenset(
    {OpenThread, Reply, EditComment, RemoveComment, ResolveThread, SendMessage}
)
_PINNING: Final[frozenset[type[Command]]] = frozenset(
    {
        *(PinNote, EditNote, RemoveNote, MeasureDistance, RemoveMeasurement),
        *(PlaceMarkup, EditMarkup, RemoveMarkup, ShareClipping),
        *(Undo, Redo),
    }
)
_MODELLING: Final[frozenset[type[Command]]] = frozenset({EditSegment, Rename})
_LOCKING: Final[frozenset[type[Command]]] = frozenset({LockRecord, UnlockRecord})
_PLANES: Final[frozenset[type[Command]]] = frozenset({PlaceCut, AdjustCut, RemoveCut})
_CUTTING: Final[frozenset[type[Command]]] = frozenset({ApplyCut, MoveFragment})
_VERSIONS: Final[frozenset[type[Command]]] = frozenset({SaveVersion, RequestReview, ReturnToDraft})
_BRANCHES: Final[frozenset[type[Command]]] = frozenset({OpenBranch, MergeRecords})
_SIGNING: Final[frozenset[type[Command]]] = frozenset({SignVersion})
_IMAGING: Final[frozenset[type[Command]]] = frozenset({ConfirmImaging})
_PEOPLE: Final[frozenset[type[Command]]] = frozenset({ChangeRole, DismissMember})

_SURGERY: Final = (
    _TALK
    | _PINNING
    | _MODELLING
    | _LOCKING
    | _PLANES
    | _CUTTING
    | _VERSIONS
    | _BRANCHES
    | _SIGNING
    | _IMAGING
)

ALLOWED: Final[Mapping[Role, frozenset[type[Command]]]] = {
    Role.OWNER: _SURGERY | _PEOPLE,
    Role.SURGEON: _SURGERY,
    # prepares and checks the model, but moves no bone
    Role.RADIOLOGIST: _TALK | _PINNING | _MODELLING | _LOCKING | _VERSIONS | _IMAGING,
    # learns: proposes planes, but neither cuts nor decides
    Role.TRAINEE: _TALK | _PINNING | _PLANES,
    Role.OBSERVER: frozenset(),
    Role.PATIENT: frozenset(),
}
"""Role x command. An owner may also change and remove what others made, see `plan.requirements`."""

Faculty = Literal["present", "export", "invite", "see_talk", "see_images"]

FACULTIES: Final[Mapping[Role, frozenset[Faculty]]] = {
    Role.OWNER: frozenset({"present", "export", "invite", "see_talk", "see_images"}),
    Role.SURGEON: frozenset({"present", "export", "see_talk", "see_images"}),
    Role.RADIOLOGIST: frozenset({"present", "export", "see_talk", "see_images"}),
    Role.TRAINEE: frozenset({"present", "see_talk", "see_images"}),
    Role.OBSERVER: frozenset({"see_talk", "see_images"}),
    # what colleagues say of risks is not for the patient to come upon; and whose link it is that
    # leaves the hospital gets no grey values, for a face can be made of them
    Role.PATIENT: frozenset(),
}
"""What is no command: to lead the others' view, to take the plan away, to let people in, to see
notes, comments and the history, and to see the images' grey values."""

HIDDEN_WITHOUT_TALK: Final = frozenset({"notes", "markups", "threads", "chat"})
"""Kinds of the view that somebody without "see_talk" is never sent."""

_BEHIND: Final[Mapping[type[Event], type[Command]]] = {
    CutPlaced: PlaceCut,
    CutAdjusted: AdjustCut,
    CutRemoved: RemoveCut,
    CutApplied: ApplyCut,
    CutReverted: ApplyCut,
    FragmentMoved: MoveFragment,
    SegmentEdited: EditSegment,
    Renamed: Rename,
}
"""Which command a role needs for what; whoever may ask for undo may pin and measure."""

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
    if member_id in plan.dismissed:
        raise ForbiddenError("you are no longer a member of this room; ask its owner")
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


def require_may_reverse(plan: Plan, member_id: MemberId, events: Iterable[PlanEvent]) -> None:
    """Refuse to take back, or do again, what the member's role no longer allows.

    Raises
    ------
    ForbiddenError
        Somebody who cut as a surgeon and is a trainee by now leaves the cut to others.
    """
    for event in events:
        needed = _BEHIND.get(type(event))
        if needed is not None and needed not in ALLOWED[plan.members[member_id].role]:
            raise ForbiddenError(
                f"as {plan.members[member_id].role.value} you may no longer do this or take it "
                "back; ask the room's owner for another role"
            )


def next_colour(plan: Plan) -> str:
    """Return the colour of the next member to join."""
    return PALETTE[len(plan.members) % len(PALETTE)]


def may_change_plan(role: Role) -> bool:
    """Say whether a role may cut and move: what others see under a hand must be possible."""
    return ALLOWED[role] >= _CUTTING


def may(role: Role, faculty: Faculty) -> bool:
    """Say whether a role has a faculty."""
    return faculty in FACULTIES[role]


def permissions_of(role: Role) -> tuple[str, ...]:
    """Return the types of the commands that a role may ask, and its faculties, for its page."""
    commands = {str(it.__struct_config__.tag) for it in ALLOWED[role]}
    return tuple(sorted(commands | FACULTIES[role]))
