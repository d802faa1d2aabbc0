"""The grey values that a picture of a volume starts with."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from imaging.grey_window import NARROWEST, GreyWindow

SOFT_TISSUE_HU: Final = (40.0, 400.0)
"""Centre and width: brain, muscle, liver and vessels are grey, bone is white, air is black."""

DARKEST_SHARE: Final = 0.5
"""Per cent of the voxels that may be black, where the unit says nothing: coils and flow artefacts
have values far beyond tissue's."""
BRIGHTEST_SHARE: Final = 99.5


def start_window(
    coarsest: NDArray[Any], *, hu: bool, stated: GreyWindow | None = None
) -> GreyWindow:
    """Return the window that a volume is first shown in.

    Parameters
    ----------
    coarsest : array
        The values of the coarsest level; a mean of many voxels each, so noise is out of it already.
    hu : bool
        Whether they are Hounsfield units, which say what is tissue.
    stated : GreyWindow, optional
        What the series itself asks for; it counts unless all of the picture would be black or
        white in it.
    """
    if stated is not None and stated.is_sound:
        least, most = value_range(coarsest)
        if stated.low < most and stated.high > least:
            return stated
    if hu:
        return GreyWindow(*SOFT_TISSUE_HU)
    low, high = np.percentile(coarsest, (DARKEST_SHARE, BRIGHTEST_SHARE)).tolist()
    return GreyWindow(center=(low + high) / 2, width=max(high - low, NARROWEST))


def value_range(coarsest: NDArray[Any]) -> tuple[float, float]:
    """Return the least and the largest value of a level."""
    return float(coarsest.min()), float(coarsest.max())
