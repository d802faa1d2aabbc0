"""Rules for what only the server asks: the case, its segments, its members."""

from sessions.errors import RejectedCommandError
from sessions.plan.anatomy import solid_of
from sessions.plan.commands import AddSegment, AdmitMember, ChangeRole, DismissMember, OpenCase
from sessions.plan.events import (
    CaseOpened,
    MemberAdmitted,
    MemberDismissed,
    PlanEvent,
    RoleChanged,
    SegmentAdded,
)
from sessions.plan.records import Member, MemberId, Plan, Role, SolidId
from sessions.plan.requirements import (
    MAX_NAME_CHARACTERS,
    require_colour,
    require_id,
    require_surface,
    require_text,
)

SYSTEM = MemberId("system")
"""The server itself, where it acts for nobody."""


def open_case(plan: Plan, command: OpenCase) -> tuple[PlanEvent, ...]:
    """Decide on naming the case."""
    require_text(command.title, "title", MAX_NAME_CHARACTERS)
    if (plan.title, plan.source) == (command.title, command.source):
        return ()
    if plan.source is not None:
        raise RejectedCommandError("this room holds a case already; open another room for this one")
    return (CaseOpened(title=command.title, source=command.source),)


def add_segment(plan: Plan, command: AddSegment) -> tuple[PlanEvent, ...]:
    """Decide on a new segment."""
    segment = command.segment
    require_id(segment.segment_id, "segment")
    if segment.segment_id.endswith("-"):
        raise RejectedCommandError(
            "the id of a segment must not end in a hyphen, as those of fragments do"
        )
    require_text(segment.name, "segment's name", MAX_NAME_CHARACTERS)
    require_surface(segment.surface)
    known = solid_of(plan, SolidId(segment.segment_id))
    if known is None:
        return (SegmentAdded(segment=segment),)
    if known == segment:
        return ()
    raise RejectedCommandError("a solid of that id exists already; add it under another id")


def admit_member(plan: Plan, command: AdmitMember) -> tuple[PlanEvent, ...]:
    """Decide on letting somebody in; one who is in already gets the new name, role and colour."""
    member = command.member
    require_id(member.member_id, "member")
    require_text(member.name, "name", MAX_NAME_CHARACTERS)
    require_colour(member.colour)
    if member.member_id == SYSTEM:
        raise RejectedCommandError("that member id is the server's own; use another id")
    if plan.members.get(member.member_id) == member and member.member_id not in plan.dismissed:
        return ()
    known = plan.members.get(member.member_id)
    if known is not None and member.role is not Role.OWNER:
        _require_another_owner(plan, known)
    return (MemberAdmitted(member=member),)


def change_role(plan: Plan, command: ChangeRole) -> tuple[PlanEvent, ...]:
    """Decide on another role; a room keeps an owner."""
    member = _require_member(plan, command.member_id)
    if member.member_id in plan.dismissed:
        raise RejectedCommandError(f"{member.name} is no longer a member of this room")
    if member.role is command.role:
        return ()
    if member.role is not command.expected:
        raise RejectedCommandError(
            f"{member.name} is {member.role.value} by now; look again, then change the role"
        )
    _require_another_owner(plan, member)
    return (RoleChanged(member_id=member.member_id, before=member.role, after=command.role),)


def dismiss_member(plan: Plan, command: DismissMember, at: str) -> tuple[PlanEvent, ...]:
    """Decide on sending a member away."""
    member = _require_member(plan, command.member_id)
    if member.member_id in plan.dismissed:
        return ()
    _require_another_owner(plan, member)
    return (MemberDismissed(member_id=member.member_id, at=at),)


def _require_member(plan: Plan, member_id: MemberId) -> Member:
    member = plan.members.get(member_id)
    if member is None:
        raise RejectedCommandError("there is no such member in this room")
    return member


def _require_another_owner(plan: Plan, member: Member) -> None:
    """Refuse where nobody would be left who can let others in."""
    owners = {
        it.member_id
        for it in plan.members.values()
        if it.role is Role.OWNER and it.member_id not in plan.dismissed
    }
    if owners == {member.member_id}:
        raise RejectedCommandError(
            f"{member.name} is the room's only owner; make somebody else an owner first"
        )
