"""Writing all levels of a volume, brick by brick, while its slices still come in.

A slab is what one layer of bricks holds. As soon as the slices of a slab are there, its rows of
bricks are written, each by one thread of a pool, which also averages its row into the slab of the
next coarser level. The thread that brings the last row of such a slab goes on with that slab. So a
coarser slab does not live long: besides the volume itself, few slabs are in memory.
"""

import shutil
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imaging.volume_store.bricks import encoded, longest
from imaging.volume_store.coarsening import AIR_HU, block_means
from imaging.volume_store.drafts import sync_folder, write_synced
from imaging.volume_store.layout import DOCUMENT, array_document, json_bytes, shard_path
from imaging.volume_store.pyramid import Level
from imaging.volume_store.shards import ShardWriter


@dataclass(slots=True)
class _Slab:
    level: int
    index: int
    voxels: NDArray[Any]
    missing: int
    """How many slices, or rows of the finer level, have not arrived yet."""
    unwritten: int
    """How many rows of bricks are not in the shard yet."""
    shard: ShardWriter | None = None


class PyramidWriting:
    """One attempt at writing all levels of an array into a folder.

    Parameters
    ----------
    array : (slices, rows, columns) array
        Level 0; it is being filled.
    levels : sequence of Level
        As `planned_levels` returns them.
    folder : Path
        Where the levels are written, each in a folder of its number.
    pool : Executor
        Runs the work.
    hu : bool
        Whether values below air are averaged as air.
    """

    def __init__(
        self,
        array: NDArray[Any],
        levels: Sequence[Level],
        folder: Path,
        pool: Executor,
        *,
        hu: bool,
    ) -> None:
        self.levels = tuple(levels)
        self.hu = hu
        self._below_air = False
        self._array = array
        self._folder = folder
        self._pool = pool
        self._changed = threading.Condition()
        self._seen = np.zeros(len(array), bool)
        self._slabs: dict[tuple[int, int], _Slab] = {}
        self._pending = 0
        self._failure: BaseException | None = None
        self._stopped = False
        self._buffers = threading.local()
        self._open: set[ShardWriter] = set()
        for number, level in enumerate(self.levels):
            folders = _made_folders(folder, number, level.bricks_kji[0])
            self._submit(self._prepare, number, folders)

    def filled(self, k: int) -> None:
        """Take slice `k` as final; a second time counts for nothing.

        Raises
        ------
        OSError
            A brick could not be written, so that there is no use in going on.
        """
        depth = self.levels[0].brick_kji[0]
        with self._changed:
            self._raise_failure()
            if self._seen[k]:
                return
            self._seen[k] = True
            index = k // depth
            slab = self._slabs.get((0, index))
            if slab is None:
                voxels = self._array[index * depth : (index + 1) * depth]
                slab = _Slab(0, index, voxels, len(voxels), self.levels[0].bricks_kji[1])
                self._slabs[0, index] = slab
        self._arrived(slab)

    def finish(self) -> None:
        """Wait until everything is on disk.

        Raises
        ------
        OSError
            A brick could not be written.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._pending == 0)
            self._raise_failure()

    def stop(self) -> None:
        """Do nothing more, and wait for what is being done."""
        with self._changed:
            self._stopped = True
            self._changed.wait_for(lambda: self._pending == 0)
        while self._open:
            self._open.pop().close()

    def has_values_below_air(self) -> bool:
        """Wait for what came so far, and say whether `hu` made a difference to it."""
        with self._changed:
            self._changed.wait_for(lambda: self._pending == 0)
            return self._below_air

    def remove(self) -> None:
        """Remove everything that was written; only after `stop`."""
        for number in range(len(self.levels)):
            shutil.rmtree(self._folder / str(number), ignore_errors=True)

    def _raise_failure(self) -> None:
        """Raise a new error for each who hears of it, for several threads may."""
        failure = self._failure
        if isinstance(failure, OSError):
            raise OSError(failure.errno, failure.strerror, str(self._folder.parent)) from failure
        if failure is not None:
            raise RuntimeError("a brick could not be written") from failure

    def _arrived(self, slab: _Slab) -> None:
        """Count one more part of `slab`, and start on it if that was the last."""
        with self._changed:
            slab.missing -= 1
            if slab.missing or self._stopped:
                return
            del self._slabs[slab.level, slab.index]
            _, rows, columns = self.levels[slab.level].bricks_kji
            path = shard_path(self._folder, slab.level, slab.index)
            slab.shard = ShardWriter(path, rows, columns)
            self._open.add(slab.shard)
        for row in range(rows):
            if slab.level == 0:
                self._submit(self._take_row, slab, row)
            else:
                # at once, in this thread: behind finer slabs it would wait, and keep its memory
                self._take_row(slab, row)

    def _submit(self, work: Callable[..., None], *arguments: object) -> None:
        with self._changed:
            self._pending += 1
        self._pool.submit(self._run, work, *arguments)

    def _run(self, work: Callable[..., None], *arguments: object) -> None:
        try:
            if not self._stopped and self._failure is None:
                work(*arguments)
        except BaseException as error:  # noqa: BLE001 - handed to whoever waits, in `finish`
            self._failure = self._failure or error
        finally:
            with self._changed:
                self._pending -= 1
                self._changed.notify_all()

    def _prepare(self, number: int, folders: Sequence[Path]) -> None:
        """Write what says what a level is, and flush its folders, before there are bricks."""
        document = array_document(self.levels[number], self._array.dtype)
        write_synced(self._folder / str(number) / DOCUMENT, json_bytes(document))
        for folder in folders:
            sync_folder(folder)

    def _take_row(self, slab: _Slab, row: int) -> None:
        self._average_row(slab, row)
        self._write_row(slab, row)

    def _write_row(self, slab: _Slab, row: int) -> None:
        level, shard = self.levels[slab.level], slab.shard
        assert shard is not None
        _, height, width = level.brick_kji
        rows = slab.voxels[:, row * height : (row + 1) * height]
        for column in range(level.bricks_kji[2]):
            part = rows[:, :, column * width : (column + 1) * width]
            brick, scratch = self._buffers_for(level)
            if part.shape != brick.shape:
                brick[...] = 0
            brick[tuple(slice(count) for count in part.shape)] = part
            shard.put(row, column, encoded(brick, scratch))
        with self._changed:
            slab.unwritten -= 1
            complete = slab.unwritten == 0
        if complete:
            shard.finish()
            self._open.discard(shard)

    def _buffers_for(self, level: Level) -> tuple[NDArray[Any], bytearray]:
        """Return a brick and room for its bytes, which belong to this thread."""
        buffers: dict[Any, tuple[NDArray[Any], bytearray]] = self._buffers.__dict__
        if level.brick_kji not in buffers:
            buffers[level.brick_kji] = (
                np.empty(level.brick_kji, self._array.dtype),
                bytearray(longest(level.brick_kji, self._array.dtype)),
            )
        return buffers[level.brick_kji]

    def _average_row(self, slab: _Slab, row: int) -> None:
        """Put the means of one row of bricks into its place in the next coarser level."""
        if slab.level + 1 == len(self.levels):
            return
        finer, coarser = self.levels[slab.level : slab.level + 2]
        height = finer.brick_kji[1]
        voxels = slab.voxels[:, row * height : (row + 1) * height]
        below_air = slab.level == 0 and bool(voxels.min() < AIR_HU)
        self._below_air |= below_air
        means = block_means(voxels, coarser.factors, AIR_HU if below_air and self.hu else None)
        first_slice = slab.index * finer.brick_kji[0] // coarser.factors[0]
        first_row = row * height // coarser.factors[1]
        index, start = divmod(first_slice, coarser.brick_kji[0])
        target = self._coarser_slab(slab.level + 1, index)
        target.voxels[start : start + means.shape[0], first_row : first_row + means.shape[1]] = (
            means
        )
        self._arrived(target)

    def _coarser_slab(self, number: int, index: int) -> _Slab:
        """Return the slab, made when its first row arrives."""
        with self._changed:
            slab = self._slabs.get((number, index))
            if slab is None:
                level, finer = self.levels[number], self.levels[number - 1]
                depth = level.brick_kji[0]
                slices = min(depth, level.shape_kji[0] - index * depth)
                shape = (slices, *level.shape_kji[1:])
                voxels = np.empty(shape, self._array.dtype)
                first = index * depth * level.factors[0] // finer.brick_kji[0]
                end = -(-(index * depth + slices) * level.factors[0] // finer.brick_kji[0])
                parts = min(end, finer.bricks_kji[0]) - first
                slab = _Slab(
                    number, index, voxels, parts * finer.bricks_kji[1], level.bricks_kji[1]
                )
                self._slabs[number, index] = slab
            return slab


def _made_folders(folder: Path, number: int, layers: int) -> list[Path]:
    """Make the folders of a level's shards, and return those that hold nothing but folders."""
    for layer in range(layers):
        shard_path(folder, number, layer).parent.mkdir(parents=True)
    level = folder / str(number)
    return [*sorted((level / "c").iterdir()), level / "c", level]
