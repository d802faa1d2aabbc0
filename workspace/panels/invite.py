"""The dialog with which an owner lets people in: a link on terms, and those that still work."""

from typing import Final

from trame.widgets import html
from trame.widgets import vuetify3 as v3

COPY: Final = (
    "window.navigator.clipboard && "
    "window.navigator.clipboard.writeText(window.location.origin + new_link.path)"
)
MAKE: Final = (
    "trigger('make_link', [link_role, Number(link_days), Number(link_uses), link_label.trim()]); "
    "link_label = ''"
)


class InviteDialog(v3.VDialog):
    """Shows `invitations` and `new_link`, which the server fills for nobody but an owner."""

    def __init__(self) -> None:
        super().__init__(v_model=("invite_open",), max_width=620)
        with self, html.Div(classes="cm-dialog"):
            html.H2("Invite somebody")
            html.Div(
                "Whoever has a link may join with its role. Pass it on over a channel you trust.",
                classes="cm-mu",
            )
            _terms()
            _new_link()
            _made_before()
            with html.Div(classes="cm-acts end"):
                html.Button("Close", classes="cm-btn", click="invite_open = false")


def _terms() -> None:
    with html.Form(
        classes="cm-form bare wrap", raw_attrs=['@submit.prevent="' + MAKE + '"'], id="make-link"
    ):
        with html.Select(v_model=("link_role",), aria_label="Role", classes="cm-select"):
            html.Option(
                "{{ it.label }}: {{ it.may }}",
                v_for="it in invitable",
                key="it.role",
                value=("it.role",),
            )
        with html.Select(v_model=("link_days",), aria_label="Good for", classes="cm-select"):
            html.Option("for a day", value="1")
            html.Option("for a week", value="7")
            html.Option("for 30 days", value="30")
            html.Option("until withdrawn", value="0")
        with html.Select(v_model=("link_uses",), aria_label="For how many", classes="cm-select"):
            html.Option("one person", value="1")
            html.Option("five people", value="5")
            html.Option("any number", value="0")
        html.Input(
            v_model=("link_label",),
            placeholder="Whom it is for (optional)",
            aria_label="Whom the link is for",
            maxlength="100",
        )
        html.Button("Make a link", type="submit", classes="cm-btn primary")


def _new_link() -> None:
    with html.Div(v_if="new_link"):
        with html.Div(classes="cm-link"):
            html.Input(
                value=("window.location.origin + new_link.path",),
                readonly=True,
                aria_label=("'Link for ' + new_link.role",),
                focus="$event.target.select()",
                id="new-link",
            )
            html.Button("Copy", classes="cm-btn", click=COPY)
        html.Div("It is shown once: copy it now.", classes="cm-mu")


def _made_before() -> None:
    with html.Div(classes="cm-h"):
        html.Span("Links that still work")
    html.Div("None.", v_if="!invitations.length", classes="cm-empty")
    with html.Div(v_for="row in invitations", key="row.id", classes="cm-row"):
        with html.Span(classes="cm-line"):
            html.Div("{{ row.role }} · {{ row.label }}")
            html.Div(
                "{{ row.terms }} · by {{ row.made_by }}"
                "{{ row.came ? ' · let in: ' + row.came : '' }}",
                classes="cm-mu",
            )
        html.Button(
            "Withdraw",
            classes="cm-btn small",
            aria_label=("'Withdraw the link for ' + row.role",),
            click="trigger('revoke_link', [row.id])",
        )
