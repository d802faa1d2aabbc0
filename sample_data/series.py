"""Scenes and volumes written as DICOM series."""

import random
from pathlib import Path

from imaging.progress import Progress, no_progress
from imaging.volume import Volume
from sample_data.acquisition import PLAIN_SCAN, Acquisition
from sample_data.folders import appearing
from sample_data.grids import grid_around
from sample_data.instances import instances
from sample_data.scene import MR_FROM_CT, Scene
from sample_data.voxelizing import voxelize


def as_scanned(scene: Scene, acquisition: Acquisition) -> Scene:
    """Return the scene where the patient's LPS of that acquisition has it."""
    return scene.moved(MR_FROM_CT) if acquisition.modality == "MR" else scene


def scan(
    scene: Scene, acquisition: Acquisition = PLAIN_SCAN, progress: Progress = no_progress
) -> Volume:
    """Return what a scanner would make of a scene."""
    scene = as_scanned(scene, acquisition)
    geometry = grid_around(
        scene,
        acquisition.spacing_mm,
        acquisition.orientation,
        acquisition.patient_position,
        tilt_deg=acquisition.tilt_deg,
    )
    return voxelize(
        scene,
        geometry,
        acquisition.noise_sd,
        acquisition.seed,
        modality=acquisition.modality,
        progress=progress,
    )


def write_series(
    scene: Scene,
    out_dir: Path,
    acquisition: Acquisition = PLAIN_SCAN,
    progress: Progress = no_progress,
) -> Volume:
    """Scan a scene and write it as one DICOM series; return what was written.

    Raises
    ------
    OccupiedFolderError
        If `out_dir` exists and is no empty folder.
    OSError
        If there is no right or no space to write; nothing is left behind then.
    """
    with appearing(out_dir) as draft:
        volume = scan(scene, acquisition, progress)
        write_volume(volume, scene, draft, acquisition, progress)
    return volume


def write_volume(
    volume: Volume,
    scene: Scene,
    folder: Path,
    acquisition: Acquisition = PLAIN_SCAN,
    progress: Progress = no_progress,
) -> None:
    """Write one file per slice into a folder, named by instance number."""
    numbers = instance_numbers(volume.geometry.shape_kji[0], acquisition)
    scanned = as_scanned(scene, acquisition)
    datasets = instances(volume, scanned, acquisition.patient_position, numbers)
    for done, dataset in enumerate(datasets):
        progress("Writing instances", done, len(numbers))
        path = folder / f"{volume.modality}{dataset.InstanceNumber:05d}.dcm"
        dataset.save_as(path, enforce_file_format=True)
    progress("Writing instances", len(numbers), len(numbers))


def instance_numbers(count: int, acquisition: Acquisition) -> list[int]:
    """Return the InstanceNumber of each slice, k ascending."""
    numbers = list(range(1, count + 1))
    match acquisition.slice_order:
        case "ascending":
            pass
        case "descending":
            numbers.reverse()
        case "shuffled":
            random.Random(acquisition.seed).shuffle(numbers)  # noqa: S311 - no secret
    return numbers
