"""`commissure sample`: phantoms with known answers, written as DICOM series."""

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from imaging.space import RigidTransform, Vector
from sample_data.acquisition import (
    NOISE_HU,
    Acquisition,
    Modality,
    Orientation,
    PatientPosition,
    SliceOrder,
)
from sample_data.craniopagus_truths import Variant
from workspace.cli.progress_bar import progress_bar
from workspace.errors import MisuseError

if TYPE_CHECKING:
    from imaging.volume import Volume
    from sample_data.scene import Scene

FINEST_MM: Final = 0.2
"""A whole craniopagus at this spacing takes 2 GB of memory."""
COARSEST_MM: Final = 20.0


def register(app: typer.Typer) -> None:
    """Add the verb to the command."""
    app.command("sample")(sample)


def sample(
    scene: Annotated[str | None, typer.Argument(help="a scene; --list names them")] = None,
    *,
    out: Annotated[Path | None, typer.Option(help="a new or empty folder")] = None,
    list_scenes: Annotated[bool, typer.Option("--list", help="list the scenes and stop")] = False,
    theta_deg: Annotated[
        float | None, typer.Option(help="craniopagus: rotation of twin B about the common axis")
    ] = None,
    variant: Annotated[Variant | None, typer.Option(help="craniopagus: its sinus")] = None,
    spacing_mm: Annotated[str, typer.Option(help="one number, or three: i,j,k")] = "1.0",
    noise_hu: Annotated[float, typer.Option(min=0, max=1000, help="standard deviation")] = NOISE_HU,
    seed: Annotated[int, typer.Option(min=0, help="of the noise and of shuffled slices")] = 1,
    orientation: Annotated[
        Orientation, typer.Option(help="of the slices, in the gantry")
    ] = "axial",
    patient_position: Annotated[PatientPosition, typer.Option(help="in the gantry")] = "HFS",
    slice_order: Annotated[SliceOrder, typer.Option(help="of the instance numbers")] = "ascending",
    modality: Annotated[
        Modality,
        typer.Option(help="MR is a copy in a frame of its own, moved by a known transform"),
    ] = "CT",
    tilt_deg: Annotated[
        float,
        typer.Option(min=-30, max=30, help="CT, axial: how far the gantry leans; slices shear"),
    ] = 0.0,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON document on stdout")] = False,
) -> None:
    """Write a phantom with known answers as a DICOM series."""
    from sample_data.series import as_scanned, write_series

    if list_scenes:
        _print_list(as_json)
        return
    if scene is None or out is None:
        raise MisuseError("say which scene and where: commissure sample SCENE --out DIR")
    if not all(math.isfinite(number) for number in (noise_hu, theta_deg or 0.0, tilt_deg)):
        raise MisuseError("--noise-hu, --theta-deg and --tilt-deg take finite numbers")
    if tilt_deg and (modality, orientation) != ("CT", "axial"):
        raise MisuseError("--tilt-deg is for axial CT: no other gantry leans")
    chosen = _scene(scene, theta_deg, variant)
    acquisition = Acquisition(
        spacing_mm=_spacing(spacing_mm),
        orientation=orientation,
        patient_position=patient_position,
        slice_order=slice_order,
        modality=modality,
        noise_sd=noise_hu,
        seed=seed,
        tilt_deg=tilt_deg,
    )
    with progress_bar() as progress:
        volume = write_series(chosen, out, acquisition, progress)
    _print_report(_report(as_scanned(chosen, acquisition), out, volume), as_json)


def _scene(name: str, theta_deg: float | None, variant: Variant | None) -> "Scene":
    from sample_data.craniopagus import craniopagus
    from sample_data.scenes import SCENES

    if name not in SCENES:
        raise MisuseError(f"there is no scene {name!r}; choose one of {', '.join(SCENES)}")
    if name == "craniopagus":
        return craniopagus(theta_deg or 0.0, variant or "plain")
    if theta_deg is not None or variant is not None:
        raise MisuseError(f"--theta-deg and --variant are for craniopagus, not for {name}")
    return SCENES[name]()


def _spacing(text: str) -> Vector:
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) == 1:
        numbers *= 3
    if len(numbers) != 3 or not all(FINEST_MM <= number <= COARSEST_MM for number in numbers):  # noqa: PLR2004 - i, j, k
        raise MisuseError(
            f"the spacing {text!r} is not one number or three, between "
            f"{FINEST_MM:g} and {COARSEST_MM:g} mm; write for example 1.0 or 0.5,0.5,2"
        )
    return numbers[0], numbers[1], numbers[2]


def _report(scene: "Scene", out: Path, volume: "Volume") -> dict[str, Any]:
    from sample_data.scene import MR_FROM_CT

    report: dict[str, Any] = {
        "scene": scene.name,
        "out": str(out),
        "instances": volume.geometry.shape_kji[0],
        "series_uid": volume.series_uid,
        "shape_kji": volume.geometry.shape_kji,
        "spacing_mm": volume.geometry.spacing,
        "affine_lps": volume.geometry.affine_lps.tolist(),
        "truths": dict(scene.truths),
        "points_mm": {name: scene.world_point(name) for name in scene.points},
    }
    if volume.modality == "MR":
        report["mr_from_ct"] = _transform_as_json(MR_FROM_CT)
    return report


def _transform_as_json(transform: RigidTransform) -> dict[str, Any]:
    return {"rotation": transform.rotation, "translation_mm": transform.translation_mm}


def _print_report(report: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print(json.dumps(report))
        return
    slices, rows, columns = report["shape_kji"]
    i, j, k = report["spacing_mm"]
    print(f"{report['scene']}: {slices} instances of {rows} x {columns} in {report['out']}")
    print(f"voxels of {i:g} x {j:g} x {k:g} mm; what is true of them:")
    for name, value in report["truths"].items():
        print(f"  {name:<42}{value:>12.3f}")


def _print_list(as_json: bool) -> None:
    from sample_data.scenes import SCENES

    scenes = [build() for build in SCENES.values()]
    if as_json:
        print(json.dumps({"scenes": [{"name": s.name, "summary": s.summary} for s in scenes]}))
        return
    for scene in scenes:
        print(f"{scene.name:<16}{scene.summary}")
