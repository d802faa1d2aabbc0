"""From one or many starts to the best pose: coarse to fine, with turns tried on the coarsest level.

A search from the start alone stops at the first pose that is better than its neighbours. So turns
in all directions are tried too, as in FLIRT, and the best few that are not the same are followed
down until one is left.

References
----------
M. Jenkinson, S. Smith, A global optimisation method for robust affine registration of brain
images, Medical Image Analysis 5(2), 2001, doi:10.1016/S1361-8415(01)00036-6.
"""

import itertools
from collections.abc import Sequence
from typing import Final

from imaging.errors import RegistrationFailedError
from imaging.progress import Progress
from imaging.registration.alignment import Pose, Scan, align, rated, required
from imaging.registration.likeness import likeness_of, require_likeness
from imaging.space import RigidTransform, Vector, distance_mm, subtract

TURNS_DEG: Final = ((12.0, 24.0), (4.0, 8.0))
"""Tried to both sides in each round, from the best pose of the last. A search finds its way over a
few degrees where little holds a rotation; starts are off by 20, and more."""

CHALLENGES_DEG: Final = (4.0, 8.0, 12.0, 24.0)
"""Turned by so much, to both sides, the winner is challenged on the middle level, which tells poses
apart that the coarsest one does not."""

WEAK_DEG: Final = 12.0
"""Where a turn by so much is promising, the anatomy looks alike all around that axis, as heads do
that are joined at the crown: then the whole circle is tried."""

CIRCLE_DEG: Final = tuple(float(angle) for angle in range(6, 360, 6))

MOST_RATED: Final = 32
"""Turns that are looked at on the middle level; a ball has hundreds."""

CHALLENGING: Final = 0.01
"""A turned pose whose metric is so little worse, relatively, may become better by a search."""

MOST_CHALLENGES: Final = 3

AXES: Final[tuple[Vector, ...]] = tuple(
    (float(x), float(y), float(z))
    for x, y, z in itertools.product((-1, 0, 1), repeat=3)
    if (x, y, z) > (0, 0, 0)
)
"""Edges, face and space diagonals of a cube, one of each pair of opposites."""

DISTINCT_MM: Final = 8.0
"""Poses whose corners are nowhere farther apart are one: the coarsest level's voxel."""

FOLLOWED: Final = 3
"""Poses that are followed from each round, and from level to level."""

UNPROMISING: Final = 0.05
"""A metric that is so much worse before the search, relatively, is not worth one."""

HOPELESS: Final = 0.01
"""A metric that is so much worse, relatively, does not become the best on a finer level."""

AMBIGUOUS: Final = 0.003
"""Metrics that differ by less, relatively, are the same: the samples' chance makes 0.001."""


def find_pose(
    fixed: Scan, moving: Scan, starts: Sequence[RigidTransform], progress: Progress
) -> Pose:
    """Return the pose of the best fit.

    Raises
    ------
    RegistrationFailedError
        The volumes do not overlap at any start, have nothing in common where they fit best, or
        two poses fit as well as each other.
    """
    steps = len(TURNS_DEG) + 3
    progress("Searching", 0, steps)
    begun = [*starts, *(_recentred(fixed, moving, start) for start in starts)]
    reached = _aligned(fixed, moving, 0, _distinct(fixed, rated(fixed, moving, 0, begun)))
    for done, angles in enumerate(TURNS_DEG, 1):
        progress("Searching", done, steps)
        turned = _turned(fixed, reached[0], _axes(fixed), _both_sides(angles))
        promising = _promising(fixed, moving, reached[0], turned)
        if promising:
            reached = _distinct(fixed, [*reached, *_aligned(fixed, moving, 0, promising)])
    progress("Searching", steps - 2, steps)
    middle = _distinct(fixed, _aligned(fixed, moving, 1, _near(reached, reached[0], HOPELESS)))
    require_likeness(likeness_of(fixed, moving, middle[0].moving_from_fixed))
    middle = _challenged(fixed, moving, middle)
    _require_clear_winner(middle)
    progress("Searching", steps - 1, steps)
    best = required(align(fixed, moving, 2, middle[0].moving_from_fixed))
    progress("Searching", steps, steps)
    return best


