"""What members say: the room's chat, threads about points and steps, and a search of it all."""

from typing import Final

from trame.widgets import html

from workspace.panels.asking import DO, NEW_ID, SUBMIT

MENTIONED: Final = "members.filter((m) => chat_text.includes('@' + m.name)).map((m) => m.id)"
MENTIONED_IN_REPLY: Final = (
    "members.filter((m) => reply_text.includes('@' + m.name)).map((m) => m.id)"
)
SAY: Final = (
    "if (chat_text.trim()) { "
    + SUBMIT
    + "{ type: 'send_message', message_id: "
    + NEW_ID
    + ", text: chat_text.trim(), mentions: "
    + MENTIONED
    + " } }; chat_text = '' }"
)
ANSWER: Final = (
    "if (reply_text.trim()) { "
    + SUBMIT
    + "{ type: 'reply', thread_id: row.id, comment_id: "
    + NEW_ID
    + ", text: reply_text.trim(), mentions: "
    + MENTIONED_IN_REPLY
    + " } }; reply_text = ''; reply_to = '' }"
)
SEARCH: Final = "trigger('search', [search_text])"
MAY_TALK: Final = "me.may.includes('send_message')"


class TalkPanel(html.Div):
    """Knows names of state only."""

    def __init__(self) -> None:
        super().__init__(classes="cm-talk")
        with self:
            _search()
            with html.Div(v_if="!found"):
                _threads()
                _chat()


def _search() -> None:
    with html.Form(
        classes="cm-form",
        raw_attrs=['@submit.prevent="' + SEARCH + '"'],
        role="search",
    ):
        html.Input(
            v_model=("search_text",),
            placeholder="Search what was written",
            aria_label="Search what was said",
            type="search",
            maxlength="200",
        )
        html.Button("Search", type="submit", classes="cm-btn")
    with html.Div(v_if="found"):
        with html.Div(classes="cm-h"):
            html.Span("Found")
            html.Button(
                "Back to the talk", classes="cm-btn small", click="found = null; search_text = ''"
            )
        html.Div(
            "Nobody wrote that here. Try the beginning of a word.",
            v_if="!found.length",
            classes="cm-empty",
        )
        with html.Div(v_for="row in found", key="row.key", classes="cm-card"):
            with html.Div(classes="cm-kv"):
                html.B("{{ row.who }}")
                html.Span("{{ row.kind }} · r{{ row.revision }}", classes="cm-mu")
            html.Div("{{ row.text }}", classes="cm-said")


def _threads() -> None:
    with html.Div(classes="cm-h"):
        html.Span("Comments")
        html.Button(
            "{{ show_resolved ? 'Hide resolved' : 'Show resolved' }}",
            v_if="threads.some((t) => t.resolved)",
            classes="cm-btn small",
            click="show_resolved = !show_resolved",
        )
    html.Div(
        "No comment yet. Choose Comment (C), then click on the anatomy.",
        v_if="!threads.length",
        classes="cm-empty",
    )
    with html.Div(
        v_for="row in threads.filter((t) => show_resolved || !t.resolved)",
        key="row.id",
        classes=("['cm-card cm-note', { selected: selected_id === row.id, done: row.resolved }]",),
        style=("{ borderLeftColor: row.colour }",),
        data_thread=("row.id",),
    ):
        with html.Div(classes="cm-kv"):
            html.Button(
                "{{ row.subject }}",
                classes="cm-name",
                title="Show where it is pinned",
                click="selected_id = row.id; " + DO + "'open_thread', thread_id: row.id }",
            )
            html.Button(
                "{{ row.resolved ? 'Reopen' : 'Resolve' }}",
                v_if=MAY_TALK,
                classes="cm-btn small",
                click=SUBMIT
                + "{ type: 'resolve_thread', thread_id: row.id, resolved: !row.resolved } }",
            )
        with html.Div(v_for="it in row.comments", key="it.id", classes="cm-comment"):
            _said()
            html.Button(
                "✕",
                v_if="it.author_id === me.id && !it.gone",
                classes="cm-icon",
                aria_label="Take this comment back",
                title="Take back",
                click=SUBMIT + "{ type: 'remove_comment', thread_id: row.id, comment_id: it.id } }",
            )
        html.Div("Resolved by {{ row.resolved_by }}", v_if="row.resolved", classes="cm-good")
        html.Button(
            "Reply",
            v_if=MAY_TALK + " && reply_to !== row.id",
            classes="cm-btn small",
            click="reply_to = row.id; reply_text = ''",
        )
        with html.Form(
            v_if="reply_to === row.id",
            classes="cm-form bare",
            raw_attrs=['@submit.prevent="' + ANSWER + '"'],
        ):
            html.Input(
                v_model=("reply_text",),
                placeholder="Reply; @Name mentions somebody",
                aria_label=("'Reply about ' + row.subject",),
                maxlength="2000",
                autofocus=True,
            )
            html.Button("Send", type="submit", classes="cm-btn primary")


def _said() -> None:
    with html.Div(classes="cm-line"):
        with html.Div():
            html.B("{{ it.who }} ", style=("{ color: it.colour }",))
            html.Span(
                "{{ it.at }}{{ it.edited && !it.gone ? ' · edited' : '' }}", classes="cm-after"
            )
        html.Div(
            "{{ it.text }}",
            classes=("['cm-said', { gone: it.gone, mine: (it.mentions || []).includes(me.id) }]",),
        )


def _chat() -> None:
    with html.Div(classes="cm-h"):
        html.Span("Room chat")
    html.Div("Nobody has written yet.", v_if="!chat.length", classes="cm-empty")
    with (
        html.Div(classes="cm-chat", role="log", aria_label="Room chat"),
        html.Div(v_for="it in chat", key="it.id", classes="cm-comment", data_message=("it.id",)),
    ):
        _said()
    with html.Form(v_if=MAY_TALK, classes="cm-form", raw_attrs=['@submit.prevent="' + SAY + '"']):
        html.Input(
            v_model=("chat_text",),
            placeholder="Message; @Name mentions",
            aria_label="Message to the room",
            maxlength="2000",
            id="chat-input",
        )
        html.Button("Send", type="submit", classes="cm-btn primary")
    html.Div("Your role reads along and does not write.", v_else=True, classes="cm-empty")
