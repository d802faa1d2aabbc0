"""A coarse copy of a volume: where a question about centimetres needs no half millimetres."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from imaging.volume import VolumeGeometry
from segmentation.engines.components import Mask

Scalar = TypeVar("Scalar", bound=np.generic)

COARSE_MM = 2.0
"""Finer than anything that is asked of it: straps, nostrils, table tops."""


@dataclass(frozen=True, slots=True)
class CoarseGrid:
    """Every n-th voxel along each axis, so that voxels are about `COARSE_MM` wide."""

    shape: tuple[int, int, int]
    """Of the fine array, [k, j, i]."""
    strides: tuple[int, int, int]
    """Along [k, j, i], in voxels."""
    spacing_kji: tuple[float, float, float]
    """Of the coarse voxels, mm."""

    @classmethod
    def over(cls, geometry: VolumeGeometry) -> "CoarseGrid":
        """Return the coarse grid of a volume."""
        i, j, k = (max(1, round(COARSE_MM / mm)) for mm in geometry.spacing)
        x, y, z = geometry.spacing
        return cls(geometry.shape_kji, (k, j, i), (k * z, j * y, i * x))

    def sample(self, fine: NDArray[Scalar]) -> NDArray[Scalar]:
        """Return every n-th voxel."""
        k, j, i = self.strides
        return np.ascontiguousarray(fine[::k, ::j, ::i])

    def spread(self, coarse: Mask) -> Mask:
        """Return the fine mask: each voxel takes the value of the coarse voxel nearest to it."""
        k, j, i = (
            np.minimum(np.rint(np.arange(size) / stride).astype(np.intp), have - 1)
            for size, stride, have in zip(self.shape, self.strides, coarse.shape, strict=True)
        )
        return np.ascontiguousarray(coarse[np.ix_(k, j, i)])

    def voxels_of(self, length_mm: float) -> tuple[int, int, int]:
        """Return a length as whole coarse voxels along [k, j, i], at least 1."""
        k, j, i = (max(1, round(length_mm / mm)) for mm in self.spacing_kji)
        return (k, j, i)


def distance_mm(mask: Mask, spacing_kji: tuple[float, float, float]) -> NDArray[np.float32]:
    """Return the distance of every voxel outside `mask` to it, mm; 0 inside."""
    import SimpleITK

    image = SimpleITK.GetImageFromArray(mask.view(np.uint8))
    k, j, i = spacing_kji
    image.SetSpacing((i, j, k))
    signed = SimpleITK.SignedMaurerDistanceMap(image, squaredDistance=False, useImageSpacing=True)
    outside: NDArray[np.float32] = np.maximum(SimpleITK.GetArrayFromImage(signed), 0)
    return outside


def opened(mask: Mask, radius_mm: float, spacing_kji: tuple[float, float, float]) -> Mask:
    """Return the part of `mask` that a ball of this radius can reach inside it."""
    core = distance_mm(~mask, spacing_kji) > radius_mm
    if not core.any():
        return core
    return distance_mm(core, spacing_kji) <= radius_mm
