"""Grids around a scene, as a scanner would lay them."""

import math
from typing import Final

import numpy as np

from imaging.space import RigidTransform, Vector, add, cross, scale
from imaging.volume import VolumeGeometry
from sample_data.acquisition import Orientation, PatientPosition
from sample_data.scene import Scene
from sample_data.shapes import corners_of

Axes = tuple[Vector, Vector, Vector]

MARGIN_MM: Final = 8.0
"""Air around a scene: enough voxels to close every surface, even in thick slices."""

LEFT: Final = (1.0, 0.0, 0.0)
POSTERIOR: Final = (0.0, 1.0, 0.0)
SUPERIOR: Final = (0.0, 0.0, 1.0)
RIGHT, ANTERIOR, INFERIOR = (scale(axis, -1) for axis in (LEFT, POSTERIOR, SUPERIOR))

TABLE_AXES: Final[dict[PatientPosition, tuple[Vector, Vector]]] = {
    "HFS": (POSTERIOR, SUPERIOR),
    "HFP": (ANTERIOR, SUPERIOR),
    "HFDR": (RIGHT, SUPERIOR),
    "HFDL": (LEFT, SUPERIOR),
    "FFS": (POSTERIOR, INFERIOR),
    "FFP": (ANTERIOR, INFERIOR),
    "FFDR": (RIGHT, INFERIOR),
    "FFDL": (LEFT, INFERIOR),
}
"""What of the patient points down and into the gantry.

References: DICOM PS3.3, C.7.3.1.1.2, Patient Position.
"""

OBLIQUE: Final = RigidTransform.about_axis((1, 0, 0), 20) @ RigidTransform.about_axis((0, 1, 0), 10)


def image_axes(orientation: Orientation, patient_position: PatientPosition) -> Axes:
    """Return the directions of i, j and k in the patient's LPS.

    Orientations are meant in the gantry: an axial image of a prone patient is upside down.
    """
    down, inward = TABLE_AXES[patient_position]
    right = cross(down, inward)  # to the right of somebody who looks into the gantry
    up_the_bore = scale(inward, -1)
    match orientation:
        case "axial":
            i, j = right, down
        case "coronal":
            i, j = right, up_the_bore
        case "sagittal":
            i, j = down, up_the_bore
        case "oblique":
            i, j = OBLIQUE.apply_direction(right), OBLIQUE.apply_direction(down)
    return i, j, cross(i, j)


def leaning(axes: Axes, tilt_deg: float) -> Axes:
    """Return the axes of a tilted gantry: j leans towards k."""
    if not tilt_deg:
        return axes
    i, j, k = axes
    angle = math.radians(tilt_deg)
    return i, add(scale(j, math.cos(angle)), scale(k, math.sin(angle))), k


def grid_around(
    scene: Scene,
    spacing_mm: Vector,
    orientation: Orientation = "axial",
    patient_position: PatientPosition = "HFS",
    margin_mm: float = MARGIN_MM,
    tilt_deg: float = 0.0,
) -> VolumeGeometry:
    """Return the smallest grid that holds a scene and a margin of air.

    Parameters
    ----------
    scene : Scene
        What to enclose, where it lies in the patient.
    spacing_mm : (3,) tuple of float
        Distance between voxel centres along (i, j, k), mm.
    orientation : {"axial", "coronal", "sagittal", "oblique"}
        How the slices lie in the gantry.
    patient_position : str
        How the patient lies in the gantry.
    margin_mm : float
        Air on every side, mm, along the grid's axes.
    tilt_deg : float
        How far the gantry leans: the slices are turned about i, and still stacked along k.
    """
    axes = leaning(image_axes(orientation, patient_position), tilt_deg)
    corners = np.array(
        [scene.world_from_scene.apply(corner) for corner in corners_of(scene.bounds)]
    )
    along_axes = np.linalg.inv(axes) if tilt_deg else np.array(axes).T
    along = corners @ along_axes
    low, high = along.min(axis=0) - margin_mm, along.max(axis=0) + margin_mm
    counts = [math.ceil((high[n] - low[n]) / spacing_mm[n]) for n in range(3)]
    first = [
        (low[n] + high[n]) / 2 - (counts[n] - 1) / 2 * spacing_mm[n] for n in range(3)
    ]  # voxel centres lie evenly about the middle
    origin = np.array(axes).T @ first
    return VolumeGeometry(
        spacing=spacing_mm,
        origin=(float(origin[0]), float(origin[1]), float(origin[2])),
        direction=axes,
        shape_kji=(counts[2], counts[1], counts[0]),
    )
