"""Who is in the room, what each may do, and what they are doing."""

from typing import Final

from trame.widgets import html

from workspace.panels.asking import DO, SUBMIT

DOING: Final = (
    "row.dismissed ? 'sent away' : !present.includes(row.id) ? 'away' : "
    "(people[row.id] || {}).idle ? 'idle' : row.role"
)

WHO: Final = (
    "member.name + ' · ' + member.role + (member.id === me.id ? ' · you' : '') + "
    "((people[member.id] || {}).idle ? ' · idle' : '') + "
    "((people[member.id] || {}).lag_ms != null ? ' · ' + "
    "Math.round(people[member.id].lag_ms) + ' ms' : '')"
)
AVATAR: Final = (
    "['cm-avatar', { idle: (people[member.id] || {}).idle, "
    "leading: presenting.presenter_id === member.id }]"
)


class PeoplePanel(html.Div):
    """Knows names of state only."""

    def __init__(self) -> None:
        super().__init__()
        with self:
            with html.Div(classes="cm-h"):
                html.Span("People")
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
                    html.Span("you", v_if="row.id === me.id", classes="cm-after")
                _role()
                html.Button(
                    "✕",
                    v_if="me.may.includes('dismiss_member') && row.id !== me.id",
                    classes="cm-icon",
                    aria_label=("'Send ' + row.name + ' away'",),
                    title="Send away: closes their pages and ends their access",
                    click="sending_away = row.id",
                )
            _confirmation()
            html.Button(
                "Invite somebody",
                v_if="me.may.includes('invite')",
                classes="cm-btn",
                style="margin: 10px 12px",
                click="trigger('invitations')",
            )


def _role() -> None:
    html.Span(
        "{{ " + DOING + " }}",
        v_if="!me.may.includes('change_role') || row.id === me.id",
        classes="cm-mu",
    )
    with html.Select(
        v_if="me.may.includes('change_role') && row.id !== me.id",
        classes="cm-select small",
        aria_label=("'Role of ' + row.name",),
        change=SUBMIT
        + "{ type: 'change_role', member_id: row.id, expected: row.role, "
        + "role: $event.target.value } }",
    ):
        html.Option(
            "{{ role }}",
            v_for="role in roles",
            key="role",
            value=("role",),
            selected=("role === row.role",),
        )


def _confirmation() -> None:
    with html.Div(v_if="sending_away", classes="cm-card cm-warn", role="alertdialog"):
        html.Div(
            "Send {{ (members.find((m) => m.id === sending_away) || {}).name }} away? Their pages "
            "close at once. What they did stays in the plan, under their name."
        )
        with html.Div(classes="cm-acts"):
            html.Button(
                "Send away",
                classes="cm-btn small primary",
                click=SUBMIT
                + "{ type: 'dismiss_member', member_id: sending_away } }; sending_away = ''",
            )
            html.Button("Keep", classes="cm-btn small", click="sending_away = ''")


class Avatars(html.Div):
    """Who is here, in the bar; a click follows, jumps or hands the view over."""

    def __init__(self) -> None:
        super().__init__(classes="cm-avatars", role="list", id="avatars")
        with (
            self,
            html.Div(
                v_for="member in members.filter((m) => present.includes(m.id))",
                key="member.id",
                classes="cm-here",
                role="listitem",
            ),
        ):
            html.Button(
                "{{ member.initials }}",
                classes=(AVATAR,),
                style=("{ background: member.colour }",),
                title=(WHO,),
                aria_label=("member.name",),
                click="person_menu = person_menu === member.id ? '' : member.id",
            )
            with html.Div(
                v_if="person_menu === member.id", classes="cm-menu cm-person", role="menu"
            ):
                html.B("{{ member.name }}")
                html.Div("{{ member.role }}", classes="cm-mu")
                _acts()


def _acts() -> None:
    close = "; person_menu = ''"
    html.Button(
        "Follow",
        v_if="member.id !== me.id",
        classes="cm-btn small",
        click=DO + "'follow', member_id: member.id }" + close,
    )
    html.Button(
        "Jump to their view",
        v_if="member.id !== me.id",
        classes="cm-btn small",
        click=DO + "'jump', member_id: member.id }" + close,
    )
    html.Button(
        "Hand the view over",
        v_if="member.id !== me.id && (presenting.presenter_id === me.id || me.owner)",
        classes="cm-btn small",
        click=DO + "'present', act: 'grant', member_id: member.id }" + close,
    )
    html.Button(
        "Present to all",
        v_if="member.id === me.id && !presenting.presenter_id && me.may.includes('present')",
        classes="cm-btn small primary",
        click=DO + "'present', act: 'start' }" + close,
    )
    html.Button(
        "Ask to present",
        v_if="member.id === me.id && presenting.presenter_id && "
        "presenting.presenter_id !== me.id && me.may.includes('present')",
        classes="cm-btn small",
        click=DO + "'present', act: 'ask' }" + close,
    )
    html.Button(
        "Stop presenting",
        v_if="member.id === me.id && presenting.presenter_id === me.id",
        classes="cm-btn small",
        click=DO + "'present', act: 'stop' }" + close,
    )
