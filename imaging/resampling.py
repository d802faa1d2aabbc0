"""Volumes on other grids: a sheared one at right angles, or any at an even spacing.

Whatever is interpolated says so in the volume's warnings.
"""

import dataclasses
import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from imaging.errors import RefusedSeriesError
from imaging.space import Vector, cross, dot, scale
from imaging.volume import ORTHONORMAL_TOLERANCE, Volume, VolumeGeometry

if TYPE_CHECKING:
    import SimpleITK

MOST_VOXELS: Final = 2**31
"""4 GiB of int16, as for an import."""

WHOLE_VOXEL: Final = 1e-3
"""A shift so near to a whole number of voxels is one: nothing is interpolated for nothing."""

COVERED: Final = 1e-6
"""In voxels: a grid that ends so far before the last voxel covers it."""

BLUR: Final = 0.5
"""Standard deviation of the blur before a coarser sampling, in coarse voxels: what is finer than
two of them would come back as a pattern that is not there."""


def skew_deg(geometry: VolumeGeometry) -> float:
    """Return by how much the axes miss a right angle at most; the tilt of a tilted gantry."""
    i, j, k = geometry.direction
    return math.degrees(math.asin(min(1.0, max(abs(dot(i, j)), abs(dot(j, k)), abs(dot(k, i))))))


def to_right_angles(volume: Volume) -> Volume:
    """Return the volume on a grid at right angles that covers all of it.

    Returns
    -------
    Volume
        The same volume if its grid is at right angles already. Else one whose rows and columns
        run as before, as close together, and whose k axis is the normal of the slices: each slice
        stays in its plane and is moved within it, by linear interpolation. What no slice covers
        has the lowest value of the volume. The warning ``resampled`` tells of it.

    Raises
    ------
    RefusedSeriesError
        ``"too_large"``: the grid that covers the sheared one has too many voxels.
    """
    geometry = volume.geometry
    if geometry.is_right_angled:
        return volume
    target = right_angled(geometry)
    i, j, _ = geometry.direction
    if abs(dot(i, j)) <= ORTHONORMAL_TOLERANCE:
        voxels = _moved_slices(volume, target)
    else:
        voxels = _interpolated(volume.voxels, geometry, target)
    message = (
        f"the grid was sheared by {skew_deg(geometry):.1f} degrees (gantry tilt) and was brought "
        "to right angles by linear interpolation"
    )
    return _told(volume, voxels, target, message)


def resample(volume: Volume, geometry: VolumeGeometry) -> Volume:
    """Return the volume on another grid, by linear interpolation.

    What the volume does not cover has its lowest value.
    """
    voxels = _interpolated(volume.voxels, volume.geometry, geometry)
    return _told(volume, voxels, geometry, f"resampled {_steps(geometry)} by linear interpolation")


def isotropic(volume: Volume, spacing_mm: float) -> Volume:
    """Return the volume at right angles, with one spacing along all axes.

    Along axes that become coarser it is blurred first.

    Raises
    ------
    RefusedSeriesError
        ``"too_large"``.
    ValueError
        The spacing is no positive number.
    """
    if not (math.isfinite(spacing_mm) and spacing_mm > 0):
        raise ValueError("the spacing must be a positive number of mm")
    geometry = volume.geometry
    target = _covering(geometry, _axes_of(geometry), (spacing_mm,) * 3)
    voxels = _interpolated(volume.voxels, geometry, target, blurred=True)
    return _told(volume, voxels, target, f"resampled {_steps(target)} by linear interpolation")


def right_angled(geometry: VolumeGeometry) -> VolumeGeometry:
    """Return the grid at right angles that covers a sheared one, slices in the same planes."""
    axes = _axes_of(geometry)
    steps = [
        step * abs(dot(old, new))
        for step, old, new in zip(geometry.spacing, geometry.direction, axes, strict=True)
    ]
    return _covering(geometry, axes, (steps[0], steps[1], steps[2]))


def _axes_of(geometry: VolumeGeometry) -> tuple[Vector, Vector, Vector]:
    """Return the i axis, the normal of the slices on the k axis' side, and what is left for j."""
    i, j, _ = geometry.direction
    normal = cross(i, j)
    normal = scale(normal, math.copysign(1 / math.hypot(*normal), geometry.handedness))
    along_j = cross(normal, i)
    return i, scale(along_j, math.copysign(1.0, dot(along_j, j))), normal


