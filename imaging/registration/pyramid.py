"""A volume at several resolutions, as registration looks at it: coarse, clipped, at right angles.

The full grid is read once, in slabs; what is kept is a few MB, however large the volume.
"""

import dataclasses
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from imaging.errors import RegistrationFailedError
from imaging.resampling import to_right_angles
from imaging.volume import Volume, VolumeGeometry, VolumeId

LEVELS_MM: Final = (8.0, 4.0, 2.0)
"""Spacing of the levels, coarse to fine: the first is coarse enough to try a hundred poses a
second, and mutual information over a whole head finds a twentieth of the last one's voxel."""

BLUR_MM: Final = (4.0, 2.5, 2.2)
"""Standard deviation of the blur of each level. With one of half a voxel on the finest, two scans
of one scanner on parallel grids fit better 2 degrees off than in place, for interpolation between
voxels quiets their noise; from one voxel on, they do not."""

CLIPPED_HU: Final = (-300.0, 1300.0)
"""Air to dense bone: metal would take most of the histogram's bins else."""

CLIPPED_PERCENTILES: Final = (0.1, 99.9)
"""The same, where values have no unit."""

THINNEST_MM: Final = 32.0
"""In a thinner slab a rotation out of its plane moves nothing by more than the noise."""


@dataclass(frozen=True, slots=True)
class Level:
    """One resolution of a volume."""

    spacing_mm: float
    image: Any
    """SimpleITK image, float32, LPS, at right angles."""


def pyramid(volume: Volume) -> tuple[Level, ...]:
    """Return a volume at `LEVELS_MM`, coarse to fine.

    Raises
    ------
    RegistrationFailedError
        The volume is constant, or too thin.
    """
    import SimpleITK

    small = to_right_angles(_binned(volume, LEVELS_MM[-1]))
    _require_thickness(small.geometry)
    values = small.voxels.astype(np.float32, copy=False)
    low, high = CLIPPED_HU if volume.hu else np.percentile(values, CLIPPED_PERCENTILES)
    low, high = max(float(low), float(values.min())), min(float(high), float(values.max()))
    if not high > low:
        raise RegistrationFailedError(
            "one of the volumes has the same value everywhere, so nothing in it can be aligned; "
            "choose another volume",
            "registration_failed",
        )
    image = SimpleITK.GetImageFromArray(np.clip(values, low, high))
    image.SetSpacing(small.geometry.spacing)
    image.SetOrigin(small.geometry.origin)
    image.SetDirection(np.array(small.geometry.direction).T.ravel().tolist())
    return tuple(
        Level(spacing, _coarsened(image, spacing, blur))
        for spacing, blur in zip(LEVELS_MM, BLUR_MM, strict=True)
    )


def _require_thickness(geometry: VolumeGeometry) -> None:
    lengths = zip(geometry.shape_kji[::-1], geometry.spacing, strict=True)
    shortest = min(count * spacing for count, spacing in lengths)
    if shortest < THINNEST_MM:
        raise RegistrationFailedError(
            f"one of the volumes is only {shortest:.0f} mm thick, and {THINNEST_MM:.0f} mm are "
            "needed to tell how it is turned; choose one with more slices",
            "registration_failed",
        )


def _binned(volume: Volume, wanted_mm: float) -> Volume:
    """Return means over blocks of voxels that are at most `wanted_mm` long."""
    grid = volume.geometry
    steps = [
        min(size, max(1, int(wanted_mm / spacing + 0.01)))
        for size, spacing in zip(grid.shape_kji[::-1], grid.spacing, strict=True)
    ]
    i, j, k = steps
    slices, rows, columns = (
        size // step for size, step in zip(grid.shape_kji, (k, j, i), strict=True)
    )
    means = np.empty((slices, rows, columns), np.float32)
    for number in range(slices):  # slab by slab: the volume may be as large as the memory
        slab = volume.voxels[number * k : (number + 1) * k, : rows * j, : columns * i]
        blocks = slab.reshape(k, rows, j, columns, i)
        means[number] = blocks.mean(axis=(0, 2, 4), dtype=np.float32)
    x, y, z = grid.index_to_world([(step - 1) / 2 for step in steps]).tolist()
    geometry = VolumeGeometry(
        spacing=(grid.spacing[0] * i, grid.spacing[1] * j, grid.spacing[2] * k),
        origin=(x, y, z),
        direction=grid.direction,
        shape_kji=(slices, rows, columns),
    )
    return dataclasses.replace(
        volume, volume_id=VolumeId("binned"), voxels=means, geometry=geometry
    )


def _coarsened(image: Any, spacing_mm: float, blur_mm: float) -> Any:  # noqa: ANN401 - SimpleITK has no types
    """Return the image blurred and sampled every `spacing_mm`, about the same middle."""
    import SimpleITK

    blurred = SimpleITK.SmoothingRecursiveGaussian(image, blur_mm)
    size, spacing = image.GetSize(), image.GetSpacing()
    lengths = [count * step for count, step in zip(size, spacing, strict=True)]
    counts = [max(4, round(length / spacing_mm)) for length in lengths]
    first = [
        (length - spacing[axis] - (count - 1) * spacing_mm) / 2 / spacing[axis]
        for axis, (length, count) in enumerate(zip(lengths, counts, strict=True))
    ]
    resampler = SimpleITK.ResampleImageFilter()
    resampler.SetSize(counts)
    resampler.SetOutputSpacing((spacing_mm,) * 3)
    resampler.SetOutputOrigin(image.TransformContinuousIndexToPhysicalPoint(first))
    resampler.SetOutputDirection(image.GetDirection())
    resampler.SetInterpolator(SimpleITK.sitkLinear)
    resampler.UseNearestNeighborExtrapolatorOn()
    return resampler.Execute(blurred)
