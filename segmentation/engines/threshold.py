"""Engine "threshold": all voxels between two values."""

import numpy as np

from imaging.progress import Progress
from imaging.volume import Volume
from segmentation.engines.components import Grey, grey_values
from segmentation.engines.engine import Engine, Finding, Parameter, Settings, Structure
from segmentation.engines.grey_rim import field_dtype
from segmentation.engines.levels import isovalue_at, otsu_level, sample_of
from segmentation.engines.refusals import require_some

_BAND_ISOVALUE = {np.int16: -0.5, np.float32: -float(np.finfo(np.float32).smallest_normal)}
"""Just below 0, so that a value exactly at a bound lies inside."""

VALUE_BOUND = 100_000.0
"""Beyond every scanner's values, HU or MR intensities."""


def find(volume: Volume, settings: Settings, progress: Progress) -> Finding:
    """Find all voxels from lower_hu to upper_hu."""
    voxels = grey_values(volume)
    progress("Thresholding", 0, 1)
    highest = float(voxels.max())
    given_lower, given_upper = settings["lower_hu"], settings["upper_hu"]
    lower = otsu_level(sample_of(voxels)) if given_lower is None else given_lower
    upper = highest if given_upper is None else given_upper
    field, isovalue = (
        (_plain(voxels), isovalue_at(voxels, lower))
        if upper >= highest
        else (_band(voxels, lower, upper), _BAND_ISOVALUE[field_dtype(voxels)])
    )
    mask = field > isovalue
    require_some(mask, volume, lower, given_upper)
    progress("Thresholding", 1, 1)
    return Finding(field, isovalue, mask, {"lower_hu": lower, "upper_hu": upper})


def _plain(voxels: Grey) -> Grey:
    field: Grey = voxels.astype(field_dtype(voxels))
    return field


def _band(voxels: Grey, lower: float, upper: float) -> Grey:
    """Return how far inside the band each value lies: one contour then serves both bounds.

    A voxel of soft tissue beside one of bone has no surface between them: neither lies inside.
    """
    dtype = field_dtype(voxels)
    values = voxels.astype(np.int32 if dtype == np.int16 else np.float32)
    if dtype == np.int16:
        lower, upper = np.ceil(lower), np.floor(upper)
    band: Grey = np.minimum(values - lower, upper - values)
    if dtype == np.int16:
        bounds = np.iinfo(np.int16)
        return np.array(np.clip(band, bounds.min, bounds.max), dtype=np.int16)
    return np.asarray(band, dtype=np.float32)


ENGINE = Engine(
    name="threshold",
    version="1",
    help="All voxels from lower_hu to upper_hu.",
    structure=Structure("Tissue", "85756007", (128, 174, 128), 1.0),
    parameters=(
        Parameter(
            "lower_hu",
            None,
            -VALUE_BOUND,
            VALUE_BOUND,
            "Lowest value inside, HU; in MR and other images the image's own values. "
            "Without it: Otsu's level of the volume.",
        ),
        Parameter(
            "upper_hu",
            None,
            -VALUE_BOUND,
            VALUE_BOUND,
            "Highest value inside, in the same unit. Without it: no upper bound.",
        ),
    ),
    find=find,
    needs_right_angles=False,
)
