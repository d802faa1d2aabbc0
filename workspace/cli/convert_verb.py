"""`commissure convert`: a DICOM series as one NIfTI, NRRD or MetaImage file."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from imaging.progress import Progress
from workspace.cli.plain_text import plain


def register(app: typer.Typer) -> None:
    """Add the verb."""

    @app.command("convert")
    def convert(
        paths: Annotated[
            list[Path], typer.Argument(help="DICOM files, or folders that hold some.")
        ],
        out: Annotated[Path, typer.Option(help="File to write: .nii.gz, .nii, .nrrd or .mha.")],
        volume: Annotated[
            str | None,
            typer.Option(help="Which volume, if there are several: its id from `inspect`."),
        ] = None,
        as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    ) -> None:
        """Write one volume with its place in the patient, and no identifiers."""
        from imaging.formats import require_writable
        from workspace.cli.progress_bar import progress_bar

        require_writable(out)
        with progress_bar() as bar:
            written = convert_volume(paths, volume, out, bar)
        if as_json:
            print(json.dumps(written, indent=1))
            return
        size = " x ".join(str(count) for count in written["shape_kji"])
        print(f"{out}: {size} voxels, {written['modality']}")
        for warning in written["warnings"]:
            print(f"note: {plain(warning['message'])} ({warning['code']})")


def convert_volume(
    paths: list[Path], volume_id: str | None, out: Path, progress: Progress
) -> dict[str, Any]:
    """Import a volume, write it, and return what ``--json`` prints."""
    from imaging.formats import write_volume
    from imaging.importing import import_volume

    volume = import_volume(paths, volume_id, progress)
    progress("Writing", 0, 1)
    write_volume(out, volume)
    progress("Writing", 1, 1)
    return {
        "out": str(out),
        "volume": volume.volume_id,
        "modality": volume.modality,
        "hu": volume.hu,
        "shape_kji": list(volume.geometry.shape_kji),
        "spacing_mm": list(volume.geometry.spacing),
        "affine_lps": volume.geometry.affine_lps.tolist(),
        "warnings": [{"code": code, "message": message} for code, message in volume.warnings],
    }
