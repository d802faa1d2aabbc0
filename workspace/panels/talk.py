"""What members say: the room's chat, threads about points and steps, notes, and a search of it."""

from typing import Final

from trame.widgets import html

from workspace.panels.asking import NEW_ID, do, may, submit
from workspace.panels.forms import OneLine, one_line_form
from workspace.panels.lists import empty, heading
from workspace.panels.notes import NotesList
from workspace.panels.saying import shown, telling
from workspace.panels.words import t

MAY_TALK: Final = may("send_message")


def _mentioned(text: str) -> str:
    """Return the expression of whom a text mentions."""
    return "members.filter((m) => " + text + ".includes('@' + m.name)).map((m) => m.id)"


SAY: Final = submit(
    "{ type: 'send_message', message_id: "
    + NEW_ID
    + ", text: chat_text.trim(), mentions: "
    + _mentioned("chat_text")
    + " }"
)
ANSWER: Final = (
    submit(
        "{ type: 'reply', thread_id: row.id, comment_id: "
        + NEW_ID
        + ", text: reply_text.trim(), mentions: "
        + _mentioned("reply_text")
        + " }"
    )
    + "; reply_to = ''"
)
SEARCH: Final = "trigger('search', [search_text])"


class TalkPanel(html.Div):
    """Knows names of state only."""

    def __init__(self) -> None:
        super().__init__(classes="cm-talk")
        with self:
            _search()
            with html.Div(v_if="!found"):
                _threads()
                NotesList()
                _chat()


def _search() -> None:
    with html.Form(
        classes="cm-form",
        raw_attrs=['@submit.prevent="' + SEARCH + '"'],
        role="search",
    ):
        html.Input(
            v_model=("search_text",),
            placeholder=t("Search what was written"),
            aria_label=t("Search what was said"),
            type="search",
            maxlength="200",
        )
        html.Button(t("Search"), type="submit", classes="cm-btn")
    with html.Div(v_if="found"):
        with html.Div(classes="cm-h"):
            html.Span(t("Found"))
            html.Button(
                t("Back to the talk"),
                classes="cm-btn small",
                click="found = null; search_text = ''",
            )
        empty("!found.length", t("Nobody wrote that here. Try the beginning of a word."))
        with html.Div(v_for="row in found", key="row.key", classes="cm-card"):
            with html.Div(classes="cm-kv"):
                html.B("{{ row.who }}")
                html.Span("{{ row.kind }} · r{{ row.revision }}", classes="cm-mu")
            html.Div("{{ row.text }}", classes="cm-said")


def _threads() -> None:
    with html.Div(classes="cm-h"):
        html.Span(t("Comments"))
        with html.Button(
            v_if="threads.some((t) => t.resolved)",
            classes="cm-btn small",
            click="show_resolved = !show_resolved",
        ):
            html.Span(t("Hide resolved"), v_if="show_resolved")
            html.Span(t("Show resolved"), v_else=True)
    empty("!threads.length", t("No comment yet. Choose Comment (C), then click on the anatomy."))
    with html.Div(
        v_for="row in threads.filter((t) => show_resolved || !t.resolved)",
        key="row.id",
        classes=("['cm-card cm-note', { selected: selected_id === row.id, done: row.resolved }]",),
        style=("{ borderLeftColor: row.colour }",),
        data_thread=("row.id",),
        data_record=("row.id",),
    ):
        _thread()


def _thread() -> None:
    with html.Div(classes="cm-kv"):
        html.Button(
            "{{ row.subject }}",
            classes="cm-name",
            title=t("Show where it is pinned"),
            click="selected_id = row.id; " + do("open_thread", "thread_id: row.id"),
        )
        with html.Button(
            v_if=MAY_TALK,
            classes="cm-btn small",
            click=submit("{ type: 'resolve_thread', thread_id: row.id, resolved: !row.resolved }"),
        ):
            html.Span(t("Reopen"), v_if="row.resolved")
            html.Span(t("Resolve"), v_else=True)
    with html.Div(v_for="it in row.comments", key="it.id", classes="cm-comment"):
        _said()
        html.Button(
            "✕",
            v_if="it.author_id === me.id && !it.gone",
            classes="cm-icon",
            aria_label=t("Take this comment back"),
            title=t("Take back"),
            click=submit("{ type: 'remove_comment', thread_id: row.id, comment_id: it.id }"),
        )
    html.Div(
        shown(t("Resolved by {name}"), name="row.resolved_by"),
        v_if="row.resolved",
        classes="cm-good",
    )
    html.Button(
        t("Reply"),
        v_if=MAY_TALK + " && reply_to !== row.id",
        classes="cm-btn small",
        click="reply_to = row.id; reply_text = ''",
    )
    one_line_form(
        OneLine(
            draft="reply_text",
            act=ANSWER,
            hint=t("Reply; @Name mentions somebody"),
            button=t("Send"),
            longest=2000,
            label=telling(t("Reply about {subject}"), subject="row.subject"),
        ),
        condition="reply_to === row.id",
    )


def _said() -> None:
    with html.Div(classes="cm-line"):
        with html.Div():
            html.B("{{ it.who }} ", style=("{ color: it.colour }",))
            html.Span("{{ it.at }}", classes="cm-after")
            html.Span(t("edited"), v_if="it.edited && !it.gone", classes="cm-after")
        html.Div(t("taken back"), v_if="it.gone", classes="cm-said gone")
        html.Div(
            "{{ it.text }}",
            v_else=True,
            classes=("['cm-said', { mine: (it.mentions || []).includes(me.id) }]",),
        )


def _chat() -> None:
    heading(t("Room chat"))
    empty("!chat.length", t("Nobody has written yet."))
    with (
        html.Div(classes="cm-chat", role="log", aria_label=t("Room chat"), tabindex="0"),
        html.Div(v_for="it in chat", key="it.id", classes="cm-comment", data_message=("it.id",)),
    ):
        _said()
    with html.Div(classes="cm-indent"):
        one_line_form(
            OneLine(
                draft="chat_text",
                act=SAY,
                hint=t("Message; @Name mentions"),
                button=t("Send"),
                longest=2000,
                label=telling(t("Message to the room")),
            ),
            condition=MAY_TALK,
            focused=False,
        )
    empty("!" + MAY_TALK, t("Your role reads along and does not write."))
