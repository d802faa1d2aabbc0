"""Inspection of 10,000 instances: headers only, against pydicom's own headers and SimpleITK's."""

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pydicom

from benchmarks.effort import FULL, Effort
from benchmarks.import_speed import slice_without_pixels
from benchmarks.machine import peak_memory_mb
from benchmarks.table import Row, compare, figure
from imaging.dicom.inspecting import inspect

SERIES = 20
PRIVATE_ELEMENTS = 60
SIDE = 32


def measure(effort: Effort = FULL) -> list[Row]:
    """Return the time of an inspection, and the most memory of a process that does nothing else."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_study(folder, effort.instances)
        size = f"inspect {effort.instances} instances"
        time = compare(
            f"{size} / pydicom reading the same headers",
            lambda: inspect([folder]),
            lambda: headers_by_pydicom(folder),
            min(effort.runs, 3),
        )
        return [time, figure(f"{size}, peak resident memory", [_peak_mb(folder)], "MB")]


def headers_by_pydicom(folder: Path) -> int:
    """Read all headers as a careful script would: no pixels, each file once."""
    count = 0
    for file in folder.rglob("*.dcm"):
        dataset = pydicom.dcmread(file, stop_before_pixels=True)
        count += len(dataset.ImagePositionPatient)
    return count


def write_study(folder: Path, count: int) -> None:
    """Write a study of several series, with headers as long as a scanner's."""
    pixels = np.arange(SIDE * SIDE, dtype=np.uint16).tobytes()
    for number in range(count):
        series, k = divmod(number, max(count // SERIES, 2))
        dataset = slice_without_pixels(k)
        dataset.Rows = dataset.Columns = SIDE
        dataset.SeriesInstanceUID += f".{series + 1}"
        dataset.SOPInstanceUID += f".{series + 1}"
        block = dataset.private_block(0x0019, "COMMISSURE BENCH", create=True)
        for at in range(PRIVATE_ELEMENTS):
            block.add_new(at, "LO", f"private value {at}")
        dataset.PixelData = pixels
        target = folder / f"series{series:02d}" / f"{k:05d}.dcm"
        target.parent.mkdir(exist_ok=True)
        pydicom.dcmwrite(target, dataset, enforce_file_format=True)


def _peak_mb(folder: Path) -> float:
    command = [sys.executable, "-m", "benchmarks.inspect_speed", str(folder)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


if __name__ == "__main__":
    inspect([Path(sys.argv[1])])
    print(peak_memory_mb())
