"""`commissure inspect`: what lies in some files and folders; changes nothing."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workspace.cli.plain_text import plain

if TYPE_CHECKING:
    from rich.table import Table

    from imaging.dicom.inspection import Inspection


def register(app: typer.Typer) -> None:
    """Add the verb."""

    @app.command("inspect")
    def inspect(
        paths: Annotated[
            list[Path],
            typer.Argument(help="DICOM, NIfTI, NRRD or MetaImage files; folders, zip archives."),
        ],
        as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    ) -> None:
        """Say which volumes are in there, and what is refused or skipped, and why."""
        from imaging.importing import inspect_paths
        from workspace.cli.progress_bar import progress_bar

        with progress_bar() as bar:
            found = inspect_paths(paths, bar)
        if as_json:
            print(json.dumps(found.as_json(), ensure_ascii=False, indent=1))
        else:
            print_tables(found)


def print_tables(found: "Inspection") -> None:
    """Print what was found, for people."""
    from rich.console import Console

    console = Console(highlight=False, markup=False)
    if found.volumes:
        console.print(_volumes_table(found))
    for volume in found.volumes:
        for warning in volume.warnings:
            console.print(f"{volume.id}: {plain(warning.message)} ({warning.code})")
    if found.refused:
        console.print(_refused_table(found))
    if found.skipped:
        reasons = sorted({one.code for one in found.skipped})
        console.print(f"{len(found.skipped)} files skipped ({', '.join(reasons)})")
    if not found.volumes:
        console.print("No volume here can be imported.")


def _volumes_table(found: "Inspection") -> "Table":
    from rich.table import Table

    table = Table("Volume", "Modality", "Description", "Slices x rows x columns", "Spacing (mm)")
    for volume in found.volumes:
        unit = " (HU)" if volume.hu else ""
        table.add_row(
            volume.id,
            volume.modality + unit,
            plain(volume.description),
            " x ".join(str(count) for count in volume.shape_kji),
            " x ".join(f"{step:.3g}" for step in volume.spacing_mm),
        )
    return table


def _refused_table(found: "Inspection") -> "Table":
    from rich.table import Table

    table = Table("Refused", "Files", "Why")
    for series in found.refused:
        table.add_row(series.code, str(len(series.files)), plain(series.message))
    return table
