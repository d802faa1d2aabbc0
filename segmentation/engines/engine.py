"""What an engine is, and what it gives back."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from imaging.progress import Progress
from imaging.volume import Volume, VolumeGeometry

Setting = str | float | int | bool
"""A value as a user gives it, before it is checked."""

Settings = Mapping[str, float | None]
"""Checked values by key; None where the engine chooses by itself."""

Colour = tuple[int, int, int]
"""Red, green, blue, 0 to 255 (sRGB)."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One key of an engine."""

    key: str
    """Name with its unit, as in ``lower_hu``."""
    default: float | None
    """None where the engine chooses a value from the volume, and records which."""
    minimum: float
    maximum: float
    help: str
    """One sentence for users."""
    whole: bool = False
    """Whether only whole numbers make sense."""


@dataclass(frozen=True, slots=True)
class Structure:
    """What a segment is called, coded and drawn as."""

    name: str
    code: str
    """SNOMED CT concept id."""
    colour: Colour
    opacity: float
    """0 to 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """What an engine found: the part of a segmentation that depends on the volume."""

    field: NDArray[np.generic]
    """(slices, rows, columns) values to contour, int16 or float32."""
    isovalue: float
    mask: NDArray[np.bool_]
    parameters: Mapping[str, float]
    """All settings with the values that the engine chose in place of None."""


@dataclass(frozen=True, slots=True)
class Engine:
    """A way to find one structure in a volume."""

    name: str
    version: str
    """Changes whenever the same volume and settings would give other voxels."""
    help: str
    structure: Structure
    parameters: tuple[Parameter, ...]
    find: Callable[[Volume, Settings, Progress], Finding]
    needs_right_angles: bool = True
    """Whether it measures in mm along the axes: then a sheared volume is brought to right angles
    before."""


@dataclass(frozen=True, slots=True, eq=False)
class Segmentation:
    """One segment of one volume, with how it was made."""

    field: NDArray[np.generic]
    """(slices, rows, columns) values to contour, int16 or float32, read-only.

    Inside the segment they are above `isovalue`; around it the grey values are kept where the
    contour needs them, and everything else is below.
    """
    isovalue: float
    mask: NDArray[np.bool_]
    """(slices, rows, columns), read-only: the voxels whose centres lie in the segment."""
    geometry: VolumeGeometry
    engine: str
    version: str
    parameters: Mapping[str, float]
    name: str
    code: str
    """SNOMED CT concept id."""
    colour: Colour
    opacity: float
    """0 to 1."""
    warnings: tuple[tuple[str, str], ...] = ()
    """(code, message) pairs: what was done to the volume before."""

    def __post_init__(self) -> None:
        """Refuse arrays of another shape than the geometry's."""
        if not (self.field.shape == self.mask.shape == self.geometry.shape_kji):
            raise ValueError(
                f"field {self.field.shape} and mask {self.mask.shape} "
                f"on a grid {self.geometry.shape_kji}"
            )
        if not math.isfinite(self.isovalue):
            raise ValueError("the isovalue is no finite number")
        self.field.setflags(write=False)
        self.mask.setflags(write=False)
        object.__setattr__(self, "parameters", MappingProxyType(dict(self.parameters)))

    @property
    def voxels(self) -> int:
        """Number of voxels in the mask."""
        return int(np.count_nonzero(self.mask))

    @property
    def volume_ml(self) -> float:
        """Volume of the mask's voxels, mL."""
        return self.voxels * self.geometry.voxel_volume_mm3 / 1000
