"""Telling blood with contrast from bone in CT, where their grey values overlap."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentation.engines.coarse_grid import distance_mm, opened
from segmentation.engines.components import Grey, Mask, box_around, components_of
from segmentation.engines.outside import connected_to

NEIGHBOURHOOD_MM = 3.5
"""Width of the cube in which evenness is judged; at least three voxels."""

EVEN_NOISES = 2.0
"""Blood varies within the cube by noise alone: less than this many times the noise of soft tissue.
On a CTA at 1.5 mm the lumen has 1.0 to 1.4, spongy bone 1.8 and more."""

SOFT_TISSUE_HU = (-50.0, 120.0)
NOMINAL_NOISE_HU = 20.0
"""Stands in where there is no soft tissue."""

WALL_MM = 8.0
"""Bright voxels so near to blood (metal of a graft, streaks) are no sign of bone."""

BONE_ML = 1.0
"""Smaller bright pieces are no sign of bone either: with the wires of a stent graft among them,
20 % of the aorta went to the bone."""

BLOOD_PERCENTILE = 95.0
"""Brighter than this part of the blood is brighter than blood."""

BONE_SHEET_MM = 8.0
"""Most cortical bone is thinner; a heart chamber full of fresh contrast is not."""


@dataclass(frozen=True, slots=True, eq=False)
class Evenness:
    """Mean and spread around every voxel."""

    mean: NDArray[np.float32]
    spread: NDArray[np.float32]


def evenness_of(voxels: Grey, spacing_kji: tuple[float, float, float]) -> Evenness:
    """Return mean and standard deviation in a cube of `NEIGHBOURHOOD_MM` around every voxel."""
    import SimpleITK

    radius = [max(1, round((NEIGHBOURHOOD_MM / mm - 1) / 2)) for mm in reversed(spacing_kji)]
    image = SimpleITK.GetImageFromArray(voxels.astype(np.float32))
    mean: NDArray[np.float32] = SimpleITK.GetArrayFromImage(SimpleITK.BoxMean(image, radius))
    spread: NDArray[np.float32] = SimpleITK.GetArrayFromImage(SimpleITK.BoxSigma(image, radius))
    return Evenness(mean, spread)


def noise_hu(voxels: Grey, evenness: Evenness) -> float:
    """Return the noise of soft tissue: the lower quartile of its spread, free of edges."""
    low, high = SOFT_TISSUE_HU
    soft = evenness.spread[(voxels > low) & (voxels < high)]
    return float(np.percentile(soft, 25)) if soft.size else NOMINAL_NOISE_HU


def blood_seeds(
    bright: Mask,
    evenness: Evenness,
    noise: float,
    levels_hu: tuple[float, float],
    minimum_voxels: int,
) -> Mask:
    """Return the even regions within `bright` that are large enough to be a vessel."""
    lower_hu, upper_hu = levels_hu
    even = bright & (evenness.spread < EVEN_NOISES * noise)
    even &= (evenness.mean >= lower_hu) & (evenness.mean <= upper_hu)
    return components_of(even, minimum_voxels).labels > 0


def bone_seeds(voxels: Grey, blood: Mask, spacing_kji: tuple[float, float, float]) -> Mask:
    """Return what is brighter than blood, thin, not small, and away from it."""
    brighter = np.asarray(voxels > np.percentile(voxels[blood], BLOOD_PERCENTILE))
    near_blood = distance_mm(blood, spacing_kji) <= WALL_MM
    thick = opened(brighter, BONE_SHEET_MM / 2, spacing_kji)
    if thick.any():
        near_blood |= distance_mm(thick, spacing_kji) <= WALL_MM
    minimum_voxels = math.ceil(BONE_ML * 1000 / math.prod(spacing_kji))
    return components_of(brighter & ~near_blood, minimum_voxels).labels > 0


def share_between(voxels: Grey, bright: Mask, blood: Mask, bone: Mask) -> Mask:
    """Return the part of `bright` that is tied to blood by a brighter path than to bone.

    Notes
    -----
    A watershed on the inverted grey values: both sides flood from bright to dark and meet in the
    darkest gap. The rim of bone, dark by partial volume, is reached from bone.
    """
    import SimpleITK

    markers = blood.astype(np.uint8) + 2 * bone.astype(np.uint8)
    depths = np.where(bright, -voxels.astype(np.float32), np.float32(0))
    flooded = SimpleITK.MorphologicalWatershedFromMarkers(
        SimpleITK.GetImageFromArray(depths),
        SimpleITK.GetImageFromArray(markers),
        markWatershedLine=False,
        fullyConnected=True,
    )
    labels: Grey = SimpleITK.GetArrayViewFromImage(flooded)
    return np.asarray(labels == 1) & bright


def blood_within(
    voxels: Grey,
    bright: Mask,
    spacing_kji: tuple[float, float, float],
    levels_hu: tuple[float, float],
    minimum_ml: float,
) -> Mask:
    """Return the part of `bright` that is blood with contrast; empty where there is none.

    Parameters
    ----------
    voxels : (slices, rows, columns) array
        Grey values, HU.
    bright : (slices, rows, columns) bool array
        What is blood or bone.
    levels_hu : (lowest, highest) level of even blood.
    minimum_ml : float
        Least volume of an even region.
    """
    minimum_voxels = math.ceil(minimum_ml * 1000 / math.prod(spacing_kji))
    evenness = evenness_of(voxels, spacing_kji)
    noise = noise_hu(voxels, evenness)
    blood = blood_seeds(bright, evenness, noise, levels_hu, minimum_voxels)
    if not blood.any():
        return blood
    tied = connected_to(blood, bright)
    bone = bone_seeds(voxels, blood, spacing_kji) & tied
    if not bone.any():
        return tied
    box = box_around(tied, margin=1)
    assert box is not None
    share = share_between(voxels[box], *(np.ascontiguousarray(m[box]) for m in (tied, blood, bone)))
    tied[box] = share
    return connected_to(blood, tied)
