"""Who leads everybody's view: started, asked for, granted, taken back. Never logged."""

from sessions.errors import ForbiddenError, RejectedCommandError
from sessions.members import may
from sessions.plan.records import MemberId, Plan, Role
from sessions.protocol import Present, Presenting


def present(now: Presenting, plan: Plan, by: MemberId, asked: Present) -> Presenting:
    """Return who leads after a member asked for something.

    Raises
    ------
    RejectedCommandError
        Not their turn; the sentence is for the one who asked.
    """
    member = plan.members.get(by)
    if member is None or by in plan.dismissed:
        raise ForbiddenError("you are not a member of this room; join by an invitation link")
    if not may(member.role, "present"):
        raise ForbiddenError(f"as {member.role.value} you may not lead the others' view")
    owner = member.role is Role.OWNER
    match asked.act:
        case "start" | "ask" if now.presenter_id in {None, by}:
            return _led_by(now, by)
        case "start" | "ask":
            return Presenting(
                presenter_id=now.presenter_id, asked=tuple(dict.fromkeys((*now.asked, by)))
            )
        case "grant":
            return _granted(now, plan, asked.member_id, allowed=owner or now.presenter_id == by)
        case "take_back":
            if not owner:
                raise ForbiddenError("only the room's owner can take the lead back")
            return _led_by(now, by)
        case "stop":
            if owner or now.presenter_id == by:
                return Presenting()
            return without(now, by)


def without(now: Presenting, member_id: MemberId) -> Presenting:
    """Return who leads once a member has gone: nobody, where it was them."""
    if now.presenter_id == member_id:
        return Presenting()
    return Presenting(
        presenter_id=now.presenter_id, asked=tuple(it for it in now.asked if it != member_id)
    )


def _granted(
    now: Presenting, plan: Plan, member_id: MemberId | None, *, allowed: bool
) -> Presenting:
    if not allowed:
        raise ForbiddenError("only who leads the view, or the room's owner, hands it over")
    if member_id is None or member_id not in plan.members or member_id in plan.dismissed:
        raise RejectedCommandError("hand the view over to a member of this room")
    if not may(plan.members[member_id].role, "present"):
        raise RejectedCommandError(f"{plan.members[member_id].name} may not lead the view")
    return _led_by(now, member_id)


def _led_by(now: Presenting, member_id: MemberId) -> Presenting:
    """Return the lead in other hands; who else asked for it goes on asking."""
    return Presenting(
        presenter_id=member_id, asked=tuple(it for it in now.asked if it != member_id)
    )
