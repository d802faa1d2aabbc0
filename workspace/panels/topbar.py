"""The bar at the top: which case, which plan, who is here, how the connection is."""

from trame.widgets import html
from trame.widgets import vuetify3 as v3

from workspace.panels.asking import do, may
from workspace.panels.avatars import Avatars
from workspace.panels.naming import version_states
from workspace.panels.saying import shown, telling, word_for
from workspace.panels.words import t


class TopBar(html.Div):
    """Knows names of state, no room and no view."""

    def __init__(self) -> None:
        super().__init__(classes="cm-top", role="banner")
        with self:
            with html.Span(classes="cm-brand"):
                html.Span("Comm")
                html.I("i")
                html.Span("ssure")
            with html.Span(classes="cm-chip", title=("casefile.title",)):
                html.Span(t("Case"), classes="cm-mu")
                html.B("{{ casefile.title || " + telling(t("New case")) + " }}")
            _plan()
            with html.Span(
                classes="cm-chip cm-wide",
                title=t("Coordinates are the patient's own: left, posterior, superior, in mm"),
            ):
                html.Span(t("Frame"), classes="cm-mu")
                html.B(t("LPS, as scanned"), v_if="!frame")
                html.B(shown(t("Twin {letter}"), letter="frame"), v_else=True)
            html.Span(
                shown(t("Read-only: {reason}"), reason="alarm"),
                v_if="alarm",
                classes="cm-chip cm-bad",
                role="alert",
            )
            html.Div(classes="cm-sp")
            _connection()
            _presenting()
            html.Div(v_if="person_menu", classes="cm-elsewhere", click="person_menu = ''")
            Avatars()
            html.Button(
                t("Invite"),
                v_if=may("invite"),
                classes="cm-btn",
                id="invite",
                click="trigger('invitations')",
            )
            _leave_with()


def _plan() -> None:
    with html.Button(
        classes="cm-chip",
        title=(telling(t("{label}, revision {n}"), label="status.label", n="revision"),),
        click="panel = 'versions'",
        id="plan-chip",
    ):
        html.Span(t("Plan"), classes="cm-mu")
        html.B("r{{ revision }}")
        html.Span("{{ status.branch }}", v_if="branches.length > 1", classes="cm-mu")
        html.Span(
            "{{ " + word_for(version_states(), "status.state") + " }}",
            classes=("'cm-state ' + status.state",),
        )


def _connection() -> None:
    with html.Span(
        classes=("'cm-lag ' + connection.state",),
        title=t("Time for a message to the server and back"),
        id="connection",
    ):
        html.I()
        html.Span("{{ Math.round(connection.lag_ms) }} ms", v_if="connection.state === 'live'")
        html.Span(t("Connecting…"), v_else_if="connection.state === 'connecting'")
        html.Span(t("Connection lost"), v_else=True)


def _presenting() -> None:
    html.Button(
        t("Present"),
        v_if="!presenting.presenter_id && " + may("present"),
        classes="cm-btn",
        id="present",
        title=t("Everybody follows your view"),
        click=do("present", "act: 'start'"),
    )
    html.Button(
        t("Stop presenting"),
        v_if="presenting.presenter_id === me.id",
        classes="cm-btn primary",
        id="stop-presenting",
        click=do("present", "act: 'stop'"),
    )


def _leave_with() -> None:
    """Offer what can be taken out of the room."""
    with v3.VMenu(location="bottom end", v_if=may("export")):
        with v3.Template(v_slot_activator="{ props }"):
            html.Button(t("Export"), classes="cm-btn", id="export", v_bind="props")
        with html.Div(classes="cm-menu cm-stack"):
            html.A(
                t("Whole room (.commissure)"),
                classes="cm-btn",
                href=("base + 'bundle'",),
                id="export-bundle",
            )
            html.A(
                t("History (.csv)"),
                classes="cm-btn",
                href=("base + 'history.csv'",),
                id="export-history",
            )
            html.A(
                t("Measurements (.csv)"),
                classes="cm-btn",
                href=("base + 'measurements.csv?branch=' + encodeURIComponent(branch_id)",),
                id="export-measurements",
            )
            html.A(
                "{{ row.name }} (.stl)",
                v_for=("row in solids.filter((s) => s.leaf)",),
                key="row.id",
                classes="cm-btn",
                href=(
                    "base + 'export/' + encodeURIComponent(row.id) + '.stl?branch=' + branch_id",
                ),
            )
