"""Rules for what all members see that is no part of the plan: shared clipping, frames of twins."""

import math
from collections import Counter
from typing import Final

from imaging.space import cross, dot
from sessions.errors import RejectedCommandError
from sessions.plan.commands import RecordFrames, ShareClipping
from sessions.plan.events import ClippingShared, FramesRecorded, PlanEvent
from sessions.plan.outlines import FARTHEST_MM
from sessions.plan.records import MemberId, Plan, SharedClipping
from sessions.plan.requirements import MAX_CLIP_PLANES, require_numbers
from sessions.plan.surroundings import Box, Clipping, SubjectFrame

AXES_TOLERANCE: Final = 1e-6
"""How far lengths, right angles and determinant may be from exact: float32's rounding, twice."""


def share_clipping(plan: Plan, command: ShareClipping, by: MemberId) -> tuple[PlanEvent, ...]:
    """Decide on what is left out of everybody's sight; the last one who shares it, does."""
    shared = plan.clipping
    if command.clipping is None:
        return () if shared is None else (ClippingShared(shared=None),)
    require_clipping(command.clipping)
    if shared is not None and shared.clipping == command.clipping:
        return ()
    return (ClippingShared(shared=SharedClipping(clipping=command.clipping, member_id=by)),)


def record_frames(plan: Plan, command: RecordFrames) -> tuple[PlanEvent, ...]:
    """Decide on whose left is where."""
    require_frames(command.frames)
    return () if plan.frames == command.frames else (FramesRecorded(frames=command.frames),)


def require_clipping(clipping: Clipping) -> None:
    """Refuse planes or a box that nobody could see by.

    Raises
    ------
    RejectedCommandError
        There are none, or too many, or they are far away, or the box is turned inside out.
    """
    if not clipping.planes and clipping.box is None:
        raise RejectedCommandError("there is no plane and no box to share; place one first")
    if len(clipping.planes) > MAX_CLIP_PLANES:
        raise RejectedCommandError(
            f"{len(clipping.planes)} clipping planes came, and {MAX_CLIP_PLANES} can be shown; "
            "remove some"
        )
    for plane in clipping.planes:
        require_numbers((*plane.origin, *plane.normal), "clipping plane")
        _require_near(plane.origin)
    if clipping.box is not None:
        _require_box(clipping.box)


def require_frames(frames: tuple[SubjectFrame, ...]) -> None:
    """Refuse frames that are no rotations, above all mirrored ones, or two of one twin.

    Raises
    ------
    RejectedCommandError
        The sentence says what is wrong with which.
    """
    if any(count > 1 for count in Counter(it.subject for it in frames).values()):
        raise RejectedCommandError("a twin has one frame; two came")
    for frame in frames:
        axes = (frame.left, frame.posterior, frame.superior)
        require_numbers(tuple(it for axis in axes for it in axis), "frame")
        lengths = (abs(math.hypot(*axis) - 1) for axis in axes)
        corners = (abs(dot(a, b)) for a, b in zip(axes, (*axes[1:], axes[0]), strict=True))
        if max(*lengths, *corners) > AXES_TOLERANCE:
            raise RejectedCommandError(f"the axes of twin {frame.subject} are not at right angles")
        if dot(cross(frame.left, frame.posterior), frame.superior) < 0:
            raise RejectedCommandError(
                f"the axes of twin {frame.subject} are mirrored: left and right change sides"
            )


def _require_box(box: Box) -> None:
    require_numbers((*box.low, *box.high), "clipping box")
    _require_near((*box.low, *box.high))
    if any(low >= high for low, high in zip(box.low, box.high, strict=True)):
        raise RejectedCommandError("the clipping box is empty; draw it larger")


def _require_near(values: tuple[float, ...]) -> None:
    if any(abs(it) > FARTHEST_MM for it in values):
        raise RejectedCommandError(
            f"the clipping lies more than {FARTHEST_MM / 1000:.0f} m from the origin of the "
            "images; keep it near the anatomy"
        )
