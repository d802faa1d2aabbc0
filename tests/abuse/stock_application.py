"""A stock trame application with the settings that trame comes with: two members share a note.

Ends when its standard input is closed, so that no test can leave it behind.
"""

import json
import os
import sys
import threading
from typing import Any

from trame.app import get_server
from trame.ui.html import DivLayout
from trame.widgets import html

PATIENT = "Doe^Jane^1961-canary"


def build(title: str) -> Any:  # noqa: ANN401  # trame has no types
    """Return the application's server.

    Parameters
    ----------
    title : str
        As it stands in the images; lands in the layout as people write it at first.
    """
    server = get_server(client_type="vue3")
    state = server.state
    state.update({"note": "", "link": "#", "approved_by": "", "role": "observer"})

    @server.trigger("approve")  # type: ignore[untyped-decorator]
    def approve(name: str) -> None:
        """Stand for what only a surgeon's page shows a button for."""
        state.approved_by = name

    @server.trigger("measure")  # type: ignore[untyped-decorator]
    def measure(solid: str) -> None:
        """Fail as a handler does that met something unexpected."""
        raise KeyError(f"no solid {solid} of {PATIENT}")

    with DivLayout(server):
        html.Div(f"{title}", id="title")
        html.Div(v_html=("note", ""), id="note")
        html.A("report", href=("link", "#"), id="link")
        html.Input(v_model=("note", ""))
        html.Div("ready", id="ready")
    return server


def end_with_standard_input() -> None:
    """Wait for the end of standard input, then end the process."""
    while os.read(0, 1):  # not sys.stdin, whose lock would keep the interpreter from ending
        pass
    os._exit(0)


def main() -> None:
    """Serve on a free port of loopback, and say which in one line of JSON."""
    title = sys.argv[1] if len(sys.argv) > 1 else "Craniopagus"
    sys.argv[1:] = []
    threading.Thread(target=end_with_standard_input, daemon=True).start()
    server = build(title)

    @server.controller.add("on_server_ready")  # type: ignore[untyped-decorator]
    def tell(**_: object) -> None:
        sys.stdout.write(json.dumps({"port": server.port}) + "\n")
        sys.stdout.flush()

    server.start(host="127.0.0.1", port=0, open_browser=False, show_connection_info=False)


if __name__ == "__main__":
    main()
