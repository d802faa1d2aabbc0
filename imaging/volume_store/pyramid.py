"""The resolutions of a stored volume: which axes are halved, how often, and where voxels end up."""

from dataclasses import dataclass
from typing import Final

from imaging.space import Vector
from imaging.volume import VolumeGeometry

Triple = tuple[int, int, int]
"""Something for each of the axes (k, j, i)."""

BRICK: Final = 64
"""Edge of a brick, voxels. 64 x 64 x 64 voxels of 16 bits take 512 KiB, and 140 to 240 KiB on disk:
one request of a browser, and one compression that stays within a core's cache."""

FEWEST_LEVELS: Final = 3

FINE_AXIS: Final = 2**0.5
"""An axis is halved with the finest if its spacing is less than this many times as wide: then
halving brings it closer to the others, and voxels more isotropic."""


@dataclass(frozen=True, slots=True)
class Level:
    """One resolution."""

    geometry: VolumeGeometry
    factors: Triple
    """How many voxels of the finer level one voxel spans along (k, j, i): 1 or 2."""

    @property
    def shape_kji(self) -> Triple:
        """Number of slices, rows, columns."""
        return self.geometry.shape_kji

    @property
    def brick_kji(self) -> Triple:
        """Shape of a brick; no longer than the level itself."""
        k, j, i = self.shape_kji
        return (min(k, BRICK), min(j, BRICK), min(i, BRICK))

    @property
    def bricks_kji(self) -> Triple:
        """Number of bricks along each axis."""
        pairs = zip(self.shape_kji, self.brick_kji, strict=True)
        k, j, i = (-(-count // brick) for count, brick in pairs)
        return (k, j, i)


def planned_levels(geometry: VolumeGeometry) -> tuple[Level, ...]:
    """Return the levels of a volume, the finest first.

    Axes that are fine are halved until a level is a single brick, and at least twice where there
    are voxels enough. The geometry may be sheared.
    """
    levels = [Level(geometry, (1, 1, 1))]
    while max(levels[-1].shape_kji) > 1 and (
        len(levels) < FEWEST_LEVELS or max(levels[-1].shape_kji) > BRICK
    ):
        factors = factors_for(levels[-1].geometry)
        levels.append(Level(coarser(levels[-1].geometry, factors), factors))
    return tuple(levels)


def factors_for(geometry: VolumeGeometry) -> Triple:
    """Return 2 for each axis (k, j, i) that is to be halved next, else 1."""
    lengths = dict(enumerate(zip(geometry.shape_kji, geometry.spacing[::-1], strict=True)))
    finest_mm = min(mm for count, mm in lengths.values() if count > 1)
    k, j, i = (
        2 if count > 1 and mm < FINE_AXIS * finest_mm else 1 for count, mm in lengths.values()
    )
    return (k, j, i)


def coarser(geometry: VolumeGeometry, factors: Triple) -> VolumeGeometry:
    """Return the grid whose voxels each stand for a block of voxels of `geometry`.

    The centre of a voxel is the mean of the centres of its block. Where a number of voxels is odd,
    the last block reaches one voxel beyond the volume, so that every level covers all of it.
    """
    k, j, i = factors
    x, y, z = geometry.index_to_world(((i - 1) / 2, (j - 1) / 2, (k - 1) / 2)).tolist()
    spacing: Vector = (geometry.spacing[0] * i, geometry.spacing[1] * j, geometry.spacing[2] * k)
    slices, rows, columns = (
        -(-count // factor) for count, factor in zip(geometry.shape_kji, factors, strict=True)
    )
    return VolumeGeometry(spacing, (x, y, z), geometry.direction, (slices, rows, columns))
