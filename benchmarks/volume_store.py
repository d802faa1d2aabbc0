"""Storing a series as OME-Zarr beside its import, against the import alone; and its memory."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import numpy as np
import pydicom
from numpy.typing import NDArray

from benchmarks.effort import FULL, Effort
from benchmarks.import_speed import SIDE, slice_without_pixels, write_slices
from benchmarks.machine import peak_memory_mb
from benchmarks.table import Row, figure, row_of
from imaging.dicom.reading import read_volume
from imaging.volume import Volume
from imaging.volume_store.originals import OriginalStore
from imaging.volume_store.store import VolumeStore

LARGE: Final = 19 / 3
"""How many times more slices the large series has: 1,900 instead of 300 are 1.0 GB of voxels."""

NOISE_HU: Final = 12.0
"""Standard deviation of a head CT with thin slices."""

Store = Callable[[Path, Path, Volume], None]


def measure(effort: Effort = FULL) -> list[Row]:
    """Return seconds beside the import, on two kinds of series, and the memory of a large one."""
    rows: list[Row] = []
    size = f"{effort.slices} x {SIDE} x {SIDE}"
    for kind, write in (("noise", write_slices), ("a head", write_head)):
        with tempfile.TemporaryDirectory() as name:
            series = Path(name) / "series"
            series.mkdir()
            write(series, effort.slices)
            rows += _beside(f"{size} of {kind}", series, effort.runs, store)
            if kind == "a head":
                rows += _beside(
                    f"{size} of {kind} with its originals", series, effort.runs, store_all
                )
    return [*rows, _memory(effort)]


def store(series: Path, folder: Path, known: Volume) -> None:
    """Import a series and store it."""
    with VolumeStore(folder / "volumes").writing() as writer:
        writer.expect(known.geometry, hu=known.hu)
        writer.finish(read_volume([series], None, sink=writer))


def store_all(series: Path, folder: Path, known: Volume) -> None:
    """Import a series and store it, and keep its files too."""
    originals = OriginalStore(folder / "originals")
    with ThreadPoolExecutor(1) as beside, VolumeStore(folder / "volumes").writing() as writer:
        kept = beside.submit(originals.keep_all, sorted(series.iterdir()))
        writer.expect(known.geometry, hu=known.hu)
        writer.finish(read_volume([series], None, sink=writer), kept.result())


def _beside(what: str, series: Path, runs: int, storing: Store) -> list[Row]:
    """Return import with storing against import alone, by turns, and the difference."""
    known = read_volume([series])
    pairs = []
    stored_mb = 0.0
    for run in range(runs + 1):
        with tempfile.TemporaryDirectory(dir=series.parent) as folder:
            alone = _seconds(lambda: read_volume([series]))
            together = _seconds(lambda: storing(series, Path(folder), known))
            stored_mb = sum(it.stat().st_size for it in Path(folder).rglob("*")) / 1e6
        if run:  # the first only warms up
            pairs.append((together, alone))
    compared = row_of(f"import and store {what} / import alone", pairs)
    extra = figure(f"storing {what} beside the import", [one - two for one, two in pairs], "s")
    note = f"{known.voxels.nbytes / 1e6:.0f} MB of voxels, {stored_mb:.0f} MB synced to the disk"
    return [compared, extra.noted(note)]


def _memory(effort: Effort) -> Row:
    count = round(effort.slices * LARGE)
    with tempfile.TemporaryDirectory() as name:
        series, folder = Path(name) / "series", Path(name) / "store"
        series.mkdir()
        write_head(series, count)
        command = [sys.executable, "-m", "benchmarks.volume_store", str(series), str(folder)]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    array_mb = count * SIDE * SIDE * 2 / 1e6
    row = figure("import and store, peak memory beyond the array", [float(told) - array_mb], "MB")
    return row.noted(f"the array is {array_mb:.0f} MB, in memory too")


def write_head(folder: Path, count: int) -> None:
    """Write a CT series that compresses as a head does: air, skin, skull and brain, with noise."""
    random = np.random.default_rng(1)
    noise = random.normal(0, NOISE_HU, (8, SIDE, SIDE))
    for k in range(count):
        dataset = slice_without_pixels(k)
        shift = int(random.integers(SIDE))
        values = _head(k / count) + np.roll(noise[k % 8], shift, axis=(0, 1))
        dataset.PixelData = (np.clip(np.rint(values), -1024, 3071) + 1024).astype("<u2").tobytes()
        pydicom.dcmwrite(folder / f"{k:04d}.dcm", dataset, enforce_file_format=True)


def _head(height: float) -> NDArray[np.float64]:
    """Return one slice without noise, HU."""
    x, y = np.meshgrid(*[(np.arange(SIDE) - SIDE / 2) / (0.45 * SIDE)] * 2)
    radius = np.hypot(x, 0.8 * y) / max(0.2, 1 - (2 * height - 1) ** 2) ** 0.5
    layers = [radius < 0.84, radius < 0.9, radius < 1.0]
    values: NDArray[np.float64] = np.select(layers, [35.0, 1100.0, 60.0], -1000.0)
    return values


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _store_here(series: Path, folder: Path) -> None:
    """Import and store, and print the peak of this process, MB."""
    with VolumeStore(folder).writing() as writer:
        volume = read_volume([series], None, sink=writer)
        writer.finish(volume)
    print(peak_memory_mb())


if __name__ == "__main__":
    _store_here(Path(sys.argv[1]), Path(sys.argv[2]))
