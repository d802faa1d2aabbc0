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
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document when ready.")]
