"""Voxels hold each layer's share, so that grey values give back the truths."""

import math
from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonDataModel import vtkImageData
from vtkmodules.vtkFiltersCore import vtkFlyingEdges3D

from imaging.space import RigidTransform
from imaging.volume import Volume
from sample_data.acquisition import Orientation, PatientPosition
from sample_data.craniopagus import craniopagus
from sample_data.craniopagus_truths import Variant
from sample_data.grids import grid_around, image_axes
from sample_data.scene import AIR_HU, MR_FROM_CT, Scene
from sample_data.scenes import SCENES
from sample_data.solids import ball
from sample_data.voxelizing import voxelize

BONE_HU = 362.5
"""Half-way between bone and what is outside (370) and inside (355): off by 0.011 mm in each."""

BALL_RADIUS_MM = 20

orientations = st.sampled_from(get_args(Orientation))
positions = st.sampled_from(get_args(PatientPosition))


def held_ml(volume: Volume, hu: float, ground: float = AIR_HU) -> float:
    """Return the volume of a lone layer: the sum of its shares, no contour involved."""
    shares = (volume.voxels.astype(np.float64) - ground) / (hu - ground)
    return float(shares.sum()) * volume.geometry.voxel_volume_mm3 / 1000


def alone(scene: Scene, name: str) -> Scene:
    return replace(scene, layers=(scene.layer(name),))


