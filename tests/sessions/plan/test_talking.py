"""What members say to each other."""

import pytest
from msgspec.structs import replace

from imaging.space import Plane
from sessions.errors import RejectedCommandError
from sessions.plan.commands import (
    EditComment,
    OpenThread,
    Redo,
    RemoveComment,
    Reply,
    ResolveThread,
    SendMessage,
    Undo,
)
from sessions.plan.evolving_room import CHAT_SHOWN
from sessions.plan.records import (
    AboutPoint,
    AboutRecord,
    Anchor,
    Comment,
    CommentId,
    MemberId,
    MessageId,
    Plan,
    RecordKind,
    RecordRef,
    SolidId,
    ThreadId,
)
from sessions.plan.requirements import MAX_RECORDS
from sessions.plan.rules import PlanCommand, decide
from sessions.plan.talking import MAX_COMMENTS
from sessions.plan.view import view_of
from sessions.room import Room
from tests.sessions.conftest import Do
from tests.sessions.deciding import AT, after, halved
from tests.sessions.scene import ANA, BEN, CUT, NEGATIVE, OLE, POSITIVE, SKULL, pieces, pin, place

T1, K1, K2 = ThreadId("t1"), CommentId("k1"), CommentId("k2")


def opened(
    about: AboutPoint | AboutRecord | None = None,
    text: str = "too close?",
    mentions: tuple[MemberId, ...] = (),
) -> OpenThread:
    about = about or about_record("segment", SKULL)
    return OpenThread(thread_id=T1, about=about, comment_id=K1, text=text, mentions=mentions)


def about_record(kind: RecordKind, record_id: str) -> AboutRecord:
    return AboutRecord(ref=RecordRef(kind=kind, record_id=record_id))


def about_point(solid_id: str, z: float) -> AboutPoint:
    return AboutPoint(anchor=Anchor(solid_id=SolidId(solid_id), point_mm=(0.0, 0.0, z)))


def answer(comment_id: str = "k2", text: str = "no", *mentions: MemberId) -> Reply:
    return Reply(thread_id=T1, comment_id=CommentId(comment_id), text=text, mentions=mentions)


def refused(plan: Plan, command: PlanCommand, reason: str, by: MemberId = ANA) -> None:
    with pytest.raises(RejectedCommandError, match=reason):
        decide(plan, command, by=by, at=AT)


@pytest.mark.parametrize(
    ("about", "subject"),
    [
        (about_record("segment", SKULL), "Skull"),
        (about_record("cut", CUT), "Cut 1"),
        (about_record("fragment", POSITIVE), "Skull 1"),
        (about_record("note", "n1"), "the note"),
        (about_point(SKULL, 10.0), "Skull 1"),
        (about_point(NEGATIVE, -10.0), "Skull 2"),
    ],
)
def test_a_thread_is_about_a_point_a_segment_or_a_step(
    plan: Plan, about: AboutPoint | AboutRecord, subject: str
) -> None:
    """T1."""
    plan = after(halved(plan), pin(), opened(about))
    assert view_of(plan)["threads"]["t1"]["subject"] == subject


def test_a_thread_about_what_is_not_there_is_refused(plan: Plan) -> None:
    """T1."""
    refused(plan, opened(about_record("cut", "c9")), "there is no such cut on this branch")
    refused(plan, opened(about_point("liver", 0.0)), "there is no such segment or fragment")
    refused(plan, opened(about_point(SKULL, 1000.0)), "the point lies more than 50 mm outside")


def test_a_point_is_kept_on_its_segment_and_shown_on_the_piece_that_carries_it(plan: Plan) -> None:
    """T2."""
    cut = halved(plan)
    said = after(cut, opened(about_point(POSITIVE, 10.0)))
    about = said.threads[T1].about
    assert isinstance(about, AboutPoint)
    assert about.anchor.solid_id == SKULL
    assert view_of(said)["threads"]["t1"]["leaf_id"] == POSITIVE
    elsewhere = replace(plan, threads=said.threads)  # a branch without the cut
    assert view_of(elsewhere)["threads"]["t1"]["leaf_id"] == SKULL


def test_a_thread_stays_where_the_step_that_it_was_about_has_gone(plan: Plan) -> None:
    """T2."""
    said = after(halved(plan), opened(about_record("fragment", POSITIVE)))
    elsewhere = replace(plan, threads=said.threads)
    assert view_of(elsewhere)["threads"]["t1"]["subject"] == "a fragment"
    assert after(elsewhere, answer()).threads[T1].comments[1].text == "no"


def test_answers_stand_in_the_order_in_which_they_came(plan: Plan) -> None:
    """T3."""
    plan = after(after(plan, opened()), answer(), answer("k3", "why"), by=BEN)
    assert [(it.author_id, it.text) for it in plan.threads[T1].comments] == [
        (ANA, "too close?"),
        (BEN, "no"),
        (BEN, "why"),
    ]
    assert decide(plan, answer(), by=BEN, at=AT) == ()
    refused(plan, answer(), "a comment of that id exists already", by=ANA)
    refused(plan, answer(text="yes"), "a comment of that id exists already", by=BEN)
    refused(plan, replace(answer(), thread_id=ThreadId("t9")), "there is no such thread")


def test_a_thread_is_opened_once(plan: Plan) -> None:
    """T3."""
    plan = after(plan, opened())
    assert decide(plan, opened(), by=ANA, at=AT) == ()
    refused(plan, opened(), "a thread of that id exists already", by=BEN)
    refused(plan, opened(about_point(SKULL, 1.0)), "a thread of that id exists already")


