"""`commissure open`: import, segment, make surfaces, open a room, print links, serve."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from workspace.cli.entrance_options import InsecureHttp, Line, require_private_line
from workspace.cli.reading_options import Resample
from workspace.cli.serving_options import AsJson, Data, Host, Port
from workspace.errors import MisuseError
from workspace.storage import default_data_folder

if TYPE_CHECKING:
    from workspace.case_request import EngineChoice
    from workspace.cli.running_room import RoomOptions

BUNDLE_SUFFIX: Final = ".commissure"


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("open")(open_room)


def open_room(
    paths: Annotated[
        list[Path],
        typer.Argument(
            help="Files, folders or zip archives of one CT or MR series; or one .commissure bundle."
        ),
    ],
    *,
    volume: Annotated[
        str | None, typer.Option(help="Which volume, if there are several: its id from `inspect`.")
    ] = None,
    engine: Annotated[
        list[str] | None,
        typer.Option(help="Segment with this engine; may be repeated. Default: by modality."),
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", help="key=value of the engine, or engine.key=value with several."),
    ] = None,
    resample: Resample = False,
    title: Annotated[
        str | None, typer.Option(help="Name of the case on screen; never a patient's name.")
    ] = None,
    as_: Annotated[
        str | None, typer.Option("--as", help="Id of a bundle's room here; default: its file name.")
    ] = None,
    data: Data = None,
    host: Host = "127.0.0.1",
    port: Port = 8765,
    insecure_http: InsecureHttp = False,
    as_json: AsJson = False,
) -> None:
    """Open a room on a series or a bundle, print its invitation links, and serve until stopped."""
    from workspace.cli.running_room import RoomOptions, run_new_room

    require_private_line(Line(host), insecure_http=insecure_http)
    options = RoomOptions(data or default_data_folder(), host, port, as_json)
    choices = engine_choices(engine or [], set_ or [])
    if any(path.suffix == BUNDLE_SUFFIX and not path.is_dir() for path in paths):
        if len(paths) > 1 or volume or choices or title or resample:
            raise MisuseError("a bundle opens by itself, without other paths, engines or a title")
        _open_bundle(paths[0], as_, options)
    elif as_ is not None:
        raise MisuseError("--as names the room of a .commissure bundle; images take --title")
    else:
        from workspace.case_request import CaseRequest

        request = CaseRequest(tuple(str(path) for path in paths), volume, choices, resample)
        run_new_room(request, title or "Unnamed case", options)


def engine_choices(engines: list[str], settings: list[str]) -> "tuple[EngineChoice, ...]":
    """Return the engines asked for, each with its settings.

    Raises
    ------
    MisuseError
        A setting belongs to none of them.
    """
    from workspace.case_request import EngineChoice

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


def _open_bundle(bundle: Path, room_id: str | None, options: "RoomOptions") -> None:
    from workspace.case_request import Stopwatch
    from workspace.cli.running_room import run_known_room
    from workspace.export.bundle_rooms import import_bundle
    from workspace.server.serving import bound_socket

    bound_socket(options.host, options.port).close()  # refuse a taken port before anything is made
    clock = Stopwatch()
    name, _ = import_bundle(bundle, options.data, room_id)
    clock.lap("import")
    run_known_room(name, clock, options)
