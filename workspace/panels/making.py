"""The segment and model steps: how each segment was made, and how good its surface is."""

from trame.widgets import html

from workspace.panels.lists import empty, heading
from workspace.panels.saying import shown
from workspace.panels.segment_inspector import fact
from workspace.panels.words import t


class MakingPanel(html.Div):
    """How each segment was made, by whom and when."""

    def __init__(self) -> None:
        super().__init__()
        with self:
            heading(t("How each segment was made"))
            empty("!solids.length", t("No segment yet."))
            with html.Div(
                v_for="row in solids.filter((s) => !s.fragment)", key="row.id", classes="cm-card"
            ):
                _name_and_volume()
                html.Div("{{ row.made }}", classes="cm-mu")
                html.Div("{{ row.made_by }} · {{ $panels.exact(row.made_at) }}", classes="cm-mu")


class SurfacesPanel(html.Div):
    """The surface of each solid on screen."""

    def __init__(self) -> None:
        super().__init__()
        with self:
            heading(t("Surfaces"))
            empty("!solids.length", t("No surface yet."))
            with html.Div(
                v_for="row in solids.filter((s) => s.leaf)", key="row.id", classes="cm-card"
            ):
                _name_and_volume()
                fact(t("Area"), "row.area")
                fact(t("Triangles"), "row.triangles")
                fact(t("Pieces"), "row.parts")
                with html.Div(classes="cm-kv"):
                    html.Span(t("Moved by smoothing and decimation"), classes="cm-mu")
                    html.B(
                        shown(
                            t("95 % within {p95}, at most {most}"),
                            p95="row.error_p95",
                            most="row.error_max",
                        )
                    )
                with html.Div(classes="cm-kv"):
                    html.Span(t("Surface"), classes="cm-mu")
                    html.B(t("closed"), v_if="row.closed", classes="cm-good")
                    html.B(t("open"), v_else=True, classes="cm-bad")


def _name_and_volume() -> None:
    with html.Div(classes="cm-kv"):
        with html.Span(classes="cm-named"):
            html.Span(classes="cm-sw", style=("{ background: row.colour }",))
            html.B("{{ row.name }}")
        html.B("{{ row.volume }} mL")
