"""What a browser says of the picture that it wants, checked."""

import math
from collections.abc import Callable, Mapping
from typing import Final, TypeVar, get_args

from imaging.grey_window import GreyWindow
from imaging.space import Vector, dot
from workspace.errors import PictureError
from workspace.imagery.drawing import Format, Wish
from workspace.imagery.reslicing import Mode, PicturePlane

T = TypeVar("T")
N = TypeVar("N", int, float, Vector)

FARTHEST_MM: Final = 100_000.0
LARGEST_SIDE: Final = 2048
THICKEST_MM: Final = 500.0
WIDEST: Final = 1e7
STRAIGHT: Final = 1e-3
"""How far directions of a browser may be off: they come with few digits."""


def wish_of(query: Mapping[str, str], start: GreyWindow) -> Wish:
    """Return the picture that is wanted.

    Parameters
    ----------
    query : mapping
        ``origin``, ``u``, ``v``, ``width``, ``height`` and ``mm``; optional are ``center``,
        ``width_hu``, ``mode``, ``slab_mm`` and ``format``.
    start : GreyWindow
        What counts where no window is named.

    Raises
    ------
    PictureError
        Something is missing, or nothing can be drawn so.
    """
    right, down = _direction(query, "u"), _direction(query, "v")
    if abs(dot(right, down)) > STRAIGHT:
        raise PictureError("u and v are not at right angles; send the picture's own two axes")
    plane = PicturePlane(
        centre=_vector(query, "origin", FARTHEST_MM),
        right=right,
        down=down,
        width=_side(query, "width"),
        height=_side(query, "height"),
        mm_per_pixel=_number(query, "mm", 1e-3, 1e3),
    )
    window = GreyWindow(
        _number(query, "center", -WIDEST, WIDEST, start.center),
        _number(query, "width_hu", 1e-6, WIDEST, start.width),
    )
    mode: Mode = _one_of(query, "mode", get_args(Mode))
    format_: Format = _one_of(query, "format", get_args(Format))
    return Wish(plane, window, mode, _number(query, "slab_mm", 0.0, THICKEST_MM, 0.0), format_)


def place_of(query: Mapping[str, str]) -> Vector:
    """Return the place ``at`` of which the value is wanted, LPS, mm.

    Raises
    ------
    PictureError
        It is missing, or none.
    """
    return _vector(query, "at", FARTHEST_MM)


def _number(
    query: Mapping[str, str], name: str, least: float, most: float, default: float | None = None
) -> float:
    if name not in query and default is not None:
        return default
    value = _parsed(query, name, float)
    if not least <= value <= most:
        raise PictureError(f"{name} must lie between {least:g} and {most:g}")
    return value


def _side(query: Mapping[str, str], name: str) -> int:
    value = _parsed(query, name, int)
    if not 1 <= value <= LARGEST_SIDE:
        raise PictureError(f"{name} must be 1 to {LARGEST_SIDE} pixels")
    return value


def _vector(query: Mapping[str, str], name: str, most: float) -> Vector:
    x, y, z = _parsed(query, name, _three_numbers)
    if max(abs(x), abs(y), abs(z)) > most:
        raise PictureError(f"{name} lies further away than {most:g} mm")
    return (x, y, z)


def _direction(query: Mapping[str, str], name: str) -> Vector:
    x, y, z = _vector(query, name, FARTHEST_MM)
    length = math.hypot(x, y, z)
    if abs(length - 1) > STRAIGHT:
        raise PictureError(f"{name} must be a unit vector; it is {length:g} long")
    return (x / length, y / length, z / length)


def _one_of(query: Mapping[str, str], name: str, choices: tuple[T, ...]) -> T:
    asked = query.get(name, str(choices[0]))
    for choice in choices:
        if choice == asked:
            return choice
    raise PictureError(f"{name} must be one of {', '.join(map(str, choices))}")


def _three_numbers(text: str) -> Vector:
    x, y, z = (float(part) for part in text.split(","))
    return (x, y, z)


def _parsed(query: Mapping[str, str], name: str, parse: Callable[[str], N]) -> N:
    try:
        value = parse(query[name])
    except KeyError:
        raise PictureError(f"{name} is missing") from None
    except (ValueError, OverflowError):
        raise PictureError(f"{name} is not written as it should be") from None
    numbers: tuple[float, ...] = value if isinstance(value, tuple) else (value,)
    if not all(math.isfinite(it) for it in numbers):
        raise PictureError(f"{name} must be finite")
    return value
