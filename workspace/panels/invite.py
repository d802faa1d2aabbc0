"""The dialog with the room's invitation links; owners only."""

from trame.widgets import html
from trame.widgets import vuetify3 as v3

COPY = (
    "window.navigator.clipboard && "
    "window.navigator.clipboard.writeText(window.location.origin + link.path)"
)


class InviteDialog(v3.VDialog):
    """Shows `invitations`; the server fills it when an owner asks, and for nobody else."""

    def __init__(self) -> None:
        super().__init__(v_model=("invite_open",), max_width=560)
        with self, html.Div(classes="cm-dialog"):
            html.H2("Invite somebody")
            html.Div(
                "Whoever has a link may join with its role. Pass it on over a channel you trust.",
                classes="cm-mu",
                style="margin-bottom: 14px",
            )
            with html.Div(v_for="link in invitations", key="link.role"):
                html.B("{{ link.label }}")
                html.Span("{{ link.may }}", classes="cm-after")
                with html.Div(classes="cm-link"):
                    html.Input(
                        value=("window.location.origin + link.path",),
                        readonly=True,
                        aria_label=("'Link for ' + link.label",),
                        focus="$event.target.select()",
                    )
                    html.Button(
                        "Copy",
                        classes="cm-btn",
                        click=COPY,
                    )
            with html.Div(style="text-align: right"):
                html.Button("Close", classes="cm-btn", click="invite_open = false")
