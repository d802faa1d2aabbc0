"""Which frames of reference may be looked at or measured together.

Two volumes may be laid over each other, or a distance drawn from one to the other, only if they
share a FrameOfReferenceUID (PS3.3, C.7.4.1.1.1) or a registration links their frames. Everything
that combines two volumes asks here first.
"""

from collections import deque
from collections.abc import Iterable

from imaging.errors import UnregisteredFramesError
from imaging.registration.registration import RigidRegistration
from imaging.space import RigidTransform, Vector, distance_mm

Links = dict[str, list[tuple[str, RigidTransform]]]
"""Frame -> its neighbours, each with the transform from the frame to the neighbour."""


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
    if not frame_a or not frame_b:
        raise UnregisteredFramesError(
            "a volume states no frame of reference, so nothing says where it lies beside others; "
            "look at it and measure in it alone",
            "unregistered_frames",
        )
    links = _links(registrations)
    waiting: deque[tuple[str, RigidTransform]] = deque([(frame_b, RigidTransform())])
    reached = {frame_b}
    while waiting:
        frame, frame_from_b = waiting.popleft()
        if frame == frame_a:
            return frame_from_b
        for neighbour, neighbour_from_frame in links.get(frame, ()):
            if neighbour not in reached:
                reached.add(neighbour)
                waiting.append((neighbour, neighbour_from_frame @ frame_from_b))
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
        links.setdefault(moving, []).append((fixed, one.fixed_from_moving))
        links.setdefault(fixed, []).append((moving, one.fixed_from_moving.inverse()))
    return links
