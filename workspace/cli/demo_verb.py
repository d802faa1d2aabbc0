"""`commissure demo`: the craniopagus phantom, imported as DICOM, in a room for two."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the verb."""

    @app.command("demo")
    def demo(
        data: Annotated[Path | None, typer.Option(help="Folder for rooms and surfaces.")] = None,
        host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
        port: Annotated[int, typer.Option(min=0, max=65535, help="0: any free port.")] = 8765,
        as_json: Annotated[bool, typer.Option("--json", help="One JSON document when ready.")] = False,
    ) -> None:
        """Rehearse on the built-in craniopagus phantom: no images of your own needed."""
        from workspace.cli.data_folder import default_data_folder
        from workspace.cli.running_room import RoomOptions, Source, run_room

        with tempfile.TemporaryDirectory(prefix="commissure-demo-") as folder:
            series = Path(folder) / "series"
            write_phantom(series)
            options = RoomOptions(
                "Craniopagus phantom", data or default_data_folder(), host, port, as_json
            )
            run_room(Source((series,)), options)


def write_phantom(folder: Path) -> None:
    """Write the phantom as a CT series."""
    from sample_data.craniopagus import craniopagus
    from sample_data.series import write_series
    from workspace.cli.progress_bar import progress_bar

    with progress_bar() as bar:
        write_series(craniopagus(), folder, progress=bar)
