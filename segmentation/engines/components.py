"""Connected pieces of a mask, and the box around it."""

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from imaging.volume import Volume

Mask = NDArray[np.bool_]
Grey = NDArray[np.number[Any]]
"""Grey values, [k, j, i]."""
Box = tuple[slice, slice, slice]


def grey_values(volume: Volume) -> Grey:
    """Return the volume's voxels as the numbers they are."""
    return cast("Grey", volume.voxels)


def box_around(mask: Mask, margin: int = 0) -> Box | None:
    """Return the slices that hold all true voxels and `margin` more, or None where none is."""
    box = []
    for axis in range(3):
        others = tuple(other for other in range(3) if other != axis)
        hits = np.flatnonzero(mask.any(axis=others))
        if hits.size == 0:
            return None
        box.append(slice(max(0, int(hits[0]) - margin), int(hits[-1]) + 1 + margin))
    return (box[0], box[1], box[2])


@dataclass(frozen=True, slots=True, eq=False)
class Components:
    """The pieces of a mask, largest first."""

    labels: NDArray[np.uint32]
    """0 outside, 1 for the largest piece, 2 for the next."""
    sizes: NDArray[np.int64]
    """Voxels of piece 1, 2, ..."""

    def select(self, chosen: NDArray[np.integer]) -> Mask:
        """Return the mask of the pieces with these labels."""
        table = np.zeros(len(self.sizes) + 1, dtype=np.bool_)
        table[chosen] = True
        table[0] = False
        return table[self.labels]


def components_of(mask: Mask, minimum_voxels: int = 1) -> Components:
    """Find the pieces whose voxels touch by face, edge or corner.

    Corners count because contouring joins them too, and thin oblique bone hangs together by them.
    """
    import SimpleITK

    image = SimpleITK.GetImageFromArray(mask.view(np.uint8))
    finder = SimpleITK.ConnectedComponentImageFilter()
    finder.FullyConnectedOn()
    labelled = SimpleITK.RelabelComponent(
        finder.Execute(image), minimumObjectSize=max(1, minimum_voxels)
    )
    labels = SimpleITK.GetArrayFromImage(labelled).astype(np.uint32, copy=False)
    sizes = np.bincount(labels.ravel())[1:].astype(np.int64)
    return Components(labels, sizes)


def largest_of(mask: Mask) -> Mask:
    """Return the largest piece."""
    return np.asarray(components_of(mask).labels == 1)


def dilate(mask: Mask, voxels: int | tuple[int, int, int]) -> Mask:
    """Grow `mask` by a box of so many voxels to both sides, along all axes or along [k, j, i]."""
    grown = mask.copy()
    widths = (voxels, voxels, voxels) if isinstance(voxels, int) else voxels
    for axis, width in enumerate(widths):
        source = np.moveaxis(grown.copy(), axis, 0)
        target = np.moveaxis(grown, axis, 0)
        for shift in range(1, width + 1):
            target[shift:] |= source[:-shift]
            target[:-shift] |= source[shift:]
    return grown
