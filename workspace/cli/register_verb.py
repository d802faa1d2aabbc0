"""`commissure register`: how one volume lies in another, and how sure that is."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from workspace.cli.plain_text import plain
from workspace.cli.progress_bar import progress_bar
from workspace.errors import MisuseError

if TYPE_CHECKING:
    from imaging.registration.landmarks import LandmarkPair
    from workspace.registering import Registered

StartOption = Literal["geometry", "identity", "moments", "landmarks"]


def register(app: typer.Typer) -> None:
    """Add the verb to the command."""
    app.command("register")(register_volumes)


def register_volumes(
    fixed: Annotated[Path, typer.Argument(help="what stays: a series' folder, zip or image file")],
    moving: Annotated[Path, typer.Argument(help="what is laid onto it")],
    *,
    out: Annotated[Path, typer.Option(help="a new .json: the registration")],
    fixed_volume: Annotated[
        str | None, typer.Option(help="the id that inspect prints; where there are several")
    ] = None,
    moving_volume: Annotated[str | None, typer.Option(help="the same of the other")] = None,
    start: Annotated[
        StartOption | None,
        typer.Option(
            help="the grids' middles (geometry), as scanned (identity), the bodies' middles and "
            "axes (moments), or picked pairs (landmarks)"
        ),
    ] = None,
    landmarks: Annotated[
        Path | None, typer.Option(help="pairs of points, mm, LPS: .json or .csv")
    ] = None,
    resampled: Annotated[
        Path | None, typer.Option(help="a new .nii.gz, .nii, .nrrd or .mha: moving on fixed's grid")
    ] = None,
    transform: Annotated[
        Path | None, typer.Option(help="a new .tfm for ITK: it takes fixed points to moving ones")
    ] = None,
    picture: Annotated[
        Path | None, typer.Option(help="a new .png: three planes before and after")
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(help="a data folder: its rooms show both volumes together from now on"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON document on stdout")] = False,
) -> None:
    """Register two volumes rigidly, CT or MR, and say how far the answer may be off."""
    from imaging.registration.itk_transforms import write_itk_transform
    from workspace.imagery.registrations import keep_registration
    from workspace.registering import RegisterRequest, register_paths
    from workspace.storage import require_folder

    _require_places(out, resampled, transform, picture)
    chosen, pairs = _start(start, landmarks)
    request = RegisterRequest(
        fixed=str(fixed),
        moving=str(moving),
        fixed_volume=fixed_volume,
        moving_volume=moving_volume,
        start=chosen,
        pairs=pairs,
        resampled=resampled is not None,
        picture=picture is not None,
    )
    with progress_bar() as progress:
        found = register_paths(request, progress)
        progress("Writing", 0, 1)
        _write(found, out, resampled, picture)
        if transform is not None:
            write_itk_transform(transform, found.registration.fixed_from_moving)
        if data is not None:
            keep_registration(require_folder(data), found.registration)
        progress("Writing", 1, 1)
    if as_json:
        print(json.dumps(_document(found, out), indent=1))
    else:
        _print_report(found, out)


def _require_places(
    out: Path, resampled: Path | None, transform: Path | None, picture: Path | None
) -> None:
    """Refuse names and places that cannot be written to before minutes are spent."""
    from imaging.formats import require_writable
    from imaging.image_files.replacing import require_place_for_file
    from imaging.registration.itk_transforms import require_transform_name

    for path, suffix in ((out, ".json"), (picture, ".png")):
        if path is not None and path.suffix.lower() != suffix:
            raise MisuseError(f"{path.name} does not end in {suffix}; name it so")
        if path is not None:
            require_place_for_file(path)
    if resampled is not None:
        require_writable(resampled)
    if transform is not None:
        require_transform_name(transform)


def _start(
    start: StartOption | None, landmarks: Path | None
) -> tuple[StartOption, tuple["LandmarkPair", ...]]:
    from imaging.registration.landmark_files import read_landmarks
    from imaging.registration.landmarks import fit_landmarks

    if (start == "landmarks") != (landmarks is not None) and not (start is None and landmarks):
        raise MisuseError("--landmarks FILE and --start landmarks belong together; give both")
    if landmarks is None:
        return start or "geometry", ()
    pairs = read_landmarks(landmarks)
    fit_landmarks(pairs)  # refuses what fits nothing before minutes are spent on reading
    return "landmarks", pairs


def _write(found: "Registered", out: Path, resampled: Path | None, picture: Path | None) -> None:
    from imaging.formats import write_volume
    from imaging.image_files.replacing import replacing
    from imaging.registration.registration import to_json

    with replacing(out) as file:
        file.write(to_json(found.registration))
    if resampled is not None and found.resampled is not None:
        write_volume(resampled, found.resampled)
    if picture is not None:
        with replacing(picture) as file:
            file.write(found.picture)


def _document(found: "Registered", out: Path) -> dict[str, Any]:
    one = found.registration
    return {
        "out": str(out),
        "fixed_frame_uid": one.fixed_frame_uid,
        "moving_frame_uid": one.moving_frame_uid,
        "shared_frame": found.shared_frame,
        "fixed_from_moving": one.fixed_from_moving.matrix(),
        "rotation_deg": one.fixed_from_moving.angle_deg,
        "translation_mm": one.fixed_from_moving.translation_mm,
        "error_p50_mm": one.error.p50_mm,
        "error_max_mm": one.error.max_mm,
        "mutual_information": one.mutual_information,
        "similarity": one.similarity,
        "overlap": one.overlap,
        "fre_mm": one.fre_mm,
        "start": one.start,
        "method": one.method,
        "frame": "LPS",
        "unit": "mm",
    }


def _print_report(found: "Registered", out: Path) -> None:
    one = found.registration
    x, y, z = one.fixed_from_moving.translation_mm
    turn = one.fixed_from_moving.angle_deg
    print(f"turned by {turn:.2f} degrees, then moved by ({x:.2f}, {y:.2f}, {z:.2f}) mm")
    print(
        f"  error {one.error.p50_mm:.2f} mm (median), {one.error.max_mm:.2f} mm at most, over the "
        f"corners of the anatomy in {one.error.repetitions} repetitions"
    )
    print(
        f"  mutual information {one.mutual_information:.3f} nats, similarity {one.similarity:.2f}, "
        f"{one.overlap:.0%} of the smaller body lies in the other"
    )
    if one.fre_mm is not None:
        print(f"  the landmarks fit within {one.fre_mm:.2f} mm (root mean square)")
    if found.shared_frame:
        print("  both volumes state one frame of reference: as scanned they lie together already")
    print(f"  {plain(str(out))} (mm, LPS); look at it before you rely on it")
