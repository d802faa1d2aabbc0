"""Which frames of reference may be looked at or measured together.

Two volumes may be laid over each other, or a distance drawn from one to the other, only if they
share a FrameOfReferenceUID (PS3.3, C.7.4.1.1.1) or a registration links their frames. Everything
that combines two volumes asks here first.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from imaging.errors import UnregisteredFramesError
from imaging.registration.registration import RigidRegistration
from imaging.space import RigidTransform, Vector, distance_mm


@dataclass(frozen=True, slots=True)
class Placement:
    """How one frame lies in another, and how far that may be off."""

    transform: RigidTransform = RigidTransform()  # noqa: RUF009 (frozen)
    error_mm: float = 0.0
    """Of a chain of registrations: the sum of what each may be off at most."""


Links = dict[str, list[tuple[str, Placement]]]
"""Frame -> its neighbours, each with how the frame lies in the neighbour."""


def require_same_world(
    frame_a: str, frame_b: str, registrations: Iterable[RigidRegistration] = ()
) -> RigidTransform:
    """Return how frame b lies in frame a, along the shortest chain of registrations.

    Parameters
    ----------
    frame_a, frame_b : str
        FrameOfReferenceUIDs. An empty one matches nothing, not even another empty one.
    registrations : iterable of RigidRegistration
        What is known; each may be walked both ways.

    Returns
    -------
    RigidTransform
        a_from_b; the identity where both are one frame.

    Raises
    ------
    UnregisteredFramesError
        Nothing links the two.

    Examples
    --------
    >>> require_same_world("1.2.3", "1.2.3").distance_mm
    0.0
    """
    return placement_between(frame_a, frame_b, registrations).transform


def placement_between(
    frame_a: str, frame_b: str, registrations: Iterable[RigidRegistration] = ()
) -> Placement:
    """Return how frame b lies in frame a, as `require_same_world`, and how far that may be off.

    Raises
    ------
    UnregisteredFramesError
        Nothing links the two.
    """
    if not frame_a or not frame_b:
        raise UnregisteredFramesError(
            "a volume states no frame of reference, so nothing says where it lies beside others; "
            "look at it and measure in it alone",
            "unregistered_frames",
        )
    links = _links(registrations)
    waiting: deque[tuple[str, Placement]] = deque([(frame_b, Placement())])
    reached = {frame_b}
    while waiting:
        frame, frame_from_b = waiting.popleft()
        if frame == frame_a:
            return frame_from_b
        for neighbour, neighbour_from_frame in links.get(frame, ()):
            if neighbour not in reached:
                reached.add(neighbour)
                waiting.append((neighbour, _after(neighbour_from_frame, frame_from_b)))
    raise UnregisteredFramesError(
        "the two volumes lie in frames of reference that no registration links; "
        "register one to the other first",
        "unregistered_frames",
    )


def distance_between_mm(
    point_a: Vector,
    frame_a: str,
    point_b: Vector,
    frame_b: str,
    registrations: Iterable[RigidRegistration] = (),
) -> float:
    """Return the distance between points of two frames, mm.

    Raises
    ------
    UnregisteredFramesError
        Nothing links the two frames.
    """
    return distance_mm(point_a, require_same_world(frame_a, frame_b, registrations).apply(point_b))


def _links(registrations: Iterable[RigidRegistration]) -> Links:
    links: Links = {}
    for one in registrations:
        fixed, moving = one.fixed_frame_uid, one.moving_frame_uid
        if not fixed or not moving:
            continue  # who has no name cannot be found by it
        there, error_mm = one.fixed_from_moving, one.error.max_mm
        links.setdefault(moving, []).append((fixed, Placement(there, error_mm)))
        links.setdefault(fixed, []).append((moving, Placement(there.inverse(), error_mm)))
    return links


def _after(second: Placement, first: Placement) -> Placement:
    return Placement(second.transform @ first.transform, second.error_mm + first.error_mm)
