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
from imaging.volume import VolumeGeometry

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
    """The same with `RIM_MM` of air around, as far as there are slices."""
    covered: Any | None
    """Where there are slices, if the grid was sheared: beside them lies no air, but nothing."""
    centre: Vector
    """Centre of mass of the mask, mm, LPS."""
    axes: tuple[Vector, Vector, Vector]
    """Directions of the principal moments, the smallest first; right-handed."""
    moments_mm2: Vector
    """Along the axes."""
    corners: tuple[Vector, ...]
    """The eight corners of the box around the mask, mm, LPS."""
    volume_ml: float


def body_of(levels: tuple[Level, ...], geometry: VolumeGeometry, *, hu: bool) -> Body:
    """Find the body.

    Parameters
    ----------
    levels : tuple of Level
        Of the volume.
    geometry : VolumeGeometry
        The volume's own, maybe sheared, grid.
    hu : bool
        Whether the values are Hounsfield units.

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
    rimmed = SimpleITK.BinaryDilate(mask, [round(RIM_MM / BODY_MM)] * 3)
    covered = None if geometry.is_right_angled else _covered(mask, geometry)
    return Body(
        mask=mask,
        rimmed=rimmed if covered is None else SimpleITK.And(rimmed, covered),
        covered=covered,
        centre=_vector(shape.GetCentroid(1)),
        axes=_right_handed(np.array(shape.GetPrincipalAxes(1)).reshape(3, 3)),
        moments_mm2=_vector(shape.GetPrincipalMoments(1)),
        corners=_corners(mask, shape.GetBoundingBox(1)),
        volume_ml=volume_ml,
    )


def _covered(like: Any, geometry: VolumeGeometry) -> Any:  # noqa: ANN401 - SimpleITK
    """Return 1 where a grid has voxels, on the grid of another image."""
    import SimpleITK

    columns, rows, slices = like.GetSize()
    axes = np.array(like.GetDirection()).reshape(3, 3) * np.array(like.GetSpacing())
    index = np.stack(
        np.meshgrid(np.arange(slices), np.arange(rows), np.arange(columns), indexing="ij"), axis=-1
    )[..., ::-1]
    within = geometry.world_to_index(index @ axes.T + np.array(like.GetOrigin()))
    last = np.array(geometry.shape_kji[::-1]) - 1
    inside = ((within >= 0) & (within <= last)).all(axis=-1)
    image = SimpleITK.GetImageFromArray(inside.astype(np.uint8))
    image.CopyInformation(like)
    return image


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
