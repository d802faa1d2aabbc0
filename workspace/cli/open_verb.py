"""`commissure open`: import, segment, make surfaces, open a room, print links, serve."""

from pathlib import Path
from typing import Annotated

import typer

from workspace.errors import MisuseError


def register(app: typer.Typer) -> None:
    """Add the verb."""

    @app.command("open")
    def open_(
        paths: Annotated[list[Path], typer.Argument(help="Files or folders of one CT or MR series.")],
        volume: Annotated[
            str | None, typer.Option(help="Which volume, if there are several: its id from `inspect`.")
        ] = None,
        engine: Annotated[
            list[str] | None,
            typer.Option(help="Segment with this engine; may be repeated. Default: by modality."),
        ] = None,
        set_: Annotated[
            list[str] | None,
            typer.Option("--set", help="engine.key=value, or key=value if there is one engine."),
        ] = None,
        title: Annotated[str | None, typer.Option(help="Name of the case; no patient's name.")] = None,
        data: Annotated[Path | None, typer.Option(help="Folder for rooms and surfaces.")] = None,
        host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
        port: Annotated[int, typer.Option(min=0, max=65535, help="0: any free port.")] = 8765,
        as_json: Annotated[bool, typer.Option("--json", help="One JSON document when ready.")] = False,
    ) -> None:
        """Open a room on a series: both links are ready to click at once."""
        from workspace.cli.data_folder import default_data_folder
        from workspace.cli.running_room import RoomOptions, Source, run_room

        source = Source(tuple(paths), volume, _choices(engine or [], set_ or []))
        options = RoomOptions(
            title or "Case", data or default_data_folder(), host, port, as_json
        )
        run_room(source, options)


def _choices(engines: list[str], settings: list[str]) -> tuple:  # type: ignore[type-arg]
    from workspace.preparation import EngineChoice

    by_engine: dict[str, dict[str, str]] = {name: {} for name in engines}
    for setting in settings:
        key, equals, value = setting.partition("=")
        name, dot, engine_key = key.partition(".")
        if not dot and len(engines) == 1:
            name, engine_key = engines[0], key
        if not equals or name not in by_engine or not engine_key:
            raise MisuseError(
                f"--set {setting} names no engine that was asked for; write "
                "--engine bone --set lower_hu=300, or engine.key=value with several engines"
            )
        by_engine[name][engine_key] = value
    return tuple(EngineChoice(name, values) for name, values in by_engine.items())
