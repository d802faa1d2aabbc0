"""One alignment of two volumes at one resolution: Mattes mutual information, Powell's search.

Powell's method needs no gradient: on two heads joined at the crown, which look the same however
they are turned about their common axis but for noses and ears, gradient descent stops degrees
away, and Powell within a tenth of one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from imaging.errors import RegistrationFailedError
from imaging.registration.body import RIM_MM, Body
from imaging.registration.itk_transforms import as_itk, from_itk
from imaging.registration.pyramid import LEVELS_MM, Level
from imaging.space import RigidTransform

BINS: Final = 32
"""Of the histograms: enough for six tissues and few enough for 20,000 samples."""

SAMPLES: Final = (12_000, 20_000, 20_000)
"""Looked at on each level, coarse to fine; twice as many on the last move the answer by 0.03 mm."""

STEP_MM: Final = (4.0, 2.0, 1.0)
"""First step of a line search on each level."""

LEVER_MM: Final = 80.0
"""A rotation is searched in steps that move a point this far from the middle as far as a
translation does: half the size of a head."""

LINE_TOLERANCE: Final = 0.02
"""Of a line search, in first steps."""
VALUE_TOLERANCE: Final = 1e-5
"""Relative change of the metric from turn to turn that ends a search: below its roughness."""
MOST_TURNS: Final = 20
MOST_LINE_STEPS: Final = 60

WORK_UNITS: Final = 4
"""Into how many parts sums are split: fixed, so that they round alike on any number of cores."""

ASKEW: Final = RigidTransform.about_axis((3, 5, 7), 19.0)
"""How the grid of the samples is turned against the patient. Where both volumes lie on parallel
grids, samples on voxels of one fall between voxels of the other all alike, which blurs noise and
makes a pose look better that is 2 degrees off; on this grid all fall everywhere.

References: J. P. W. Pluim, J. B. A. Maintz, M. A. Viergever, Interpolation artefacts in mutual
information-based image registration, Computer Vision and Image Understanding 77(2), 2000,
doi:10.1006/cviu.1999.0816.
"""

SEED: Final = 20_200_101
"""Of the samples: the same input gives the same result."""


@dataclass(frozen=True, slots=True)
class Scan:
    """A volume as registration looks at it."""

    levels: tuple[Level, ...]
    body: Body


@dataclass(frozen=True, slots=True)
class Pose:
    """How the moving scan lies, and how well that fits."""

    moving_from_fixed: RigidTransform
    metric: float
    """Negative mutual information of the samples, nats: lower is better."""


def align(
    fixed: Scan, moving: Scan, level: int, start: RigidTransform, seed: int = SEED
) -> Pose | None:
    """Return the nearest optimum, or None where the volumes lost each other.

    Parameters
    ----------
    fixed, moving : Scan
        Samples are taken in the fixed scan's body and its rim.
    level : int
        Which of `LEVELS_MM`.
    start : RigidTransform
        moving_from_fixed.
    seed : int
        Of the samples.
    """
    method = _metric(fixed, moving, level, seed)
    step = STEP_MM[level]
    method.SetOptimizerAsPowell(
        MOST_TURNS, MOST_LINE_STEPS, step, LINE_TOLERANCE * step, VALUE_TOLERANCE
    )
    method.SetOptimizerScales([LEVER_MM] * 3 + [1.0] * 3)
    transform = as_itk(start, fixed.body.centre)
    method.SetInitialTransform(transform, True)  # noqa: FBT003 - SimpleITK: in place
    try:
        method.Execute(fixed.levels[level].image, moving.levels[level].image)
    except RuntimeError:  # ITK: "all samples map outside moving image buffer", and its kin
        return None
    return Pose(from_itk(transform), float(method.GetMetricValue()))


def rated(fixed: Scan, moving: Scan, level: int, poses: Sequence[RigidTransform]) -> list[Pose]:
    """Return poses with their metric over all voxels of the body, those out of reach left out."""
    method = _metric(fixed, moving, level, None)
    found = []
    for pose in poses:
        method.SetInitialTransform(as_itk(pose, fixed.body.centre))
        try:
            metric = method.MetricEvaluate(fixed.levels[level].image, moving.levels[level].image)
        except RuntimeError:
            continue
        found.append(Pose(pose, float(metric)))
    return found


def required(pose: Pose | None) -> Pose:
    """Return the pose, or refuse a search that ended outside."""
    if pose is None:
        raise RegistrationFailedError(
            "the volumes do not overlap where they were started from; start by moments, or pick "
            "landmarks in both",
            "registration_failed",
        )
    return pose


def _metric(fixed: Scan, moving: Scan, level: int, seed: int | None) -> Any:  # noqa: ANN401 - SimpleITK
    import SimpleITK

    method = SimpleITK.ImageRegistrationMethod()
    method.SetNumberOfWorkUnits(WORK_UNITS)
    method.SetMetricAsMattesMutualInformation(BINS)
    method.SetMetricFixedMask(fixed.body.rimmed)
    if moving.body.covered is not None:
        method.SetMetricMovingMask(moving.body.covered)
    method.SetVirtualDomain(*_askew(fixed.body, LEVELS_MM[level]))
    method.SetInterpolator(SimpleITK.sitkLinear)
    method.MetricUseFixedImageGradientFilterOff()
    method.MetricUseMovingImageGradientFilterOff()
    if seed is not None:
        share = SAMPLES[level] / _voxels_in_body(fixed, level)
        if share < 1:
            method.SetMetricSamplingStrategy(method.RANDOM)
            method.SetMetricSamplingPercentage(share, seed)
    return method


def _askew(body: Body, spacing_mm: float) -> tuple[Any, ...]:
    """Return size, origin, spacing and direction of the grid of the samples: around the body."""
    axes = np.array([ASKEW.apply_direction(axis) for axis in ((1, 0, 0), (0, 1, 0), (0, 0, 1))])
    along = np.array(body.corners) @ axes.T
    low, high = along.min(axis=0) - RIM_MM, along.max(axis=0) + RIM_MM
    counts = np.ceil((high - low) / spacing_mm).astype(int)
    return counts.tolist(), (axes.T @ low).tolist(), (spacing_mm,) * 3, axes.T.ravel().tolist()


def _voxels_in_body(fixed: Scan, level: int) -> float:
    import SimpleITK

    inside = SimpleITK.GetArrayViewFromImage(fixed.body.rimmed).sum()
    return float(inside) * (LEVELS_MM[1] / LEVELS_MM[level]) ** 3
