"""The line at the foot: what must always be on screen."""

from trame.widgets import html

from workspace.panels.saying import shown
from workspace.panels.words import t


class Footer(html.Div):
    """Never covered, never hidden."""

    def __init__(self) -> None:
        super().__init__(classes="cm-foot", role="contentinfo")
        with self:
            html.B(t("Not for diagnostic use"))
            html.Span(
                shown(t("Approved plan: {label}"), label="status.label"),
                v_if="status.state === 'approved'",
            )
            html.Span(shown(t("{label}: not the agreed plan"), label="status.label"), v_else=True)
            _source()
            html.Span(
                "{{ provenance.join('   ·   ') }}",
                classes="cm-fit",
                title=("provenance.join(' · ')",),
            )
            html.Div(classes="cm-sp")
            html.Span(t("No tissue mechanics, bleeding or flow is simulated"), classes="cm-wide")


def _source() -> None:
    """Say from which series everything was made, how thick its slices are, and of which day."""
    with html.Span(v_if="casefile.known", classes="cm-source", id="source"):
        html.Span("{{ casefile.modality }} {{ casefile.series }}")
        html.Span(
            shown(t("slices {thickness}"), thickness="casefile.thickness"),
            v_if="casefile.thickness",
        )
        html.Span(t("slice thickness not given"), v_else=True)
        html.Span("{{ casefile.acquired_on }}", v_if="casefile.acquired_on")
        html.Span(t("date not given"), v_else=True)
        html.Span(shown(t("voxel {size}"), size="casefile.voxel"))
