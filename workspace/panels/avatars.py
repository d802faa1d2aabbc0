"""Who is here, in the bar: a click follows; a right click, or the arrow down, opens what else."""

from typing import Final

from trame.widgets import html

from workspace.panels.asking import do, may, submit
from workspace.panels.naming import roles
from workspace.panels.saying import telling, word_for
from workspace.panels.words import t

AVATAR: Final = (
    "['cm-avatar', { idle: (people[member.id] || {}).idle, "
    "leading: presenting.presenter_id === member.id, "
    "followed: people[me.id]?.following === member.id }]"
)
OTHER: Final = "member.id !== me.id"
CLOSE: Final = "; person_menu = ''"
TOGGLE_MENU: Final = "person_menu = person_menu === member.id ? '' : member.id"
FOLLOWED: Final = "people[me.id]?.following === member.id"
CLICK: Final = (
    "member.id === me.id ? ("
    + TOGGLE_MENU
    + ") : "
    + FOLLOWED
    + " ? ("
    + do("leave")
    + ") : ("
    + do("follow", "member_id: member.id")
    + ")"
)
OPENING: Final = (
    '@contextmenu.prevent="' + TOGGLE_MENU + '"',
    '@keydown.down.prevent="person_menu = member.id"',
    "@keydown.esc=\"person_menu = ''\"",
)


class Avatars(html.Div):
    """A round mark for each member who is here, in their colour."""

    def __init__(self) -> None:
        super().__init__(
            classes="cm-avatars", role="list", aria_label=t("Who is here"), id="avatars"
        )
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
                title=(_who(),),
                aria_label=("member.name",),
                aria_expanded=("person_menu === member.id",),
                click=CLICK,
                raw_attrs=list(OPENING),
            )
            with html.Div(
                v_if="person_menu === member.id",
                classes="cm-menu cm-person",
                role="group",
                aria_label=("member.name",),
                raw_attrs=["@keydown.esc=\"person_menu = ''\""],
            ):
                html.B("{{ member.name }}")
                html.Div("{{ " + word_for(roles(), "member.role") + " }}", classes="cm-mu")
                _acts()
                _role()


def _who() -> str:
    """Return the expression of what is said of a member when one points at them."""
    return (
        "[member.name, "
        + word_for(roles(), "member.role")
        + ", member.id === me.id && "
        + telling(t("you"))
        + ", people[member.id]?.idle && "
        + telling(t("idle"))
        + ", member.id !== me.id && "
        + telling(t("click follows, right click for more"))
        + ", people[member.id]?.lag_ms != null && Math.round(people[member.id].lag_ms) + ' ms']"
        ".filter(Boolean).join(' · ')"
    )


def _acts() -> None:
    presenter = "presenting.presenter_id"
    for label, condition, act in (
        (t("Follow"), OTHER + " && !(" + FOLLOWED + ")", do("follow", "member_id: member.id")),
        (t("Stop following"), FOLLOWED, do("leave")),
        (t("Jump to their view"), OTHER, do("jump", "member_id: member.id")),
        (
            t("Hand the view over"),
            OTHER + " && (" + presenter + " === me.id || me.owner)",
            do("present", "act: 'grant', member_id: member.id"),
        ),
        (
            t("Present to all"),
            "!(" + OTHER + ") && !" + presenter + " && " + may("present"),
            do("present", "act: 'start'"),
        ),
        (
            t("Ask to present"),
            "!("
            + OTHER
            + ") && "
            + presenter
            + " && "
            + presenter
            + " !== me.id && "
            + may("present"),
            do("present", "act: 'ask'"),
        ),
        (
            t("Stop presenting"),
            "!(" + OTHER + ") && " + presenter + " === me.id",
            do("present", "act: 'stop'"),
        ),
    ):
        html.Button(label, v_if=condition, classes="cm-btn small", click=act + CLOSE)


def _role() -> None:
    words = word_for(roles(), "role")
    with html.Label(v_if=OTHER + " && " + may("change_role"), classes="cm-field"):
        html.Span(t("Role"))
        with html.Select(
            classes="cm-select small",
            aria_label=t("Role"),
            change=submit(
                "{ type: 'change_role', member_id: member.id, expected: member.role, "
                "role: $event.target.value }"
            ),
            raw_attrs=[':value="member.role"'],
        ):
            html.Option("{{ " + words + " }}", v_for="role in roles", key="role", value=("role",))
