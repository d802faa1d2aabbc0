"""What happened in the room: who did what, when."""

from typing import Final

from trame.widgets import html
from trame.widgets import vuetify3 as v3

from workspace.panels.asking import do
from workspace.panels.lists import empty
from workspace.panels.words import t

SHOWN: Final = "activity.filter((it) => !activity_of || it.who_id === activity_of)"
OPEN: Final = (
    "if (it.record_id) { selected_id = it.record_id; "
    + do("find", "record_id: it.record_id")
    + " } else { "
    + do("timeline", "revision: it.revision")
    + " }"
)


class ActivityFeed(html.Div):
    """The latest first; a click goes to what it was done to, or to how the plan was then."""

    def __init__(self) -> None:
        super().__init__()
        with self:
            with html.Div(classes="cm-h"):
                html.Span(t("What happened"))
            with (
                html.Div(classes="cm-bar", v_if="activity.length"),
                html.Select(
                    v_model=("activity_of",),
                    classes="cm-select small",
                    aria_label=t("Whose activity"),
                ),
            ):
                html.Option(t("Everybody"), value="")
                html.Option("{{ it.name }}", v_for="it in members", key="it.id", value=("it.id",))
            empty("!activity.length", t("Nothing yet. What members do appears here."))
            empty(
                "activity.length && !" + SHOWN + ".length",
                t("They have done nothing lately."),
            )
            with html.Div(role="group", aria_label=t("Activity")):
                _entry()


def _entry() -> None:
    with html.Button(
        v_for="it in " + SHOWN,
        key="it.revision",
        classes=("['cm-activity', { cut: it.cut && it.who_id !== me.id }]",),
        click=OPEN,
        data_activity=("it.revision",),
    ):
        html.I(classes="cm-dot", style=("{ background: it.colour }",))
        with html.Span(classes="cm-line"):
            html.B("{{ it.who }} ", style=("{ color: it.colour }",))
            html.Span("{{ it.summary }}")
            v3.VIcon(
                "mdi-content-cut",
                v_if="it.cut && it.who_id !== me.id",
                size=14,
                title=t("Somebody else cut here"),
            )
        html.Span(
            "{{ $panels.ago(it.at) }}",
            classes="cm-mu cm-ago",
            title=("$panels.exact(it.at)",),
        )
