"""What was said; never edited either, see `sessions.plan.events`."""

from sessions.plan.event import Event
from sessions.plan.records import ChatMessage, Comment, MemberId, Thread, ThreadId


class ThreadOpened(Event, frozen=True, tag="thread_opened"):
    """Somebody said something about something."""

    thread: Thread


class CommentAdded(Event, frozen=True, tag="comment_added"):
    """Somebody answered in a thread."""

    thread_id: ThreadId
    comment: Comment


class CommentEdited(Event, frozen=True, tag="comment_edited"):
    """A comment was worded otherwise, or taken back: then `after` has no text."""

    thread_id: ThreadId
    before: Comment
    after: Comment


class ThreadResolved(Event, frozen=True, tag="thread_resolved"):
    """A thread was closed; by None: opened again."""

    thread_id: ThreadId
    by: MemberId | None


class MessageSent(Event, frozen=True, tag="message_sent"):
    """Somebody said something to the room."""

    message: ChatMessage
