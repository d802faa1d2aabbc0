"""The grey values that a picture of a volume starts with."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

SOFT_TISSUE_HU: Final = (40.0, 400.0)
"""Centre and width: brain, muscle, liver and vessels are grey, bone is white, air is black."""

DARKEST_SHARE: Final = 0.5
"""Per cent of the voxels that may be black, where the unit says nothing: coils and flow artefacts
have values far beyond tissue's."""
BRIGHTEST_SHARE: Final = 99.5

NARROWEST: Final = 1e-6


@dataclass(frozen=True, slots=True)
class GreyWindow:
    """Which values are black, white and between."""

    center: float
    width: float

    @property
    def low(self) -> float:
        """What is black, and all below."""
        return self.center - self.width / 2


def start_window(coarsest: NDArray[Any], *, hu: bool) -> GreyWindow:
    """Return the window that a volume is first shown in.

    Parameters
    ----------
    coarsest : array
        The values of the coarsest level; a mean of many voxels each, so noise is out of it already.
    hu : bool
        Whether they are Hounsfield units, which say what is tissue.
    """
    if hu:
        return GreyWindow(*SOFT_TISSUE_HU)
    low, high = np.percentile(coarsest, (DARKEST_SHARE, BRIGHTEST_SHARE)).tolist()
    return GreyWindow(center=(low + high) / 2, width=max(high - low, NARROWEST))


def value_range(coarsest: NDArray[Any]) -> tuple[float, float]:
    """Return the least and the largest value of a level."""
    return float(coarsest.min()), float(coarsest.max())