def _covering(
    geometry: VolumeGeometry, axes: tuple[Vector, Vector, Vector], spacing: Vector
) -> VolumeGeometry:
    """Return the grid on these axes that covers all voxel centres of another.

    Voxel (0, 0, 0) of the other is one of its voxels: the first slice is not interpolated.
    """
    k, j, i = (size - 1 for size in geometry.shape_kji)
    corners = np.array([(a, b, c) for a in (0, i) for b in (0, j) for c in (0, k)])
    offsets = geometry.index_to_world(corners) - geometry.origin
    along = offsets @ np.array(axes).T / np.array(spacing)
    first = np.floor(along.min(axis=0) + COVERED)
    count = np.ceil(along.max(axis=0) - COVERED) - first + 1
    if math.prod(count) > MOST_VOXELS:
        raise RefusedSeriesError(
            f"at right angles and {' x '.join(f'{mm:.3g}' for mm in spacing)} mm the volume has "
            f"{' x '.join(f'{n:.0f}' for n in count)} voxels, more than a volume may have; "
            "choose a larger spacing or keep the grid as it is",
            "too_large",
        )
    x, y, z = (geometry.origin + np.array(axes).T @ (first * spacing)).tolist()
    return VolumeGeometry(
        spacing=spacing,
        origin=(x, y, z),
        direction=axes,
        shape_kji=(int(count[2]), int(count[1]), int(count[0])),
    )


def _moved_slices(volume: Volume, target: VolumeGeometry) -> NDArray[Any]:
    """Return the slices, each moved within its own plane."""
    outside = volume.voxels.min()
    voxels = np.full(target.shape_kji, outside, dtype=volume.voxels.dtype)
    for k, plane in enumerate(volume.voxels):
        i, j, _ = target.world_to_index(volume.geometry.index_to_world((0, 0, k))).tolist()
        _lay_moved(voxels[k], plane, (j, i), float(outside))
    return voxels


def _lay_moved(
    into: NDArray[Any], plane: NDArray[Any], shift: tuple[float, float], outside: float
) -> None:
    """Lay `plane` into `into`, its first voxel at the continuous (row, column) `shift`."""
    values, first = plane, []
    for axis, along in enumerate(shift):
        whole = math.floor(along + WHOLE_VOXEL)
        part = along - whole
        first.append(whole)
        if part > WHOLE_VOXEL:
            values = _between(values, axis, part, outside)
    rows, columns = values.shape
    room = into[first[0] : first[0] + rows, first[1] : first[1] + columns]
    values = values[: room.shape[0], : room.shape[1]]
    room[...] = np.rint(values) if into.dtype.kind in "iu" else values


def _between(values: NDArray[Any], axis: int, part: float, outside: float) -> NDArray[np.float32]:
    """Return what lies at whole places when `values` move on by a part of a voxel: one more."""
    edges = [(0, 0), (0, 0)]
    edges[axis] = (1, 1)
    padded = np.pad(values.astype(np.float32), edges, constant_values=outside)
    lines = np.moveaxis(padded, axis, 0)
    moved = lines[1:] + np.float32(part) * (lines[:-1] - lines[1:])
    return np.moveaxis(moved, 0, axis)


def _interpolated(
    voxels: NDArray[Any],
    geometry: VolumeGeometry,
    target: VolumeGeometry,
    *,
    blurred: bool = False,
) -> NDArray[Any]:
    import SimpleITK

    image = _image_of(voxels, geometry)
    if blurred:
        image = _blurred(image, target.spacing)
    resampler = SimpleITK.ResampleImageFilter()
    resampler.SetSize(target.shape_kji[::-1])
    resampler.SetOutputSpacing(target.spacing)
    resampler.SetOutputOrigin(target.origin)
    resampler.SetOutputDirection(np.array(target.direction).T.ravel().tolist())
    resampler.SetInterpolator(SimpleITK.sitkLinear)
    resampler.SetDefaultPixelValue(float(voxels.min()))
    moved: NDArray[Any] = SimpleITK.GetArrayFromImage(resampler.Execute(image))
    if voxels.dtype.kind in "iu":
        moved = np.rint(moved)
    return moved.astype(voxels.dtype, copy=False)


def _image_of(voxels: NDArray[Any], geometry: VolumeGeometry) -> "SimpleITK.Image":
    """Return an image of float32: ITK cuts the fractions of integers off instead of rounding."""
    import SimpleITK

    image = SimpleITK.GetImageFromArray(voxels.astype(np.float32, copy=False))
    image.SetSpacing(geometry.spacing)
    image.SetOrigin(geometry.origin)
    image.SetDirection(np.array(geometry.direction).T.ravel().tolist())
    return image


def _blurred(image: "SimpleITK.Image", spacing: Vector) -> "SimpleITK.Image":
    """Return the image as wide voxels would see it, along those axes that become coarser."""
    import SimpleITK

    for axis, (fine, coarse) in enumerate(zip(image.GetSpacing(), spacing, strict=True)):
        if coarse > fine and image.GetSize()[axis] >= 4:  # noqa: PLR2004 - the filter needs four
            sigma_mm = BLUR * math.sqrt(coarse**2 - fine**2)
            image = SimpleITK.RecursiveGaussian(image, sigma_mm, direction=axis)
    return image


def _steps(geometry: VolumeGeometry) -> str:
    return f"at {' x '.join(f'{mm:.3g}' for mm in geometry.spacing)} mm"


def _told(volume: Volume, voxels: NDArray[Any], geometry: VolumeGeometry, message: str) -> Volume:
    """Return the volume with other voxels, and a word about it."""
    warnings = (*volume.warnings, ("resampled", message))
    return dataclasses.replace(volume, voxels=voxels, geometry=geometry, warnings=warnings)
