"""The two conventions for a patient's axes, and affines as grids: the only place where RAS turns.

DICOM, NRRD as we write it, MetaImage and this house count towards left, posterior and superior
(LPS); NIfTI counts towards right, anterior and superior (RAS).
"""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from imaging.volume import VolumeGeometry

_HALF_TURN: Final = np.array([[-1.0], [-1.0], [1.0], [1.0]])
"""About the long axis of the patient, as a factor for each row; it is its own inverse."""


def turned_between_ras_and_lps(affine: ArrayLike) -> NDArray[np.float64]:
    """Return a (4, 4) affine into RAS as one into LPS, or one into LPS as one into RAS.

    Examples
    --------
    >>> (turned_between_ras_and_lps(np.eye(4)) @ (1, 2, 3, 1)).tolist()
    [-1.0, -2.0, 3.0, 1.0]
    """
    return np.asarray(_HALF_TURN * np.asarray(affine, dtype=np.float64))


def grid_of(affine_lps: ArrayLike, shape_kji: tuple[int, int, int]) -> VolumeGeometry:
    """Return the grid whose (4, 4) affine maps (i, j, k, 1) to mm, LPS.

    Raises
    ------
    ValueError
        The affine holds no finite numbers, or its axes lie in one plane.
    """
    affine = np.asarray(affine_lps, dtype=np.float64)
    columns = affine[:3, :3]
    steps = np.linalg.norm(columns, axis=0)
    if not (np.isfinite(affine).all() and (steps > 0).all()):
        raise ValueError("an axis of the grid has no length")
    i, j, k = (columns / steps).T.tolist()
    x, y, z = affine[:3, 3].tolist()
    along_i, along_j, along_k = steps.tolist()
    return VolumeGeometry(
        spacing=(along_i, along_j, along_k),
        origin=(x, y, z),
        direction=((i[0], i[1], i[2]), (j[0], j[1], j[2]), (k[0], k[1], k[2])),
        shape_kji=shape_kji,
    )
