"""What the common reader makes of odd series, measured, so that nobody has to believe it."""

from pathlib import Path

import pytest

from benchmarks import torture
from tests.imaging.dicom.planes import PLACE_TOLERANCE_MM, stack, write_planes

MISPLACED_MM = {
    "gantry tilt 20 degrees": 30.0,
    "spacing 1 mm, then 3 mm": 10.0,
    "3 slices missing": 5.0,
    "a second slice in one place": 70.0,
    "two times in one series": 20.0,
    "two kernels in one series": 20.0,
    "axial and sagittal in one series": 40.0,
    "no position": 100.0,
}
"""SimpleITK puts a voxel at least so far from where it was scanned, and says nothing."""


@pytest.mark.parametrize("case", torture.CASES)
def test_ours_is_right_or_refuses_where_the_common_reader_is_silently_wrong(
    tmp_path: Path, case: str
) -> None:
    planes = torture.CASES[case]
    write_planes(tmp_path, planes)
    mine, theirs = torture.ours(tmp_path, planes), torture.by_simple_itk(tmp_path, planes)
    if mine.worst_mm is None:
        assert mine.said.startswith("refused, ")
    else:
        assert mine.worst_mm < PLACE_TOLERANCE_MM
    assert theirs.worst_mm is not None
    assert theirs.worst_mm >= MISPLACED_MM.get(case, 0.0)
    assert theirs.worst_mm < PLACE_TOLERANCE_MM or case in MISPLACED_MM


def test_the_common_reader_merges_two_frames_of_reference(tmp_path: Path) -> None:
    planes = torture.CASES["two frames of reference"]
    write_planes(tmp_path, planes)
    assert torture.by_simple_itk(tmp_path, planes).said == "40 slices, 1 volume"
    assert torture.ours(tmp_path, planes).said == "40 slices, 2 volumes, split"


def test_the_common_reader_drops_a_file_that_is_cut_short(tmp_path: Path) -> None:
    planes = stack(9)
    last = write_planes(tmp_path, planes)[-1]
    last.write_bytes(last.read_bytes()[:-10])
    assert torture.by_simple_itk(tmp_path, planes).said == "8 slices, 1 volume"
    assert torture.ours(tmp_path, planes).said == "refused, truncated_file"
