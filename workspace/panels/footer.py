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
            html.Span(
                "{{ provenance.join('   ·   ') }}",
                classes="cm-fit",
                title=("provenance.join(' · ')",),
            )
            html.Div(classes="cm-sp")
            html.Span(t("No tissue mechanics, bleeding or flow is simulated"), classes="cm-wide")
