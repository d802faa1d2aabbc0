"""Rows about who was invited, and about what was found."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sessions.invitations import Invitation
from sessions.plan.anatomy import member_name
from sessions.plan.records import MemberId, Plan
from sessions.talk_index import Talk
from workspace.binders.room_rows import moment

Row = dict[str, Any]


def invitation_rows(made: Iterable[Invitation], plan: Plan, now: datetime) -> list[Row]:
    """Return the invitations that still let somebody in, the latest first."""
    at = now.astimezone(UTC).isoformat(timespec="milliseconds")
    return [_invitation(it, plan) for it in reversed(tuple(made)) if _is_open(it, at)]


def found_rows(found: Iterable[Talk], plan: Plan) -> list[Row]:
    """Return what was found, the latest first."""
    return [
        {
            "key": f"{it.revision}:{number}",
            "kind": it.kind,
            "record_id": it.record_id,
            "revision": it.revision,
            "who": member_name(plan, it.member_id),
            "text": it.text,
        }
        for number, it in enumerate(found)
    ]


def _is_open(it: Invitation, now: str) -> bool:
    expired = it.expires_at is not None and it.expires_at <= now
    return not (it.revoked or expired or it.uses_left == 0)


def _invitation(it: Invitation, plan: Plan) -> Row:
    uses = "any number of people" if it.uses_left is None else f"{it.uses_left} more"
    until = "until it is withdrawn" if it.expires_at is None else f"until {moment(it.expires_at)}"
    return {
        "id": it.invitation_id,
        "role": it.role.value,
        "label": it.label or "no label",
        "terms": f"{uses}, {until}",
        "made_by": member_name(plan, MemberId(it.made_by)) if it.made_by else "the server",
        "came": ", ".join(member_name(plan, arrival.member_id) for arrival in it.arrivals),
    }
