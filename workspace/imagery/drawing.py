"""Pictures of a volume, drawn on the server for those whose browser cannot."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from imaging.grey_window import GreyWindow
from imaging.volume_store.reading import OpenedVolume
from workspace.imagery.levels import LevelMemory
from workspace.imagery.reslicing import Mode, PicturePlane, plane_distance_mm, slab_values

Format = Literal["jpeg", "webp"]

QUALITY: Final = 85
"""Of both formats: edges of bone stay free of visible blocks, at a fourth of PNG's size."""

WEBP_EFFORT: Final = 1
"""Of 0 to 6: 6 takes five times as long for a tenth of the size."""

SLACK: Final = 1.001
"""A level of 1 mm is fine enough for pixels of 1 mm, however they were rounded."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Which picture is wanted."""

    plane: PicturePlane
    window: GreyWindow
    mode: Mode = "single"
    slab_mm: float = 0.0
    format: Format = "jpeg"


def draw(volume: OpenedVolume, wish: Wish, memory: LevelMemory) -> bytes:
    """Return a picture, encoded.

    Raises
    ------
    RefusedFileError
        The volume is damaged.
    """
    return encoded(grey_levels(volume, wish, memory), wish.format)


def grey_levels(volume: OpenedVolume, wish: Wish, memory: LevelMemory) -> NDArray[np.uint8]:
    """Return a picture as grey levels, (height, width); black outside the volume."""
    level = level_for(volume, wish, memory)
    values = slab_values(
        memory.values(volume, level),
        volume.levels[level].geometry,
        wish.plane,
        wish.mode,
        wish.slab_mm,
    )
    return windowed(values, wish.window)


def windowed(values: NDArray[np.float32], window: GreyWindow) -> NDArray[np.uint8]:
    """Return values as grey levels: 0 at the window's lower end, 255 at its upper one."""
    shares = (values - np.float32(window.low)) * np.float32(255 / window.width)
    return np.asarray(np.nan_to_num(np.rint(shares).clip(0, 255), nan=0.0), np.uint8)


def level_for(volume: OpenedVolume, wish: Wish, memory: LevelMemory) -> int:
    """Return the coarsest level in which nothing of a picture's size is lost.

    An axis that a level has not halved loses nothing in it, however wide its voxels are.
    """
    finest = volume.levels[0].geometry.spacing
    enough_mm = max(wish.plane.mm_per_pixel, _apart_mm(volume, wish)) * SLACK
    chosen = 0
    for number, level in enumerate(volume.levels):
        pairs = zip(level.geometry.spacing, finest, strict=True)
        if all(mm <= max(enough_mm, whole * SLACK) for mm, whole in pairs):
            chosen = number
    while not memory.fits(volume, chosen) and chosen + 1 < len(volume.levels):
        chosen += 1
    return chosen


def _apart_mm(volume: OpenedVolume, wish: Wish) -> float:
    """Return how far apart the planes of a slab must be: voxels between them would be passed by."""
    if wish.mode == "single":
        return 0.0
    least = min(volume.levels[0].geometry.spacing)
    apart = plane_distance_mm(volume.levels[0].geometry, wish.slab_mm)
    return apart if apart > least else 0.0


def encoded(picture: NDArray[np.uint8], format_: Format) -> bytes:
    """Return a picture's bytes."""
    import imagecodecs

    if format_ == "jpeg":
        return bytes(imagecodecs.jpeg8_encode(picture, level=QUALITY))
    colours = np.repeat(picture[:, :, None], 3, axis=2)  # the format knows no grey
    return bytes(imagecodecs.webp_encode(colours, level=QUALITY, method=WEBP_EFFORT))
