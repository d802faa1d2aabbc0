"""Whether to believe a pose: found again from beside itself, and the other way round."""

import statistics
from typing import Final

from imaging.errors import RegistrationFailedError
from imaging.registration.alignment import SEED, Scan, align, required
from imaging.registration.pyramid import LEVELS_MM
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
"""Repetitions that differ by more found different answers: where the anatomy holds them, it is
a few tenths."""


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
    for level in range(len(LEVELS_MM)):
        pose = required(align(fixed, moving, level, pose, seed)).moving_from_fixed
    return pose
