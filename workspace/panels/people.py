"""Who was let into the room, what each may do, and what they are doing."""

from typing import Final

from trame.widgets import html
from trame.widgets import vuetify3 as v3

from workspace.panels.asking import do, may, submit
from workspace.panels.lists import heading
from workspace.panels.naming import roles
from workspace.panels.saying import shown, telling, word_for
from workspace.panels.words import t

MAY_CHANGE: Final = may("change_role") + " && row.id !== me.id"


class PeoplePanel(html.Div):
    """Knows names of state only."""

    def __init__(self) -> None:
        super().__init__()
        with self:
            heading(t("People"))
            with html.Div(
                v_for="row in members.filter((m) => !m.dismissed)",
                key="row.id",
                classes="cm-row",
                data_member=("row.id",),
            ):
                html.Span(
                    "{{ row.initials }}",
                    classes=("['cm-avatar small', { away: !present.includes(row.id) }]",),
                    style=("{ background: row.colour }",),
                )
                with html.Span(classes="cm-name"):
                    html.Span("{{ row.name }} ")
                    html.Span(t("you"), v_if="row.id === me.id", classes="cm-after")
                _looking()
                _role()
                html.Button(
                    "✕",
                    v_if=may("dismiss_member") + " && row.id !== me.id",
                    classes="cm-icon",
                    aria_label=(telling(t("Send {name} away"), name="row.name"),),
                    title=t("Send away: closes their pages and ends their access"),
                    click="sending_away = row.id",
                )
            _confirmation()
            html.Button(
                t("Invite somebody"),
                v_if=may("invite"),
                classes="cm-btn cm-below",
                click="trigger('invitations')",
            )


def _looking() -> None:
    """Offer to look through somebody's eyes, also where nothing can be pointed at."""
    here = "present.includes(row.id) && row.id !== me.id"
    for icon, label, act in (
        ("mdi-eye-arrow-right-outline", t("Follow {name}"), "follow"),
        ("mdi-arrow-right-bold-circle-outline", t("Jump to the view of {name}"), "jump"),
    ):
        with html.Button(
            v_if=here,
            classes="cm-icon",
            aria_label=(telling(label, name="row.name"),),
            title=(telling(label, name="row.name"),),
            click=do(act, "member_id: row.id"),
        ):
            v3.VIcon(icon, size=16)


def _role() -> None:
    doing = (
        "!present.includes(row.id) ? "
        + telling(t("away"))
        + " : (people[row.id] || {}).idle ? "
        + telling(t("idle"))
        + " : "
        + word_for(roles(), "row.role")
    )
    html.Span("{{ " + doing + " }}", v_if="!(" + MAY_CHANGE + ")", classes="cm-mu")
    with html.Select(
        v_if=MAY_CHANGE,
        classes="cm-select small",
        aria_label=(telling(t("Role of {name}"), name="row.name"),),
        change=submit(
            "{ type: 'change_role', member_id: row.id, expected: row.role, "
            "role: $event.target.value }"
        ),
        raw_attrs=[':value="row.role"'],
    ):
        words = word_for(roles(), "role")
        html.Option("{{ " + words + " }}", v_for="role in roles", key="role", value=("role",))


def _confirmation() -> None:
    name = "(members.find((m) => m.id === sending_away) || {}).name"
    with html.Div(v_if="sending_away", classes="cm-card cm-warn", role="alertdialog"):
        html.Div(
            shown(
                t(
                    "Send {name} away? Their pages close at once. What they did stays in the "
                    "plan, under their name."
                ),
                name=name,
            )
        )
        with html.Div(classes="cm-acts"):
            html.Button(
                t("Send away"),
                classes="cm-btn small primary",
                click=submit("{ type: 'dismiss_member', member_id: sending_away }")
                + "; sending_away = ''",
            )
            html.Button(t("Keep"), classes="cm-btn small", click="sending_away = ''")
