"""Which grey values of a picture are black, white and between."""

import math
from dataclasses import dataclass
from typing import Final

NARROWEST: Final = 1e-6
"""Least width: nothing is divided by less."""

FARTHEST: Final = 1e7
"""No value of 16 bits, rescaled as scanners do, lies further from nought."""


@dataclass(frozen=True, slots=True)
class GreyWindow:
    """Grey rises from the lower end to the upper one: LINEAR_EXACT of DICOM PS3.3, C.11.2.1.3.2."""

    center: float
    width: float

    @property
    def low(self) -> float:
        """What is black, and all below."""
        return self.center - self.width / 2

    @property
    def high(self) -> float:
        """What is white, and all above."""
        return self.center + self.width / 2

    @property
    def is_sound(self) -> bool:
        """Whether a picture can be drawn with it."""
        return math.isfinite(self.center + self.width) and (
            abs(self.center) <= FARTHEST and NARROWEST <= self.width <= FARTHEST
        )
