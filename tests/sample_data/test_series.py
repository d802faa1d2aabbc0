"""DICOM series: valid, in the right place, and the same bytes each time."""

import math
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import get_args

import numpy as np
import pydicom
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imaging.dicom.reading import read_volume
from sample_data.acquisition import (
    Acquisition,
    Modality,
    Orientation,
    PatientPosition,
    SliceOrder,
)
from sample_data.craniopagus import craniopagus
from sample_data.scene import MR_FROM_CT
from sample_data.scenes import SCENES
from sample_data.series import instance_numbers, scan, write_series

COARSE = Acquisition(spacing_mm=(6.0, 7.0, 8.0))
DCIODVFY = Path(sys.executable).with_name("dciodvfy")

SCANS = {
    "axial CT": COARSE,
    "coronal CT, prone": replace(COARSE, orientation="coronal", patient_position="HFP"),
    "sagittal CT, feet first": replace(COARSE, orientation="sagittal", patient_position="FFS"),
    "oblique CT, on the side, shuffled": replace(
        COARSE, orientation="oblique", patient_position="HFDL", slice_order="shuffled"
    ),
    "descending CT": replace(COARSE, slice_order="descending"),
    "tilted CT": replace(COARSE, tilt_deg=16.5),
    "CT tilted the other way, prone, feet first": replace(
        COARSE, tilt_deg=-25.0, patient_position="FFP", slice_order="descending"
    ),
    "axial MR": replace(COARSE, modality="MR"),
    "oblique MR": replace(COARSE, modality="MR", orientation="oblique"),
}


def read(folder: Path) -> list[pydicom.Dataset]:
    return [pydicom.dcmread(path) for path in sorted(folder.iterdir())]


@pytest.mark.parametrize("name", SCANS)
def test_dciodvfy_finds_no_error_in_a_scan_of_the_craniopagus(name: str, tmp_path: Path) -> None:
    write_series(craniopagus(30), tmp_path / "out", SCANS[name])
    for path in sorted((tmp_path / "out").iterdir())[::9]:
        verdict = subprocess.run(
            [DCIODVFY, path], capture_output=True, text=True, check=False, timeout=60
        )
        assert "Error" not in verdict.stdout + verdict.stderr
        assert verdict.returncode == 0


@pytest.mark.parametrize("name", SCENES)
@pytest.mark.parametrize("modality", get_args(Modality))
def test_dciodvfy_finds_no_error_in_any_scene(
    name: str, modality: Modality, tmp_path: Path
) -> None:
    write_series(SCENES[name](), tmp_path / "out", replace(COARSE, modality=modality))
    path = min((tmp_path / "out").iterdir())
    verdict = subprocess.run(
        [DCIODVFY, path], capture_output=True, text=True, check=False, timeout=60
    )
    assert "Error" not in verdict.stdout + verdict.stderr
    assert verdict.returncode == 0


@pytest.mark.parametrize("name", SCANS)
def test_a_marker_is_found_where_position_and_orientation_say(name: str, tmp_path: Path) -> None:
    """By DICOM PS3.3, equation C.7.6.2.1-1, from the tags alone: a small ball in each place."""
    acquisition = replace(SCANS[name], spacing_mm=(2.0, 2.5, 3.0), noise_sd=0)
    scene = replace(SCENES["liver"](), layers=(SCENES["liver"]().layer("tumour"),))
    write_series(scene, tmp_path / "out", acquisition)
    total, moment = 0.0, np.zeros(3)
    for dataset in read(tmp_path / "out"):
        along_row = np.array(dataset.ImageOrientationPatient[:3], dtype=float)
        down_column = np.array(dataset.ImageOrientationPatient[3:], dtype=float)
        row_spacing, column_spacing = (float(value) for value in dataset.PixelSpacing)
        rows, columns = np.mgrid[: dataset.Rows, : dataset.Columns]
        weight = dataset.pixel_array.astype(float)
        if acquisition.modality == "CT":
            weight += float(dataset.RescaleIntercept) + 1000  # above air
        position = np.array(dataset.ImagePositionPatient, dtype=float)
        total += weight.sum()
        moment += weight.sum() * position
        moment += (weight * columns).sum() * column_spacing * along_row
        moment += (weight * rows).sum() * row_spacing * down_column
    expected = (40.0, 0.0, 0.0)
    if acquisition.modality == "MR":
        expected = MR_FROM_CT.apply(expected)
    assert moment / total == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize("name", SCANS)
def test_the_reader_gets_back_what_was_written(name: str, tmp_path: Path) -> None:
    written = write_series(craniopagus(30), tmp_path / "out", SCANS[name])
    volume = read_volume(sorted((tmp_path / "out").iterdir()))
    assert volume.geometry.shape_kji == written.geometry.shape_kji
    assert volume.series_uid == written.series_uid
    assert volume.frame_of_reference_uid == written.frame_of_reference_uid
    assert volume.hu == (written.modality == "CT")
    index = np.stack(np.meshgrid(*map(range, (5, 4, 3))), axis=-1).reshape(-1, 3)
    there = np.rint(written.geometry.world_to_index(volume.geometry.index_to_world(index)))
    back = written.geometry.index_to_world(there)
    assert back == pytest.approx(volume.geometry.index_to_world(index), abs=1e-6)
    i, j, k = there.astype(int).T
    read_values = volume.voxels[index[:, 2], index[:, 1], index[:, 0]]
    assert np.array_equal(read_values, written.voxels[k, j, i])


