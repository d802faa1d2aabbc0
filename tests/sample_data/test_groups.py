"""The craniopagus phantom names its two subjects, and says how each one lies."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pydicom
import pytest

from imaging.anatomical_frame import AnatomicalFrame
from imaging.space import dot
from sample_data.acquisition import Acquisition, Modality, PatientPosition
from sample_data.craniopagus import craniopagus
from sample_data.groups import subject_items
from sample_data.scene import MR_FROM_CT
from sample_data.scenes import SCENES
from sample_data.series import write_series

POSITIONS = get_args(PatientPosition)
COARSE = Acquisition(spacing_mm=(12.0, 12.0, 12.0))


def positions(theta_deg: float, position: PatientPosition) -> Iterator[str]:
    return (item.PatientPosition for item in subject_items(craniopagus(theta_deg), position))


def places(position: PatientPosition) -> list[list[int]]:
    items = subject_items(craniopagus(), position)
    return [list(item.SubjectRelativePositionInImage) for item in items]


@pytest.mark.parametrize("position", POSITIONS)
def test_twin_a_lies_as_the_series_says_and_twin_b_the_other_way_up(
    position: PatientPosition,
) -> None:
    a, b = positions(0, position)
    assert a == position
    assert {a[0], b[0]} == {"H", "F"}


@pytest.mark.parametrize(
    ("theta_deg", "expected"),
    [(0, "FFS"), (30, "FFS"), (90, "FFDR"), (160, "FFP"), (180, "FFP"), (270, "FFDL")],
)
def test_twin_b_turns_with_theta(theta_deg: float, expected: str) -> None:
    assert list(positions(theta_deg, "HFS")) == ["HFS", expected]


@pytest.mark.parametrize("position", POSITIONS)
@pytest.mark.parametrize("theta_deg", [0, 30, 90, 160])
def test_the_frame_from_positions_is_within_an_eighth_of_a_turn_of_the_truth(
    theta_deg: float, position: PatientPosition
) -> None:
    scene = craniopagus(theta_deg)
    for twin, lying in zip(scene.subjects, positions(theta_deg, position), strict=True):
        frame = AnatomicalFrame.from_positions(twin.owner, lying, position)
        for known, true in ((frame.left, twin.left), (frame.posterior, twin.posterior)):
            assert dot(known, true) > 0.7  # cos 45° = 0.707; none of these is further than 30°
        assert dot(frame.superior, twin.superior) == pytest.approx(1, abs=1e-12)


def test_head_first_twin_b_lies_deeper_in_the_machine() -> None:
    assert places("HFS") == places("HFP") == [[1, 1, 1], [1, 1, 2]]


def test_feet_first_twin_a_lies_deeper_in_the_machine() -> None:
    assert places("FFS") == places("FFDL") == [[1, 1, 2], [1, 1, 1]]


def test_a_copy_that_lies_a_little_askew_has_the_same_positions() -> None:
    scene = craniopagus(30)
    there, moved = (subject_items(it, "HFS") for it in (scene, scene.moved(MR_FROM_CT)))
    assert there == moved


@pytest.mark.parametrize("name", get_args(Modality))
def test_every_instance_names_the_group_and_its_subjects(name: Modality, tmp_path: Path) -> None:
    acquisition = replace(COARSE, modality=name, patient_position="FFP")
    write_series(craniopagus(90), tmp_path / "out", acquisition)
    for path in (tmp_path / "out").iterdir():
        dataset = pydicom.dcmread(path, stop_before_pixels=True)
        a, b = dataset.GroupOfPatientsIdentificationSequence
        assert dataset.PatientID == "COMMISSURE-PHANTOM"
        assert (a.PatientID, b.PatientID) == ("COMMISSURE-PHANTOM-A", "COMMISSURE-PHANTOM-B")
        assert (a.PatientPosition, b.PatientPosition) == ("FFP", "HFDL")
        assert list(b.SubjectRelativePositionInImage) == [1, 1, 1]


@pytest.mark.parametrize("name", [name for name in SCENES if name != "craniopagus"])
def test_a_scene_of_one_names_no_group(name: str) -> None:
    assert subject_items(SCENES[name](), "HFS") == []
