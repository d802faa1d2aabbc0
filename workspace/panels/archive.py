"""The archive step: what can be taken out of the room."""

from trame.widgets import html

from workspace.panels.asking import may
from workspace.panels.lists import empty, heading
from workspace.panels.saying import telling
from workspace.panels.words import t


class ArchivePanel(html.Div):
    """Downloads; knows names of state only."""

    def __init__(self) -> None:
        super().__init__()
        with self:
            with html.Div(v_if=may("export")):
                _room()
                _measurements()
                _history()
                _surfaces()
            with html.Div(v_else=True):
                heading(t("Take it with you"))
                html.Div(
                    t("Your role takes nothing out of the room. Ask its owner for another one."),
                    classes="cm-empty",
                )


def _room() -> None:
    heading(t("Take it with you"))
    with html.Div(classes="cm-card"):
        html.Div(
            t(
                "The whole room: the log of every act, and every surface. "
                "Opens again elsewhere to the same state."
            )
        )
        html.A(
            t("Download the room"),
            classes="cm-btn primary cm-wide-btn",
            href=("base + 'bundle'",),
        )


def _measurements() -> None:
    heading(t("Measurements"))
    with html.Div(classes="cm-card"):
        html.Div(t("Every measurement of this branch, with its uncertainty, and every volume."))
        with html.Div(classes="cm-acts"):
            html.A(
                t("Table (.csv)"),
                classes="cm-btn small",
                href=("base + 'measurements.csv?branch=' + encodeURIComponent(branch_id)",),
            )


def _history() -> None:
    heading(t("The history"))
    with html.Div(classes="cm-card"):
        html.Div(t("Who did what and when: a table for people, or every entry for programs."))
        with html.Div(classes="cm-acts"):
            html.A(t("Table (.csv)"), classes="cm-btn small", href=("base + 'history.csv'",))
            html.A(t("Entries (.jsonl)"), classes="cm-btn small", href=("base + 'history.jsonl'",))


def _surfaces() -> None:
    heading(t("Surfaces as STL"))
    empty("solids.length", t("In mm, LPS, where they are placed now."))
    empty("!solids.length", t("No surface yet."))
    with html.Div(v_for="row in solids.filter((s) => s.leaf)", key="row.id", classes="cm-row"):
        html.Span(classes="cm-sw", style=("{ background: row.colour }",))
        html.Span("{{ row.name }}", classes="cm-name")
        html.A(
            "STL",
            classes="cm-btn small",
            href=("base + 'export/' + encodeURIComponent(row.id) + '.stl?branch=' + branch_id",),
            aria_label=(telling(t("Download {name} as STL"), name="row.name"),),
        )