@pytest.mark.parametrize("tilt_deg", [16.5, -16.5])
def test_a_tilted_scan_has_turned_slices_stacked_along_the_table(
    tilt_deg: float, tmp_path: Path
) -> None:
    write_series(SCENES["ball"](), tmp_path / "out", replace(COARSE, tilt_deg=tilt_deg))
    one, two = read(tmp_path / "out")[:2]
    angle = math.radians(tilt_deg)
    turned = [1, 0, 0, 0, math.cos(angle), math.sin(angle)]
    assert [float(x) for x in one.ImageOrientationPatient] == pytest.approx(turned)
    step = np.subtract(two.ImagePositionPatient, one.ImagePositionPatient)
    assert step == pytest.approx([0, 0, 8], abs=1e-6)
    assert float(one.GantryDetectorTilt) == pytest.approx(tilt_deg)
    assert float(one.SliceThickness) == pytest.approx(8 * math.cos(angle))


def test_a_tilted_scan_holds_the_whole_scene() -> None:
    volume = scan(SCENES["ball"](), replace(COARSE, tilt_deg=25.0, noise_sd=0))
    for face in (volume.voxels[0], volume.voxels[-1], volume.voxels[:, 0], volume.voxels[:, -1]):
        assert np.unique(face).tolist() == [-1000]


def test_the_same_scan_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_series(SCENES["ball"](), tmp_path / name, COARSE)
    one, two = (sorted((tmp_path / name).iterdir()) for name in ("one", "two"))
    assert [path.name for path in one] == [path.name for path in two]
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]


@pytest.mark.parametrize(
    "other",
    [
        replace(COARSE, seed=2),
        replace(COARSE, noise_sd=0),
        replace(COARSE, modality="MR"),
        replace(COARSE, orientation="coronal"),
        replace(COARSE, patient_position="FFP"),
        replace(COARSE, spacing_mm=(6.0, 7.0, 7.0)),
    ],
)
def test_another_scan_is_another_series_of_the_same_study(other: Acquisition) -> None:
    scene = SCENES["ball"]()
    one, two = scan(scene, COARSE), scan(scene, other)
    assert one.series_uid != two.series_uid
    assert one.study_uid == two.study_uid
    same_frame = one.frame_of_reference_uid == two.frame_of_reference_uid
    assert same_frame == (other.modality == "CT")


def test_another_theta_is_another_study() -> None:
    one, two = (scan(craniopagus(theta), COARSE) for theta in (0, 30))
    assert one.study_uid != two.study_uid
    assert one.frame_of_reference_uid != two.frame_of_reference_uid


@given(
    count=st.integers(1, 400),
    order=st.sampled_from(get_args(SliceOrder)),
    seed=st.integers(0, 9),
)
@settings(max_examples=50, deadline=None)
def test_instance_numbers_count_every_slice_once(count: int, order: SliceOrder, seed: int) -> None:
    numbers = instance_numbers(count, Acquisition(slice_order=order, seed=seed))
    assert sorted(numbers) == list(range(1, count + 1))
    if order != "shuffled":
        assert numbers == sorted(numbers, reverse=order == "descending")


@pytest.mark.parametrize("order", get_args(SliceOrder))
def test_the_order_of_instances_moves_no_slice(order: SliceOrder, tmp_path: Path) -> None:
    write_series(SCENES["ball"](), tmp_path / "out", replace(COARSE, slice_order=order))
    heights = [float(dataset.ImagePositionPatient[2]) for dataset in read(tmp_path / "out")]
    numbers = [int(dataset.InstanceNumber) for dataset in read(tmp_path / "out")]
    assert numbers == list(range(1, len(numbers) + 1))
    assert (heights == sorted(heights)) == (order == "ascending")
    assert (heights == sorted(heights, reverse=True)) == (order == "descending")


@pytest.mark.parametrize("position", get_args(PatientPosition))
@pytest.mark.parametrize("orientation", get_args(Orientation))
def test_every_position_is_written_down_as_such(
    position: PatientPosition, orientation: Orientation, tmp_path: Path
) -> None:
    acquisition = replace(COARSE, patient_position=position, orientation=orientation)
    volume = write_series(SCENES["box"](), tmp_path / "out", acquisition)
    for dataset in read(tmp_path / "out"):
        assert dataset.PatientPosition == position
        written = [float(value) for value in dataset.ImageOrientationPatient]
        i_axis, j_axis, _ = volume.geometry.direction
        assert written == pytest.approx([*i_axis, *j_axis], abs=1e-9)


def test_the_mr_copy_is_the_ct_moved_by_the_known_transform() -> None:
    """Phantom check 11: ten targets, each in a frame of reference of its own."""
    scene = craniopagus()
    targets = [name for name in scene.points if name.startswith("target")]
    assert len(targets) == 10
    moved = scene.moved(MR_FROM_CT)
    for name in targets:
        assert moved.world_point(name) == pytest.approx(MR_FROM_CT.apply(scene.points[name]))
    assert 5 < MR_FROM_CT.angle_deg < 10
    ct, mr = (scan(scene, replace(COARSE, modality=m)) for m in get_args(Modality))
    assert ct.frame_of_reference_uid != mr.frame_of_reference_uid
