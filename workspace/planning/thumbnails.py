"""A small picture of a case's anatomy: what a list of cases shows. Runs in a geometry worker.

Drawn by numpy, for a worker on a server has no graphics card and need not load a renderer: points
all over the surfaces, the nearest one in each pixel, lit from beside the viewer.
"""

import hashlib
import math
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from imaging.space import Vector, cross

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from segmentation.surface.mesh import Surface

    Image = NDArray[np.float32]
    """(height, width, 3), 0 to 1."""

WIDTH: Final = 320
HEIGHT: Final = 200
FINER: Final = 2
"""Pixels drawn for each one that is shown, along each side: edges become smooth."""

MARGIN: Final = 1.08
BACKGROUND: Final = (0.055, 0.071, 0.094)
"""Of the workspace's own dark panes."""

DARKEST: Final = 0.25
"""Of a surface that faces away from the light."""

TURN_DEG: Final = 25.0
TILT_DEG: Final = 12.0
"""From straight in front: the third dimension is seen."""

SKIN: Final = "39937001"
"""SNOMED CT. Left out where there is anything else: a face is nothing for a list."""

QUALITY: Final = 88


class Painted(msgspec.Struct, frozen=True):
    """A segment, and how it is painted."""

    sha256: str
    code: str
    colour: tuple[int, int, int]
    opacity: float


@dataclass(frozen=True, slots=True)
class _Camera:
    """Looks at the anatomy from in front, without perspective."""

    right: Vector
    down: Vector
    away: Vector
    centre: Vector
    mm_per_pixel: float


def thumbnail_path(folder: Path, segments: tuple[Painted, ...]) -> Path:
    """Return where the picture of some segments lies or would lie; of others it is another."""
    name = hashlib.sha256(msgspec.json.encode(segments)).hexdigest()
    return folder / "derived" / f"{name}.jpg"


def draw_thumbnail(folder: Path, segments: tuple[Painted, ...]) -> Path:
    """Return the file of a case's picture; drawn if it is not there yet.

    Raises
    ------
    SurfaceError
        There is nothing to draw, or it is damaged.
    """
    path = thumbnail_path(folder, segments)
    if not path.exists():
        picture = _encoded(_drawn(folder, segments))
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(f".{os.getpid()}.tmp")
        try:
            temporary.write_bytes(picture)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    return path


def _drawn(folder: Path, segments: tuple[Painted, ...]) -> "Image":
    import numpy as np

    from segmentation.surface.encoding import from_blob
    from workspace.blobs import BlobStore

    shown = [it for it in segments if it.code != SKIN] or list(segments)
    surfaces = [from_blob(BlobStore(folder).read(it.sha256)) for it in shown]
    camera = _camera_for(surfaces)
    layers = [_layer(surface, camera) for surface in surfaces]
    # Far to near, in each pixel: what is translucent lets the rest through.
    depths = np.stack([depth for depth, _ in layers])
    picture = np.empty((HEIGHT * FINER, WIDTH * FINER, 3), np.float32)
    picture[...] = BACKGROUND
    colours = np.stack(
        [
            light[..., None] * (np.array(it.colour, np.float32) / 255)
            for (_, light), it in zip(layers, shown, strict=True)
        ]
    )
    walls = 1 - (1 - np.array([it.opacity for it in shown], np.float32)) ** 2  # front and back
    for place in np.argsort(-depths, axis=0):
        depth = np.take_along_axis(depths, place[None], axis=0)[0]
        colour = np.take_along_axis(colours, place[None, ..., None], axis=0)[0]
        share = np.where(np.isfinite(depth), walls[place], 0)[..., None]
        picture = picture * (1 - share) + colour * share
    finer = picture.reshape(HEIGHT, FINER, WIDTH, FINER, 3)
    return np.asarray(finer.mean(axis=(1, 3)), np.float32)


