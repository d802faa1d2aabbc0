"""The dialog with which an owner lets people in: a link on terms, and those that still work."""

from typing import Final

from trame.widgets import html
from trame.widgets import vuetify3 as v3

from workspace.panels.naming import powers, roles
from workspace.panels.saying import shown, telling, word_for
from workspace.panels.words import t

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
            html.H2(t("Invite somebody"))
            html.Div(
                t(
                    "Whoever has a link may join with its role. "
                    "Pass it on over a channel you trust."
                ),
                classes="cm-mu",
            )
            _terms()
            _new_link()
            _made_before()
            with html.Div(classes="cm-acts end"):
                html.Button(t("Close"), classes="cm-btn", click="invite_open = false")


def _terms() -> None:
    with html.Form(
        classes="cm-form bare wrap", raw_attrs=['@submit.prevent="' + MAKE + '"'], id="make-link"
    ):
        with html.Select(v_model=("link_role",), aria_label=t("Role"), classes="cm-select"):
            for role, may_do in powers().items():
                html.Option(may_do, value=role)
        with html.Select(v_model=("link_days",), aria_label=t("Good for"), classes="cm-select"):
            html.Option(t("for a day"), value="1")
            html.Option(t("for a week"), value="7")
            html.Option(t("for 30 days"), value="30")
            html.Option(t("until withdrawn"), value="0")
        with html.Select(v_model=("link_uses",), aria_label=t("For how many"), classes="cm-select"):
            html.Option(t("one person"), value="1")
            html.Option(t("five people"), value="5")
            html.Option(t("any number"), value="0")
        html.Input(
            v_model=("link_label",),
            placeholder=t("Whom it is for (optional)"),
            aria_label=t("Whom the link is for"),
            maxlength="100",
        )
        html.Button(t("Make a link"), type="submit", classes="cm-btn primary")


def _new_link() -> None:
    with html.Div(v_if="new_link"):
        with html.Div(classes="cm-link"):
            html.Input(
                value=("window.location.origin + new_link.path",),
                readonly=True,
                aria_label=(
                    telling(t("Link for {role}"), role=word_for(roles(), "new_link.role")),
                ),
                focus="$event.target.select()",
                id="new-link",
            )
            html.Button(t("Copy"), classes="cm-btn", click=COPY)
        html.Div(t("It is shown once: copy it now."), classes="cm-mu")


def _made_before() -> None:
    with html.Div(classes="cm-h"):
        html.Span(t("Links that still work"))
    html.Div(t("None."), v_if="!invitations.length", classes="cm-empty")
    with html.Div(v_for="row in invitations", key="row.id", classes="cm-row"):
        with html.Span(classes="cm-line"):
            html.Div("{{ " + word_for(roles(), "row.role") + " }} · {{ row.label }}")
            html.Div(
                "{{ row.terms }} · " + shown(t("by {name}"), name="row.made_by"),
                classes="cm-mu",
            )
            html.Div(
                shown(t("let in: {names}"), names="row.came"), v_if="row.came", classes="cm-mu"
            )
        html.Button(
            t("Withdraw"),
            classes="cm-btn small",
            aria_label=(
                telling(t("Withdraw the link for {role}"), role=word_for(roles(), "row.role")),
            ),
            click="trigger('revoke_link', [row.id])",
        )
