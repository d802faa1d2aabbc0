"""Landmark pairs: exact ones give the exact motion, noisy ones what theory expects."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from imaging.errors import PairedPointsError, SourceError
from imaging.registration.landmark_files import COLUMNS, read_landmarks
from imaging.registration.landmarks import LandmarkPair, fit_landmarks
from imaging.space import RigidTransform, Vector, distance_mm

ROUNDING_MM = 1e-6
"""Of doubles over a few hundred mm."""

coordinates = st.floats(-150, 150).map(lambda value: round(value, 3))
points = st.tuples(coordinates, coordinates, coordinates)
motions = st.builds(
    lambda axis, angle, shift: (
        RigidTransform(translation_mm=shift) @ RigidTransform.about_axis(axis, angle)
    ),
    st.tuples(coordinates, coordinates, st.floats(1, 150)),
    st.floats(-180, 180),
    points,
)


def pairs_of(moving: list[Vector], motion: RigidTransform) -> tuple[LandmarkPair, ...]:
    return tuple(LandmarkPair(motion.apply(point), point) for point in moving)


def spread(chosen: list[Vector]) -> float:
    centred = np.array(chosen) - np.mean(chosen, axis=0)
    return float(np.linalg.svd(centred, compute_uv=False)[1] / math.sqrt(len(chosen)))


@given(st.lists(points, min_size=3, max_size=12), motions)
def test_exact_pairs_give_the_exact_motion(moving: list[Vector], motion: RigidTransform) -> None:
    assume(spread(moving) > 5)
    fit = fit_landmarks(pairs_of(moving, motion))
    assert fit.fre_mm < ROUNDING_MM
    for point in moving:
        assert distance_mm(fit.fixed_from_moving.apply(point), motion.apply(point)) < ROUNDING_MM


@given(st.lists(points, min_size=3, max_size=8), motions, motions)
def test_the_fit_does_not_depend_on_where_the_scans_lie(
    moving: list[Vector], motion: RigidTransform, elsewhere: RigidTransform
) -> None:
    assume(spread(moving) > 5)
    noise = np.random.default_rng(7).normal(0, 1, (len(moving), 3))
    noisy = [
        LandmarkPair((x + a, y + b, z + c), point)
        for point, (x, y, z), (a, b, c) in zip(
            moving, map(motion.apply, moving), noise.tolist(), strict=True
        )
    ]
    assume(spread([pair.fixed for pair in noisy]) > 4)
    moved = [LandmarkPair(elsewhere.apply(pair.fixed), pair.moving) for pair in noisy]
    here, there = fit_landmarks(noisy), fit_landmarks(moved)
    assert there.fre_mm == pytest.approx(here.fre_mm, abs=1e-6)
    assert there.expected_tre_mm(elsewhere.apply((9, 9, 9))) == pytest.approx(
        here.expected_tre_mm((9, 9, 9)), abs=1e-6
    )


def test_picking_errors_lead_to_the_errors_that_theory_expects() -> None:
    random = np.random.default_rng(1)
    moving: list[Vector] = [(0, 0, 0), (120, 0, 0), (0, 120, 20), (60, 60, 140), (20, 90, 60)]
    target: Vector = (30, 150, -40)
    picked_mm, turns = 1.5, 800
    fre2, tre2, expected2 = [], [], []
    for _ in range(turns):
        noise = random.normal(0, picked_mm / math.sqrt(3), (len(moving), 3))
        pairs = [
            LandmarkPair((x + a, y + b, z + c), (x, y, z))
            for (x, y, z), (a, b, c) in zip(moving, noise.tolist(), strict=True)
        ]
        fit = fit_landmarks(pairs)
        fre2.append(fit.fre_mm**2)
        tre2.append(distance_mm(fit.fixed_from_moving.apply(target), target) ** 2)
        expected2.append(fit.expected_tre_mm(target) ** 2)
    # 800 draws of about 9 degrees of freedom: the means are good to 2 %, twice that is allowed
    assert np.mean(fre2) == pytest.approx((1 - 2 / 5) * picked_mm**2, rel=0.04)
    assert np.mean(expected2) == pytest.approx(np.mean(tre2), rel=0.10)


TETRAHEDRON: list[Vector] = [(0, 0, 0), (80, 0, 0), (0, 80, 0), (0, 0, 80), (50, 60, 10)]


def test_a_mirrored_side_is_refused() -> None:
    pairs = [LandmarkPair((-x, y, z), (x, y, z)) for x, y, z in TETRAHEDRON]
    with pytest.raises(PairedPointsError, match="mirrored"):
        fit_landmarks(pairs)


def test_three_points_of_a_flat_mirror_image_are_a_turn() -> None:
    pairs = [LandmarkPair((-x, y, z), (x, y, z)) for x, y, z in TETRAHEDRON[:3]]
    assert fit_landmarks(pairs).fre_mm < ROUNDING_MM


@pytest.mark.parametrize(
    ("chosen", "what"),
    [
        (TETRAHEDRON[:2], "2 landmark pairs"),
        ([(0, 0, 0), (50, 0, 0), (100, 0, 1)], "one line"),
        ([(5, 5, 5)] * 4, "one line"),
        ([(0, 0, 0), (50, 0, 0), (0, math.nan, 0)], "no finite number"),
    ],
)
def test_points_that_hold_no_pose_are_refused(chosen: list[Vector], what: str) -> None:
    with pytest.raises(PairedPointsError, match=what) as refused:
        fit_landmarks([LandmarkPair(point, point) for point in chosen])
    assert refused.value.code == "bad_landmarks"


def test_json_and_csv_hold_the_same_pairs(tmp_path: Path) -> None:
    rows = [{"fixed": [1, 2, 3], "moving": [4.5, 5, 6], "name": "nasion"}]
    (tmp_path / "a.json").write_text(json.dumps(rows))
    (tmp_path / "a.csv").write_text(f"name,{','.join(COLUMNS)}\nnasion,1,2,3,4.5,5,6\n")
    pair = LandmarkPair((1.0, 2.0, 3.0), (4.5, 5.0, 6.0), "nasion")
    assert read_landmarks(tmp_path / "a.json") == (pair,) == read_landmarks(tmp_path / "a.csv")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", b'[{"fixed": [1, 2], "moving": [1, 2, 3]}]'),
        ("a.json", b"[" * 100_000),
        ("a.json", b"\xff\xfe"),
        ("a.csv", b"x,y,z\n1,2,3\n"),
        ("a.csv", b"fixed_x,fixed_y,fixed_z,moving_x,moving_y,moving_z\n1,2,3,4,5\n"),
        ("a.csv", b"\xff\xfe"),
        ("a.json", b" " * 2_000_000),
    ],
)
def test_a_file_that_holds_no_pairs_is_refused(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(PairedPointsError):
        read_landmarks(tmp_path / name)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="there is no file"):
        read_landmarks(tmp_path / "none.json")
