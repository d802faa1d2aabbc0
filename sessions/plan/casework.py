"""Rules for what only the server asks: the case, its segments, its members."""

from sessions.errors import RejectedCommandError
from sessions.plan.anatomy import solid_of
from sessions.plan.commands import AddSegment, AdmitMember, OpenCase
from sessions.plan.events import CaseOpened, MemberAdmitted, PlanEvent, SegmentAdded
from sessions.plan.records import MemberId, Plan, SolidId
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
    if plan.members.get(member.member_id) == member:
        return ()
    return (MemberAdmitted(member=member),)
