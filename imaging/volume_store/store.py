"""The folder of stored volumes."""

import contextlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from imaging.errors import RefusedFileError, SourceError
from imaging.volume import Volume
from imaging.volume_store.conflicts import require_no_conflict
from imaging.volume_store.drafts import Draft, remove_stale_drafts
from imaging.volume_store.originals import Original
from imaging.volume_store.reading import OpenedVolume, open_volume
from imaging.volume_store.writing import StoredVolume, VolumeWriter, writing_into
from imaging.voxel_sink import PlainArray, VoxelSink

KEY: Final = re.compile(r"[a-z0-9]{1,65}-[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class VolumeStore:
    """Volumes that never change, each in a folder of its own, named by its key.

    Any number of processes may read and write at once.
    """

    folder: Path

    @contextlib.contextmanager
    def writing(self, arrays: VoxelSink | None = None) -> Iterator[VolumeWriter]:
        """Give a sink for one volume; nothing is left unless its `finish` returned.

        Parameters
        ----------
        arrays : VoxelSink, optional
            Makes the array that is filled; memory of this process if left out.
        """
        with writing_into(self.folder, arrays or PlainArray(), self._admit) as writer:
            yield writer

    def put(self, volume: Volume, originals: Sequence[Original] = ()) -> StoredVolume:
        """Store a volume that is in memory already."""
        with self.writing(_GivenArray(volume.voxels)) as writer:
            writer.expect(volume.geometry, hu=volume.hu)
            writer.begin(volume.geometry.shape_kji, volume.voxels.dtype)
            for k in range(len(volume.voxels)):
                writer.filled(k)
            return writer.finish(volume, originals)

    def keys(self) -> tuple[str, ...]:
        """Return the keys of all volumes, sorted."""
        if not self.folder.is_dir():
            return ()
        return tuple(sorted(one.name for one in self.folder.iterdir() if KEY.fullmatch(one.name)))

    def open(self, key: str) -> OpenedVolume:
        """Open a volume.

        Raises
        ------
        SourceError
            There is none with this key, or it is no key.
        RefusedFileError
            It is damaged.
        """
        return open_volume(self._existing(key))

    def remove(self, key: str) -> None:
        """Remove a volume at once and whole; its originals stay.

        Raises
        ------
        SourceError
            There is none with this key, or it is no key.
        """
        folder = self._existing(key)
        grave = Draft(self.folder)
        try:
            folder.rename(grave.folder / key)
        finally:
            grave.close()

    def remove_stale_drafts(self) -> int:
        """Remove what died processes left, and return how many drafts that were; at start-up."""
        return remove_stale_drafts(self.folder)

    def _existing(self, key: str) -> Path:
        if KEY.fullmatch(key) is None or not (self.folder / key).is_dir():
            raise SourceError(
                "there is no stored volume with this key; import the series again",
                "unknown_volume",
            )
        return self.folder / key

    def _admit(self, volume: Volume, originals: Sequence[Original]) -> None:
        require_no_conflict(volume, originals, self._readable())

    def _readable(self) -> Iterator[OpenedVolume]:
        """Yield all volumes but those that are damaged or just being removed."""
        for key in self.keys():
            with contextlib.suppress(RefusedFileError, SourceError):
                yield self.open(key)


@dataclass(frozen=True, slots=True)
class _GivenArray:
    """The sink of an array that is full already."""

    voxels: NDArray[Any]

    def begin(self, shape_kji: tuple[int, int, int], dtype: np.dtype[Any]) -> NDArray[Any]:
        """Return the array."""
        assert (self.voxels.shape, self.voxels.dtype) == (shape_kji, dtype)
        return self.voxels

    def filled(self, k: int) -> None:
        """Do nothing."""