def contour(volume: Volume, level_hu: float) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return vertices (n, 3), mm, LPS, and triangles (m, 3) of the surface at a grey value."""
    image = vtkImageData()
    image.SetDimensions(*volume.geometry.shape_kji[::-1])
    image.GetPointData().SetScalars(numpy_to_vtk(volume.voxels.astype(np.float32).ravel()))
    edges = vtkFlyingEdges3D()
    edges.SetInputData(image)
    edges.SetValue(0, level_hu)
    edges.Update()
    index = vtk_to_numpy(edges.GetOutput().GetPoints().GetData()).astype(np.float64)
    triangles = vtk_to_numpy(edges.GetOutput().GetPolys().GetConnectivityArray())
    return volume.geometry.index_to_world(index), triangles.reshape(-1, 3).astype(np.int64)


def enclosed_ml(vertices: NDArray[np.float64], triangles: NDArray[np.int64]) -> float:
    a, b, c = (vertices[triangles[:, n]] for n in range(3))
    return abs(float(np.einsum("ij,ij->", a, np.cross(b, c)))) / 6000


def off_the_skull_mm(scene: Scene, vertices: NDArray[np.float64]) -> NDArray[np.float64]:
    outer = np.abs(scene.layer("skull").shape.signed_distance_mm(vertices))
    inner = np.abs(scene.layer("csf").shape.signed_distance_mm(vertices))
    return np.asarray(np.minimum(outer, inner))


def test_the_skull_at_1_mm_passes_phantom_check_1() -> None:
    scene = craniopagus()
    vertices, triangles = contour(voxelize(scene, grid_around(scene, (1, 1, 1)), 15.0), BONE_HU)
    assert enclosed_ml(vertices, triangles) == pytest.approx(scene.truths["bone_ml"], rel=0.005)
    assert np.percentile(off_the_skull_mm(scene, vertices), 95) <= 0.10


def test_the_skull_keeps_its_volume_on_an_oblique_grid_of_2_mm() -> None:
    scene = craniopagus(30, "helical")
    grid = grid_around(scene, (2, 2, 2), "oblique", "HFP")
    vertices, triangles = contour(voxelize(scene, grid), BONE_HU)
    assert enclosed_ml(vertices, triangles) == pytest.approx(scene.truths["bone_ml"], rel=0.005)


@pytest.mark.parametrize(
    ("layer", "truth"),
    [
        ("skin", "skin_ml"),
        ("csf", "cavity_ml"),
        ("brain_a", "brain_each_ml"),
        ("brain_b", "brain_each_ml"),
    ],
)
def test_a_layer_of_the_craniopagus_holds_its_truth(layer: str, truth: str) -> None:
    scene = craniopagus()
    volume = voxelize(alone(scene, layer), grid_around(alone(scene, layer), (2.5, 2.5, 2.5)))
    assert held_ml(volume, scene.layer(layer).hu) == pytest.approx(scene.truths[truth], rel=1e-3)


@pytest.mark.parametrize("variant", get_args(Variant))
def test_the_sinus_holds_its_truth_at_1_mm(variant: Variant) -> None:
    """A round share of a small box counts as flat: + w² / 12 r², 0.06 % for boxes of 1/3 mm."""
    scene = alone(craniopagus(0, variant), "sinus")
    volume = voxelize(scene, grid_around(scene, (1, 1, 1)))
    assert held_ml(volume, scene.layers[0].hu) == pytest.approx(scene.truths["sinus_ml"], rel=2e-3)


@pytest.mark.parametrize(
    ("name", "layer", "truth"),
    [
        ("liver", "liver", "liver_ml"),
        ("liver", "tumour", "tumour_ml"),
        ("pedicle", "pedicle", "pedicle_ml"),
        ("trajectory", "brain", "brain_ml"),
        ("trajectory", "vessel", "vessel_ml"),
        ("bone-block", "block", "block_ml"),
        ("ball", "ball", "ball_ml"),
        ("box", "box", "box_ml"),
    ],
)
def test_a_layer_of_a_scene_holds_its_truth(name: str, layer: str, truth: str) -> None:
    scene = alone(SCENES[name](), layer)
    volume = voxelize(scene, grid_around(scene, (0.8, 0.9, 1.3)))
    assert held_ml(volume, scene.layers[0].hu) == pytest.approx(scene.truths[truth], rel=3e-3)


def test_the_drill_removes_its_capsule() -> None:
    block, drilled = SCENES["bone-block"](), SCENES["drilled-block"]()
    grid = grid_around(block, (0.5, 0.5, 0.5), margin_mm=2)
    before, after = (voxelize(scene, grid) for scene in (block, drilled))
    removed_mm3 = 1000 * (held_ml(before, 700) - held_ml(after, 700))
    assert removed_mm3 == pytest.approx(block.truths["removed_mm3"], rel=1e-3)


@given(
    orientation=orientations,
    position=positions,
    spacing=st.tuples(*[st.floats(1.5, 4)] * 3),
)
@example(orientation="axial", position="HFS", spacing=(4.0, 3.875, 3.875))
@settings(max_examples=25, deadline=None)
def test_a_ball_has_its_volume_and_its_middle_on_any_grid(
    orientation: Orientation, position: PatientPosition, spacing: tuple[float, float, float]
) -> None:
    volume = voxelize(ball(), grid_around(ball(), spacing, orientation, position))
    # A surface counts as flat in each small box, so the error grows with the square of voxel over
    # radius; 0.042 of it was the most that 160 random grids showed. 2e-4 is for whole numbers.
    tolerance = 0.05 * (max(spacing) / BALL_RADIUS_MM) ** 2 + 2e-4
    assert held_ml(volume, 700) == pytest.approx(ball().truths["ball_ml"], rel=tolerance)
    shares = volume.voxels.astype(np.float64).ravel() - AIR_HU
    index = np.argwhere(np.ones(volume.voxels.shape, dtype=bool))[:, ::-1]
    middle = shares @ volume.geometry.index_to_world(index) / shares.sum()
    assert middle == pytest.approx((0, 0, 0), abs=0.01)


@given(angle_deg=st.floats(-180, 180), shift=st.tuples(*[st.floats(-20, 20)] * 3))
@settings(max_examples=10, deadline=None)
def test_a_moved_scene_lies_where_the_motion_takes_it(
    angle_deg: float, shift: tuple[float, float, float]
) -> None:
    motion = RigidTransform(translation_mm=shift) @ RigidTransform.about_axis((1, 2, 3), angle_deg)
    scene = alone(SCENES["liver"](), "tumour").moved(motion)
    volume = voxelize(scene, grid_around(scene, (3, 3, 3)))
    shares = volume.voxels.astype(np.float64).ravel() - AIR_HU
    index = np.argwhere(np.ones(volume.voxels.shape, dtype=bool))[:, ::-1]
    middle = shares @ volume.geometry.index_to_world(index) / shares.sum()
    assert middle == pytest.approx(motion.apply((40, 0, 0)), abs=0.02)
    assert scene.world_point("tumour") == pytest.approx(motion.apply((40, 0, 0)))


@pytest.mark.parametrize("theta_deg", [0, 30, 90, 160])
def test_in_the_picture_too_each_left_ear_is_on_its_own_twins_left(theta_deg: float) -> None:
    """Phantom check 2."""
    scene = craniopagus(theta_deg)
    scene = replace(scene, layers=tuple(layer for layer in scene.layers if layer.hu in {80, 105}))
    volume = voxelize(scene, grid_around(scene, (2, 2, 2)))
    world = volume.geometry.index_to_world(np.argwhere(volume.voxels.astype(int) > 0)[:, ::-1])
    theta = math.radians(theta_deg)
    left_b, front_b = (
        (-math.cos(theta), -math.sin(theta), 0),
        (math.sin(theta), -math.cos(theta), 0),
    )
    for side, left, front in ((-1, (1, 0, 0), (0, -1, 0)), (1, left_b, front_b)):
        own = world[side * world[:, 2] > 0]
        is_nose = own @ front > 50
        assert is_nose.any()
        assert (own[~is_nose] @ left).min() > 60


def test_noise_has_the_deviation_asked_for_and_the_seed_decides_it() -> None:
    grid = grid_around(ball(), (2, 2, 2))
    silent = voxelize(ball(), grid).voxels.astype(int)
    noisy, same, other = (voxelize(ball(), grid, 15, seed).voxels for seed in (1, 1, 2))
    assert np.std(noisy[silent > -999] - silent[silent > -999]) == pytest.approx(15, rel=0.05)
    assert np.array_equal(noisy, same)
    assert not np.array_equal(noisy, other)


def test_a_ct_never_leaves_the_range_of_a_scanner() -> None:
    voxels = voxelize(ball(), grid_around(ball(), (3, 3, 3)), noise_sd=1000).voxels
    assert voxels.min() == -1024
    assert voxels.max() <= 3071


def test_an_mr_has_its_own_contrast_and_no_negative_values() -> None:
    scene = SCENES["liver"]().moved(MR_FROM_CT)
    volume = voxelize(scene, grid_around(scene, (3, 3, 3)), noise_sd=10, modality="MR")
    assert volume.modality == "MR"
    assert not volume.hu
    assert volume.voxels.min() >= 0
    index = np.rint(volume.geometry.world_to_index(scene.world_point("tumour"))).astype(int)
    i, j, k = index
    assert volume.voxels[k, j, i] == pytest.approx(700, abs=50)


@given(orientation=orientations, position=positions)
def test_image_axes_are_right_handed_and_at_right_angles(
    orientation: Orientation, position: PatientPosition
) -> None:
    axes = np.array(image_axes(orientation, position))
    assert axes @ axes.T == pytest.approx(np.eye(3), abs=1e-12)
    assert np.linalg.det(axes) == pytest.approx(1)


@pytest.mark.parametrize(
    ("position", "i", "j"),
    [
        ("HFS", (1, 0, 0), (0, 1, 0)),
        ("HFP", (-1, 0, 0), (0, -1, 0)),
        ("HFDR", (0, 1, 0), (-1, 0, 0)),
        ("HFDL", (0, -1, 0), (1, 0, 0)),
        ("FFS", (-1, 0, 0), (0, 1, 0)),
        ("FFP", (1, 0, 0), (0, -1, 0)),
        ("FFDR", (0, -1, 0), (-1, 0, 0)),
        ("FFDL", (0, 1, 0), (1, 0, 0)),
    ],
)
def test_an_axial_image_shows_the_patient_as_it_lies(
    position: PatientPosition, i: tuple[int, ...], j: tuple[int, ...]
) -> None:
    """Looking into the gantry: what is down in the picture is down on the table."""
    axes = image_axes("axial", position)
    assert axes[0] == pytest.approx(i)
    assert axes[1] == pytest.approx(j)


@given(orientation=orientations, spacing=st.tuples(*[st.floats(0.5, 6)] * 3))
@settings(deadline=None)
def test_a_grid_leaves_air_around_every_scene(
    orientation: Orientation, spacing: tuple[float, float, float]
) -> None:
    scene = SCENES["box"]()
    grid = grid_around(scene, spacing, orientation, margin_mm=8)
    corners = np.array(
        [(x, y, z) for x in (-20, 20) for y in (-15, 15) for z in (-10, 10)], dtype=float
    )
    index = grid.world_to_index(corners) * grid.spacing
    last = (np.array(grid.shape_kji[::-1]) - 1) * grid.spacing
    edge = 8 - np.array(spacing) / 2  # the grid's voxels, not their centres, reach the margin
    assert (index >= edge - 1e-6).all()
    assert (last - index >= edge - 1e-6).all()
