"""The case step: what the images say of themselves, and who is in the room."""

from trame.widgets import html

from workspace.panels.lists import heading
from workspace.panels.people import PeoplePanel
from workspace.panels.saying import telling
from workspace.panels.words import t


class CasePanel(html.Div):
    """Knows names of state only."""

    def __init__(self) -> None:
        super().__init__()
        with self:
            heading(t("Case"))
            with html.Div(classes="cm-card"):
                with html.Div(v_if="casefile.known"):
                    _facts()
                html.Span(t("Nothing has been imported yet."), v_else=True, classes="cm-mu")
            with html.Div(v_for="text in casefile.warnings", key="text", classes="cm-card cm-warn"):
                html.Span("{{ text }}")
            PeoplePanel()


def _facts() -> None:
    for label, value in (
        (t("Modality"), "casefile.modality"),
        (t("Series"), "casefile.series || " + telling(t("no description"))),
        (t("Acquired"), "casefile.acquired_on || " + telling(t("date not given"))),
        (t("Voxel"), "casefile.voxel"),
        (t("Slice thickness"), "casefile.thickness || " + telling(t("not given"))),
        (t("Frame"), telling(t("LPS, mm, as scanned"))),
    ):
        with html.Div(classes="cm-kv"):
            html.Span(label, classes="cm-mu")
            html.B("{{ " + value + " }}")
