"""What a member is sent of a branch: all of it, or without what is said about it."""

from collections.abc import Iterable

from sessions.members import HIDDEN_WITHOUT_TALK, may
from sessions.plan.records import Role
from sessions.plan.view import View
from sessions.protocol import Activity, Change


def sees_talk(role: Role) -> bool:
    """Say whether a role sees notes, comments and what happened."""
    return may(role, "see_talk")


def visible_view(view: View, *, talk: bool) -> View:
    """Return a view as somebody sees it; hidden kinds are there, and empty."""
    if talk:
        return view
    return {kind: {} if kind in HIDDEN_WITHOUT_TALK else of for kind, of in view.items()}


def visible_changes(changes: Iterable[Change], *, talk: bool) -> tuple[Change, ...]:
    """Return the changes that somebody sees."""
    return tuple(it for it in changes if talk or it.kind not in HIDDEN_WITHOUT_TALK)


def visible_activity(activity: Activity, *, talk: bool) -> Activity:
    """Return an entry of the log as somebody reads it: without words, where talk is hidden."""
    if talk:
        return activity
    return Activity(
        revision=activity.revision,
        member_id=activity.member_id,
        at=activity.at,
        summary="worked on the plan",
        branch_id=activity.branch_id,
    )
