"""What members wrote in an entry, for the index that is searched."""

from sessions.plan.events import (
    BranchOpened,
    Entry,
    NoteEdited,
    NotePinned,
    PlanEvent,
    ReturnedToDraft,
    VersionSaved,
)
from sessions.plan.markup_events import MarkupPlaced, MarkupReworded
from sessions.plan.talk_events import CommentAdded, CommentEdited, MessageSent, ThreadOpened
from sessions.talk_index import Talk


def talk_in(entry: Entry) -> tuple[Talk, ...]:
    """Return what was written, in the order of the entry's events."""
    return tuple(
        Talk(entry.revision, kind, record_id, entry.member_id, text)
        for event in entry.events
        for kind, record_id, text in _written(event)
        if text
    )


def _written(event: PlanEvent) -> tuple[tuple[str, str, str], ...]:  # noqa: C901, PLR0911 (one per kind)
    match event:
        case NotePinned(note=note):
            return (("note", note.note_id, note.text),)
        case NoteEdited(note_id=note_id, after=text):
            return (("note", note_id, text),)
        case MarkupPlaced(markup=markup):
            return (("markup", markup.markup_id, markup.text),)
        case MarkupReworded(markup_id=markup_id, after=text):
            return (("markup", markup_id, text),)
        case ThreadOpened(thread=thread):
            return tuple(("comment", thread.thread_id, it.text) for it in thread.comments)
        case CommentAdded(thread_id=thread_id, comment=comment):
            return (("comment", thread_id, comment.text),)
        case CommentEdited(thread_id=thread_id, after=comment):
            return (("comment", thread_id, comment.text),)
        case MessageSent(message=message):
            return (("message", message.message_id, message.text),)
        case VersionSaved(version=version):
            text = f"{version.name}\n{version.description}".strip()
            return (("version", version.version_id, text),)
        case ReturnedToDraft(version_id=version_id, reason=reason):
            return (("version", version_id, reason),)
        case BranchOpened(branch=branch):
            return (("branch", branch.branch_id, branch.name),)
        case _:
            return ()
