"""What all members see that is no part of the plan: shared clipping, and whose left is where."""

from typing import Literal

import msgspec

from imaging.space import Plane, Vector

Subject = Literal["A", "B"]
"""Which twin."""

FrameBasis = Literal["position", "nominal", "axes", "landmarks"]
"""How a frame is known, as `imaging.anatomical_frame.Basis` says."""


class Box(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A box along the axes of the images; what is inside stays."""

    low: Vector
    """World, mm."""
    high: Vector


class Clipping(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is left out of sight, so that one sees inside; nothing is cut."""

    planes: tuple[Plane, ...] = ()
    """World; the side that the normal points to stays."""
    box: Box | None = None


class SubjectFrame(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where left, posterior and superior of one twin point in the images' LPS."""

    subject: Subject
    left: Vector
    """Unit vector towards the twin's own left; so in the next two."""
    posterior: Vector
    superior: Vector
    basis: FrameBasis
