"""A labelmap: one number per voxel, and what each number stands for."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imaging.volume import VolumeGeometry
from segmentation.engines.engine import Colour, Segmentation
from segmentation.errors import SegmentationError

GRID_TOLERANCE_VOXELS = 0.01
"""Positions are written with few digits; grids this near to each other are the same."""

LARGEST_LABEL = 65_535


@dataclass(frozen=True, slots=True)
class Segment:
    """One row of a labelmap's table."""

    number: int
    """The value of its voxels, from 1."""
    name: str
    code: str
    """SNOMED CT concept id."""
    colour: Colour

    def __post_init__(self) -> None:
        """Refuse a number that no voxel can hold."""
        if not 1 <= self.number <= LARGEST_LABEL:
            raise ValueError(f"a segment's number is from 1 to {LARGEST_LABEL}, not {self.number}")


@dataclass(frozen=True, slots=True, eq=False)
class Labelmap:
    """Labelled voxels with their place in the patient."""

    labels: NDArray[np.uint8] | NDArray[np.uint16]
    """(slices, rows, columns), read-only; 0 is no segment."""
    geometry: VolumeGeometry
    segments: tuple[Segment, ...]

    def __post_init__(self) -> None:
        """Refuse another shape than the geometry's, and labels that the table does not name."""
        if self.labels.shape != self.geometry.shape_kji:
            raise ValueError(f"labels {self.labels.shape} on a grid {self.geometry.shape_kji}")
        numbers = [segment.number for segment in self.segments]
        if len(set(numbers)) != len(numbers):
            raise ValueError("two segments have the same number")
        if not np.isin(np.unique(self.labels), [0, *numbers]).all():
            raise ValueError("a voxel has a label that the table of segments does not name")
        self.labels.setflags(write=False)

    def mask(self, number: int) -> NDArray[np.bool_]:
        """Return the voxels of segment `number`."""
        return np.asarray(self.labels == number)

    def volume_ml(self, number: int) -> float:
        """Return the volume of segment `number`, mL."""
        voxels = np.count_nonzero(self.labels == number)
        return int(voxels) * self.geometry.voxel_volume_mm3 / 1000

    def on_grid(self, geometry: VolumeGeometry) -> "Labelmap":
        """Return the same labels on a grid that is flipped, larger or smaller.

        Voxels that this labelmap does not cover get 0.

        Raises
        ------
        SegmentationError
            The voxels of the two grids do not coincide.
        """
        picks = [self._picks(geometry, axis) for axis in range(3)]
        (i, i_ok), (j, j_ok), (k, k_ok) = picks
        labels = self.labels[np.ix_(k, j, i)]
        labels[~k_ok], labels[:, ~j_ok], labels[:, :, ~i_ok] = 0, 0, 0
        return Labelmap(labels, geometry, self.segments)

    def _picks(
        self, geometry: VolumeGeometry, axis: int
    ) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        """Return for each place along `axis` of `geometry` the own index, and whether it exists."""
        corner = self.geometry.world_to_index(geometry.origin)
        step = np.zeros(3)
        step[axis] = 1
        along = self.geometry.world_to_index(geometry.index_to_world(step)) - corner
        size = geometry.shape_kji[2 - axis]
        exact = corner[axis] + along[axis] * np.arange(size)
        drift = np.delete(along, axis) * (size - 1)
        whole = np.rint(exact)
        off = max(np.abs(exact - whole).max(), np.abs(drift).max())
        if off > GRID_TOLERANCE_VOXELS or abs(abs(along[axis]) - 1) > GRID_TOLERANCE_VOXELS:
            raise SegmentationError(
                "the segmentation lies on another grid than the volume; "
                "choose the volume that it was made from"
            )
        own = self.geometry.shape_kji[2 - axis]
        inside = np.asarray((whole >= 0) & (whole < own))
        return np.clip(whole, 0, own - 1).astype(np.intp), inside


def labelmap_of(segmentations: Sequence[Segmentation]) -> Labelmap:
    """Return the labelmap of segmentations on one grid; where they overlap, the later one wins.

    The first gets number 1, the next 2.

    Raises
    ------
    SegmentationError
        There is none, or they lie on different grids.
    """
    if not segmentations:
        raise SegmentationError("a labelmap needs at least one segment; run an engine first")
    geometry = segmentations[0].geometry
    if any(segmentation.geometry != geometry for segmentation in segmentations):
        raise SegmentationError(
            "the segments lie on different grids; segment them all in the same volume"
        )
    dtype = np.uint8 if len(segmentations) <= np.iinfo(np.uint8).max else np.uint16
    labels = np.zeros(geometry.shape_kji, dtype=dtype)
    for number, segmentation in enumerate(segmentations, start=1):
        labels[segmentation.mask] = number
    table = tuple(
        Segment(number, segmentation.name, segmentation.code, segmentation.colour)
        for number, segmentation in enumerate(segmentations, start=1)
    )
    return Labelmap(labels, geometry, table)
