"""Options of the verbs that read images."""

from typing import Annotated

import typer

Resample = Annotated[
    bool,
    typer.Option(
        "--resample", help="Interpolate missing or uneven slices to an even grid, and say so."
    ),
]
