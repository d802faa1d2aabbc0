"""What happened to that which all branches share, in plain words."""

from typing import assert_never

from sessions.plan.anatomy import AppliedCuts, applied_cuts, leaf_of, member_name, solid_of
from sessions.plan.events import (
    BranchOpened,
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
    RoomEvent,
    SegmentAdded,
    VersionApproved,
    VersionSaved,
    VersionSigned,
    VersionSuperseded,
    VersionWentStale,
)
from sessions.plan.records import AboutPoint, Plan, Thread, ThreadId, VersionId
from sessions.plan.references import name_of
from sessions.plan.talk_events import (
    CommentAdded,
    CommentEdited,
    MessageSent,
    ThreadOpened,
    ThreadResolved,
)
from sessions.plan.versioning import label_of


def room_summary(plan: Plan, event: RoomEvent) -> str:  # noqa: C901, PLR0911, PLR0912 (one line per event)
    """Return what an event did; the page puts the member's name before it."""
    match event:
        case CaseOpened():
            return "opened the case"
        case SegmentAdded(segment=segment):
            return f"added {segment.name}"
        case MemberAdmitted(member=member):
            return f"let {member.name} in as {member.role.value}"
        case RoleChanged(member_id=member_id, after=role):
            return f"made {member_name(plan, member_id)} {role.value}"
        case MemberDismissed(member_id=member_id):
            return f"sent {member_name(plan, member_id)} out of the room"
        case ClippingShared(shared=shared):
            return "shared a view inside" if shared else "ended the shared view inside"
        case FramesRecorded(frames=frames):
            twins = " and ".join(it.subject for it in frames)
            return f"noted whose left is where, of {twins}" if frames else "noted one subject"
        case ThreadOpened(thread=thread):
            return f"commented on {subject_of(plan, thread, applied_cuts(plan))}"
        case CommentAdded(thread_id=thread_id):
            return f"answered about {_thread(plan, thread_id)}"
        case CommentEdited(thread_id=thread_id, after=after):
            verb = "reworded" if after.text else "took back"
            return f"{verb} a comment about {_thread(plan, thread_id)}"
        case ThreadResolved(thread_id=thread_id, by=by):
            verb = "reopened" if by is None else "resolved"
            return f"{verb} the thread about {_thread(plan, thread_id)}"
        case MessageSent():
            return "wrote to the room"
        case VersionSaved(version=version):
            return f"saved {label_of(version)}"
        case ReviewRequested(version_id=version_id):
            return f"asked for review of {_version(plan, version_id)}"
        case ReturnedToDraft(version_id=version_id):
            return f"returned {_version(plan, version_id)} to draft"
        case VersionSigned(version_id=version_id):
            return f"signed {_version(plan, version_id)}"
        case VersionApproved(version_id=version_id):
            return f"{_version(plan, version_id)} is approved"
        case VersionSuperseded(version_id=version_id):
            return f"{_version(plan, version_id)} is superseded"
        case VersionWentStale(version_id=version_id):
            return f"{_version(plan, version_id)} is stale"
        case BranchOpened(branch=branch):
            origin = _version(plan, branch.from_version_id)
            return f"opened branch {branch.name} from {origin}"
        case ImagingReceived():
            return "received newer images"
        case ImagingConfirmed():
            return "found that the plan holds on the newer images"
        case _:
            assert_never(event)


def subject_of(plan: Plan, thread: Thread, applied: AppliedCuts) -> str:
    """Return what a thread is about, for example "Skull 1" or "Cut 2"."""
    if isinstance(thread.about, AboutPoint):
        solid = solid_of(plan, leaf_of(thread.about.anchor, applied))
        return "a point" if solid is None else solid.name
    return name_of(plan, thread.about.ref)


def _thread(plan: Plan, thread_id: ThreadId) -> str:
    thread = plan.threads.get(thread_id)
    return "something" if thread is None else subject_of(plan, thread, applied_cuts(plan))


def _version(plan: Plan, version_id: VersionId) -> str:
    version = plan.versions.get(version_id)
    return "a version" if version is None else label_of(version)
