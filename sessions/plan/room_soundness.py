"""Whether events about what all branches share make sense, where they came from elsewhere."""

from typing import assert_never

from sessions.errors import RejectedCommandError
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
from sessions.plan.records import MAIN, Comment
from sessions.plan.requirements import (
    MAX_NAME_CHARACTERS,
    SHA256_PATTERN,
    require_colour,
    require_id,
    require_note_text,
    require_surface,
    require_text,
)
from sessions.plan.surrounding import require_clipping, require_frames
from sessions.plan.talk_events import (
    CommentAdded,
    CommentEdited,
    MessageSent,
    ThreadOpened,
    ThreadResolved,
)


def require_sound_room_event(event: RoomEvent) -> None:  # noqa: C901, PLR0912 (one line per event)
    """Refuse an event that no rule would have let through, whatever the plan.

    Raises
    ------
    RejectedCommandError
        It holds an id, text, colour or hash that is none.
    """
    match event:
        case CaseOpened(title=title):
            require_text(title, "title", MAX_NAME_CHARACTERS)
        case SegmentAdded(segment=segment):
            require_id(segment.segment_id, "segment")
            require_text(segment.name, "segment's name", MAX_NAME_CHARACTERS)
            require_surface(segment.surface)
        case MemberAdmitted(member=member):
            require_id(member.member_id, "member")
            require_text(member.name, "name", MAX_NAME_CHARACTERS)
            require_colour(member.colour)
        case ThreadOpened(thread=thread):
            require_id(thread.thread_id, "thread")
            for comment in thread.comments:
                _require_sound_comment(comment)
        case CommentAdded(comment=comment) | CommentEdited(after=comment):
            _require_sound_comment(comment)
        case MessageSent(message=message):
            require_id(message.message_id, "message")
            require_note_text(message.text)
        case VersionSaved(version=version):
            require_id(version.version_id, "version")
            require_text(version.name, "version's name", MAX_NAME_CHARACTERS)
            _require_hash(version.content_hash)
        case VersionSigned(signature=signature):
            _require_hash(signature.content_hash)
        case BranchOpened(branch=branch):
            require_id(branch.branch_id, "branch")
            if branch.branch_id == MAIN:
                raise RejectedCommandError("the main branch is there from the first; none opens it")
            require_text(branch.name, "branch's name", MAX_NAME_CHARACTERS)
        case ImagingReceived(imaging=imaging):
            require_id(imaging.imaging_id, "imaging")
        case ClippingShared(shared=shared):
            if shared is not None:
                require_clipping(shared.clipping)
        case FramesRecorded(frames=frames):
            require_frames(frames)
        case (
            RoleChanged()
            | MemberDismissed()
            | ThreadResolved()
            | ReviewRequested()
            | ReturnedToDraft()
            | VersionApproved()
            | VersionSuperseded()
            | VersionWentStale()
            | ImagingConfirmed()
        ):
            pass
        case _:
            assert_never(event)


def _require_sound_comment(comment: Comment) -> None:
    require_id(comment.comment_id, "comment")
    if comment.text:
        require_note_text(comment.text)


def _require_hash(text: str) -> None:
    if not SHA256_PATTERN.fullmatch(text):
        raise RejectedCommandError("the hash of a version must be 64 hexadecimal digits")
