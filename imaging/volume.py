"""A volume: grey values on a regular grid, and where that grid sits in the patient."""

import math
from dataclasses import dataclass
from typing import NewType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from imaging.grey_window import GreyWindow
from imaging.identity import NOBODY, SourceIdentity
from imaging.space import Vector, cross, dot, require_finite

VolumeId = NewType("VolumeId", str)

ORTHONORMAL_TOLERANCE = 1e-4
"""Dot product of two axes: ImageOrientationPatient is often written with few digits."""

FLATTEST_CELL = 0.1
"""Least volume of the cell of three unit axes: gantries tilt by 30 degrees (0.87) at most, and a
matrix that is nearly singular is a mistake."""


@dataclass(frozen=True, slots=True)
class VolumeGeometry:
    """Where a regular grid of voxels sits in the patient."""

    spacing: Vector
    """Distance between voxel centres along (i, j, k), mm."""
    origin: Vector
    """Centre of voxel (0, 0, 0), LPS, mm."""
    direction: tuple[Vector, Vector, Vector]
    """Unit vectors of the i, j and k axes, LPS: the columns of ITK's direction matrix.

    At right angles, except for the k axis of slices from a tilted gantry: then the grid is sheared.
    """
    shape_kji: tuple[int, int, int]
    """Number of slices, rows, columns."""

    def __post_init__(self) -> None:
        """Refuse what is no grid."""
        require_finite(self.spacing, "spacing")
        require_finite(self.origin, "origin")
        for axis in self.direction:
            require_finite(axis, "direction")
            if abs(math.hypot(*axis) - 1) > ORTHONORMAL_TOLERANCE:
                raise ValueError("an axis of the volume is not one long")
        if abs(self.handedness) < FLATTEST_CELL:
            raise ValueError("the axes of the volume lie in one plane, or nearly")
        if min(self.spacing) <= 0 or min(self.shape_kji) < 1:
            raise ValueError("spacing and shape must be positive")

    @property
    def affine_lps(self) -> NDArray[np.float64]:
        """The (4, 4) matrix that maps (i, j, k, 1) to (x, y, z, 1) in mm, LPS."""
        affine = np.eye(4)
        affine[:3, :3] = np.array(self.direction).T * np.array(self.spacing)
        affine[:3, 3] = self.origin
        return affine

    @property
    def is_right_angled(self) -> bool:
        """Whether the axes are at right angles; distances in voxels mean something only then."""
        i, j, k = self.direction
        return max(abs(dot(i, j)), abs(dot(j, k)), abs(dot(k, i))) <= ORTHONORMAL_TOLERANCE

    @property
    def voxel_volume_mm3(self) -> float:
        """Volume of one voxel, mm³."""
        return math.prod(self.spacing) * abs(self.handedness)

    @property
    def handedness(self) -> float:
        """Determinant of the direction: about +1 where i, j, k is right-handed, else -1."""
        i, j, k = self.direction
        return dot(cross(i, j), k)

    def index_to_world(self, index: ArrayLike) -> NDArray[np.float64]:
        """Map index coordinates to world coordinates.

        Parameters
        ----------
        index : (..., 3) array_like
            Continuous (i, j, k) coordinates, in voxels; may lie outside the volume.

        Returns
        -------
        (..., 3) float64 array
            (x, y, z) in mm, LPS.

        References
        ----------
        DICOM PS3.3, C.7.6.2.1.1, equation C.7.6.2.1-1.
        """
        affine = self.affine_lps
        return np.asarray(index, dtype=np.float64) @ affine[:3, :3].T + affine[:3, 3]

    def world_to_index(self, world: ArrayLike) -> NDArray[np.float64]:
        """Map world coordinates (..., 3), mm, LPS, to continuous (i, j, k)."""
        affine = self.affine_lps
        offset = np.asarray(world, dtype=np.float64) - affine[:3, 3]
        return offset @ np.linalg.inv(affine[:3, :3]).T


@dataclass(frozen=True, slots=True, eq=False)
class Volume:
    """Grey values with their place in the patient and what is known of their origin."""

    volume_id: VolumeId
    voxels: NDArray[np.generic]
    """(slices, rows, columns), read-only; int16 where the rescaled values allow, else float32."""
    geometry: VolumeGeometry
    modality: str
    """DICOM Modality, "CT" or "MR"."""
    hu: bool
    """Whether the values are Hounsfield units."""
    description: str
    """SeriesDescription; may hold free text: shown to members, never logged."""
    study_uid: str
    series_uid: str
    frame_of_reference_uid: str
    slice_thickness_mm: float | None
    acquired_on: str
    """AcquisitionDate, SeriesDate or StudyDate as YYYY-MM-DD, or empty; shown, never logged."""
    warnings: tuple[tuple[str, str], ...] = ()
    """(code, message) pairs that stay with the case."""
    identity: SourceIdentity = NOBODY
    """Whose images these are; for the catalogue and the archive, never logged."""
    window: GreyWindow | None = None
    """How the series asks to be shown, in the unit of the voxels; None where it does not say."""

    def __post_init__(self) -> None:
        """Refuse an array of another shape than the geometry's."""
        if self.voxels.shape != self.geometry.shape_kji:
            raise ValueError(f"voxels {self.voxels.shape} on a grid {self.geometry.shape_kji}")
        self.voxels.setflags(write=False)
