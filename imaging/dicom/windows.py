"""The grey window that a header asks for, which decides nothing and may be wrong without harm.

References
----------
DICOM PS3.3, C.11.2.1.2 (window centre and width) and C.7.6.16.2.10 (Frame VOI LUT).
"""

from collections.abc import Sequence
from typing import Final

from imaging.dicom.frame import Frame
from imaging.dicom.raw_values import RawValues
from imaging.grey_window import GreyWindow

NARROWEST_LINEAR: Final = 1.0
"""Of the function LINEAR, C.11.2.1.2.1; the other functions may be narrower."""

_FUNCTIONS: Final = frozenset({"LINEAR", "LINEAR_EXACT", "SIGMOID"})
"""All are shown by the straight line of LINEAR_EXACT. LINEAR lies half a value beside it, and it
is the tangent of SIGMOID in its middle."""


def stated_window(raw: RawValues) -> GreyWindow | None:
    """Return the first window of a header, in units after rescale; None where none is sound."""
    function = raw.text("VOILUTFunction") or "LINEAR"
    if function not in _FUNCTIONS:
        return None
    try:
        center, width = (_first(raw.text(keyword)) for keyword in ("WindowCenter", "WindowWidth"))
    except ValueError:
        return None
    window = GreyWindow(center, width)
    if not window.is_sound or (function == "LINEAR" and width < NARROWEST_LINEAR):
        return None
    return window


def _first(numbers: str) -> float:
    text = numbers.split("\\", maxsplit=1)[0]
    return float(text.replace("_", "?"))  # Python's 1_000 is no number here


def window_of_series(slices: Sequence[Frame]) -> GreyWindow | None:
    """Return the window of the slice in the middle, once they are sorted by their windows.

    MR scanners give each slice a window of its own; the middle one is some slice's, and no stray
    slice moves it far.
    """
    windows = [one.window for one in slices if one.window is not None]
    windows.sort(key=lambda it: (it.center, it.width))
    return windows[len(windows) // 2] if windows else None
