"""`commissure surface`: one segment of a volume or label map as a closed surface."""

import json
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workspace.cli.progress_bar import progress_bar
from workspace.cli.segment_verb import settings_of
from workspace.errors import MisuseError

if TYPE_CHECKING:
    from workspace.surfacing import SurfaceReport, SurfaceRequest


def register(app: typer.Typer) -> None:
    """Add the verb to the command."""
    app.command("surface")(surface)


def surface(
    path: Annotated[
        Path,
        typer.Argument(
            help="a DICOM folder or a volume, with --engine; or a label map (.nrrd, .nii.gz) "
            "or DICOM SEG, without"
        ),
    ],
    *,
    out: Annotated[Path, typer.Option(help="a new .stl, .ply, .obj or .glb")],
    engine: Annotated[
        str | None, typer.Option(help="how to segment; `segment --help-engines` lists them")
    ] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", help="key=value; once for each key")
    ] = None,
    volume: Annotated[
        str | None, typer.Option(help="the id that inspect prints; where there are several")
    ] = None,
    segment: Annotated[
        int | None, typer.Option(help="which segment of a label map; where there are several")
    ] = None,
    max_error_mm: Annotated[
        float | None, typer.Option(help="farthest that smoothing and decimation may go, mm")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON document on stdout")] = False,
) -> None:
    """Make the closed surface of one structure: mm, LPS, with its error in mm."""
    from segmentation.surface.formats import require_writable, write_surface
    from workspace.surfacing import SurfaceRequest, is_image, make_surface

    request = SurfaceRequest(
        path=str(path),
        volume_id=volume,
        engine=engine,
        settings=settings_of(settings or ()),
        segment=segment,
        max_error_mm=max_error_mm,
    )
    _require_sense(request, path)
    require_writable(out)
    with progress_bar() as progress:
        made, report = make_surface(request, progress)
        progress("Writing", 0, 1)
        write_surface(out, made)
        progress("Writing", 1, 1)
    if engine is not None and is_image(path):
        print(f"{path.name} states no unit: its values were taken for HU", file=sys.stderr)
    _print_report(report, out, as_json=as_json)


def _require_sense(request: "SurfaceRequest", path: Path) -> None:
    """Refuse what does not go together before minutes are spent on reading."""
    from imaging.errors import SourceError
    from segmentation.engines.settings import checked_settings
    from segmentation.engines.table import engine_named

    bound = request.max_error_mm
    if bound is not None and not 0 < bound < math.inf:
        raise MisuseError(f"--max-error-mm is a length greater than 0, not {bound}")
    if request.engine is None and (request.settings or request.volume_id):
        raise MisuseError("--set and --volume belong to an --engine; name one, or leave them out")
    if request.engine is not None and request.segment is not None:
        raise MisuseError(
            "--segment chooses from a label map, --engine makes one; give one of them"
        )
    if request.engine is not None:
        checked_settings(engine_named(request.engine), request.settings)
    if not path.exists():
        raise SourceError(f"there is no {path}; check the path", "no_such_path")
    if not (path.is_file() or path.is_dir()):
        # reading a pipe would wait for ever
        raise SourceError(f"{path} is neither a file nor a folder; check the path", "no_such_path")


def _print_report(report: "SurfaceReport", out: Path, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(_document(report, out)))
        return
    closed = "watertight" if report.watertight else "open"
    print(
        f"{report.name}: {report.volume_ml:.2f} mL, {report.area_cm2:.1f} cm², "
        f"{report.triangles} triangles, {closed}, by {report.engine}"
    )
    print(
        f"  smoothing and decimation moved it by {report.error_p95_mm:.3f} mm (95th percentile), "
        f"{report.error_max_mm:.3f} mm at most"
    )
    print(f"  {out} (mm, LPS)")


def _document(report: "SurfaceReport", out: Path) -> dict[str, object]:
    return {
        "out": str(out),
        "name": report.name,
        "engine": report.engine,
        "version": report.version,
        "parameters": report.parameters,
        "volume_ml": report.volume_ml,
        "area_cm2": report.area_cm2,
        "triangles": report.triangles,
        "parts": report.parts,
        "watertight": report.watertight,
        "error_p95_mm": report.error_p95_mm,
        "error_max_mm": report.error_max_mm,
        "frame": "LPS",
        "unit": "mm",
    }