def _camera_for(surfaces: "list[Surface]") -> _Camera:
    import numpy as np

    turn, tilt = math.radians(TURN_DEG), math.radians(TILT_DEG)
    away = (
        math.sin(turn) * math.cos(tilt),
        math.cos(turn) * math.cos(tilt),
        -math.sin(tilt),
    )  # from in front (anterior) and a little above
    right = (math.cos(turn), -math.sin(turn), 0.0)  # the patient's left is on the right
    down = cross(away, right)
    axes = np.array([right, down, away])
    points = np.concatenate([it.vertices for it in surfaces]).astype(np.float64) @ axes.T
    low, high = points.min(axis=0), points.max(axis=0)
    size = (high - low)[:2] * MARGIN
    mm = max(size[0] / (WIDTH * FINER), size[1] / (HEIGHT * FINER), 1e-3)
    x, y, z = ((low + high) / 2 @ axes).tolist()
    return _Camera(right, down, away, (x, y, z), float(mm))


def _layer(
    surface: "Surface", camera: _Camera
) -> "tuple[NDArray[np.float32], NDArray[np.float32]]":
    """Return how far away the nearest point of a surface is in each pixel, and how bright."""
    import numpy as np

    depth = np.full(WIDTH * HEIGHT * FINER**2, np.inf, np.float32)
    light = np.zeros(depth.shape, np.float32)
    axes = np.array([camera.right, camera.down, camera.away])
    corners = (surface.vertices.astype(np.float64) - camera.centre) @ axes.T
    corners = corners[surface.triangles]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    front = normals[:, 2] <= 0
    corners, normals = corners[front], normals[front]
    towards = -(normals @ np.array([0.35, 0.35, 0.87]))  # a lamp at the upper left
    for points, owner in _samples(corners, camera.mm_per_pixel):
        column = np.floor(points[:, 0] / camera.mm_per_pixel + WIDTH * FINER / 2).astype(np.int64)
        row = np.floor(points[:, 1] / camera.mm_per_pixel + HEIGHT * FINER / 2).astype(np.int64)
        inside = (column >= 0) & (column < WIDTH * FINER) & (row >= 0) & (row < HEIGHT * FINER)
        pixel = (row * WIDTH * FINER + column)[inside]
        order = np.argsort(-points[inside, 2], kind="stable")  # the nearest is written last
        pixel, near = pixel[order], points[inside, 2][order].astype(np.float32)
        bright = np.clip(towards[owner][inside][order], DARKEST, 1).astype(np.float32)
        nearer = near < depth[pixel]
        depth[pixel[nearer]], light[pixel[nearer]] = near[nearer], bright[nearer]
    shape = (HEIGHT * FINER, WIDTH * FINER)
    return depth.reshape(shape), light.reshape(shape)


def _samples(
    corners: "NDArray[np.float64]", mm_per_pixel: float
) -> "list[tuple[NDArray[np.float64], NDArray[np.int64]]]":
    """Return points on triangles, no further apart than pixels, and whose each is."""
    import numpy as np

    edges = np.linalg.norm(corners - np.roll(corners, 1, axis=1), axis=2).max(axis=1)
    steps = np.maximum(np.ceil(edges / mm_per_pixel).astype(int), 1)
    steps = 2 ** np.ceil(np.log2(steps)).astype(int)  # few different ones
    found = []
    for count in np.unique(steps):
        own = np.flatnonzero(steps == count)
        grid = [(i, j) for i in range(count + 1) for j in range(count + 1 - i)]
        u, v = np.array(grid, np.float64).T / count
        weights = np.stack([1 - u - v, u, v], axis=1)
        points = np.einsum("pc,tcx->tpx", weights, corners[own]).reshape(-1, 3)
        found.append((points, np.repeat(own, len(grid))))
    return found


def _encoded(picture: "Image") -> bytes:
    import imagecodecs
    import numpy as np

    levels = np.rint(picture.clip(0, 1) * 255).astype(np.uint8)
    return bytes(imagecodecs.jpeg8_encode(levels, level=QUALITY))
