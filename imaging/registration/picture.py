"""A picture by which a person judges a registration: three planes, before and after it.

Above, squares of the fixed volume (grey) by turns with squares of the moving one (amber): edges
must run on from square to square. Below, both at once, the fixed one blue and the moving one
orange: outlines must coincide, and what is as bright in both is white.
"""

import itertools
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from imaging.registration.lettering import lettered
from imaging.registration.resampling import background_of, image_of, laid_on
from imaging.space import RigidTransform, Vector
from imaging.volume import Volume, VolumeGeometry

Picture = NDArray[np.uint8]

LONGEST_SIDE: Final = 480
"""Of the volume, in pixels."""
SQUARE_MM: Final = 24.0
GAP: Final = 8
"""Between planes, in pixels."""

AMBER: Final = (1.0, 0.76, 0.38)
BLUE: Final = (0.25, 0.62, 1.0)
ORANGE: Final = (0.75, 0.38, 0.0)
"""Blue and orange add up to white."""

SHOWN_HU: Final = (-200.0, 900.0)
SHOWN_PERCENTILES: Final = (1.0, 99.5)

PLANES: Final[tuple[tuple[Vector, Vector, str], ...]] = (
    ((1, 0, 0), (0, 1, 0), "RL"),
    ((1, 0, 0), (0, 0, -1), "RL"),
    ((0, 1, 0), (0, 0, -1), "AP"),
)
"""Axial, coronal, sagittal: to the right, downwards, and the letters left and right of it."""


def draw_registration(fixed: Volume, moving: Volume, fixed_from_moving: RigidTransform) -> Picture:
    """Return an RGB picture (rows, columns, 3) of a registration."""
    images = (image_of(fixed), image_of(moving))
    low, high = _box(fixed.geometry)
    rows = []
    for blend, title in ((_checkered, "SQUARES"), (_added, "SUM")):
        for pose, when in ((RigidTransform(), "BEFORE"), (fixed_from_moving, "AFTER")):
            planes = []
            for right, down, letters in PLANES:
                grid = _plane(low, high, right, down)
                first, second = (
                    _shown(laid_on(image, grid, place, background_of(volume))[0], volume)
                    for image, place, volume in zip(
                        images, (RigidTransform(), pose), (fixed, moving), strict=True
                    )
                )
                drawn = blend(first, second, grid.spacing[0])
                planes.append(_with_letters(drawn, letters))
            rows.append(lettered(_beside(planes), f"{when} {title}", (4, 4)))
    return _below(rows)


def write_picture(path: Path, picture: Picture) -> None:
    """Write a picture as PNG."""
    import SimpleITK

    image = SimpleITK.GetImageFromArray(picture, isVector=True)
    SimpleITK.WriteImage(image, str(path))


def _box(geometry: VolumeGeometry) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    k, j, i = geometry.shape_kji
    corners = np.array(list(itertools.product((0, i - 1), (0, j - 1), (0, k - 1))))
    world = geometry.index_to_world(corners)
    return world.min(axis=0), world.max(axis=0)


def _plane(
    low: NDArray[np.float64], high: NDArray[np.float64], right: Vector, down: Vector
) -> VolumeGeometry:
    """Return a grid of one slice through the middle of the box."""
    across, along = np.array(right), np.array(down)
    middle, size = (low + high) / 2, high - low
    width, height = float(abs(across @ size)), float(abs(along @ size))
    pixel = float(size.max()) / LONGEST_SIDE
    columns, rows = max(8, int(width / pixel)), max(8, int(height / pixel))
    x, y, z = (middle - across * columns * pixel / 2 - along * rows * pixel / 2).tolist()
    nx, ny, nz = np.cross(across, along).tolist()
    return VolumeGeometry((pixel,) * 3, (x, y, z), (right, down, (nx, ny, nz)), (1, rows, columns))


def _shown(values: NDArray[np.float32], volume: Volume) -> NDArray[np.float64]:
    """Return brightness, 0 to 1."""
    sampled = volume.voxels[::4, ::4, ::4].astype(np.float32)
    low, high = SHOWN_HU if volume.hu else np.percentile(sampled, SHOWN_PERCENTILES)
    return np.clip((values - low) / max(float(high - low), 1e-6), 0.0, 1.0)


def _checkered(fixed: NDArray[np.float64], moving: NDArray[np.float64], pixel_mm: float) -> Picture:
    side = max(2, round(SQUARE_MM / pixel_mm))
    row, column = np.indices(fixed.shape) // side
    theirs = ((row + column) % 2 == 1)[..., None]
    colours = np.where(theirs, moving[..., None] * np.array(AMBER), fixed[..., None])
    return _as_bytes(colours)


def _added(fixed: NDArray[np.float64], moving: NDArray[np.float64], _pixel_mm: float) -> Picture:
    return _as_bytes(fixed[..., None] * np.array(BLUE) + moving[..., None] * np.array(ORANGE))


def _as_bytes(colours: NDArray[Any]) -> Picture:
    picture: Picture = (np.clip(colours, 0.0, 1.0) * 255).astype(np.uint8)
    return picture


def _with_letters(picture: Picture, letters: str) -> Picture:
    middle = picture.shape[0] // 2
    left = lettered(picture, letters[0], (4, middle))
    return lettered(left, letters[1], (picture.shape[1] - 16, middle))


def _beside(pictures: list[Picture]) -> Picture:
    height = max(one.shape[0] for one in pictures)
    parts = [np.pad(one, ((0, height - one.shape[0]), (0, GAP), (0, 0))) for one in pictures]
    return np.concatenate(parts, axis=1)


def _below(pictures: list[Picture]) -> Picture:
    return np.concatenate([np.pad(one, ((0, GAP), (0, 0), (0, 0))) for one in pictures], axis=0)
