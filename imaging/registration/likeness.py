"""What two scans have in common where they lie: how much of the bodies, and of the values."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from imaging.errors import RegistrationFailedError
from imaging.registration.alignment import Scan
from imaging.registration.itk_transforms import as_itk
from imaging.space import RigidTransform

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


def likeness_of(fixed: Scan, moving: Scan, pose: RigidTransform) -> Likeness:
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
