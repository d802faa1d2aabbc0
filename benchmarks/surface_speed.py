"""The contour of the noisy skull phantom against scikit-image's marching cubes, on one array."""

import time

import numpy as np
from numpy.typing import NDArray

from benchmarks.effort import FULL, Effort
from benchmarks.table import Row, compare, figure
from imaging.volume import VolumeGeometry
from sample_data.craniopagus import craniopagus
from sample_data.grids import grid_around
from sample_data.voxelizing import voxelize
from segmentation.engines.engine import Segmentation
from segmentation.engines.table import run_engine
from segmentation.surface.encoding import to_draco
from segmentation.surface.extraction import contour_of
from segmentation.surface.mesh import Surface
from segmentation.surface.pipeline import surface_of

NOISE_HU = 15.0
AGREEMENT = 0.002
"""Relative difference of the two volumes: the peer resolves ambiguous cubes in another way."""


def measure(effort: Effort = FULL) -> list[Row]:
    """Return the contour against scikit-image's, and what the refined surface takes."""
    skull = _skull(effort.surface_spacing_mm)
    ours, theirs = contour_of(skull), contour_by_scikit_image(skull)
    if abs(ours.volume_ml / theirs.volume_ml - 1) > AGREEMENT:
        raise AssertionError(f"ours {ours.volume_ml:.2f} mL, theirs {theirs.volume_ml:.2f} mL")
    size = " x ".join(str(count) for count in skull.field.shape)
    return [
        compare(
            f"contour of {size}, closed / scikit-image marching_cubes",
            lambda: contour_of(skull),
            lambda: contour_by_scikit_image(skull),
            effort.runs,
        ).noted(f"{len(ours.triangles)} triangles, scikit-image {len(theirs.triangles)}"),
        *_refined_rows(skull, effort.runs),
    ]


def contour_by_scikit_image(skull: Segmentation) -> Surface:
    """Return scikit-image's contour, in the patient like ours."""
    from skimage.measure import marching_cubes

    points, triangles, _, _ = marching_cubes(skull.field, skull.isovalue)
    vertices: NDArray[np.float64] = skull.geometry.index_to_world(points[:, ::-1])
    return Surface(vertices.astype(np.float32), triangles.astype(np.int32))


def _refined_rows(skull: Segmentation, runs: int) -> list[Row]:
    seconds = []
    for _ in range(runs):
        began = time.perf_counter()
        refined = surface_of(skull)
        seconds.append(time.perf_counter() - began)
    triangles = len(refined.surface.triangles)
    encoded = len(to_draco(refined.surface))
    error = f"{refined.error_p95_mm:.3f} mm p95, {refined.error_max_mm:.3f} mm at most"
    return [
        figure("surface, smoothed, decimated, measured", seconds, "s").noted(
            f"{triangles} triangles, moved by {error}"
        ),
        figure("surface as Draco", [encoded / triangles], "B/triangle").noted(f"{encoded} bytes"),
    ]


def _skull(spacing_mm: float) -> Segmentation:
    scene = craniopagus()
    grid: VolumeGeometry = grid_around(scene, (spacing_mm,) * 3)
    scan = voxelize(scene, grid, NOISE_HU)
    return run_engine(scan, "threshold", {"lower_hu": 360, "upper_hu": 3000})


if __name__ == "__main__":
    for row in measure():
        print(row)
