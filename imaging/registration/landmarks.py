"""Registration by landmarks that somebody picked in both volumes."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from imaging.errors import PairedPointsError
from imaging.space import RigidTransform, Vector, distance_mm

FEWEST_PAIRS: Final = 3
MOST_PAIRS: Final = 1000
LEAST_SPREAD_MM: Final = 2.0
"""Points this near to one line leave the rotation about it to the errors of picking, which are
1 to 2 mm."""
MIRRORED_RATIO: Final = 3.0
MIRRORED_BEYOND_MM: Final = 2.0
"""A mirrored copy that fits so much better, where the proper fit is off by more than picking."""


@dataclass(frozen=True, slots=True)
class LandmarkPair:
    """One point of the anatomy in both volumes, mm, LPS."""

    fixed: Vector
    moving: Vector
    name: str = ""


@dataclass(frozen=True, slots=True)
class LandmarkFit:
    """The rigid motion that brings the pairs together, and what is left between them."""

    fixed_from_moving: RigidTransform
    pairs: tuple[LandmarkPair, ...]
    residuals_mm: tuple[float, ...]
    """Distance of each pair after the fit."""

    @property
    def fre_mm(self) -> float:
        """Fiducial registration error: root mean square of the residuals, mm."""
        return math.sqrt(sum(one * one for one in self.residuals_mm) / len(self.residuals_mm))

    def expected_tre_mm(self, point: Vector) -> float:
        """Return the error to expect at a point of the fixed volume, root mean square, mm.

        The residuals of few pairs hardly tell how well they were picked: with three pairs the
        estimate itself may be off by half. It is no bound.

        References
        ----------
        J. M. Fitzpatrick, J. B. West, C. R. Maurer, Predicting error in rigid-body point-based
        registration, IEEE Trans. Med. Imaging 17(5), 1998, doi:10.1109/42.736021.
        """
        count = len(self.pairs)
        # with N pairs FRE² = (1 - 2/N) FLE², FLE being what picking is off by
        picking_mm2 = self.fre_mm**2 * count / (count - 2)
        points = np.array([pair.fixed for pair in self.pairs])
        centred = points - points.mean(axis=0)
        axes = np.linalg.svd(centred)[2]
        of_point = axes @ (np.array(point) - points.mean(axis=0))
        of_points = centred @ axes.T
        share = 0.0
        for axis in range(3):
            others = [other for other in range(3) if other != axis]
            distance2 = float((of_point[others] ** 2).sum())
            spread2 = float((of_points[:, others] ** 2).sum(axis=1).mean())
            share += distance2 / spread2 / 3
        return math.sqrt(picking_mm2 / count * (1 + share))


def fit_landmarks(pairs: Sequence[LandmarkPair]) -> LandmarkFit:
    """Return the rigid motion with the least squares between the pairs.

    Raises
    ------
    PairedPointsError
        There are fewer than three pairs, the points lie on one line, or one side is mirrored.

    References
    ----------
    B. K. P. Horn, Closed-form solution of absolute orientation using unit quaternions, J. Opt.
    Soc. Am. A 4(4), 1987, doi:10.1364/JOSAA.4.000629.
    """
    if not FEWEST_PAIRS <= len(pairs) <= MOST_PAIRS:
        raise PairedPointsError(
            f"{len(pairs)} landmark pairs were given; pick {FEWEST_PAIRS} to {MOST_PAIRS}",
            "bad_landmarks",
        )
    fixed = np.array([pair.fixed for pair in pairs], dtype=np.float64)
    moving = np.array([pair.moving for pair in pairs], dtype=np.float64)
    if not (np.isfinite(fixed).all() and np.isfinite(moving).all()):
        raise PairedPointsError(
            "a landmark has a coordinate that is no finite number; pick it again", "bad_landmarks"
        )
    to_fixed, to_moving = fixed - fixed.mean(axis=0), moving - moving.mean(axis=0)
    for side in (to_fixed, to_moving):
        _require_spread(side)
    covariance = to_moving.T @ to_fixed
    _require_unmirrored(covariance, to_fixed, to_moving)
    turn = RigidTransform(_best_rotation(covariance))
    centre = turn.apply(_vector(moving.mean(axis=0)))
    shift = fixed.mean(axis=0) - np.array(centre)
    motion = RigidTransform(turn.rotation, _vector(shift))
    residuals = tuple(distance_mm(pair.fixed, motion.apply(pair.moving)) for pair in pairs)
    return LandmarkFit(motion, tuple(pairs), residuals)


def _best_rotation(covariance: NDArray[np.float64]) -> tuple[float, float, float, float]:
    """Return the unit quaternion of Horn's section 4: the largest eigenvector, never a mirror."""
    (xx, xy, xz), (yx, yy, yz), (zx, zy, zz) = covariance
    symmetric = np.array(
        [
            [xx + yy + zz, yz - zy, zx - xz, xy - yx],
            [yz - zy, xx - yy - zz, xy + yx, zx + xz],
            [zx - xz, xy + yx, yy - xx - zz, yz + zy],
            [xy - yx, zx + xz, yz + zy, zz - xx - yy],
        ]
    )
    w, x, y, z = np.linalg.eigh(symmetric)[1][:, -1].tolist()
    return (w, x, y, z)


def _require_spread(centred: NDArray[np.float64]) -> None:
    beside_line = np.linalg.svd(centred, compute_uv=False)[1] / math.sqrt(len(centred))
    if beside_line < LEAST_SPREAD_MM:
        raise PairedPointsError(
            f"the landmarks lie within {beside_line:.1f} mm of one line, which leaves the rotation "
            "about it open; pick one more, far beside that line",
            "bad_landmarks",
        )


def _require_unmirrored(
    covariance: NDArray[np.float64], fixed: NDArray[np.float64], moving: NDArray[np.float64]
) -> None:
    if np.linalg.det(covariance) >= 0:
        return
    singular = np.linalg.svd(covariance, compute_uv=False)
    squares = (fixed**2).sum() + (moving**2).sum()
    mirrored = math.sqrt(max(0.0, squares - 2 * singular.sum()) / len(fixed))
    proper = math.sqrt(max(0.0, squares - 2 * (singular[:2].sum() - singular[2])) / len(fixed))
    if proper > MIRRORED_BEYOND_MM and proper > MIRRORED_RATIO * mirrored:
        raise PairedPointsError(
            f"the landmarks fit within {mirrored:.1f} mm only if one volume is mirrored "
            f"({proper:.1f} mm else); check that left is left in both, and the order of the pairs",
            "bad_landmarks",
        )


def _vector(values: NDArray[np.float64]) -> Vector:
    return (float(values[0]), float(values[1]), float(values[2]))
