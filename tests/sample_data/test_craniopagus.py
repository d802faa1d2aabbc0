"""The craniopagus phantom's axes, markers, veins and truths."""

import itertools
import math
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imaging.space import cross, dot, subtract
from sample_data.craniopagus import craniopagus, veins_of
from sample_data.craniopagus_truths import CENTRE_MM, RING_RADIUS_MM, RING_TUBE_MM, Variant
from sample_data.sinuses import TRIBUTARY_RADIUS_MM
from sample_data.twins import Twin, joined_at_the_crown

THETAS = (0, 30, 90, 160)
VARIANTS = get_args(Variant)
MARKERS = ("nose_a", "left_ear_a", "nose_b", "left_ear_b")

TRUTHS = {
    "skin_ml": (2942.66, 0.005),
    "scalp_ml": (428.08, 0.005),
    "junction_radius_mm": (49.26, 0.005),
    "bone_ml": (342.94, 0.005),
    "bone_each_ml": (171.47, 0.005),
    "cavity_ml": (2171.64, 0.005),
    "window_cm2": (46.46, 0.006),
    "brain_each_ml": (949.99, 0.005),
    "sinus_ml": (10.106, 0.0005),
    "sinus_centreline_mm": (201.06, 0.005),
    "territory_ml": (118.75, 0.005),
    "strip_ml": (27.08, 0.005),
    "bone_each_without_strip_ml": (157.93, 0.005),
    "overlap_pushed_5_mm_ml": (3.36, 0.005),
    "lost_by_one_clip_ml": (0, 0),
    "lost_by_two_clips_around_three_each_ml": (356.2, 0.05),
}
"""As published with the phantom, and half a unit of the last digit."""


@pytest.mark.parametrize("name", TRUTHS)
def test_a_truth_is_the_published_one(name: str) -> None:
    value, tolerance = TRUTHS[name]
    assert craniopagus().truths[name] == pytest.approx(value, abs=tolerance)


def test_the_two_heads_and_the_fluid_add_up() -> None:
    truths = craniopagus().truths
    whole = truths["scalp_ml"] + truths["bone_ml"] + truths["cavity_ml"]
    assert whole == pytest.approx(truths["skin_ml"], rel=1e-12)
    rest = 2 * truths["bone_each_without_strip_ml"] + truths["strip_ml"]
    assert rest == pytest.approx(truths["bone_ml"], rel=1e-12)


def test_the_overlap_after_a_push_is_what_counting_cells_finds() -> None:
    scene = craniopagus()
    step = 0.02
    r, z = np.meshgrid(np.arange(step / 2, 70, step), np.arange(step / 2, 5, step), indexing="ij")

    def in_bone(height: np.ndarray) -> np.ndarray:
        points = np.stack([r, np.zeros_like(r), height], axis=-1)
        outer = scene.layer("skull").shape.signed_distance_mm(points)
        inner = scene.layer("csf").shape.signed_distance_mm(points)
        return np.asarray((outer < 0) & (inner > 0))

    shared = in_bone(z) & in_bone(z - 5)  # twin A's half, 5 mm up, in twin B's half
    overlap_ml = (2 * math.pi * r * shared).sum() * step**2 / 1000
    assert overlap_ml == pytest.approx(scene.truths["overlap_pushed_5_mm_ml"], rel=2e-3)


@pytest.mark.parametrize(
    ("theta_deg", "left"),
    [
        (0, (-1, 0, 0)),
        (30, (-math.sqrt(3) / 2, -0.5, 0)),
        (90, (0, -1, 0)),
        (160, (-math.cos(math.radians(160)), -math.sin(math.radians(160)), 0)),
    ],
)
def test_the_left_of_twin_b_is_where_the_table_says(
    theta_deg: float, left: tuple[float, float, float]
) -> None:
    _, b = joined_at_the_crown(CENTRE_MM, theta_deg)
    assert b.left == pytest.approx(left, abs=1e-12)
    assert b.superior == pytest.approx((0, 0, -1), abs=1e-12)


@given(theta_deg=st.floats(-360, 360))
def test_the_axes_of_twin_b_are_right_handed_and_turn_with_theta(theta_deg: float) -> None:
    _, b = joined_at_the_crown(CENTRE_MM, theta_deg)
    theta = math.radians(theta_deg)
    assert b.anterior == pytest.approx((math.sin(theta), -math.cos(theta), 0), abs=1e-9)
    assert cross(b.posterior, b.superior) == pytest.approx(b.left, abs=1e-9)
    assert dot(cross(b.left, b.posterior), b.superior) == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("theta_deg", THETAS)
def test_each_left_ear_lies_on_its_own_twins_left_and_each_nose_in_front(theta_deg: float) -> None:
    scene = craniopagus(theta_deg)
    for twin in joined_at_the_crown(CENTRE_MM, theta_deg):
        ear = scene.points[f"left_ear_{twin.owner.lower()}"]
        nose = scene.points[f"nose_{twin.owner.lower()}"]
        assert dot(subtract(ear, twin.centre), twin.left) == pytest.approx(70)
        assert dot(subtract(nose, twin.centre), twin.anterior) == pytest.approx(71)
        assert _shape_is_around(scene.layer(f"left_ear_{twin.owner.lower()}").shape.bounds, ear)


