"""Numbers as people read them: with their unit, and as many decimals as are known."""

import math
from collections.abc import Iterable
from typing import Final

DECIMALS: Final = {"mm": 1, "deg": 1, "°": 1, "mm2": 0, "cm2": 1, "mL": 1, "HU": 0}
"""Of a unit, where the uncertainty does not ask for more."""

SIGNS: Final = {"deg": "°", "mm2": "mm²", "cm2": "cm²"}

MOST_DECIMALS: Final = 3

MINUS: Final = "\u2212"
""""-2 HU" may read as a dash before a 2."""


def figure(value: float, unit: str, uncertainty: float | None = None) -> str:
    """Return a value, its standard uncertainty where that is known, and the unit.

    Examples
    --------
    >>> figure(49.26, "mm", 0.31), figure(12.04, "deg"), figure(0.5071, "mL", 0.0123)
    ('49.3 ± 0.3 mm', '12.0°', '0.51 ± 0.01 mL')
    >>> figure(1234, "")
    '1,234'
    """
    decimals = max(DECIMALS.get(unit, 1), _needed_for(uncertainty))
    if not unit and float(value).is_integer():  # a count
        decimals = 0
    sign = SIGNS.get(unit, unit)
    space = "" if sign in {"", "°"} else " "
    shown = f"{value:,.{decimals}f}".replace("-", MINUS)
    if uncertainty is None:
        return f"{shown}{space}{sign}"
    if space == "" and sign:  # the sign belongs to both
        return f"{shown}{sign} ± {uncertainty:,.{decimals}f}{sign}"
    return f"{shown} ± {uncertainty:,.{decimals}f}{space}{sign}"


def plain(value: object) -> str:
    """Return a parameter as somebody would write it."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def times(values: Iterable[float]) -> str:
    """Return the lengths of a box's edges.

    Examples
    --------
    >>> times((0.5, 0.5, 1.0))
    '0.5 × 0.5 × 1'
    """  # noqa: RUF002 (a dimension)
    return " × ".join(f"{value:.4g}" for value in values)  # noqa: RUF001 (a dimension)


def _needed_for(uncertainty: float | None) -> int:
    """Return how many decimals show the first digit of an uncertainty."""
    if uncertainty is None or not uncertainty > 0:
        return 0
    return min(max(-math.floor(math.log10(uncertainty)), 0), MOST_DECIMALS)
