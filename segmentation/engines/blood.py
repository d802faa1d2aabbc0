"""Telling blood with contrast from bone in CT, where their grey values overlap."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentation.engines.coarse_grid import distance_mm, opened
from segmentation.engines.components import Mask, components_of

NEIGHBOURHOOD_MM = 3.5
"""Width of the cube in which evenness is judged; at least three voxels."""

EVEN_NOISES = 2.0
"""Blood varies within the cube by noise alone: less than this many times the noise of soft tissue.
On a CTA at 1.5 mm the lumen has 1.0 to 1.4, spongy bone 1.8 and more."""

SOFT_TISSUE_HU = (-50.0, 120.0)
NOMINAL_NOISE_HU = 20.0
"""Stands in where there is no soft tissue."""

WALL_MM = 6.0
"""Bright voxels so near to blood (metal of a graft, streaks) are no sign of bone; with 4 mm the
wires of a stent graft lead the bone 20 % into the aorta."""

BLOOD_PERCENTILE = 95.0
"""Brighter than this part of the blood is brighter than blood."""

BONE_SHEET_MM = 12.0
"""Cortical bone is thinner; a heart chamber full of contrast is not."""


@dataclass(frozen=True, slots=True, eq=False)
class Evenness:
    """Mean and spread around every voxel."""

    mean: NDArray[np.float32]
    spread: NDArray[np.float32]


def evenness_of(voxels: NDArray[np.generic], spacing_kji: tuple[float, float, float]) -> Evenness:
    """Return mean and standard deviation in a cube of `NEIGHBOURHOOD_MM` around every voxel."""
    import SimpleITK as sitk

    radius = [max(1, round((NEIGHBOURHOOD_MM / mm - 1) / 2)) for mm in reversed(spacing_kji)]
    image = sitk.GetImageFromArray(voxels.astype(np.float32))
    mean = sitk.GetArrayFromImage(sitk.BoxMean(image, radius))
    spread = sitk.GetArrayFromImage(sitk.BoxSigma(image, radius))
    return Evenness(mean, spread)


def noise_hu(voxels: NDArray[np.generic], evenness: Evenness) -> float:
    """Return the noise of soft tissue: the lower quartile of its spread, free of edges."""
    low, high = SOFT_TISSUE_HU
    soft = evenness.spread[(voxels > low) & (voxels < high)]
    return float(np.percentile(soft, 25)) if soft.size else NOMINAL_NOISE_HU


def blood_seeds(
    bright: Mask, evenness: Evenness, noise: float, upper_hu: float, minimum_voxels: int
) -> Mask:
    """Return the even regions within `bright` that are large enough to be a vessel."""
    even = bright & (evenness.spread < EVEN_NOISES * noise) & (evenness.mean <= upper_hu)
    return components_of(even, minimum_voxels).labels > 0


def bone_seeds(
    voxels: NDArray[np.generic], blood: Mask, spacing_kji: tuple[float, float, float]
) -> Mask:
    """Return what is brighter than blood, thin, and away from it."""
    brighter = np.asarray(voxels > np.percentile(voxels[blood], BLOOD_PERCENTILE))
    near_blood = distance_mm(blood, spacing_kji) <= WALL_MM
    thick = opened(brighter, BONE_SHEET_MM / 2, spacing_kji)
    if thick.any():
        near_blood |= distance_mm(thick, spacing_kji) <= WALL_MM
    return brighter & ~near_blood


def share_between(voxels: NDArray[np.generic], bright: Mask, blood: Mask, bone: Mask) -> Mask:
    """Return the part of `bright` that is tied to blood by a brighter path than to bone.

    Notes
    -----
    A watershed on the inverted grey values: both sides flood from bright to dark and meet in the
    darkest gap. The rim of bone, dark by partial volume, is reached from bone.
    """
    import SimpleITK as sitk

    markers = blood.astype(np.uint8) + 2 * bone.astype(np.uint8)
    depths = np.where(bright, -voxels.astype(np.float32), np.float32(0))
    flooded = sitk.MorphologicalWatershedFromMarkers(
        sitk.GetImageFromArray(depths),
        sitk.GetImageFromArray(markers),
        markWatershedLine=False,
        fullyConnected=True,
    )
    return (sitk.GetArrayViewFromImage(flooded) == 1) & bright
