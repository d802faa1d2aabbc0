"""The bar at the top: which case, which plan, who is here, how the connection is."""

from trame.widgets import html
from trame.widgets import vuetify3 as v3

from workspace.panels.asking import DO
from workspace.panels.people import Avatars


class TopBar(html.Div):
    """Knows names of state, no room and no view."""

    def __init__(self) -> None:
        super().__init__(classes="cm-top", role="banner")
        with self:
            with html.Span(classes="cm-brand"):
                html.Span("Comm")
                html.I("i")
                html.Span("ssure")
            with html.Span(classes="cm-chip"):
                html.Span("Case", classes="cm-mu")
                html.B("{{ casefile.title }}")
            with html.Button(
                classes="cm-chip",
                title=("status.label + ', revision ' + revision",),
                click="panel = 'versions'",
                id="plan-chip",
            ):
                html.Span("Plan", classes="cm-mu")
                html.B("r{{ revision }}")
                html.Span("{{ status.branch }}", v_if="branches.length > 1", classes="cm-mu")
                html.Span("{{ status.state_words }}", classes=("'cm-state ' + status.state",))
            with html.Span(
                classes="cm-chip cm-wide",
                title="Coordinates are the patient's own: left, posterior, superior, in mm",
            ):
                html.Span("Frame", classes="cm-mu")
                html.B("LPS, as scanned")
            html.Span(
                "Read-only: {{ alarm }}", v_if="alarm", classes="cm-chip cm-bad", role="alert"
            )
            html.Div(classes="cm-sp")
            _connection()
            _presenting()
            Avatars()
            html.Button(
                "Invite",
                v_if=("me.may.includes('invite')",),
                classes="cm-btn",
                id="invite",
                click="trigger('invitations')",
            )
            _leave_with()


def _connection() -> None:
    with html.Span(
        classes=("'cm-lag ' + connection.state",),
        title="Time for a message to the server and back",
        id="connection",
    ):
        html.I()
        html.Span(
            "{{ connection.state === 'live' ? Math.round(connection.lag_ms) + ' ms'"
            " : connection.state === 'connecting' ? 'Connecting…' : 'Connection lost' }}"
        )


def _presenting() -> None:
    html.Button(
        "Present",
        v_if="!presenting.presenter_id && me.may.includes('present')",
        classes="cm-btn",
        id="present",
        title="Everybody follows your view",
        click=DO + "'present', act: 'start' }",
    )
    html.Button(
        "Stop presenting",
        v_if="presenting.presenter_id === me.id",
        classes="cm-btn primary",
        id="stop-presenting",
        click=DO + "'present', act: 'stop' }",
    )


def _leave_with() -> None:
    """Offer what can be taken out of the room."""
    with v3.VMenu(location="bottom end", v_if="me.may.includes('export')"):
        with v3.Template(v_slot_activator="{ props }"):
            html.Button("Export", classes="cm-btn", id="export", v_bind="props")
        with html.Div(classes="cm-menu"):
            html.A(
                "Whole room (.commissure)",
                classes="cm-btn",
                href=("base + 'bundle'",),
                style="width: 100%; margin-bottom: 6px",
                id="export-bundle",
            )
            html.A(
                "History (.csv)",
                classes="cm-btn",
                href=("base + 'history.csv'",),
                style="width: 100%; margin-bottom: 6px",
                id="export-history",
            )
            html.A(
                "{{ row.name }} (.stl)",
                v_for=("row in solids.filter((s) => s.leaf)",),
                key="row.id",
                classes="cm-btn",
                style="width: 100%; margin-bottom: 4px",
                href=(
                    "base + 'export/' + encodeURIComponent(row.id) + '.stl?branch=' + branch_id",
                ),
            )
