"""Each subject's own left, posterior and superior, against closed form and the phantom."""

import math
from dataclasses import replace
from typing import Final, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imaging.anatomical_frame import (
    MIDLINE_MM,
    POSITIONS,
    AnatomicalFrame,
    Landmarks,
    machine_axes,
)
from imaging.errors import LandmarkError
from imaging.space import RigidTransform, Vector, cross, dot, scale
from sample_data.acquisition import PatientPosition
from sample_data.craniopagus import craniopagus
from sample_data.craniopagus_truths import CENTRE_MM
from sample_data.grids import image_axes
from sample_data.twins import Twin, joined_at_the_crown

EXACT = 1e-12
"""Sums of products of ones and noughts, and of unit vectors."""

FLOAT_MM = 1e-9
"""Rounding of coordinates of a metre."""

THETAS: Final = (0.0, 30.0, 90.0, 160.0)

OF_TABLE: Final = {
    "HFS": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "HFP": ((-1, 0, 0), (0, -1, 0), (0, 0, 1)),
    "HFDR": ((0, -1, 0), (1, 0, 0), (0, 0, 1)),
    "HFDL": ((0, 1, 0), (-1, 0, 0), (0, 0, 1)),
    "FFS": ((-1, 0, 0), (0, 1, 0), (0, 0, -1)),
    "FFP": ((1, 0, 0), (0, -1, 0), (0, 0, -1)),
    "FFDR": ((0, -1, 0), (-1, 0, 0), (0, 0, -1)),
    "FFDL": ((0, 1, 0), (1, 0, 0), (0, 0, -1)),
}
"""Patient left, posterior and head in table coordinates: DICOM PS3.17, FFF.1.2.2."""

coordinates = st.floats(-1000, 1000, allow_subnormal=False)
points = st.tuples(coordinates, coordinates, coordinates)
axes = points.filter(lambda axis: math.hypot(*axis) > 1)
turns = st.builds(RigidTransform.about_axis, axes, st.floats(-180, 180))
positions = st.sampled_from(POSITIONS)


def turned(turn: RigidTransform) -> AnatomicalFrame:
    left, posterior, superior = (
        turn.apply_direction(it) for it in ((1, 0, 0), (0, 1, 0), (0, 0, 1))
    )
    return AnatomicalFrame("A", left, posterior, superior)


def truth(twin: Twin) -> AnatomicalFrame:
    return AnatomicalFrame(twin.owner, twin.left, twin.posterior, twin.superior)


def head(twin: Twin) -> Landmarks:
    """Return landmarks of a twin; the phantom's nose, left ear and the ear that it lacks."""
    place = twin.world_from_twin.apply
    return Landmarks(
        place((0, -71, -14)), place((70, 4, -6)), place((-70, 4, -6)), place((0, 4, 54))
    )


def determinant(frame: AnatomicalFrame) -> float:
    return dot(cross(frame.left, frame.posterior), frame.superior)


@pytest.mark.parametrize("position", get_args(PatientPosition))
def test_the_machine_is_seen_from_a_patient_as_the_standard_s_table_says(position: str) -> None:
    own = machine_axes(position)
    columns = [[axis[n] for axis in own] for n in range(3)]
    assert columns == [list(axis) for axis in OF_TABLE[position]]


@pytest.mark.parametrize("position", get_args(PatientPosition))
def test_the_machine_lies_where_the_phantoms_scanner_has_it(position: PatientPosition) -> None:
    assert machine_axes(position) == image_axes("axial", position)


@given(subject=positions, series=positions)
def test_a_frame_from_positions_is_a_rotation_by_quarter_turns(subject: str, series: str) -> None:
    frame = AnatomicalFrame.from_positions("A", subject, series)
    assert determinant(frame) == pytest.approx(1, abs=EXACT)
    for axis in (frame.left, frame.posterior, frame.superior):
        assert sorted(map(abs, axis)) == [0, 0, 1]


@given(position=positions)
def test_who_lies_as_the_series_says_has_the_frame_of_the_image(position: str) -> None:
    frame = AnatomicalFrame.from_positions("A", position, position)
    assert replace(frame, basis="nominal") == AnatomicalFrame.of_image("A")


