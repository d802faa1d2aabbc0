"""What of a volume is anatomy: its mask, middle, axes and corners.

CT and MR agree on where the patient is, if on little else: masks say more than grey values.
"""

import itertools
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from imaging.errors import RegistrationFailedError
from imaging.registration.pyramid import LEVELS_MM, Level
from imaging.space import Vector

BODY_HU: Final = -200.0
"""Between air and fat (-100)."""

DARK_TISSUE: Final = 0.5
"""Otsu's threshold lies half-way between air and bright tissue, dark tissue below it."""

BODY_MM: Final = LEVELS_MM[1]
"""Spacing of the masks."""

RIM_MM: Final = 12.0
"""Air around the body that is looked at too: without it the skin would hold nothing in place."""

SMALLEST_ML: Final = 20.0
"""Less is dust in an empty scan."""


@dataclass(frozen=True, slots=True)
class Body:
    """The largest connected piece of a volume that is not air."""

    mask: Any
    """SimpleITK image, 1 inside; holes filled; at `BODY_MM`."""
    rimmed: Any
    """The same with `RIM_MM` of air around."""
    centre: Vector
    """Centre of mass of the mask, mm, LPS."""
    axes: tuple[Vector, Vector, Vector]
    """Directions of the principal moments, the smallest first; right-handed."""
    moments_mm2: Vector
    """Along the axes."""
    corners: tuple[Vector, ...]
    """The eight corners of the box around the mask, mm, LPS."""
    volume_ml: float


def body_of(levels: tuple[Level, ...], *, hu: bool) -> Body:
    """Find the body.

    Raises
    ------
    RegistrationFailedError
        There is none.
    """
    import SimpleITK

    image = next(level.image for level in levels if level.spacing_mm == BODY_MM)
    lit = image > BODY_HU if hu else _brighter_than_air(image)
    # in MR the skull is dark: the scalp is closed and filled before anything thin is opened
    filled = SimpleITK.BinaryFillhole(SimpleITK.BinaryMorphologicalClosing(lit, [1] * 3))
    opened = SimpleITK.BinaryMorphologicalOpening(filled, [1] * 3)
    mask = SimpleITK.RelabelComponent(SimpleITK.ConnectedComponent(opened)) == 1
    shape = SimpleITK.LabelShapeStatisticsImageFilter()
    shape.Execute(mask)
    volume_ml = shape.GetPhysicalSize(1) / 1000 if shape.HasLabel(1) else 0.0
    if volume_ml < SMALLEST_ML:
        raise RegistrationFailedError(
            "one of the volumes shows nothing but air and noise, so nothing in it can be aligned; "
            "choose another volume",
            "registration_failed",
        )
    rim = [round(RIM_MM / BODY_MM)] * 3
    return Body(
        mask=mask,
        rimmed=SimpleITK.BinaryDilate(mask, rim),
        centre=_vector(shape.GetCentroid(1)),
        axes=_right_handed(np.array(shape.GetPrincipalAxes(1)).reshape(3, 3)),
        moments_mm2=_vector(shape.GetPrincipalMoments(1)),
        corners=_corners(mask, shape.GetBoundingBox(1)),
        volume_ml=volume_ml,
    )


def _brighter_than_air(image: Any) -> Any:  # noqa: ANN401 - SimpleITK has no types
    """Return where an image without a unit is not air: a threshold of Otsu's, lowered."""
    import SimpleITK

    otsu = SimpleITK.OtsuThresholdImageFilter()
    otsu.Execute(image)
    darkest = float(SimpleITK.GetArrayViewFromImage(image).min())
    return image > darkest + DARK_TISSUE * (otsu.GetThreshold() - darkest)


def _right_handed(rows: NDArray[np.float64]) -> tuple[Vector, Vector, Vector]:
    x, y = rows[0], rows[1]
    return (_vector(x), _vector(y), _vector(np.cross(x, y)))


def _corners(mask: Any, box: tuple[int, ...]) -> tuple[Vector, ...]:  # noqa: ANN401 - SimpleITK
    ends = [(box[axis] - 0.5, box[axis] + box[axis + 3] - 0.5) for axis in range(3)]
    return tuple(
        _vector(mask.TransformContinuousIndexToPhysicalPoint(corner))
        for corner in itertools.product(*ends)
    )


def _vector(values: Any) -> Vector:  # noqa: ANN401 - SimpleITK and numpy sequences alike
    return (float(values[0]), float(values[1]), float(values[2]))