def _challenged(fixed: Scan, moving: Scan, poses: Sequence[Pose]) -> list[Pose]:
    """Return the poses with those that turns of the best lead to, until it stays the best."""
    known = list(poses)
    for _ in range(MOST_CHALLENGES):
        best = known[0]
        turned = [pose.moving_from_fixed for pose in _challengers(fixed, moving, best)]
        again = rated(fixed, moving, 1, turned)
        (now,) = rated(fixed, moving, 1, [best.moving_from_fixed])
        challengers = _near(_distinct(fixed, again), now, CHALLENGING)
        if not challengers:
            return known
        known = _distinct(fixed, [*known, *_aligned(fixed, moving, 1, challengers)])
        moved_by = farthest_corner_mm(fixed, known[0].moving_from_fixed, best.moving_from_fixed)
        if moved_by <= DISTINCT_MM:
            return known
    raise RegistrationFailedError(
        "every pose that was found is beaten by a turn of itself, so the anatomy does not hold the "
        "volumes in place; pick landmarks in both volumes and start from them",
        "registration_failed",
    )


def farthest_corner_mm(fixed: Scan, first: RigidTransform, second: RigidTransform) -> float:
    """Return how far two poses bring the same corner of the anatomy apart, at most, mm."""
    return max(corner_distances_mm(fixed, first, second))


def corner_distances_mm(
    fixed: Scan, first: RigidTransform, second: RigidTransform
) -> tuple[float, ...]:
    """Return how far two poses bring each corner of the anatomy apart, mm."""
    return tuple(
        distance_mm(first.apply(corner), second.apply(corner)) for corner in fixed.body.corners
    )


def _aligned(fixed: Scan, moving: Scan, level: int, poses: Sequence[Pose]) -> list[Pose]:
    """Return where searches from the first few poses end, the best first."""
    ended = [align(fixed, moving, level, pose.moving_from_fixed) for pose in poses[:FOLLOWED]]
    found = [pose for pose in ended if pose is not None]
    return sorted(found, key=lambda pose: pose.metric) or [required(None)]


def _recentred(fixed: Scan, moving: Scan, start: RigidTransform) -> RigidTransform:
    """Return the start, shifted so that the middles of the bodies meet."""
    turn = RigidTransform(start.rotation)
    shift = subtract(moving.body.centre, turn.apply(fixed.body.centre))
    return RigidTransform(start.rotation, shift)


def _axes(fixed: Scan) -> tuple[Vector, ...]:
    return (*fixed.body.axes, *AXES)


def _both_sides(angles_deg: Sequence[float]) -> tuple[float, ...]:
    return tuple(sign * angle for angle in angles_deg for sign in (1, -1))


def _turned(
    fixed: Scan, pose: Pose, axes: Sequence[Vector], angles_deg: Sequence[float]
) -> list[RigidTransform]:
    return [
        pose.moving_from_fixed @ RigidTransform.about_axis(axis, angle, fixed.body.centre)
        for axis, angle in itertools.product(axes, angles_deg)
    ]


def _challengers(fixed: Scan, moving: Scan, best: Pose) -> list[Pose]:
    """Return turns of a pose that look as good on the coarsest level."""
    found = []
    for axis in _axes(fixed):
        near = _turned(fixed, best, [axis], _both_sides(CHALLENGES_DEG))
        promising = _promising(fixed, moving, best, near)
        found += promising
        far = (one.moving_from_fixed.inverse() @ best.moving_from_fixed for one in promising)
        if any(turn.angle_deg > WEAK_DEG - 1 for turn in far):
            circle = _turned(fixed, best, [axis], CIRCLE_DEG)
            found += _promising(fixed, moving, best, circle)
    return sorted(found, key=lambda pose: pose.metric)[:MOST_RATED]


def _promising(
    fixed: Scan, moving: Scan, pose: Pose, turned: Sequence[RigidTransform]
) -> list[Pose]:
    """Return those turns of a pose that are worth a search, rated on the coarsest level."""
    now, *others = rated(fixed, moving, 0, [pose.moving_from_fixed, *turned])
    return _near(_distinct(fixed, others), now, UNPROMISING)


def _near(poses: Sequence[Pose], best: Pose, share: float) -> list[Pose]:
    """Return the poses whose metric is worse than the best by less than a share of it."""
    return [pose for pose in poses if pose.metric <= best.metric * (1 - share)]


def _distinct(fixed: Scan, poses: Sequence[Pose]) -> list[Pose]:
    """Return the poses, the best first, without those that are nearly a better one."""
    kept: list[Pose] = []
    for pose in sorted(poses, key=lambda one: one.metric):
        if all(
            farthest_corner_mm(fixed, pose.moving_from_fixed, other.moving_from_fixed) > DISTINCT_MM
            for other in kept
        ):
            kept.append(pose)
    return kept


def _require_clear_winner(poses: Sequence[Pose]) -> None:
    if len(poses) > 1 and poses[1].metric < poses[0].metric * (1 - AMBIGUOUS):
        raise RegistrationFailedError(
            "two different poses fit equally well, so the anatomy does not tell which is right; "
            "pick landmarks in both volumes and start from them",
            "registration_failed",
        )
