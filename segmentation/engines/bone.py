"""Engine "bone": bright pieces that lie in the patient, without the table and the head holder."""

import math

import numpy as np
from numpy.typing import NDArray

from imaging.progress import Progress
from imaging.volume import Volume
from segmentation.engines.blood import blood_seeds, blood_within, evenness_of, noise_hu
from segmentation.engines.bone_level import bone_level_hu
from segmentation.engines.coarse_grid import CoarseGrid
from segmentation.engines.components import (
    Components,
    Mask,
    box_around,
    components_of,
    grey_values,
)
from segmentation.engines.engine import Engine, Finding, Parameter, Settings, Structure
from segmentation.engines.grey_rim import contour_field
from segmentation.engines.levels import isovalue_at
from segmentation.engines.outside import air_beside, exterior_of, half_inside
from segmentation.engines.refusals import require_hu, require_some
from segmentation.errors import EmptySegmentError

MOSTLY_AIR = 0.25
"""Share of air around a piece. Measured: bone in a chest 0.03 at most, dry bone and head holders
0.31 and more."""

TISSUE_HU = -200.0
"""Fat is above; of the blur around a table in air most is below."""

EMBEDDED_ML = 5.0
"""So much bone within tissue makes a patient; less, and the object is a dry bone in air."""

CONTRAST_ML = 5.0
"""An even region of this size is blood: spongy bone is never even over so much."""

STEPS = 5


def find(volume: Volume, settings: Settings, progress: Progress) -> Finding:
    """Find bone at and above lower_hu."""
    require_hu(volume, "bone")
    voxels = grey_values(volume)
    progress("Measuring the level of bone", 0, STEPS)
    lower = settings["lower_hu"]
    lower = bone_level_hu(voxels, volume.geometry) if lower is None else lower
    isovalue = isovalue_at(voxels, lower)
    bright = np.asarray(voxels > isovalue)
    require_some(bright, volume, lower, None)
    progress("Looking for contrast", 1, STEPS)
    blood_up_to = settings["blood_up_to_hu"] or 0.0
    bright &= ~_blood(volume, bright, (lower, blood_up_to))
    progress("Finding pieces of bone", 2, STEPS)
    minimum_ml = settings["minimum_ml"] or 0.0
    maximum = int(settings["maximum_pieces"] or 1)
    mask = _pieces(volume, bright, minimum_ml, maximum, progress)
    progress("Keeping the grey values", 4, STEPS)
    field = contour_field(voxels, mask, isovalue)
    progress("Keeping the grey values", STEPS, STEPS)
    parameters = {
        "lower_hu": lower,
        "blood_up_to_hu": blood_up_to,
        "minimum_ml": minimum_ml,
        "maximum_pieces": maximum,
    }
    return Finding(field, isovalue, mask, parameters)


def _blood(volume: Volume, bright: Mask, levels_hu: tuple[float, float]) -> Mask:
    """Return the blood with contrast in `bright`: heart chambers look like bone to a threshold.

    Whether there is any is asked of the coarse grid, for most scans of bone have none.
    """
    grid = CoarseGrid.over(volume.geometry)
    voxels = grey_values(volume)
    few, some = grid.sample(voxels), grid.sample(bright)
    evenness = evenness_of(few, grid.spacing_kji)
    minimum_voxels = math.ceil(CONTRAST_ML * 1000 / math.prod(grid.spacing_kji))
    noise = noise_hu(few, evenness)
    if not blood_seeds(some, evenness, noise, levels_hu, minimum_voxels).any():
        return np.zeros_like(bright)
    i, j, k = volume.geometry.spacing
    return blood_within(voxels, bright, (k, j, i), levels_hu, CONTRAST_ML)


def _pieces(
    volume: Volume, bright: Mask, minimum_ml: float, maximum: int, progress: Progress
) -> Mask:
    box = box_around(bright)
    if box is None:
        raise EmptySegmentError(
            "all that is bright enough for bone is even, as blood with contrast is; "
            "choose a smaller blood_up_to_hu (-1000 keeps all)"
        )
    minimum_voxels = int(np.ceil(minimum_ml * 1000 / volume.geometry.voxel_volume_mm3))
    pieces = components_of(np.ascontiguousarray(bright[box]), minimum_voxels)
    if len(pieces.sizes) == 0:
        raise EmptySegmentError(
            f"the largest piece of bone is smaller than {minimum_ml:g} mL; "
            "choose a smaller minimum_ml or a lower lower_hu"
        )
    progress("Taking away the table", 3, STEPS)
    labels = np.zeros(bright.shape, dtype=np.uint32)
    labels[box] = pieces.labels
    chosen = in_patient(volume, Components(labels, pieces.sizes))[:maximum]
    mask = np.zeros(bright.shape, dtype=np.bool_)
    mask[box] = pieces.select(chosen)
    return mask


def in_patient(volume: Volume, pieces: Components) -> NDArray[np.intp]:
    """Return the labels of the pieces that belong to the patient, largest first.

    Bone lies in soft tissue, a table or a head holder in air. Where nothing lies in tissue the
    object is a dry bone: then the largest piece stays, with what lies mostly in its box.
    """
    grid = CoarseGrid.over(volume.geometry)
    voxels = grey_values(volume)
    tissue = np.asarray(grid.sample(voxels) > TISSUE_HU)
    air = exterior_of(tissue, grid.spacing_kji)
    labels = grid.sample(pieces.labels)
    count = len(pieces.sizes)
    embedded = air_beside(labels, air, count) < MOSTLY_AIR
    embedded_ml = pieces.sizes[embedded].sum() * volume.geometry.voxel_volume_mm3 / 1000
    if embedded_ml < EMBEDDED_ML and not embedded[0]:
        embedded = half_inside(labels, count)
    return np.flatnonzero(embedded) + 1


ENGINE = Engine(
    name="bone",
    version="1",
    help="Bone in CT, without the table, the head holder and blood with contrast.",
    structure=Structure("Bone", "272673000", (241, 213, 144), 0.5),
    parameters=(
        Parameter(
            "lower_hu",
            None,
            -1000.0,
            4000.0,
            "Lowest value of bone, HU. Without it: halfway between bone and the tissue beside it, "
            "as measured in the volume, from 150 to 370.",
        ),
        Parameter(
            "blood_up_to_hu",
            600.0,
            -1000.0,
            4000.0,
            "Large even regions up to this value are blood with contrast and left out, HU; "
            "-1000 keeps them.",
        ),
        Parameter("minimum_ml", 0.5, 0.0, 10_000.0, "Smaller pieces are left out, mL."),
        Parameter("maximum_pieces", 500, 1, 100_000, "So many pieces at most.", whole=True),
    ),
    find=find,
)
