"""Engine "skin": the outer surface of the body; what lies within counts as inside."""

import numpy as np

from imaging.progress import Progress
from imaging.volume import Volume
from segmentation.engines.coarse_grid import CoarseGrid
from segmentation.engines.components import Mask, dilate, grey_values, largest_of
from segmentation.engines.engine import Engine, Finding, Parameter, Settings, Structure
from segmentation.engines.grey_rim import contour_field
from segmentation.engines.levels import isovalue_at, otsu_level, sample_of, skin_level_hu
from segmentation.engines.outside import connected_to, exterior_of, largest_body, touching_faces
from segmentation.engines.refusals import require_some
from segmentation.engines.threshold import VALUE_BOUND

STEPS = 4


def find(volume: Volume, settings: Settings, progress: Progress) -> Finding:
    """Find the body and fill it."""
    voxels = grey_values(volume)
    progress("Measuring the level of skin", 0, STEPS)
    lower = settings["lower_hu"]
    if lower is None:
        sample = sample_of(voxels)
        lower = float(round(skin_level_hu(sample) if volume.hu else otsu_level(sample)))
    isovalue = isovalue_at(voxels, lower)
    solid = np.asarray(voxels > isovalue)
    require_some(solid, volume, lower, None)
    progress("Finding the body", 1, STEPS)
    body = _filled(_body(volume, solid))
    progress("Keeping the grey values", 3, STEPS)
    field = contour_field(voxels, body, isovalue)
    progress("Keeping the grey values", STEPS, STEPS)
    return Finding(field, isovalue, body, {"lower_hu": lower})


def _body(volume: Volume, solid: Mask) -> Mask:
    """Return the largest body without the table, its sealed airway filled."""
    grid = CoarseGrid.over(volume.geometry)
    coarse = grid.sample(solid)
    if not coarse.any():
        return largest_of(solid)
    body = largest_body(coarse, grid.spacing_kji) if volume.hu else largest_of(coarse)
    outside = exterior_of(body, grid.spacing_kji)
    pockets = dilate(~body & ~outside, 1) & ~dilate(outside, 1)
    parts = (solid & grid.spread(dilate(body, 1))) | grid.spread(pockets)
    return largest_of(parts)


def _filled(body: Mask) -> Mask:
    """Return `body` with everything that is not connected to the outside."""
    return ~connected_to(touching_faces(body), ~body)


ENGINE = Engine(
    name="skin",
    version="1",
    help="The outer surface of the body in CT or MR; airways and sinuses are filled.",
    structure=Structure("Skin", "39937001", (177, 122, 101), 0.25),
    parameters=(
        Parameter(
            "lower_hu",
            None,
            -VALUE_BOUND,
            VALUE_BOUND,
            "Lowest value of the body, HU; in MR the image's own values. Without it: halfway "
            "between air and soft tissue, in MR Otsu's level of the volume.",
        ),
    ),
    find=find,
)
