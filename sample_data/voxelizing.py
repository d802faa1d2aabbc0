"""Scenes as volumes: each voxel the mean over its box, as a scanner sees it, and then noise.

A contour half-way between two grey values is right only if a voxel that a surface crosses holds
its share of both. Away from surfaces one look at the voxel's centre is enough; where a surface
may pass, the voxel is divided into small boxes, and in each the share follows from the signed
distance at the small box's centre.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from imaging.progress import Progress, no_progress
from imaging.volume import Volume, VolumeGeometry, VolumeId
from sample_data.acquisition import Modality
from sample_data.identity import uid_of
from sample_data.painting import Painter
from sample_data.scene import AIR_HU, Scene

SLAB_VOXELS: Final = 200_000
"""Voxels per step: their arrays stay in the processor's cache."""
LOWEST_HU: Final = -1024
HIGHEST_HU: Final = 3071
"""The range of a 12-bit scanner."""
HIGHEST_MR: Final = 4095


def voxelize(
    scene: Scene,
    geometry: VolumeGeometry,
    noise_sd: float = 0.0,
    seed: int = 1,
    *,
    modality: Modality = "CT",
    progress: Progress = no_progress,
) -> Volume:
    """Return a scene as a scanner with square slices and even noise would show it.

    Parameters
    ----------
    scene : Scene
        What is where.
    geometry : VolumeGeometry
        The grid, in the patient's LPS.
    noise_sd : float
        Standard deviation of the noise, in grey values: Gaussian in CT, Rician in MR.
    seed : int
        The same seed gives the same noise.
    modality : {"CT", "MR"}
        Whether grey values are Hounsfield units or arbitrary.
    progress : Progress
        Told of slices done.

    Returns
    -------
    Volume
        int16.
    """
    painter = _painter(scene, geometry, modality)
    slices, rows, columns = geometry.shape_kji
    voxels = np.empty(geometry.shape_kji, dtype=np.int16)
    random = np.random.default_rng(seed)
    depth = max(1, SLAB_VOXELS // (rows * columns))
    for start in range(0, slices, depth):
        progress("Drawing slices", start, slices)
        stop = min(start + depth, slices)
        slab = painter.slab(start, (stop - start, rows, columns))
        voxels[start:stop] = _as_stored(slab, noise_sd, random, modality)
    progress("Drawing slices", slices, slices)
    return _volume(scene, voxels, geometry, modality, (noise_sd, seed))


def _painter(scene: Scene, geometry: VolumeGeometry, modality: Modality) -> Painter:
    scene_from_world = np.array(scene.world_from_scene.inverse().matrix())
    greys = [layer.hu if modality == "CT" else layer.mr for layer in scene.layers]
    shapes = [layer.shape for layer in scene.layers]
    ground = float(AIR_HU) if modality == "CT" else 0.0
    layers = list(zip(shapes, greys, strict=True))
    return Painter(scene_from_world @ geometry.affine_lps, layers, ground)


def _as_stored(
    values: NDArray[np.float32],
    noise_sd: float,
    random: np.random.Generator,
    modality: Modality,
) -> NDArray[np.int16]:
    noisy = values + noise_sd * random.standard_normal(values.shape, dtype=np.float32)
    lowest, highest = LOWEST_HU, HIGHEST_HU
    if modality == "MR":
        imaginary = noise_sd * random.standard_normal(values.shape, dtype=np.float32)
        noisy = np.hypot(noisy, imaginary)
        lowest, highest = 0, HIGHEST_MR
    rounded: NDArray[np.int16] = np.clip(np.rint(noisy), lowest, highest).astype(np.int16)
    return rounded


def _volume(
    scene: Scene,
    voxels: NDArray[np.int16],
    geometry: VolumeGeometry,
    modality: Modality,
    noise: tuple[float, int],
) -> Volume:
    series_uid = uid_of("series", scene.key, modality, geometry, *noise)
    return Volume(
        volume_id=VolumeId(series_uid),
        voxels=voxels,
        geometry=geometry,
        modality=modality,
        hu=modality == "CT",
        description=f"Phantom {scene.name} {modality}",
        study_uid=uid_of("study", scene.name, sorted(scene.parameters.items())),
        series_uid=series_uid,
        frame_of_reference_uid=uid_of("frame of reference", scene.key, modality),
        slice_thickness_mm=geometry.spacing[2],
        acquired_on="",
    )
