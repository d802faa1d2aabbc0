"""Stored volumes, opened. Nothing that a volume says of itself is believed before it is checked."""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from imaging.errors import RefusedFileError
from imaging.volume import Volume
from imaging.volume_store.bricks import decoded, longest
from imaging.volume_store.checking import checked_levels, stored_dtype
from imaging.volume_store.description import (
    Description,
    content_digest,
    slice_digest,
    volume_of,
)
from imaging.volume_store.layout import DOCUMENT, shard_path
from imaging.volume_store.plain_files import open_plain
from imaging.volume_store.pyramid import Level, Triple
from imaging.volume_store.shards import ShardReader

LONGEST_DOCUMENT: Final = 16 * 2**20
"""A volume of 8,000 slices takes 2 MiB."""

_THREADS: Final = min(8, os.cpu_count() or 1)

T = TypeVar("T")

Window = tuple[tuple[int, int], tuple[int, int], tuple[int, int]]
"""From (included) and to (excluded), along k, j and i."""


@dataclass(frozen=True, slots=True)
class _Attributes:
    ome: dict[str, Any]
    commissure: Description


@dataclass(frozen=True, slots=True)
class _GroupDocument:
    zarr_format: int
    node_type: str
    attributes: _Attributes


@dataclass(frozen=True, slots=True, eq=False)
class OpenedVolume:
    """A stored volume; its bricks are read when they are asked for."""

    folder: Path
    description: Description
    levels: tuple[Level, ...]
    """The finest first; each has a `geometry`."""
    dtype: np.dtype[Any]

    def read(self, level: int = 0, window: Window | None = None) -> NDArray[Any]:
        """Return the values in a window of a level.

        Parameters
        ----------
        level : int
            Number of the level, 0 for the finest.
        window : ((k0, k1), (j0, j1), (i0, i1)), optional
            In voxels of that level; all of it if left out.

        Returns
        -------
        (k1 - k0, j1 - j0, i1 - i0) array
            int16 or float32.

        Raises
        ------
        RefusedFileError
            A brick is missing or damaged.
        ValueError
            The window is empty or reaches beyond the level.
        """
        chosen = self.levels[level]
        k, j, i = chosen.shape_kji
        window = window or ((0, k), (0, j), (0, i))
        for (start, end), count in zip(window, chosen.shape_kji, strict=True):
            if not 0 <= start < end <= count:
                raise ValueError(f"window {start} to {end} is none in {count} voxels")
        values = np.empty([end - start for start, end in window], self.dtype)
        layers, rows, columns = (
            range(start // brick, -(-end // brick))
            for (start, end), brick in zip(window, chosen.brick_kji, strict=True)
        )
        with ThreadPoolExecutor(_THREADS) as pool:
            for layer in layers:
                with self._shard(level, layer) as shard:

                    def fill(place: tuple[int, int]) -> None:
                        brick = decoded(shard.get(*place), chosen.brick_kji, self.dtype)
                        _copy_overlap(brick, (layer, *place), window, values)  # noqa: B023

                    for _ in pool.map(fill, product(rows, columns)):
                        pass
        return values

    def volume(self) -> Volume:
        """Return the volume with all voxels of the finest level, in memory."""
        return volume_of(self.description, self.read(), self.levels[0].geometry)

    def verify(self) -> None:
        """Read everything and compare it with the digest that was taken while it was imported.

        Raises
        ------
        RefusedFileError
            Something was changed on disk.
        """
        for level in range(1, len(self.levels)):
            self.read(level)
        volume = self.volume()
        found = content_digest(volume, [slice_digest(plane) for plane in volume.voxels])
        if found != self.description.content_digest:
            raise RefusedFileError(
                "the volume's voxels are not those that were imported; import the series again",
                "damaged_volume",
            )

    def _shard(self, level: int, layer: int) -> ShardReader:
        _, rows, columns = self.levels[level].bricks_kji
        longest_brick = longest(self.levels[level].brick_kji, self.dtype)
        return ShardReader(shard_path(self.folder, level, layer), rows, columns, longest_brick)


def open_volume(folder: Path) -> OpenedVolume:
    """Open a stored volume, and check that everything that it says of itself fits together.

    Raises
    ------
    RefusedFileError
        Something is missing, damaged, larger than a volume may be, or not as it is written here.
    """
    document = _document(folder / DOCUMENT, _GroupDocument)
    arrays = [
        _document(folder / str(number) / DOCUMENT, dict[str, Any])
        for number in range(len(document.attributes.commissure.levels))
    ]
    if (document.zarr_format, document.node_type) != (3, "group"):
        raise RefusedFileError("the volume is no Zarr 3 group; import it again", "damaged_volume")
    levels = checked_levels(document.attributes.commissure, document.attributes.ome, arrays)
    return OpenedVolume(folder, document.attributes.commissure, levels, stored_dtype(arrays[0]))


def read_bounded(path: Path, longest_bytes: int) -> bytes:
    """Return the bytes of an ordinary file that is no longer than it may be.

    Raises
    ------
    RefusedFileError
        It is missing, something else, or longer.
    """
    try:
        descriptor = open_plain(path)
    except OSError as error:
        raise RefusedFileError(
            f"{path.name} of a stored volume cannot be opened; import the series again",
            "damaged_volume",
        ) from error
    with open(descriptor, "rb") as file:  # noqa: PTH123 - a descriptor
        size = os.fstat(descriptor).st_size
        if size > longest_bytes:
            raise RefusedFileError(
                f"{path.name} of a stored volume is larger than it may be; import the series again",
                "damaged_volume",
            )
        return file.read(size)


def _document(path: Path, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(read_bounded(path, LONGEST_DOCUMENT), type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RefusedFileError(
            "the metadata of a stored volume are not what they should be; import the series again",
            "damaged_volume",
        ) from error


def _copy_overlap(
    brick_values: NDArray[Any], brick: Triple, window: Window, values: NDArray[Any]
) -> None:
    """Copy the part of a brick that lies within the window."""
    source, target = [], []
    for number, length, (start, end) in zip(brick, brick_values.shape, window, strict=True):
        first = number * length
        low, high = max(start, first), min(end, first + length)
        source.append(slice(low - first, high - first))
        target.append(slice(low - start, high - start))
    values[tuple(target)] = brick_values[tuple(source)]
