"""Whether to believe a pose: found again from elsewhere and the other way round, and what fits."""

import statistics
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from imaging.errors import RegistrationFailedError
from imaging.registration.alignment import SEED, Scan, align, required
from imaging.registration.itk_transforms import as_itk
from imaging.registration.registration import ErrorEstimate
from imaging.registration.search import corner_distances_mm
from imaging.space import RigidTransform, Vector

NUDGES: Final[tuple[tuple[Vector, Vector], ...]] = (
    ((1.0, 2.0, -2.0), (3.0, -2.0, 2.0)),
    ((-2.0, 1.0, 2.0), (-2.0, 3.0, 2.0)),
)
"""Axis and shift (mm) by which a repetition starts beside the answer."""

NUDGE_DEG: Final = 4.0

CONSISTENT_MM: Final = 2.0
"""Repetitions that differ by more found different answers: forty times what they differ by where
the anatomy holds them."""

LEAST_OVERLAP: Final = 0.3
"""Of the smaller body: with less, the rest may lie anywhere."""

LEAST_SIMILARITY: Final = 0.06
"""Heads laid over other heads or a chest reach 0.04, a CT and an MR of one head 0.4."""

BINS: Final = 32


@dataclass(frozen=True, slots=True)
class Likeness:
    """What two scans have in common, where one lies in the other."""

    overlap: float
    """Share of the fixed body that lies in the moving one."""
    mutual_information: float
    """Within the shared body, nats."""
    similarity: float
    """The same over the mean entropy of the two: 0 nothing in common, 1 everything."""


def repeated(fixed: Scan, moving: Scan, pose: RigidTransform) -> ErrorEstimate:
    """Register again: from beside the answer, with other samples, and once the other way round.

    Raises
    ------
    RegistrationFailedError
        The repetitions end more than `CONSISTENT_MM` apart.
    """

    def again(number: int) -> RigidTransform:
        axis, shift = NUDGES[number]
        nudge = RigidTransform(translation_mm=shift) @ RigidTransform.about_axis(
            axis, NUDGE_DEG, fixed.body.centre
        )
        start = pose @ nudge
        if number == 0:
            return _refined(moving, fixed, start.inverse(), SEED + 1).inverse()
        return _refined(fixed, moving, start, SEED + 1 + number)

    poses = [again(number) for number in range(len(NUDGES))]
    apart = [one for other in poses for one in corner_distances_mm(fixed, pose, other)]
    if max(apart) > CONSISTENT_MM:
        raise RegistrationFailedError(
            f"registered again from a slightly different start, the volumes end {max(apart):.1f} "
            "mm apart, so neither answer can be trusted; pick landmarks in both, or choose volumes "
            "that show the same anatomy",
            "registration_failed",
        )
    return ErrorEstimate(statistics.median(apart), max(apart), len(poses))


def _refined(fixed: Scan, moving: Scan, start: RigidTransform, seed: int) -> RigidTransform:
    pose = start
    for level in (1, 2):
        pose = required(align(fixed, moving, level, pose, seed)).moving_from_fixed
    return pose


def require_likeness(likeness: Likeness) -> None:
    """Refuse two scans that have nothing in common where they lie.

    Raises
    ------
    RegistrationFailedError
        The bodies hardly overlap, or the values of one say nothing of the other's.
    """
    if likeness.overlap < LEAST_OVERLAP:
        raise RegistrationFailedError(
            f"only {likeness.overlap:.0%} of the smaller body lies in the other volume, which is "
            "too little to tell where it belongs; choose volumes that show the same anatomy",
            "registration_failed",
        )
    if likeness.similarity < LEAST_SIMILARITY:
        raise RegistrationFailedError(
            "the values of the two volumes have nothing in common wherever they are laid over each "
            "other; choose volumes of the same patient and region",
            "registration_failed",
        )


def likeness(fixed: Scan, moving: Scan, pose: RigidTransform) -> Likeness:
    """Return what the scans have in common at a pose."""
    import SimpleITK

    grid, transform = fixed.levels[1].image, as_itk(pose)

    def on_grid(image: Any, interpolator: int) -> NDArray[Any]:  # noqa: ANN401 - SimpleITK
        moved = SimpleITK.Resample(image, grid, transform, interpolator, 0.0)
        values: NDArray[Any] = SimpleITK.GetArrayFromImage(moved)
        return values

    inside = SimpleITK.GetArrayFromImage(fixed.body.mask) > 0
    shared = inside & (on_grid(moving.body.mask, SimpleITK.sitkNearestNeighbor) > 0)
    overlap = float(shared.sum() / inside.sum())
    if not shared.any():
        return Likeness(0.0, 0.0, 0.0)
    ours = SimpleITK.GetArrayFromImage(grid)[shared]
    theirs = on_grid(moving.levels[1].image, SimpleITK.sitkLinear)[shared]
    information, entropies = _information(ours, theirs)
    mean = sum(entropies) / 2
    return Likeness(overlap, information, information / mean if mean > 0 else 0.0)


def _information(first: NDArray[Any], second: NDArray[Any]) -> tuple[float, tuple[float, float]]:
    """Return mutual information and entropies of two samples, nats."""
    joint, _, _ = np.histogram2d(first, second, BINS)
    shares = joint / joint.sum()
    alone = _entropy(shares.sum(axis=1)), _entropy(shares.sum(axis=0))
    return sum(alone) - _entropy(shares), alone


def _entropy(shares: NDArray[np.float64]) -> float:
    some = shares[shares > 0]
    return float(-(some * np.log(some)).sum())