@given(first=positions, second=positions, point=points)
def test_the_frame_of_one_in_the_image_of_the_other_is_turned_back_the_other_way(
    first: str, second: str, point: Vector
) -> None:
    there = AnatomicalFrame.from_positions("A", first, second)
    back = AnatomicalFrame.from_positions("A", second, first)
    assert back.to_subject(there.to_subject(point)) == pytest.approx(point, abs=FLOAT_MM)


@pytest.mark.parametrize(
    ("theta_deg", "subject_position"),
    [(0, "FFS"), (90, "FFDR"), (180, "FFP"), (270, "FFDL")],
)
def test_positions_tell_twin_b_of_the_phantom_at_quarter_turns(
    theta_deg: float, subject_position: str
) -> None:
    frame = AnatomicalFrame.from_positions("B", subject_position, "HFS")
    _, twin = joined_at_the_crown(CENTRE_MM, theta_deg)
    for known, true in zip(
        (frame.left, frame.posterior, frame.superior),
        (twin.left, twin.posterior, twin.superior),
        strict=True,
    ):
        assert known == pytest.approx(true, abs=EXACT)


@pytest.mark.parametrize(
    ("theta_deg", "left"), [(0, (-1, 0, 0)), (30, (-math.sqrt(3) / 2, -0.5, 0))]
)
def test_left_of_twin_b_is_where_the_closed_form_has_it(theta_deg: float, left: Vector) -> None:
    theta = math.radians(theta_deg)
    _, twin = joined_at_the_crown(CENTRE_MM, theta_deg)
    frame = AnatomicalFrame.from_landmarks("B", head(twin))
    assert frame.left == pytest.approx(left, abs=EXACT)
    assert frame.superior == pytest.approx((0, 0, -1), abs=EXACT)
    anterior = scale(frame.posterior, -1)
    assert anterior == pytest.approx((math.sin(theta), -math.cos(theta), 0), abs=EXACT)
    assert determinant(frame) == pytest.approx(1, abs=EXACT)


@pytest.mark.parametrize("theta_deg", THETAS)
@pytest.mark.parametrize("owner", ["A", "B"])
def test_the_left_ear_of_each_twin_is_on_its_left(owner: str, theta_deg: float) -> None:
    """Phantom check 2, second half."""
    scene = craniopagus(theta_deg)
    twin = next(it for it in joined_at_the_crown(CENTRE_MM, theta_deg) if it.owner == owner)
    ear, nose = (scene.world_point(f"{name}_{owner.lower()}") for name in ("left_ear", "nose"))
    for frame in (truth(twin), AnatomicalFrame.from_landmarks(owner, head(twin))):
        assert frame.side_of(ear, twin.centre) == "left"
        assert frame.side_of(nose, twin.centre) == "midline"
        assert frame.letters(frame.left) == "L"
        assert frame.to_subject(ear, twin.centre) == pytest.approx((70, 4, -6), abs=FLOAT_MM)


def test_the_left_of_one_twin_is_the_right_of_the_other() -> None:
    a, b = (truth(twin) for twin in joined_at_the_crown(CENTRE_MM, 0))
    assert (a.letters((1, 0, 0)), b.letters((1, 0, 0))) == ("L", "R")
    assert (a.side_of((9, 0, 0), (0, 0, 0)), b.side_of((9, 0, 0), (0, 0, 0))) == ("left", "right")


@given(turn=turns, point=points, origin=points)
def test_coordinates_of_a_subject_go_there_and_back(
    turn: RigidTransform, point: Vector, origin: Vector
) -> None:
    frame = turned(turn)
    assert determinant(frame) == pytest.approx(1, abs=EXACT)
    own = frame.to_subject(point, origin)
    assert frame.to_image(own, origin) == pytest.approx(point, abs=FLOAT_MM)
    assert math.hypot(*own) == pytest.approx(math.dist(point, origin), abs=FLOAT_MM)


