"""`commissure import`: keep images for good: volumes, the files themselves, a catalogue entry."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from workspace.cli.plain_text import plain
from workspace.cli.reading_options import Resample
from workspace.cli.serving_options import Data

if TYPE_CHECKING:
    from imaging.importing import KeptReport
    from imaging.progress import Progress


def register(app: typer.Typer) -> None:
    """Add the verb."""

    @app.command("import")
    def import_(
        paths: Annotated[list[Path], typer.Argument(help="DICOM files, folders or zip archives.")],
        volume: Annotated[
            str | None,
            typer.Option(help="Only this volume: its id from `inspect`. Default: all of them."),
        ] = None,
        resample: Resample = False,
        data: Data = None,
        as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    ) -> None:
        """Keep volumes for good; the same series imported twice is one volume."""
        from workspace.cli.progress_bar import progress_bar

        with progress_bar() as bar:
            report = import_volumes(paths, volume, data, bar, resample=resample)
        if as_json:
            print(json.dumps(msgspec.to_builtins(report), ensure_ascii=False, indent=1))
        else:
            _print_report(report)
        if report.failed or not report.volumes:
            raise typer.Exit(1)


def import_volumes(
    paths: list[Path],
    volume: str | None,
    data: Path | None,
    progress: "Progress",
    *,
    resample: bool,
) -> "KeptReport":
    """Import into the data folder, which is made if it is not there yet."""
    from imaging.dicom.choice import Choice, Uneven
    from imaging.importing import keep_volumes
    from workspace.storage import default_data_folder, make_data_folder, require_folder

    folder = require_folder(data or default_data_folder())
    make_data_folder(folder)
    choice = Choice(volume, Uneven.RESAMPLE if resample else Uneven.REFUSE)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return keep_volumes(paths, choice, folder, now, progress)


def _print_report(report: "KeptReport") -> None:
    for one in report.volumes:
        size = " x ".join(str(count) for count in one.shape_kji)
        known = "" if one.new else ", known already"
        print(f"{one.case}: {one.id}, {one.modality}, {size} voxels{known}")
        for warning in one.warnings:
            print(f"  note: {plain(warning.message)} ({warning.code})")
    for refused in (*report.failed, *report.refused):
        print(f"refused: {plain(refused.message)} ({refused.code})")
    if report.skipped:
        files = "1 file" if len(report.skipped) == 1 else f"{len(report.skipped)} files"
        print(f"{files} skipped ({', '.join(sorted({it.code for it in report.skipped}))})")
    if not report.volumes:
        print("No volume here can be imported.")
