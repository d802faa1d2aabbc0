"""A sink that stores a volume while it is read."""

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from imaging.volume import Volume, VolumeGeometry
from imaging.volume_store.description import (
    content_digest,
    described,
    key_of,
    slice_digest,
)
from imaging.volume_store.drafts import Draft, write_synced
from imaging.volume_store.layout import DOCUMENT, DTYPES, group_document, json_bytes
from imaging.volume_store.originals import Original
from imaging.volume_store.pyramid import Level, planned_levels
from imaging.volume_store.slabs import PyramidWriting
from imaging.voxel_sink import VoxelSink

_THREADS: Final = (os.cpu_count() or 1) + 2
"""On two cores two, three and four were equally fast; some of them wait for the disk."""


@dataclass(frozen=True, slots=True)
class StoredVolume:
    """Where a volume is kept."""

    key: str
    is_new: bool
    """False where the same volume had been stored before."""


Admit = Callable[[Volume, Sequence[Original]], None]
"""Raises unless a volume may be stored beside those that are there."""


class VolumeWriter:
    """Stores one volume; a `VoxelSink`.

    It can be given anything that makes arrays: memory, or a file that another process maps.

    Parameters
    ----------
    draft : Draft
        Where it writes.
    home : Path
        The folder that the finished volume moves to.
    arrays : VoxelSink
        Gives the array that is filled, and is told of slices too.
    admit : Admit
        Asked before the volume becomes visible.
    """

    def __init__(self, draft: Draft, home: Path, arrays: VoxelSink, admit: Admit) -> None:
        self._draft = draft
        self._home = home
        self._arrays = arrays
        self._admit = admit
        self._pool = ThreadPoolExecutor(_THREADS, "volume-store")
        self._geometry: VolumeGeometry | None = None
        self._hu = True
        self._array: NDArray[Any] | None = None
        self._writing: PyramidWriting | None = None
        self._digests: list[bytes] = []

    def expect(self, geometry: VolumeGeometry, *, hu: bool) -> None:
        """Hear beforehand what `finish` will find.

        Who does not say it, or says it wrong, gets the same result later: the coarser levels depend
        on it, and are then written a second time.
        """
        self._geometry, self._hu = geometry, hu

    def begin(self, shape_kji: tuple[int, int, int], dtype: np.dtype[Any]) -> NDArray[Any]:
        """Return an array (slices, rows, columns) to be filled, int16 or float32."""
        if dtype.name not in DTYPES or dtype != DTYPES[dtype.name]:
            raise ValueError(f"volumes are stored as int16 or float32, not {dtype}")
        self._array = self._arrays.begin(shape_kji, dtype)
        self._digests = [b""] * shape_kji[0]
        geometry = self._geometry
        if geometry is None or geometry.shape_kji != shape_kji:
            geometry = _cubes(shape_kji)
        self._start(planned_levels(geometry), hu=self._hu)
        return self._array

    def filled(self, k: int) -> None:
        """Hear that slice `k` holds its final values; called from any thread, in any order.

        Raises
        ------
        OSError
            There is no room for what was written so far.
        """
        if self._array is None or self._writing is None:
            raise ValueError("a slice was filled before the array was asked for")
        self._arrays.filled(k)
        self._digests[k] = slice_digest(self._array[k])
        self._writing.filled(k)

    def finish(
        self,
        volume: Volume,
        originals: Sequence[Original] = (),
        before: Callable[[], object] | None = None,
    ) -> StoredVolume:
        """Store the volume, all of whose slices are filled.

        Parameters
        ----------
        volume : Volume
            Holds the array that `begin` returned.
        originals : sequence of Original
            The files that it was read from.
        before : callable, optional
            Called when nothing speaks against a new volume any more, before it can be seen.

        Returns
        -------
        StoredVolume
            If the same voxels in the same place were stored before, that volume: it is left as it
            is, with the originals and warnings of its first import.

        Raises
        ------
        imaging.errors.ConflictError
            An instance with the UID of one of these, but other values, is stored already.
        OSError
            There is no room.
        """
        levels = planned_levels(volume.geometry)
        writing = self._settled(volume, levels)
        writing.finish()
        digest = content_digest(volume, self._digests)
        key = key_of(volume.volume_id, digest)
        if (self._home / key).is_dir():
            return StoredVolume(key, is_new=False)
        self._admit(volume, originals)
        description = msgspec.to_builtins(described(volume, levels, digest, originals))
        document = json_bytes(group_document(levels, description))
        write_synced(self._draft.folder / DOCUMENT, document)
        if before is not None:
            before()
        return StoredVolume(key, is_new=self._draft.publish(self._home / key))

    def close(self) -> None:
        """Stop, and remove whatever did not become a volume."""
        if self._writing is not None:
            self._writing.stop()
        self._pool.shutdown()
        self._draft.close()

    def _settled(self, volume: Volume, levels: Sequence[Level]) -> PyramidWriting:
        """Return the attempt that writes these levels; another, where the expectation was wrong."""
        writing = self._writing
        if writing is None or self._array is None:
            raise ValueError("a volume was to be stored whose voxels were never asked for")
        if not np.shares_memory(volume.voxels, self._array):
            raise ValueError("a volume was to be stored with other voxels than those filled")
        if unfilled := self._digests.count(b""):
            raise ValueError(f"{unfilled} slices were never filled")
        planned = [level.factors for level in levels]
        if [level.factors for level in writing.levels] == planned and (
            writing.hu == volume.hu or not writing.has_values_below_air()
        ):
            return writing
        again = self._start(levels, hu=volume.hu)
        for k in range(len(self._array)):
            again.filled(k)
        return again

    def _start(self, levels: Sequence[Level], *, hu: bool) -> PyramidWriting:
        assert self._array is not None
        if self._writing is not None:
            self._writing.stop()
            self._writing.remove()
        self._writing = PyramidWriting(self._array, levels, self._draft.folder, self._pool, hu=hu)
        return self._writing


@contextlib.contextmanager
def writing_into(home: Path, arrays: VoxelSink, admit: Admit) -> Iterator[VolumeWriter]:
    """Give a writer; whatever it did not finish is removed."""
    writer = VolumeWriter(Draft(home), home, arrays, admit)
    try:
        yield writer
    finally:
        writer.close()


def _cubes(shape_kji: tuple[int, int, int]) -> VolumeGeometry:
    """Return the grid that is expected of a volume of which nothing but its shape is known."""
    axes = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
    return VolumeGeometry((1.0, 1.0, 1.0), (0.0, 0.0, 0.0), axes, shape_kji)
