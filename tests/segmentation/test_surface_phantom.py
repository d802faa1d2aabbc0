"""Phantom check 1 of the skull: volume within 0.5 %, p95 within 0.10 mm, watertight."""

import math
from dataclasses import replace

import numpy as np
import pytest

from imaging.volume import Volume, VolumeGeometry
from sample_data.craniopagus import craniopagus
from sample_data.voxelizing import voxelize
from segmentation.engines.table import run_engine
from segmentation.surface.pipeline import BOUND_IN_VOXELS, MOST_TRIANGLES, surface_of
from segmentation.surface.refinement import GREY_VALUES, RefinedSurface

SKULL_LAYERS_MM = ((66.0, 72.0), (62.5, 68.5))
CENTRES_MM = (-54.0, 54.0)

HALFWAY_HU = 360
"""Between bone of 700 HU and the mean of skin (40 HU) and fluid (10 HU)."""


@pytest.fixture(scope="module")
def scan() -> Volume:
    grid = VolumeGeometry(
        spacing=(1.0, 1.0, 1.0),
        origin=(-72.37, -72.37, -130.3),
        direction=((1, 0, 0), (0, 1, 0), (0, 0, 1)),
        shape_kji=(261, 146, 146),
    )
    return voxelize(craniopagus(), grid, noise_sd=15.0)


@pytest.fixture(scope="module")
def skull(scan: Volume) -> RefinedSurface:
    return surface_of(run_engine(scan, "threshold", {"lower_hu": HALFWAY_HU, "upper_hu": 3000}))


def distances_to_skull_mm(points: np.ndarray) -> np.ndarray:
    """Return the distance to the nearest of the four spheroids, to first order.

    The error of that is the distance's square over the radius of curvature: 0.001 mm at 0.2 mm.
    """
    nearest = np.full(len(points), math.inf)
    for centre in CENTRES_MM:
        radius = np.hypot(points[:, 0], points[:, 1])
        height = points[:, 2] - centre
        for a, c in SKULL_LAYERS_MM:
            level = np.hypot(radius / a, height / c)
            slope = np.hypot(radius / a**2, height / c**2) / level
            nearest = np.minimum(nearest, np.abs(level - 1) / slope)
    return nearest


def evenly_on(skull: RefinedSurface) -> np.ndarray:
    """Return 50,000 points spread over the surface by area."""
    random = np.random.default_rng(3)
    corners = skull.surface.vertices.astype(np.float64)[skull.surface.triangles]
    sides = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    areas = np.linalg.norm(sides, axis=1)
    chosen = corners[random.choice(len(areas), 50_000, p=areas / areas.sum())]
    weights = random.dirichlet((1, 1, 1), len(chosen))
    points: np.ndarray = np.einsum("nc,nca->na", weights, chosen)
    return points


def test_the_skull_has_its_volume_within_half_a_percent(skull: RefinedSurface) -> None:
    assert skull.surface.volume_ml == pytest.approx(craniopagus().truths["bone_ml"], rel=0.005)


def test_the_skull_lies_within_a_tenth_of_a_millimetre_of_the_truth(skull: RefinedSurface) -> None:
    assert np.percentile(distances_to_skull_mm(evenly_on(skull)), 95) <= 0.10
    assert np.percentile(distances_to_skull_mm(skull.surface.vertices), 95) <= 0.10


def test_the_skull_is_watertight_and_one_piece(skull: RefinedSurface) -> None:
    assert skull.surface.is_watertight
    assert skull.surface.parts() == 1


def test_the_skull_is_light_enough_for_a_browser(skull: RefinedSurface) -> None:
    assert 50_000 <= len(skull.surface.triangles) <= 150_000


def test_the_skull_holds_the_bound_on_its_error(skull: RefinedSurface) -> None:
    assert 0 < skull.error_p95_mm <= 0.10
    assert skull.error_max_mm <= 0.25


def test_a_scan_that_cuts_the_head_ends_flat_at_the_border_of_its_last_voxels(scan: Volume) -> None:
    voxels = np.ascontiguousarray(scan.voxels[:70, :70, :70])
    geometry = replace(scan.geometry, shape_kji=(70, 70, 70))
    part = replace(scan, voxels=voxels, geometry=geometry)
    surface = surface_of(run_engine(part, "threshold", {"lower_hu": HALFWAY_HU})).surface
    assert surface.is_watertight
    borders = geometry.index_to_world((69.5, 69.5, 69.5))
    rounding_mm = (
        GREY_VALUES.smoothing_share * BOUND_IN_VOXELS
    )  # smoothing overshoots at sharp rims
    np.testing.assert_allclose(surface.bounds_mm[1::2], borders, atol=rounding_mm + 0.01)


def test_a_noisy_scan_gives_a_surface_that_a_browser_can_draw(scan: Volume) -> None:
    noise = np.random.default_rng(2).normal(0, 150, scan.voxels.shape)
    noisy = replace(scan, voxels=(scan.voxels.astype(np.float64) + noise).astype(np.int16))
    found = run_engine(noisy, "threshold", {"lower_hu": HALFWAY_HU, "upper_hu": 3000})
    refined = surface_of(found)
    assert len(refined.surface.triangles) <= MOST_TRIANGLES
    assert refined.error_p95_mm <= max(scan.geometry.spacing) / 3
    assert refined.surface.is_watertight
