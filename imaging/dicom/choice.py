"""Which volume of what is there, and what may be done to it."""

from dataclasses import dataclass
from enum import Enum


class Uneven(Enum):
    """What to do with slices that no single step explains."""

    REFUSE = "refuse"
    RESAMPLE = "resample"
    """Interpolate between neighbours, and say so."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which volume of what is there, and how."""

    volume_id: str | None = None
    """The id that `inspect` prints, or a series' UID; needed where there are several volumes."""
    uneven: Uneven = Uneven.REFUSE
