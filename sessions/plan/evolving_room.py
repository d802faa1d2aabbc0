"""What events make of that which all branches share: talk, versions, members. Pure."""

from typing import Final, TypeVar, assert_never

from msgspec.structs import replace

from sessions.plan.events import (
    BranchOpened,
    CaseEvent,
    CaseOpened,
    ClippingShared,
    FramesRecorded,
    ImagingConfirmed,
    ImagingReceived,
    MemberAdmitted,
    MemberDismissed,
    ReturnedToDraft,
    ReviewRequested,
    RoleChanged,
    SegmentAdded,
    TalkEvent,
    VersionApproved,
    VersionEvent,
    VersionSaved,
    VersionSigned,
    VersionSuperseded,
    VersionWentStale,
)
from sessions.plan.records import MemberId, Plan, VersionId, VersionState
from sessions.plan.talk_events import (
    CommentAdded,
    CommentEdited,
    MessageSent,
    ThreadOpened,
    ThreadResolved,
)

Key = TypeVar("Key")
Value = TypeVar("Value")

CHAT_SHOWN: Final = 200
"""Messages that a plan holds; older ones are found in the log."""

_STATES: Final = {
    ReviewRequested: VersionState.IN_REVIEW,
    ReturnedToDraft: VersionState.DRAFT,
    VersionApproved: VersionState.APPROVED,
    VersionSuperseded: VersionState.SUPERSEDED,
    VersionWentStale: VersionState.STALE,
}


def evolve_case(plan: Plan, event: CaseEvent) -> Plan:  # noqa: PLR0911 (one per event)
    """Return the plan after something about the case or its members."""
    match event:
        case CaseOpened(title=title, source=source):
            return replace(plan, title=title, source=source)
        case SegmentAdded(segment=segment):
            return replace(plan, segments={**plan.segments, segment.segment_id: segment})
        case MemberAdmitted(member=member):
            dismissed = {key: at for key, at in plan.dismissed.items() if key != member.member_id}
            members = {**plan.members, member.member_id: member}
            known = plan.members.get(member.member_id)
            if known is not None and known.role is not member.role:
                plan = _let_go_by(plan, member.member_id)
            return replace(plan, members=members, dismissed=dismissed)
        case RoleChanged(member_id=member_id, after=role):
            members = changed(plan.members, member_id, role=role)
            return replace(_let_go_by(plan, member_id), members=members)
        case MemberDismissed(member_id=member_id, at=at):
            dismissed = {**plan.dismissed, member_id: at}
            return replace(_let_go_by(plan, member_id), dismissed=dismissed)
        case ClippingShared(shared=shared):
            return replace(plan, clipping=shared)
        case FramesRecorded(frames=frames):
            return replace(plan, frames=frames)
        case _:
            assert_never(event)


def _let_go_by(plan: Plan, member_id: MemberId) -> Plan:
    """Let go of a member's locks, who may no longer be there to do it or be allowed to."""
    locks = {key: lock for key, lock in plan.locks.items() if lock.member_id != member_id}
    return plan if len(locks) == len(plan.locks) else replace(plan, locks=locks)


def evolve_talk(plan: Plan, event: TalkEvent) -> Plan:
    """Return the plan after somebody said something."""
    match event:
        case ThreadOpened(thread=thread):
            return replace(plan, threads={**plan.threads, thread.thread_id: thread})
        case CommentAdded(thread_id=thread_id, comment=comment):
            known = plan.threads.get(thread_id)
            comments = (*known.comments, comment) if known else ()
            return replace(plan, threads=changed(plan.threads, thread_id, comments=comments))
        case CommentEdited(thread_id=thread_id, after=after):
            known = plan.threads.get(thread_id)
            comments = tuple(
                after if it.comment_id == after.comment_id else it
                for it in (known.comments if known else ())
            )
            return replace(plan, threads=changed(plan.threads, thread_id, comments=comments))
        case ThreadResolved(thread_id=thread_id, by=by):
            return replace(plan, threads=changed(plan.threads, thread_id, resolved_by=by))
        case MessageSent(message=message):
            chat = {**plan.chat, message.message_id: message}
            latest = list(chat.items())[-CHAT_SHOWN:]
            return replace(plan, chat=dict(latest))
        case _:
            assert_never(event)


def evolve_versions(plan: Plan, event: VersionEvent) -> Plan:  # noqa: PLR0911 (one per event)
    """Return the plan after something about versions, branches or newer images."""
    match event:
        case VersionSaved(version=version):
            saved = replace(plan, versions={**plan.versions, version.version_id: version})
            if version.branch_id != plan.branch_id:
                return saved
            return replace(saved, base_version_id=version.version_id, edited=False)
        case VersionSigned(version_id=version_id, signature=signature):
            known = plan.versions.get(version_id)
            signatures = (*known.signatures, signature) if known else ()
            return replace(plan, versions=changed(plan.versions, version_id, signatures=signatures))
        case ReturnedToDraft(version_id=version_id):
            draft = {"state": VersionState.DRAFT, "signatures": ()}
            return replace(plan, versions=changed(plan.versions, version_id, **draft))
        case (
            ReviewRequested(version_id=version_id)
            | VersionApproved(version_id=version_id)
            | VersionSuperseded(version_id=version_id)
            | VersionWentStale(version_id=version_id)
        ):
            return _in_state(plan, version_id, _STATES[type(event)])
        case BranchOpened(branch=branch):
            return replace(plan, branches={**plan.branches, branch.branch_id: branch})
        case ImagingReceived(imaging=imaging):
            return replace(plan, imaging={**plan.imaging, imaging.imaging_id: imaging})
        case ImagingConfirmed(imaging_id=imaging_id, member_id=member_id):
            imaging_after = changed(plan.imaging, imaging_id, confirmed_by=member_id)
            return replace(plan, imaging=imaging_after)
        case _:
            assert_never(event)


def changed(records: dict[Key, Value], key: Key, **fields: object) -> dict[Key, Value]:
    """Return the records with some fields of one changed, or as they are where it is not there."""
    if key not in records:
        return records
    return {**records, key: replace(records[key], **fields)}  # type: ignore[type-var]


def _in_state(plan: Plan, version_id: VersionId, state: VersionState) -> Plan:
    return replace(plan, versions=changed(plan.versions, version_id, state=state))
