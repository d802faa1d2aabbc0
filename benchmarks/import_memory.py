"""Most memory that an import takes, in a process of its own, against SimpleITK's."""

import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.effort import FULL, Effort
from benchmarks.import_speed import SIDE, image_by_simple_itk, write_slices
from benchmarks.machine import peak_memory_mb
from benchmarks.table import Row, row_of


def measure(effort: Effort = FULL) -> list[Row]:
    """Return the peak of an import with all libraries that it loads, against SimpleITK's."""
    with tempfile.TemporaryDirectory() as folder:
        write_slices(Path(folder), effort.slices)
        pairs = [
            (_peak_mb("ours", folder), _peak_mb("SimpleITK", folder)) for _ in range(effort.runs)
        ]
    volume_mb = effort.slices * SIDE * SIDE * 2 / 1e6
    row = row_of("import, peak resident memory / SimpleITK", pairs, "MB")
    return [row.noted(f"the voxels alone are {volume_mb:.0f} MB")]


def _peak_mb(who: str, folder: str) -> float:
    command = [sys.executable, "-m", "benchmarks.import_memory", who, folder]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def _import_here(who: str, folder: Path) -> None:
    """Import and print the peak of this process, MB."""
    if who == "ours":
        from imaging.dicom.reading import read_volume

        kept: object = read_volume([folder])
    else:
        kept = image_by_simple_itk(folder)
    print(peak_memory_mb())
    del kept


if __name__ == "__main__":
    _import_here(sys.argv[1], Path(sys.argv[2]))
