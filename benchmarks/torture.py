"""Where voxels of odd series end up: ours and SimpleITK's series reader, in mm beside the truth.

No time is measured here. Every voxel holds a number of its own, so that each is found again
wherever a reader puts it.
"""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.effort import FULL, Effort
from benchmarks.table import Row
from imaging.dicom.inspecting import inspect
from imaging.dicom.reading import read_volume
from tests.imaging.dicom.planes import (
    INTERCEPT,
    Plane,
    about_x,
    held_planes,
    stack,
    tagged,
    worst_mm,
    write_planes,
)
from tests.imaging.dicom.written_series import ROOT

SLICES: Final = 40


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a reader made of a series."""

    worst_mm: float | None
    """How far the worst voxel of all volumes lies from where it was scanned; None if refused."""
    said: str
    """Codes, or how many of the slices are in how many volumes."""


def leaning(angle_deg: float = 20.0) -> list[Plane]:
    """Return the slices of a tilted gantry."""
    lean = about_x(angle_deg)
    return [
        replace(
            one, row=tuple((lean @ one.row).tolist()), column=tuple((lean @ one.column).tolist())
        )
        for one in stack(SLICES)
    ]


def _gapped() -> list[Plane]:
    return [one for at, one in enumerate(stack(SLICES)) if at not in {10, 11, 12}]


def _uneven() -> list[Plane]:
    return [*stack(20, (0, 0, 1), (0, 0, 0)), *stack(20, (0, 0, 3), (0, 0, 22))]


def _repeated() -> list[Plane]:
    planes = stack(SLICES)
    return [*planes, planes[7]]


def _sagittal() -> list[Plane]:
    return stack(20, (1.5, 0, 0), row=(0.0, 1.0, 0.0), column=(0.0, 0.0, -1.0))


CASES: Final[dict[str, list[Plane]]] = {
    "plain": stack(SLICES),
    "gantry tilt 20 degrees": leaning(),
    "spacing 1 mm, then 3 mm": _uneven(),
    "3 slices missing": _gapped(),
    "a second slice in one place": _repeated(),
    "two times in one series": [
        *tagged(stack(20), AcquisitionNumber=1),
        *tagged(stack(20), AcquisitionNumber=2),
    ],
    "two kernels in one series": [
        *tagged(stack(20), ConvolutionKernel="H30s"),
        *tagged(stack(20), ConvolutionKernel="H60s"),
    ],
    "axial and sagittal in one series": [*stack(20), *_sagittal()],
    "two frames of reference": [
        *stack(20),
        *tagged(stack(20, origin=(-31.5, 12.25, 150.0)), FrameOfReferenceUID=f"{ROOT}.44"),
    ],
    "no position": tagged(stack(SLICES), ImagePositionPatient=None, ImageOrientationPatient=None),
}
"""Each is one series."""


def measure(effort: Effort = FULL) -> list[Row]:
    """Return for each case how far the worst voxel is off, ours and SimpleITK's."""
    del effort  # where a voxel lies does not depend on how many there are
    rows = []
    for name, planes in CASES.items():
        with tempfile.TemporaryDirectory() as folder:
            write_planes(Path(folder), planes)
            mine, theirs = ours(Path(folder), planes), by_simple_itk(Path(folder), planes)
        note = f"ours: {mine.said}; SimpleITK: {theirs.said}"
        rows.append(Row(name, mine.worst_mm or 0.0, theirs.worst_mm, None, None, None, "mm", note))
    return rows


def ours(folder: Path, planes: Sequence[Plane]) -> Outcome:
    """Return what we make of the series."""
    found = inspect([folder])
    if not found.volumes:
        return Outcome(None, f"refused, {', '.join(one.code for one in found.refused)}")
    volumes = [read_volume([folder], one.id) for one in found.volumes]
    held = sum(len(held_planes(volume, planes)) for volume in volumes)
    warned = sorted({code for volume in volumes for code, _ in volume.warnings})
    count = "1 volume" if len(volumes) == 1 else f"{len(volumes)} volumes"
    said = f"{held} slices, {count}" + "".join(f", {code}" for code in warned)
    return Outcome(round(max(worst_mm(volume, planes) for volume in volumes), 6), said)


def by_simple_itk(folder: Path, planes: Sequence[Plane]) -> Outcome:
    """Return what SimpleITK makes of it, without its remarks on the console."""
    import SimpleITK

    SimpleITK.ProcessObject.GlobalWarningDisplayOff()
    try:
        reader = SimpleITK.ImageSeriesReader()
        reader.SetFileNames(SimpleITK.ImageSeriesReader.GetGDCMSeriesFileNames(str(folder)))
        image = reader.Execute()
    except RuntimeError:
        return Outcome(None, "an error")
    finally:
        SimpleITK.ProcessObject.GlobalWarningDisplayOn()
    voxels = SimpleITK.GetArrayFromImage(image)
    k, j, i = np.indices(voxels.shape).reshape(3, -1)
    steps = np.array(image.GetDirection()).reshape(3, 3) * np.array(image.GetSpacing())
    found = np.column_stack([i, j, k]) @ steps.T + np.array(image.GetOrigin())
    truth = np.concatenate([one.places() for one in planes])
    numbers = np.rint(voxels.ravel() - float(INTERCEPT)).astype(int)
    off_mm = np.linalg.norm(found - truth[numbers], axis=1)
    return Outcome(float(off_mm.max()), f"{voxels.shape[0]} slices, 1 volume")


if __name__ == "__main__":
    for row in measure():
        print(row)
