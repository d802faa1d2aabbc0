"""Small scenes with known answers: layers of shapes, painted with partial volume."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from imaging.space import Vector
from imaging.volume import Volume, VolumeGeometry, VolumeId

Floats = NDArray[np.float64]
Shape = Callable[[Floats, Floats, Floats], Floats]
"""Signed distance to the surface at (x, y, z), mm; negative inside."""

AIR_HU = -1000.0
AXES = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))


def ball(radius_mm: float, centre: Vector = (0.0, 0.0, 0.0)) -> Shape:
    a, b, c = centre
    return lambda x, y, z: np.sqrt((x - a) ** 2 + (y - b) ** 2 + (z - c) ** 2) - radius_mm


def torus(radius_mm: float, tube_mm: float) -> Shape:
    return lambda x, y, z: np.hypot(np.hypot(x, y) - radius_mm, z) - tube_mm


def box(low: Vector, high: Vector) -> Shape:
    def distance(x: Floats, y: Floats, z: Floats) -> Floats:
        sides = [
            np.maximum(start - place, place - end)
            for start, place, end in zip(low, (x, y, z), high, strict=True)
        ]
        return np.maximum(np.maximum(sides[0], sides[1]), sides[2])

    return distance


def paint(
    layers: Sequence[tuple[Shape, float]],
    half_mm: float = 50.0,
    spacing: Vector = (1.0, 1.0, 1.0),
    *,
    background: float = AIR_HU,
    noise: float = 0.0,
    hu: bool = True,
) -> Volume:
    """Paint layers over each other in a cube of +-half_mm; edges mix over one voxel."""
    shape = tuple(round(2 * half_mm / mm) + 1 for mm in reversed(spacing))
    axes = [
        (np.arange(size) - (size - 1) / 2) * mm
        for size, mm in zip(shape, reversed(spacing), strict=True)
    ]
    z, y, x = np.meshgrid(*axes, indexing="ij")
    values = np.full(shape, background)
    width = float(np.mean(spacing))
    for distance, level in layers:
        share = np.clip(0.5 - distance(x, y, z) / width, 0, 1)
        values += share * (level - values)
    if noise:
        values += np.random.default_rng(1).normal(0, noise, values.shape)
    k, j, i = shape
    return volume_of(
        np.rint(values).astype(np.int16),
        VolumeGeometry(
            spacing=spacing,
            origin=(float(axes[2][0]), float(axes[1][0]), float(axes[0][0])),
            direction=AXES,
            shape_kji=(k, j, i),
        ),
        hu=hu,
    )


def volume_of(
    voxels: NDArray[np.generic], geometry: VolumeGeometry | None = None, *, hu: bool = True
) -> Volume:
    k, j, i = voxels.shape
    return Volume(
        volume_id=VolumeId("phantom"),
        voxels=voxels,
        geometry=geometry
        or VolumeGeometry((1.0, 1.0, 1.0), (0.0, 0.0, 0.0), AXES, shape_kji=(k, j, i)),
        modality="CT" if hu else "MR",
        hu=hu,
        description="",
        study_uid="1.2.3",
        series_uid="1.2.3.4",
        frame_of_reference_uid="1.2.3.5",
        slice_thickness_mm=None,
        acquired_on="",
    )


def head(
    noise: float = 0.0, *extra: tuple[Shape, float], spacing: Vector = (1.0, 1.0, 1.0)
) -> Volume:
    """Scalp to 40 mm, skull 33 to 37 mm, brain, in air."""
    layers = [(ball(40), 40.0), (ball(37), 700.0), (ball(33), 30.0), *extra]
    return paint(layers, noise=noise, spacing=spacing)