def test_who_is_mentioned_is_a_member_and_is_named_once(plan: Plan) -> None:
    """T4."""
    plan = after(plan, opened(mentions=(BEN, OLE, BEN)))
    assert plan.threads[T1].comments[0].mentions == (BEN, OLE)
    refused(plan, answer("k2", "x", MemberId("eve")), "must be members of this room")
    refused(plan, answer("k2", "x", *(51 * [BEN])), "50 at most")
    message = SendMessage(message_id=MessageId("h1"), text="x", mentions=(MemberId("eve"),))
    refused(plan, message, "must be members of this room")


def test_only_its_author_rewords_a_comment_or_takes_it_back(plan: Plan) -> None:
    """T5."""
    plan = after(after(plan, opened()), answer(), by=BEN)
    edit = EditComment(thread_id=T1, comment_id=K2, text="maybe", mentions=(ANA,))
    removal = RemoveComment(thread_id=T1, comment_id=K2)
    refused(plan, edit, "the comment is Ben's; only Ben can change it")  # nor an owner
    refused(plan, removal, "the comment is Ben's; only Ben can change it")
    refused(plan, replace(edit, comment_id=CommentId("k9")), "no such comment", by=BEN)
    edited = after(plan, edit, by=BEN).threads[T1].comments[1]
    assert (edited.text, edited.mentions, edited.created_at) == ("maybe", (ANA,), AT)
    assert edited.edited_at == AT
    assert decide(after(plan, edit, by=BEN), edit, by=BEN, at=AT) == ()


def test_a_comment_that_was_taken_back_leaves_its_place(plan: Plan) -> None:
    """T5."""
    plan = after(after(plan, opened()), answer("k2", "no", ANA), answer("k3"), by=BEN)
    removal = RemoveComment(thread_id=T1, comment_id=K2)
    plan = after(plan, removal, by=BEN)
    gone = plan.threads[T1].comments[1]
    assert (gone.comment_id, gone.text, gone.mentions) == (K2, "", ())
    assert len(plan.threads[T1].comments) == 3
    assert decide(plan, removal, by=BEN, at=AT) == ()
    edit = EditComment(thread_id=T1, comment_id=K2, text="yes")
    refused(plan, edit, "the comment was taken back; write another one", by=BEN)


def test_a_thread_is_resolved_and_opened_again_also_by_an_answer(plan: Plan) -> None:
    """T6."""
    plan = after(plan, opened())
    resolve = ResolveThread(thread_id=T1, resolved=True)
    resolved = after(plan, resolve, by=BEN)
    assert view_of(resolved)["threads"]["t1"]["resolved_by_name"] == "Ben"
    assert decide(resolved, resolve, by=ANA, at=AT) == ()
    assert after(resolved, ResolveThread(thread_id=T1, resolved=False)).threads == plan.threads
    assert after(resolved, answer()).threads[T1].resolved_by is None
    nowhere = ResolveThread(thread_id=ThreadId("t9"), resolved=True)
    refused(plan, nowhere, "there is no such thread")


@pytest.mark.parametrize("text", ["", "  ", "x" * 2001, "bell\a", "\u202eabc"])
def test_what_is_said_is_a_text_as_of_a_note(plan: Plan, text: str) -> None:
    """T7."""
    refused(plan, opened(text=text), "the note")
    plan = after(plan, opened())
    refused(plan, answer(text=text), "the note")
    refused(plan, EditComment(thread_id=T1, comment_id=K1, text=text), "the note")
    refused(plan, SendMessage(message_id=MessageId("h1"), text=text), "the note")


def test_talk_has_its_bounds(plan: Plan) -> None:
    """T7."""
    plan = after(plan, opened())
    thread = plan.threads[T1]
    comment = thread.comments[0]
    many = tuple(_numbered(comment, number) for number in range(MAX_COMMENTS))
    full = replace(plan, threads={T1: replace(thread, comments=many)})
    refused(full, answer("k-new"), f"the thread holds {MAX_COMMENTS} comments")
    threads = {ThreadId(f"x{number}"): thread for number in range(MAX_RECORDS)}
    crowded = replace(plan, threads=threads)
    refused(crowded, opened(), f"holds {MAX_RECORDS} threads")


def _numbered(comment: Comment, number: int) -> Comment:
    return replace(comment, comment_id=CommentId(f"x{number}"))


def test_the_room_shows_the_latest_messages(plan: Plan) -> None:
    """T8."""
    sent = [SendMessage(message_id=MessageId(f"h{it}"), text=str(it)) for it in range(250)]
    said = after(plan, *sent)
    assert [it.text for it in said.chat.values()] == [str(it) for it in range(50, 250)]
    assert len(said.chat) == CHAT_SHOWN
    assert decide(said, sent[-1], by=ANA, at=AT) == ()
    refused(said, sent[-1], "a message of that id exists already", by=BEN)


async def test_what_was_said_is_not_taken_back_by_undo(room: Room, do: Do) -> None:
    """T9."""
    await do(BEN, pin())
    await do(BEN, opened())
    await do(BEN, SendMessage(message_id=MessageId("h1"), text="x"))
    await do(BEN, Undo())
    assert not room.plan.notes
    assert room.plan.threads
    assert room.plan.chat
    await do(BEN, answer())
    await do(BEN, Redo())  # nor does talk clear what can be done again
    assert room.plan.notes


async def test_a_thread_outlives_the_undo_of_the_cut_that_it_was_pinned_beside(
    room: Room, do: Do
) -> None:
    """T2."""
    await do(ANA, place(plane=Plane((0.0, 0.0, 0.0), (0.0, 0.0, 1.0))))
    await do(ANA, pieces())
    await do(BEN, opened(about_point(POSITIVE, 10.0)))
    await do(ANA, Undo())
    assert room.view()["threads"]["t1"]["leaf_id"] == SKULL
