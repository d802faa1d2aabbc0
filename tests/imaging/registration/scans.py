"""The phantom as different scanners see it, and how far a registration is off in it."""

import dataclasses
from typing import Final

import numpy as np

from imaging.registration.registration import RigidRegistration
from imaging.space import RigidTransform, Vector, distance_mm
from imaging.volume import Volume, VolumeGeometry
from sample_data.acquisition import Acquisition
from sample_data.craniopagus import craniopagus
from sample_data.scene import MR_FROM_CT
from sample_data.series import scan
from sample_data.voxelizing import voxelize

SCENE: Final = craniopagus(theta_deg=30.0)
TARGETS: Final[tuple[Vector, ...]] = tuple(
    SCENE.points[f"target_{owner}{number}"] for owner in "ab" for number in range(5)
)
CT_FROM_MR: Final = MR_FROM_CT.inverse()

CT: Final = Acquisition(spacing_mm=(2.0, 2.0, 2.0))
MR: Final = Acquisition(spacing_mm=(1.8, 1.8, 2.2), modality="MR", seed=2)
SAGITTAL_CT: Final = Acquisition(spacing_mm=(2.0, 2.0, 3.0), orientation="sagittal", seed=7)


def scanned(acquisition: Acquisition) -> Volume:
    return scan(SCENE, acquisition)


def worst_target_mm(registration: RigidRegistration, moving_from_fixed: RigidTransform) -> float:
    """Return the target registration error at the worst of ten targets, mm."""
    found = registration.fixed_from_moving
    return max(distance_mm(found.apply(moving_from_fixed.apply(one)), one) for one in TARGETS)


def beside(truth: RigidTransform, axis: Vector, shift: Vector) -> RigidTransform:
    """Return a start 20 degrees and 20 mm beside the truth."""
    length = float(np.linalg.norm(shift))
    x, y, z = (20.0 * value / length for value in shift)
    nudge = RigidTransform.about_axis(axis, 20.0)
    return RigidTransform(translation_mm=(x, y, z)) @ nudge @ truth


def moved(volume: Volume, motion: RigidTransform, frame_uid: str) -> Volume:
    """Return the same voxels elsewhere in space."""
    grid = volume.geometry
    i, j, k = (motion.apply_direction(axis) for axis in grid.direction)
    there = VolumeGeometry(grid.spacing, motion.apply(grid.origin), (i, j, k), grid.shape_kji)
    return dataclasses.replace(volume, geometry=there, frame_of_reference_uid=frame_uid)


def cropped(volume: Volume, first_kji: Vector, last_kji: Vector) -> Volume:
    """Return a part of a volume, in shares of its sides."""
    sides = volume.geometry.shape_kji
    starts = [int(side * share) for side, share in zip(sides, first_kji, strict=True)]
    stops = [int(side * share) for side, share in zip(sides, last_kji, strict=True)]
    (k0, j0, i0), (k1, j1, i1) = starts, stops
    x, y, z = volume.geometry.index_to_world((i0, j0, k0)).tolist()
    grid = dataclasses.replace(
        volume.geometry, origin=(x, y, z), shape_kji=(k1 - k0, j1 - j0, i1 - i0)
    )
    return dataclasses.replace(volume, voxels=volume.voxels[k0:k1, j0:j1, i0:i1], geometry=grid)


def sheared_ct(tilt_deg: float) -> Volume:
    """Return the phantom as a tilted gantry scans it."""
    lean = float(np.radians(tilt_deg))
    k_axis = (0.0, float(np.sin(lean)), float(np.cos(lean)))
    slices, rise = int(280 / 3 / np.cos(lean)), 280 * float(np.tan(lean))
    grid = VolumeGeometry(
        (2.0, 2.0, 3.0),
        (-92.0, -92.0 - rise, -140.0),
        ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), k_axis),
        (slices, int((184 + rise) / 2), 92),
    )
    return voxelize(SCENE, grid, 15.0, seed=11)
