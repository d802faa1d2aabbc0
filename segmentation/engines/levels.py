"""Grey levels: where a tissue begins."""

import math

import numpy as np
from numpy.typing import NDArray

from segmentation.engines.components import Grey

SAMPLE_VOXELS = 1_000_000
"""Levels are read from about so many voxels: their error is then far below the image's noise."""

HISTOGRAM_BINS = 256

SOFT_TISSUE_HU = (-200.0, 200.0)
"""Fat to muscle and brain, with noise."""

NOMINAL_SOFT_TISSUE_HU = 40.0
"""Muscle and skin; stands in where a scan holds no soft tissue, as a dry skull does."""

NOMINAL_AIR_HU = -1000.0

ENOUGH_FRACTION = 0.005
"""A tissue counts as present when it fills so much of the volume."""


def sample_of(voxels: Grey) -> NDArray[np.float64]:
    """Return about `SAMPLE_VOXELS` finite values from everywhere in the volume."""
    step = max(1, round((voxels.size / SAMPLE_VOXELS) ** (1 / 3)))
    sample = voxels[::step, ::step, ::step].astype(np.float64).ravel()
    return sample[np.isfinite(sample)]


def isovalue_at(voxels: Grey, lower: float) -> float:
    """Return the level to contour so that voxels at `lower` and above lie inside.

    Notes
    -----
    On integer images it is halfway between two integers: no voxel then lies exactly on the
    surface, which would give triangles without area.
    """
    if np.issubdtype(voxels.dtype, np.integer):
        return math.ceil(lower) - 0.5
    return float(np.nextafter(np.float32(lower), np.float32(-np.inf)))


def otsu_level(sample: NDArray[np.float64]) -> float:
    """Return the level that parts `sample` into two classes of least inner variance.

    References
    ----------
    Otsu N. (1979), https://doi.org/10.1109/TSMC.1979.4310076
    """
    low, high = np.percentile(sample, (0.1, 99.9))
    counts, edges = np.histogram(sample, bins=HISTOGRAM_BINS, range=(low, max(high, low + 1)))
    centres = (edges[:-1] + edges[1:]) / 2
    below = np.cumsum(counts)[:-1]
    above = counts.sum() - below
    sums = np.cumsum(counts * centres)
    with np.errstate(divide="ignore", invalid="ignore"):
        gap = sums[:-1] / below - (sums[-1] - sums[:-1]) / above
        between = np.nan_to_num(below * above * gap**2)
    # Where classes lie far apart a whole range of levels is equally good: take its middle.
    best = np.flatnonzero(between >= between.max() * (1 - 1e-9))
    return float(edges[1:-1][best].mean())


def soft_tissue_level_hu(sample: NDArray[np.float64]) -> float:
    """Return the median of soft tissue, HU, or the nominal one where there is too little."""
    low, high = SOFT_TISSUE_HU
    soft = sample[(sample > low) & (sample < high)]
    if soft.size < ENOUGH_FRACTION * sample.size:
        return NOMINAL_SOFT_TISSUE_HU
    return float(np.median(soft))


def skin_level_hu(sample: NDArray[np.float64]) -> float:
    """Return the level halfway between air and soft tissue, HU."""
    return (NOMINAL_AIR_HU + soft_tissue_level_hu(sample)) / 2
