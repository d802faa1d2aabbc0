"""Engine "vessels": blood with contrast, without bone (CT) and without scalp (MR)."""

import numpy as np

from imaging.progress import Progress
from imaging.volume import Volume
from segmentation.engines.blood import (
    blood_seeds,
    bone_seeds,
    evenness_of,
    noise_hu,
    share_between,
)
from segmentation.engines.coarse_grid import CoarseGrid, distance_mm
from segmentation.engines.components import Mask, box_around, components_of
from segmentation.engines.engine import Engine, Finding, Parameter, Settings, Structure
from segmentation.engines.grey_rim import contour_field
from segmentation.engines.levels import isovalue_at, otsu_level, sample_of
from segmentation.engines.outside import connected_to, exterior_of
from segmentation.engines.refusals import require_some
from segmentation.engines.threshold import VALUE_BOUND
from segmentation.errors import EmptySegmentError

LOWER_HU = 150.0
"""Above enhanced muscle and most of the spleen, below weakly filled lumens."""

MR_SPREADS = 1.75
"""Contrast-filled sinuses begin so many robust standard deviations above the tissue's median."""

NORMAL_MAD = 1.4826
"""Standard deviation of a normal distribution over its median absolute deviation."""

STEPS = 5


def find(volume: Volume, settings: Settings, progress: Progress) -> Finding:
    """Find contrast-filled vessels at and above lower_hu."""
    progress("Measuring the level of blood", 0, STEPS)
    lower = settings["lower_hu"]
    if lower is None:
        lower = LOWER_HU if volume.hu else mr_level(volume)
    chosen = {
        "lower_hu": lower,
        "upper_hu": settings["upper_hu"] or 0.0,
        "minimum_ml": settings["minimum_ml"] or 0.0,
        "scalp_mm": settings["scalp_mm"] or 0.0,
    }
    isovalue = isovalue_at(volume.voxels, lower)
    bright = np.asarray(volume.voxels > isovalue)
    require_some(bright, volume, lower, None)
    seek = _without_bone if volume.hu else _without_scalp
    mask = seek(volume, bright, chosen, progress)
    if not mask.any():
        raise EmptySegmentError(
            f"no vessel of {chosen['minimum_ml']:g} mL or more was found at or above {lower:g}; "
            "choose another lower_hu or a smaller minimum_ml, or check that contrast was given"
        )
    progress("Keeping the grey values", 4, STEPS)
    field = contour_field(volume.voxels, mask, isovalue)
    progress("Keeping the grey values", STEPS, STEPS)
    return Finding(field, isovalue, mask, chosen)


def mr_level(volume: Volume) -> float:
    """Return where contrast-filled blood begins in an MR: well above the tissue's median."""
    sample = sample_of(volume.voxels)
    tissue = sample[sample > otsu_level(sample)]
    median = float(np.median(tissue))
    spread = NORMAL_MAD * float(np.median(np.abs(tissue - median)))
    return float(round(median + MR_SPREADS * spread))


def _minimum_voxels(volume: Volume, minimum_ml: float) -> int:
    return max(1, int(np.ceil(minimum_ml * 1000 / volume.geometry.voxel_volume_mm3)))


def _without_bone(
    volume: Volume, bright: Mask, chosen: dict[str, float], progress: Progress
) -> Mask:
    mask = np.zeros(bright.shape, dtype=np.bool_)
    box = box_around(bright, margin=2)
    assert box is not None
    voxels, inside = volume.voxels[box], np.ascontiguousarray(bright[box])
    i, j, k = volume.geometry.spacing
    minimum = _minimum_voxels(volume, chosen["minimum_ml"])
    progress("Finding even blood", 1, STEPS)
    evenness = evenness_of(voxels, (k, j, i))
    noise = noise_hu(voxels, evenness)
    blood = blood_seeds(inside, evenness, noise, chosen["upper_hu"], minimum)
    if not blood.any():
        return mask
    progress("Finding bone", 2, STEPS)
    bone = bone_seeds(voxels, blood, (k, j, i))
    progress("Parting blood from bone", 3, STEPS)
    vessels = share_between(voxels, inside, blood, bone)
    mask[box] = connected_to(blood, vessels)
    return mask


def _without_scalp(
    volume: Volume, bright: Mask, chosen: dict[str, float], progress: Progress
) -> Mask:
    progress("Taking away the scalp", 1, STEPS)
    grid = CoarseGrid.over(volume.geometry)
    level = otsu_level(sample_of(volume.voxels))
    solid = components_of(np.asarray(grid.sample(volume.voxels) > level)).labels == 1
    outside = exterior_of(solid, grid.spacing_kji)
    deep = grid.spread(distance_mm(outside, grid.spacing_kji) > chosen["scalp_mm"])
    progress("Finding pieces of vessel", 3, STEPS)
    minimum = _minimum_voxels(volume, chosen["minimum_ml"])
    return components_of(bright & deep, minimum).labels > 0


ENGINE = Engine(
    name="vessels",
    version="1",
    help="Contrast-filled vessels and heart chambers in CT or MR, without bone and scalp.",
    # 59820001 is "Blood vessel structure": by grey values arteries and veins cannot be told
    # apart, so neither 51114001 (artery) nor 29092000 (vein) would be true.
    structure=Structure("Vessels", "59820001", (216, 101, 79), 1.0),
    parameters=(
        Parameter(
            "lower_hu",
            None,
            -VALUE_BOUND,
            VALUE_BOUND,
            "Lowest value of blood, HU; in MR the image's own values. Without it: 150 HU, in MR "
            "a level well above the median of tissue.",
        ),
        Parameter(
            "upper_hu",
            600.0,
            -VALUE_BOUND,
            VALUE_BOUND,
            "CT: an even region is blood up to this value, HU, and bone above.",
        ),
        Parameter("minimum_ml", 0.5, 0.0, 10_000.0, "Smaller vessels are left out, mL."),
        Parameter("scalp_mm", 12.0, 0.0, 100.0, "MR: nothing so near to the skin is a vessel, mm."),
    ),
    find=find,
)
