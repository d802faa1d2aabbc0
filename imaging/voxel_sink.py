"""Who takes the voxels of a volume while it is read."""

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray


class VoxelSink(Protocol):
    """Gives the array to fill, and is told of each slice that is final."""

    def begin(self, shape_kji: tuple[int, int, int], dtype: np.dtype[Any]) -> NDArray[Any]:
        """Return an array (slices, rows, columns) to be filled; its values may be anything.

        Called a second time, with float32, where the values turn out not to fit into int16:
        whatever was told of before no longer counts.
        """

    def filled(self, k: int) -> None:
        """Hear that slice `k` holds its final values; called from any thread, in any order."""


class PlainArray:
    """The sink of those who only want the array."""

    def begin(self, shape_kji: tuple[int, int, int], dtype: np.dtype[Any]) -> NDArray[Any]:
        """Return a new array in memory."""
        return np.empty(shape_kji, dtype)

    def filled(self, k: int) -> None:
        """Do nothing."""
