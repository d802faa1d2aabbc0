"""`commissure demo`: the craniopagus phantom, imported as DICOM, in a room for two."""

import tempfile
from pathlib import Path

import typer

from imaging.progress import Progress
from workspace.cli.entrance_options import InsecureHttp, Line, require_private_line
from workspace.cli.serving_options import AsJson, Data, Host, Port
from workspace.storage import default_data_folder


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("demo")(demo)


def demo(
    *,
    data: Data = None,
    host: Host = "127.0.0.1",
    port: Port = 8765,
    insecure_http: InsecureHttp = False,
    as_json: AsJson = False,
) -> None:
    """Rehearse on the built-in craniopagus phantom: no images of your own needed."""
    from imaging.worker import run_in_worker
    from workspace.case_request import CaseRequest
    from workspace.cli.progress_bar import progress_bar
    from workspace.cli.running_room import RoomOptions, run_new_room
    from workspace.server.serving import bound_socket

    require_private_line(Line(host), insecure_http=insecure_http)
    options = RoomOptions(data or default_data_folder(), host, port, as_json)
    bound_socket(host, port).close()  # refuse a taken port before the phantom is made
    with tempfile.TemporaryDirectory(prefix="commissure-demo-") as folder:
        series = Path(folder) / "series"
        with progress_bar() as bar:
            run_in_worker(write_phantom, str(series), on_progress=bar)
        run_new_room(CaseRequest((str(series),)), "Craniopagus phantom", options)


def write_phantom(folder: str, progress: Progress) -> None:
    """Write the phantom as a CT series; runs in a worker, for the web process is to stay small."""
    from sample_data.craniopagus import craniopagus
    from sample_data.series import write_series

    write_series(craniopagus(), Path(folder), progress=progress)
