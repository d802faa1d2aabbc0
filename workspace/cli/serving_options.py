"""Options that the verbs share which open a port."""

from pathlib import Path
from typing import Annotated

import typer

Data = Annotated[
    Path | None,
    typer.Option(help="Folder of rooms and surfaces; default: ~/.local/share/commissure."),
]
Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="0: any free port.")]
MetricsPort = Annotated[
    int | None,
    typer.Option(
        min=0,
        max=65535,
        help="Show Prometheus metrics on this port of 127.0.0.1; default: nowhere.",
    ),
]
MinFree = Annotated[
    int, typer.Option(min=0, help="MiB free on the disk, below which the server is not ready.")
]
AuditAddresses = Annotated[
    bool,
    typer.Option(
        "--audit-addresses/--no-audit-addresses",
        help="Whether the audit trail keeps network addresses.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document when ready.")]
