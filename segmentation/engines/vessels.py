"""Engine "vessels": blood with contrast, without bone (CT) and without scalp (MR)."""

import math

import numpy as np

from imaging.progress import Progress
from imaging.volume import Volume
from segmentation.engines.blood import blood_within
from segmentation.engines.coarse_grid import CoarseGrid, distance_mm
from segmentation.engines.components import Mask, box_around, components_of, grey_values, largest_of
from segmentation.engines.engine import Engine, Finding, Parameter, Settings, Structure
from segmentation.engines.grey_rim import contour_field
from segmentation.engines.levels import isovalue_at, otsu_level, sample_of
from segmentation.engines.outside import exterior_of
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
    other_key = "blood_up_to_hu" if volume.hu else "scalp_mm"
    chosen = {
        "lower_hu": lower,
        "minimum_ml": settings["minimum_ml"] or 0.0,
        other_key: settings[other_key] or 0.0,
    }
    voxels = grey_values(volume)
    isovalue = isovalue_at(voxels, lower)
    bright = np.asarray(voxels > isovalue)
    require_some(bright, volume, lower, None)
    seek = _without_bone if volume.hu else _without_scalp
    mask = seek(volume, bright, chosen, progress)
    if not mask.any():
        raise EmptySegmentError(
            f"no vessel of {chosen['minimum_ml']:g} mL or more was found at or above {lower:g}; "
            "choose another lower_hu or a smaller minimum_ml, or check that contrast was given"
        )
    progress("Keeping the grey values", 4, STEPS)
    field = contour_field(voxels, mask, isovalue)
    progress("Keeping the grey values", STEPS, STEPS)
    return Finding(field, isovalue, mask, chosen)


def mr_level(volume: Volume) -> float:
    """Return where contrast-filled blood begins in an MR: well above the tissue's median."""
    sample = sample_of(grey_values(volume))
    tissue = sample[sample > otsu_level(sample)]
    median = float(np.median(tissue))
    spread = NORMAL_MAD * float(np.median(np.abs(tissue - median)))
    return float(round(median + MR_SPREADS * spread))


def _without_bone(
    volume: Volume, bright: Mask, chosen: dict[str, float], progress: Progress
) -> Mask:
    mask = np.zeros(bright.shape, dtype=np.bool_)
    box = box_around(bright, margin=2)
    assert box is not None
    progress("Parting blood from bone", 1, STEPS)
    i, j, k = volume.geometry.spacing
    mask[box] = blood_within(
        grey_values(volume)[box],
        np.ascontiguousarray(bright[box]),
        (k, j, i),
        (chosen["lower_hu"], chosen["blood_up_to_hu"]),
        chosen["minimum_ml"],
    )
    return mask


def _without_scalp(
    volume: Volume, bright: Mask, chosen: dict[str, float], progress: Progress
) -> Mask:
    progress("Taking away the scalp", 1, STEPS)
    grid = CoarseGrid.over(volume.geometry)
    voxels = grey_values(volume)
    level = otsu_level(sample_of(voxels))
    solid = largest_of(np.asarray(grid.sample(voxels) > level))
    outside = exterior_of(solid, grid.spacing_kji)
    deep = grid.spread(distance_mm(outside, grid.spacing_kji) > chosen["scalp_mm"])
    progress("Finding pieces of vessel", 3, STEPS)
    minimum_voxels = math.ceil(chosen["minimum_ml"] * 1000 / volume.geometry.voxel_volume_mm3)
    return components_of(bright & deep, minimum_voxels).labels > 0


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
            "blood_up_to_hu",
            600.0,
            -VALUE_BOUND,
            VALUE_BOUND,
            "CT: an even region is blood up to this value, HU, and bone above.",
        ),
        Parameter("minimum_ml", 0.5, 0.001, 10_000.0, "Smaller vessels are left out, mL."),
        Parameter("scalp_mm", 12.0, 0.0, 100.0, "MR: nothing so near to the skin is a vessel, mm."),
    ),
    find=find,
)
