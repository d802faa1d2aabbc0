"""Rules for what members say: threads about the anatomy or a step, and the room's chat."""

from typing import Final

from msgspec.structs import replace

from sessions.errors import RejectedCommandError
from sessions.plan.anatomy import member_name, root_of
from sessions.plan.commands import (
    EditComment,
    OpenThread,
    RemoveComment,
    Reply,
    ResolveThread,
    SendMessage,
)
from sessions.plan.events import PlanEvent
from sessions.plan.records import (
    AboutPoint,
    AboutRecord,
    ChatMessage,
    Comment,
    CommentId,
    MemberId,
    Plan,
    Thread,
    ThreadId,
)
from sessions.plan.references import require_record
from sessions.plan.requirements import (
    require_anchor,
    require_id,
    require_note_text,
    require_room_for_one,
)
from sessions.plan.talk_events import (
    CommentAdded,
    CommentEdited,
    MessageSent,
    ThreadOpened,
    ThreadResolved,
)

MAX_COMMENTS: Final = 500
"""In a thread; a longer one is read by nobody."""

MAX_MENTIONS: Final = 50


def open_thread(plan: Plan, command: OpenThread, by: MemberId, at: str) -> tuple[PlanEvent, ...]:
    """Decide on a new thread."""
    require_id(command.thread_id, "thread")
    about = _subject(plan, command.about)
    comment = _comment(plan, command, by, at)
    known = plan.threads.get(command.thread_id)
    if known is None:
        require_room_for_one(plan.threads, "threads")
        thread = Thread(thread_id=command.thread_id, about=about, comments=(comment,))
        return (ThreadOpened(thread=thread),)
    first = known.comments[0]
    asked = (about, command.comment_id, by)
    if (known.about, first.comment_id, first.author_id) == asked:
        return ()
    raise RejectedCommandError("a thread of that id exists already; use another id")


def reply(plan: Plan, command: Reply, by: MemberId, at: str) -> tuple[PlanEvent, ...]:
    """Decide on an answer; one in a closed thread opens it again."""
    thread = _require_thread(plan, command.thread_id)
    comment = _comment(plan, command, by, at)
    known = _find(thread, command.comment_id)
    if known is not None:
        if (known.author_id, known.text) == (by, command.text):
            return ()
        raise RejectedCommandError("a comment of that id exists already; use another id")
    if len(thread.comments) >= MAX_COMMENTS:
        raise RejectedCommandError(
            f"the thread holds {MAX_COMMENTS} comments; open another one for what is new"
        )
    added = CommentAdded(thread_id=thread.thread_id, comment=comment)
    if thread.resolved_by is None:
        return (added,)
    return (added, ThreadResolved(thread_id=thread.thread_id, by=None))


def edit_comment(plan: Plan, command: EditComment, by: MemberId, at: str) -> tuple[PlanEvent, ...]:
    """Decide on another wording; only its author may."""
    thread, known = _require_own_comment(plan, command.thread_id, command.comment_id, by)
    comment = _comment(plan, command, by, known.created_at)
    if not known.text:
        raise RejectedCommandError("the comment was taken back; write another one")
    if (known.text, known.mentions) == (comment.text, comment.mentions):
        return ()
    after = replace(comment, edited_at=at)
    return (CommentEdited(thread_id=thread.thread_id, before=known, after=after),)


def remove_comment(
    plan: Plan, command: RemoveComment, by: MemberId, at: str
) -> tuple[PlanEvent, ...]:
    """Decide on taking a comment back; what it said stays in the log."""
    thread, known = _require_own_comment(plan, command.thread_id, command.comment_id, by)
    if not known.text:
        return ()
    after = replace(known, text="", mentions=(), edited_at=at)
    return (CommentEdited(thread_id=thread.thread_id, before=known, after=after),)


def resolve_thread(plan: Plan, command: ResolveThread, by: MemberId) -> tuple[PlanEvent, ...]:
    """Decide on closing a thread or opening it again; anybody who may talk may."""
    thread = _require_thread(plan, command.thread_id)
    if (thread.resolved_by is not None) == command.resolved:
        return ()
    return (ThreadResolved(thread_id=thread.thread_id, by=by if command.resolved else None),)


def send_message(plan: Plan, command: SendMessage, by: MemberId, at: str) -> tuple[PlanEvent, ...]:
    """Decide on a message to the room."""
    require_id(command.message_id, "message")
    require_note_text(command.text)
    known = plan.chat.get(command.message_id)
    if known is not None:
        if (known.author_id, known.text) == (by, command.text):
            return ()
        raise RejectedCommandError("a message of that id exists already; use another id")
    message = ChatMessage(
        message_id=command.message_id,
        author_id=by,
        text=command.text,
        mentions=_mentions(plan, command.mentions),
        created_at=at,
    )
    return (MessageSent(message=message),)


def _subject(plan: Plan, about: AboutPoint | AboutRecord) -> AboutPoint | AboutRecord:
    """Return what a thread is about; a point is kept on its segment, which every branch has."""
    if isinstance(about, AboutRecord):
        require_record(plan, about.ref)
        return about
    require_anchor(plan, about.anchor)
    root_id = root_of(plan, about.anchor.solid_id)
    return AboutPoint(anchor=replace(about.anchor, solid_id=root_id))


def _comment(
    plan: Plan, command: OpenThread | Reply | EditComment, by: MemberId, at: str
) -> Comment:
    require_id(command.comment_id, "comment")
    require_note_text(command.text)
    return Comment(
        comment_id=command.comment_id,
        author_id=by,
        text=command.text,
        mentions=_mentions(plan, command.mentions),
        created_at=at,
    )


def _mentions(plan: Plan, mentions: tuple[MemberId, ...]) -> tuple[MemberId, ...]:
    """Return each mentioned member once."""
    if len(mentions) > MAX_MENTIONS or any(it not in plan.members for it in mentions):
        raise RejectedCommandError(
            f"whom you mention must be members of this room, and {MAX_MENTIONS} at most"
        )
    return tuple(dict.fromkeys(mentions))


def _find(thread: Thread, comment_id: CommentId) -> Comment | None:
    return next((it for it in thread.comments if it.comment_id == comment_id), None)


def _require_thread(plan: Plan, thread_id: ThreadId) -> Thread:
    thread = plan.threads.get(thread_id)
    if thread is None:
        raise RejectedCommandError("there is no such thread in this room; open one")
    return thread


def _require_own_comment(
    plan: Plan, thread_id: ThreadId, comment_id: CommentId, by: MemberId
) -> tuple[Thread, Comment]:
    thread = _require_thread(plan, thread_id)
    comment = _find(thread, comment_id)
    if comment is None:
        raise RejectedCommandError("there is no such comment in this thread")
    if comment.author_id != by:
        author = member_name(plan, comment.author_id)
        raise RejectedCommandError(f"the comment is {author}'s; only {author} can change it")
    return thread, comment