def _shape_is_around(
    bounds: tuple[tuple[float, ...], tuple[float, ...]], point: tuple[float, ...]
) -> bool:
    low, high = bounds
    return all(a < x < b for a, x, b in zip(low, point, high, strict=True))


@pytest.mark.parametrize("theta_deg", THETAS)
def test_markers_keep_off_each_other(theta_deg: float) -> None:
    scene = craniopagus(theta_deg)
    shapes = [scene.layer(name).shape for name in MARKERS]
    axes = [np.arange(-90, 90, 2.0), np.arange(-90, 90, 2.0), np.arange(-100, 100, 2.0)]
    points = np.stack(np.meshgrid(*axes), axis=-1)
    inside = [shape.signed_distance_mm(points) < 0.5 for shape in shapes]
    for one, other in itertools.combinations(inside, 2):
        assert not (one & other).any()


def test_all_else_covers_the_markers() -> None:
    names = [layer.name for layer in craniopagus().layers]
    assert set(names[:4]) == set(MARKERS)


def test_all_layers_but_markers_and_veins_are_the_same_at_any_theta() -> None:
    names = ("skin", "skull", "csf", "brain_a", "brain_b", "sinus")
    still, turned = craniopagus(0), craniopagus(77)
    assert [still.layer(n) for n in names] == [turned.layer(n) for n in names]


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("theta_deg", THETAS)
def test_each_twin_has_eight_tributaries_in_its_own_half_that_end_at_the_sinus(
    theta_deg: float, variant: Variant
) -> None:
    sinus = craniopagus(theta_deg, variant).layer("sinus").shape
    veins = veins_of(theta_deg, variant)
    for owner, side in (("A", -1), ("B", 1)):
        own = [vein for vein in veins if vein.owner == owner]
        assert [vein.number for vein in own] == list(range(8))
        for vein in own:
            assert vein.path[0][2] == side * 34
            assert math.hypot(*vein.path[0][:2]) == pytest.approx(RING_RADIUS_MM)
            if vein.drains_into is None:
                end = sinus.signed_distance_mm(np.array(vein.path[-1]))
                assert end == pytest.approx(-RING_TUBE_MM, abs=1e-6)


def test_only_crossed_drainage_has_crossing_veins_one_per_twin() -> None:
    assert all(vein.drains_into is None for v in ("plain", "helical") for vein in veins_of(0, v))
    crossing = [vein for vein in veins_of(0, "crossed") if vein.drains_into is not None]
    assert [vein.owner for vein in crossing] == ["A", "B"]
    assert [vein.drains_into[0] for vein in crossing if vein.drains_into] == ["B", "A"]


@given(theta_deg=st.floats(0, 360))
@settings(max_examples=25, deadline=None)
def test_a_crossing_vein_passes_the_ring_and_meets_only_its_host(theta_deg: float) -> None:
    ring = craniopagus(theta_deg, "crossed").layer("sinus").shape
    veins = {(vein.owner, vein.number): vein for vein in veins_of(theta_deg, "crossed")}
    for name, vein in veins.items():
        if vein.drains_into is None:
            continue
        line = np.array(vein.path)
        dense = np.concatenate(
            [a + np.linspace(0, 1, 200)[:, None] * (b - a) for a, b in itertools.pairwise(line)]
        )
        assert (ring.signed_distance_mm(dense) > TRIBUTARY_RADIUS_MM + 0.5).all()
        met = [
            other
            for other, neighbour in veins.items()
            if other != name
            and (neighbour.shape.signed_distance_mm(dense) < TRIBUTARY_RADIUS_MM).any()
        ]
        assert met == [vein.drains_into]


@pytest.mark.parametrize("theta_deg", [0, 30])
def test_the_brain_nearest_to_a_tributary_is_its_territory(theta_deg: float) -> None:
    scene = craniopagus(theta_deg)
    step = 2.0
    axes = [np.arange(-60, 60, step) + 0.37, np.arange(-60, 60, step) + 0.61]
    points = np.stack(np.meshgrid(*axes, np.arange(-121, -5, step)), axis=-1).reshape(-1, 3)
    points = points[scene.layer("brain_a").shape.signed_distance_mm(points) < 0]
    shapes = [vein.shape for vein in veins_of(theta_deg) if vein.owner == "A"]
    nearest = np.argmin([shape.signed_distance_mm(points) for shape in shapes], axis=0)
    territories_ml = np.bincount(nearest) * step**3 / 1000
    assert territories_ml == pytest.approx(np.full(8, scene.truths["territory_ml"]), rel=0.02)


def test_a_helical_sinus_is_longer_than_the_ring_and_open() -> None:
    scene = craniopagus(0, "helical")
    assert scene.truths["sinus_centreline_mm"] == pytest.approx(math.hypot(64 * math.pi, 24))
    assert "lost_by_one_clip_ml" not in scene.truths


def test_twins_know_whose_frame_is_whose() -> None:
    a, b = joined_at_the_crown(CENTRE_MM, 0)
    assert (a.owner, b.owner) == ("A", "B")
    assert isinstance(a, Twin)
    assert a.left == (1, 0, 0)
    assert a.centre == (0, 0, -54)
    assert b.centre == (0, 0, 54)
