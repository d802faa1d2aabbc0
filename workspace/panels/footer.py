"""The line at the foot: what must always be on screen."""

from trame.widgets import html


class Footer(html.Div):
    """Never covered, never hidden."""

    def __init__(self) -> None:
        super().__init__(classes="cm-foot", role="contentinfo")
        with self:
            html.B("Not for diagnostic use")
            html.Span("Approved plan: {{ status.label }}", v_if="status.state === 'approved'")
            html.Span("{{ status.label }}: not the agreed plan", v_else=True)
            html.Span(
                "{{ provenance.join('   ·   ') }}",
                classes="cm-fit",
                title=("provenance.join(' · ')",),
            )
            html.Div(classes="cm-sp")
            html.Span("No tissue mechanics, bleeding or flow is simulated", classes="cm-wide")