@given(turn=turns, point=points)
def test_landmarks_find_a_head_however_it_is_turned_and_wherever_it_lies(
    turn: RigidTransform, point: Vector
) -> None:
    motion = RigidTransform(turn.rotation, point)
    frame = AnatomicalFrame.from_landmarks("A", head(Twin("A", motion)))
    expected = turned(turn)
    for known, true in zip(
        (frame.left, frame.posterior, frame.superior),
        (expected.left, expected.posterior, expected.superior),
        strict=True,
    ):
        assert known == pytest.approx(true, abs=FLOAT_MM)


@given(turn=turns)
def test_a_mirrored_head_is_refused(turn: RigidTransform) -> None:
    marks = head(Twin("A", turn))
    mirrored = replace(marks, left_ear=marks.right_ear, right_ear=marks.left_ear)
    with pytest.raises(LandmarkError, match="mirrored") as caught:
        AnatomicalFrame.from_landmarks("A", mirrored)
    assert caught.value.code == "mirrored_landmarks"


@pytest.mark.parametrize(
    "wrong",
    [
        {"nasion": (0.0, 4.0, 30.0)},
        {"vertex": (30.0, 4.0, -6.0)},
        {"vertex": (0.0, 4.0, -6.0)},
        {"right_ear": (70.0, 4.0, -6.0)},
        {"nasion": (0.0, -5.0, 40.0)},
    ],
)
def test_landmarks_nearly_in_one_plane_or_line_are_refused(wrong: dict[str, Vector]) -> None:
    marks = replace(head(joined_at_the_crown(0, 0)[0]), **wrong)
    with pytest.raises(LandmarkError) as caught:
        AnatomicalFrame.from_landmarks("A", marks)
    assert caught.value.code == "flat_landmarks"


@pytest.mark.parametrize(
    ("left", "posterior", "superior", "why"),
    [
        ((-1, 0, 0), (0, 1, 0), (0, 0, 1), "mirrored"),
        ((2, 0, 0), (0, 1, 0), (0, 0, 1), "one long"),
        ((1, 0, 0), (0.6, 0.8, 0), (0, 0, 1), "right angles"),
        ((1, 0, 0), (0, 1, 0), (0, 0, math.nan), "finite"),
    ],
)
def test_axes_that_are_no_rotation_are_refused(
    left: Vector, posterior: Vector, superior: Vector, why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        AnatomicalFrame("A", left, posterior, superior)


@pytest.mark.parametrize("position", ["", "HF", "HFX", "SITTING", "hfs", "AFS", "LFDR"])
def test_a_position_that_names_no_rotation_is_refused(position: str) -> None:
    for pair in ((position, "HFS"), ("HFS", position)):
        with pytest.raises(ValueError, match="none of the known terms"):
            AnatomicalFrame.from_positions("A", *pair)


@pytest.mark.parametrize(
    ("position", "right", "down", "inwards"),
    [("LFS", "I", "P", "L"), ("AFDR", "S", "R", "A"), ("PFDL", "S", "L", "P")],
)
def test_positions_of_one_who_does_not_lie_along_the_machine_are_known_too(
    position: str, right: str, down: str, inwards: str
) -> None:
    image = AnatomicalFrame.of_image("A")
    assert [image.letters(axis) for axis in machine_axes(position)] == [right, down, inwards]


@pytest.mark.parametrize(
    ("direction", "letters"),
    [
        ((0, 0, 1), "S"),
        ((0, -3, 0), "A"),
        ((-0.6, 0.0, 0.8), "SR"),
        ((0.08, 1, 0), "P"),
        ((-1, -2, -3), "IAR"),
    ],
)
def test_letters_name_what_a_direction_points_to_the_main_one_first(
    direction: Vector, letters: str
) -> None:
    assert AnatomicalFrame.of_image("A").letters(direction) == letters


def test_a_direction_without_length_has_no_letters() -> None:
    with pytest.raises(ValueError, match="no length"):
        AnatomicalFrame.of_image("A").letters((0, 0, 0))


def test_a_point_on_the_midline_has_no_side() -> None:
    frame = AnatomicalFrame.of_image("A")
    sides = [frame.side_of((x, 7, 7), (0, 0, 0)) for x in (-1, -MIDLINE_MM, 0, MIDLINE_MM, 1)]
    assert sides == ["right", "midline", "midline", "midline", "left"]
