"""The level at which bone begins in one CT: halfway between bone and what lies beside it."""

import math

import numpy as np

from imaging.volume import VolumeGeometry
from segmentation.engines.components import Grey, Mask, box_around, dilate
from segmentation.engines.levels import NOMINAL_SOFT_TISSUE_HU, SOFT_TISSUE_HU

CERTAIN_BONE_HU = 200.0
"""Above soft tissue and blood without contrast, below most spongy bone."""

LEVEL_BOUNDS_HU = (150.0, 370.0)
"""The level stays in between: lower is soft tissue, higher loses the spongy and the thin bone of
patients, whose cortical bone is brighter than any phantom's."""

NOMINAL_LEVEL_HU = 250.0
"""Stands in where there is too little bone to measure."""

LEAST_VOXELS = 1000
"""Fewer are no measurement: the median's error would pass a few HU."""

MOST_VOXELS = 200_000
"""More make no median better."""

PLATEAU_PERCENTILE = 80.0
"""Where bone is too thin to have a core: of voxels above `CERTAIN_BONE_HU` in a wall two voxels
thick, the upper 40 % lie wholly in bone, and this is their median."""

GAP_MM = 1.0
"""Tissue nearer to bone is blurred with it."""

BESIDE_MM = 1.5
"""Thickness of the layer in which the tissue beside bone is measured."""

ENOUGH_SOFT = 0.3
"""A bone is in a patient where so much of that layer is soft tissue; else it is a dry bone."""


def bone_level_hu(voxels: Grey, geometry: VolumeGeometry) -> float:
    """Return the level halfway between bone and the soft tissue beside it, HU.

    Notes
    -----
    A surface that is contoured there keeps the thickness of bone. It matters: on the craniopagus
    phantom at 1 mm, 10 HU are 1 % of its bone.
    """
    certain = np.asarray(voxels > CERTAIN_BONE_HU)
    box = box_around(certain, margin=max(_voxels(GAP_MM + BESIDE_MM, geometry)))
    if box is None:
        return NOMINAL_LEVEL_HU
    values, certain = voxels[box], np.ascontiguousarray(certain[box])
    if np.count_nonzero(certain) < LEAST_VOXELS:
        return NOMINAL_LEVEL_HU
    middle = (_bone_hu(values, certain) + _beside_hu(values, certain, geometry)) / 2
    return float(np.clip(round(middle), *LEVEL_BOUNDS_HU))


def _bone_hu(values: Grey, certain: Mask) -> float:
    """Return the median in the core of bone, where no voxel is mixed with its surroundings."""
    core = certain.copy()
    for axis in range(3):
        inner, outer = np.moveaxis(core, axis, 0), np.moveaxis(certain, axis, 0)
        inner[1:] &= outer[:-1]
        inner[:-1] &= outer[1:]
    within = _some(values[core])
    if within.size >= LEAST_VOXELS:
        return float(np.median(within))
    return float(np.percentile(_some(values[certain]), PLATEAU_PERCENTILE))


def _beside_hu(values: Grey, certain: Mask, geometry: VolumeGeometry) -> float:
    """Return the median of soft tissue in a layer around bone."""
    near = dilate(certain, _voxels(GAP_MM, geometry))
    layer = dilate(near, _voxels(BESIDE_MM, geometry)) & ~near
    beside = _some(values[layer])
    low, high = SOFT_TISSUE_HU
    soft = beside[(beside > low) & (beside < high)]
    if soft.size < max(1, ENOUGH_SOFT * beside.size):
        return NOMINAL_SOFT_TISSUE_HU
    return float(np.median(soft))


def _voxels(length_mm: float, geometry: VolumeGeometry) -> tuple[int, int, int]:
    """Return a length in voxels along [k, j, i], at least 1."""
    i, j, k = (max(1, math.ceil(length_mm / mm)) for mm in geometry.spacing)
    return (k, j, i)


def _some(values: Grey) -> Grey:
    return values[:: max(1, values.size // MOST_VOXELS)]
