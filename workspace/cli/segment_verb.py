"""`commissure segment`: one engine on one volume, written as a labelmap or a DICOM SEG."""

import dataclasses
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from imaging.progress import Progress
from workspace.cli.progress_bar import progress_bar
from workspace.errors import MisuseError

if TYPE_CHECKING:
    from imaging.volume import Volume
    from segmentation.engines.engine import Engine, Parameter, Segmentation

DICOM_SUFFIX: Final = ".dcm"
LABELMAP_SUFFIXES: Final = (".nrrd", ".nii.gz")


def register(app: typer.Typer) -> None:
    """Add the verb to the command."""
    app.command("segment")(segment)


def segment(
    path: Annotated[
        Path | None, typer.Argument(help="a DICOM folder or file, or a .nii.gz, .nrrd, .mha volume")
    ] = None,
    *,
    engine: Annotated[str | None, typer.Option(help="how; --help-engines lists them")] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", help="key=value; once for each key")
    ] = None,
    volume: Annotated[
        str | None, typer.Option(help="the id that inspect prints; where there are several")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="a new .nrrd, .nii.gz or .dcm (SEG)")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON document on stdout")] = False,
    help_engines: Annotated[
        bool, typer.Option("--help-engines", help="list the engines with their keys and stop")
    ] = False,
) -> None:
    """Find one structure in a volume and write it as a labelmap or DICOM SEG."""
    if help_engines:
        print_engines(as_json=as_json)
        return
    if path is None or engine is None or out is None:
        raise MisuseError("say what and where: commissure segment PATH --engine NAME --out FILE")
    from imaging.image_files.replacing import require_place_for_file
    from segmentation.errors import SegmentationError

    given = settings_of(settings or ())
    suffix = suffix_of(out)
    _require_known(engine, given)
    require_place_for_file(out)
    with progress_bar() as progress:
        source = read_source(path, volume, progress)
        if suffix == DICOM_SUFFIX and not source.series_uid:
            raise SegmentationError(
                f"{path.name} is no DICOM, and a DICOM SEG must name the instances it was made "
                "from; choose --out with .nrrd or .nii.gz"
            )
        found = _run(source, engine, given, progress)
        progress("Writing", 0, 1)
        _write(out, suffix, found, source, path)
        progress("Writing", 1, 1)
    _print_report(found, out, as_json=as_json)


def settings_of(texts: Sequence[str]) -> dict[str, str]:
    """Return ``["key=value", ...]`` as a mapping, or raise `MisuseError`."""
    settings: dict[str, str] = {}
    for text in texts:
        key, equals, value = text.partition("=")
        key = key.strip()
        if not equals or not key:
            raise MisuseError(f"--set takes key=value, not {text!r}")
        if key in settings:
            raise MisuseError(f"--set gives {key} twice; keep one")
        settings[key] = value.strip()
    return settings


def suffix_of(out: Path) -> str:
    """Return which format the file name asks for, or raise `MisuseError`."""
    for suffix in (*LABELMAP_SUFFIXES, DICOM_SUFFIX):
        if out.name.lower().endswith(suffix):
            return suffix
    raise MisuseError(
        f"{out.name or 'a name without letters'} ends in none of "
        f"{', '.join(LABELMAP_SUFFIXES)}, {DICOM_SUFFIX}; choose one of them"
    )


def read_source(path: Path, volume_id: str | None, progress: Progress) -> "Volume":
    """Read a DICOM volume, or an image whose values are then taken for HU, said aloud."""
    from imaging.formats import is_image_file
    from imaging.importing import import_volume

    if not is_image_file(path):
        return import_volume([path], volume_id, progress)
    if volume_id is not None:
        raise MisuseError(f"--volume chooses among DICOM volumes, and {path.name} is one image")
    image = import_volume([path], None, progress)
    print(f"{path.name} states no unit: its values are taken for HU", file=sys.stderr)
    return dataclasses.replace(image, hu=True)


def _require_known(engine: str, given: dict[str, str]) -> None:
    """Refuse a wrong engine or key before minutes are spent on reading."""
    from segmentation.engines.settings import checked_settings
    from segmentation.engines.table import engine_named

    checked_settings(engine_named(engine), given)


def _run(
    source: "Volume", engine: str, given: dict[str, str], progress: Progress
) -> "Segmentation":
    from segmentation.engines.table import run_engine

    return run_engine(source, engine, given, progress)


def _write(out: Path, suffix: str, found: "Segmentation", source: "Volume", path: Path) -> None:
    if suffix == DICOM_SUFFIX:
        from segmentation.dicom_seg import source_headers, write_seg

        write_seg(out, found, source_headers([path], source))
        return
    from imaging.formats import write_array_image
    from segmentation.labelmap import labelmap_of

    labelmap = labelmap_of([found])
    write_array_image(out, labelmap.labels, labelmap.geometry)


def _print_report(found: "Segmentation", out: Path, *, as_json: bool) -> None:
    report = {
        "engine": found.engine,
        "version": found.version,
        "parameters": dict(found.parameters),
        "warnings": [{"code": code, "message": message} for code, message in found.warnings],
        "volume_ml": found.volume_ml,
        "voxels": found.voxels,
        "out": str(out),
        "frame": "LPS",
    }
    if as_json:
        print(json.dumps(report))
        return
    used = ", ".join(f"{key} {value:g}" for key, value in found.parameters.items())
    print(f"{found.name}: {found.volume_ml:.1f} mL in {found.voxels} voxels, by {found.engine}")
    print(f"  {used}")
    for code, message in found.warnings:
        print(f"note: {message} ({code})")
    print(f"  {out}")


def print_engines(*, as_json: bool) -> None:
    """Print every engine with its keys."""
    from segmentation.engines.table import ENGINES

    if as_json:
        print(json.dumps({"engines": [_engine_as_json(engine) for engine in ENGINES.values()]}))
        return
    for engine in ENGINES.values():
        print(f"{engine.name}: {engine.help}")
        for parameter in engine.parameters:
            print(f"  {parameter.key:<16}{_default_of(parameter):<12}{parameter.help}")


def _default_of(parameter: "Parameter") -> str:
    return "automatic" if parameter.default is None else f"{parameter.default:g}"


def _engine_as_json(engine: "Engine") -> dict[str, Any]:
    return {
        "name": engine.name,
        "version": engine.version,
        "help": engine.help,
        "parameters": [dataclasses.asdict(parameter) for parameter in engine.parameters],
        "needs_right_angles": engine.needs_right_angles,
    }
