"""Laws of reading: names and order of files mean nothing, and rigid motion stays rigid motion."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from imaging.dicom.choice import Choice
from imaging.dicom.inspecting import inspect
from imaging.dicom.reading import read_volume
from imaging.volume import Volume
from tests.imaging.dicom.planes import (
    PLACE_TOLERANCE_MM,
    Plane,
    about_x,
    held_planes,
    rotated,
    stack,
    tagged,
    worst_mm,
    write_planes,
)
from tests.imaging.dicom.test_reading_closed_form import rotations
from tests.imaging.dicom.written_series import ROOT


def mixture() -> list[Plane]:
    """Return one series of two orientations, two times, two frames of reference, two kernels."""
    axial, turned = stack(4), rotated(stack(4), about_x(90))
    return [
        *tagged(axial, AcquisitionNumber=1),
        *tagged(axial, AcquisitionNumber=2),
        *tagged(turned, ConvolutionKernel="a"),
        *tagged(turned, ConvolutionKernel="b"),
        *tagged(axial, FrameOfReferenceUID=f"{ROOT}.44"),
        *rotated(tagged(axial, FrameOfReferenceUID=f"{ROOT}.44"), about_x(40)),
    ]


@contextmanager
def written(planes: Sequence[Plane], names: Sequence[str] | None = None) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        write_planes(Path(folder), planes, names=names)
        yield Path(folder)


def volumes_in(folder: Path) -> dict[str, Volume]:
    return {one.id: read_volume([folder], Choice(one.id)) for one in inspect([folder]).volumes}


@settings(deadline=None, max_examples=2)
@given(order=st.permutations(range(24)))
def test_names_and_order_of_files_change_nothing(order: Sequence[int]) -> None:
    planes = mixture()
    with written(planes) as plain, written(planes, [f"{at:03d}" for at in order]) as shuffled:
        one, other = volumes_in(plain), volumes_in(shuffled)
    assert one.keys() == other.keys()
    for name, volume in one.items():
        assert np.array_equal(volume.voxels, other[name].voxels)
        assert volume.geometry == other[name].geometry
        assert volume.warnings == other[name].warnings


def test_the_order_of_instances_within_a_series_changes_nothing() -> None:
    """Numbers of instances are another order than that of their files."""
    planes = mixture()
    backwards = [one.tagged(InstanceNumber=99 - at) for at, one in enumerate(planes)]
    with written(planes) as plain, written(backwards) as turned:
        one, other = volumes_in(plain), volumes_in(turned)
    assert {name: volume.geometry for name, volume in one.items()} == {
        name: volume.geometry for name, volume in other.items()
    }


MOTIONS = st.tuples(rotations(), st.tuples(*(st.floats(-500, 500) for _ in range(3))))


def leaning() -> list[Plane]:
    lean = about_x(17)
    return [
        replace(
            one, row=tuple((lean @ one.row).tolist()), column=tuple((lean @ one.column).tolist())
        )
        for one in stack(5)
    ]


@settings(deadline=None, max_examples=8)
@given(motion=MOTIONS)
def test_a_patient_that_moves_rigidly_moves_every_voxel_so(
    motion: tuple[tuple[tuple[float, ...], ...], tuple[float, ...]],
) -> None:
    for planes in (stack(5), leaning()):
        with written(planes) as folder:
            resting = read_volume([folder])
        moved = rotated(planes, motion[0], motion[1])
        with written(moved) as folder:
            volume = read_volume([folder])
        assert np.array_equal(volume.voxels, resting.voxels)
        assert worst_mm(volume, moved) < PLACE_TOLERANCE_MM
        turn = np.array(motion[0])
        corners = np.array([[i, j, k] for i in (0, 3) for j in (0, 4) for k in (0, 4)])
        expected = resting.geometry.index_to_world(corners) @ turn.T + motion[1]
        off = np.abs(volume.geometry.index_to_world(corners) - expected).max()
        assert off < PLACE_TOLERANCE_MM


@settings(deadline=None, max_examples=8)
@given(
    sizes=st.lists(st.integers(2, 5), min_size=1, max_size=4),
    how=st.sampled_from(["AcquisitionNumber", "FrameOfReferenceUID", "StudyInstanceUID"]),
)
def test_no_plane_is_lost_or_doubled_by_splitting(sizes: list[int], how: str) -> None:
    planes: list[Plane] = []
    for number, size in enumerate(sizes):
        value = number if how == "AcquisitionNumber" else f"{ROOT}.5.{number}"
        planes += tagged(stack(max(sizes) if number == 0 else size), **{how: value})
    with written(planes) as folder:
        found = volumes_in(folder)
    held = sorted(at for volume in found.values() for at in held_planes(volume, planes))
    assert held == list(range(len(planes)))
    assert all(worst_mm(volume, planes) < PLACE_TOLERANCE_MM for volume in found.values())
