"""`commissure convert`: a series or an image as one NIfTI, NRRD or MetaImage file."""

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from imaging.progress import Progress
from workspace.cli.plain_text import plain
from workspace.cli.reading_options import Resample
from workspace.errors import MisuseError

if TYPE_CHECKING:
    from imaging.dicom.choice import Choice
    from imaging.volume import Volume

FINEST_MM: Final = 0.01
COARSEST_MM: Final = 100.0
"""Beyond is a slip of the keyboard."""


@dataclass(frozen=True, slots=True)
class TargetGrid:
    """On which grid to write; as scanned if nothing is asked for."""

    right_angles: bool = False
    spacing_mm: float | None = None


AS_SCANNED: Final = TargetGrid()


def register(app: typer.Typer) -> None:
    """Add the verb."""

    @app.command("convert")
    def convert(
        paths: Annotated[
            list[Path],
            typer.Argument(help="DICOM, NIfTI, NRRD or MetaImage files; folders, zip archives."),
        ],
        *,
        out: Annotated[Path, typer.Option(help="File to write: .nii.gz, .nii, .nrrd or .mha.")],
        volume: Annotated[
            str | None,
            typer.Option(help="Which volume, if there are several: its id from `inspect`."),
        ] = None,
        resample: Resample = False,
        right_angles: Annotated[
            bool,
            typer.Option(
                "--right-angles", help="Straighten slices of a tilted gantry, and say so."
            ),
        ] = False,
        spacing: Annotated[
            float | None,
            typer.Option(help="One spacing for all axes, mm, at right angles; says so."),
        ] = None,
        as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    ) -> None:
        """Write one volume with its place in the patient, and no identifiers."""
        from imaging.dicom.choice import Choice, Uneven
        from imaging.formats import require_writable
        from workspace.cli.progress_bar import progress_bar

        require_writable(out)
        _require_sensible(spacing)
        choice = Choice(volume, Uneven.RESAMPLE if resample else Uneven.REFUSE)
        with progress_bar() as bar:
            written = convert_volume(paths, choice, out, bar, TargetGrid(right_angles, spacing))
        if as_json:
            print(json.dumps(written, indent=1))
            return
        size = " x ".join(str(count) for count in written["shape_kji"])
        print(f"{out}: {size} voxels, {written['modality'] or 'no unit stated'}")
        for warning in written["warnings"]:
            print(f"note: {plain(warning['message'])} ({warning['code']})")


def _require_sensible(spacing_mm: float | None) -> None:
    if spacing_mm is None:
        return
    if not (math.isfinite(spacing_mm) and FINEST_MM <= spacing_mm <= COARSEST_MM):
        raise MisuseError(f"--spacing takes {FINEST_MM:g} to {COARSEST_MM:g} mm, for example 1.0")


def convert_volume(
    paths: list[Path],
    choice: "Choice",
    out: Path,
    progress: Progress,
    grid: TargetGrid = AS_SCANNED,
) -> dict[str, Any]:
    """Import a volume, write it, and return what ``--json`` prints."""
    from imaging.formats import write_volume
    from imaging.importing import import_volume

    volume = _on_grid(import_volume(paths, choice, progress), grid, progress)
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


def _on_grid(volume: "Volume", grid: TargetGrid, progress: Progress) -> "Volume":
    """Return the volume on the grid that was asked for."""
    from imaging.resampling import isotropic, to_right_angles

    if grid == AS_SCANNED:
        return volume
    progress("Resampling", 0, 1)
    straight = (
        to_right_angles(volume) if grid.spacing_mm is None else isotropic(volume, grid.spacing_mm)
    )
    progress("Resampling", 1, 1)
    return straight
