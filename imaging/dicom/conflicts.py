"""Two files that say they are the same instance: one of them lies, or nothing is wrong."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from imaging.dicom.decoding import PixelReader
from imaging.dicom.frame import Frame
from imaging.dicom.splitting import SamePixels
from imaging.errors import RefusedSeriesError


def require_no_conflict(frames: Sequence[Frame], same_pixels: SamePixels) -> None:
    """Raise where one SOPInstanceUID stands for two different images.

    Raises
    ------
    RefusedSeriesError
        Code ``"conflicting_instance"``.
    """
    known: dict[tuple[object, ...], list[Frame]] = defaultdict(list)
    for one in frames:
        if not one.sop_instance_uid:
            continue
        same = known[one.sop_instance_uid, one.place.frame, one.place.tile]
        for other in same:
            if one.position != other.position or not same_pixels(one, other):
                raise RefusedSeriesError(
                    f"{one.file.name} and {other.file.name} state the same SOPInstanceUID and hold "
                    "different images; remove the one that is wrong",
                    "conflicting_instance",
                )
        same.append(one)


def pixel_comparison() -> SamePixels:
    """Return a function that tells whether two frames hold the same values, rescaled alike.

    It raises `RefusedFileError` where one of them cannot be decoded.
    """
    reader = PixelReader()

    def stored(frame: Frame) -> NDArray[np.uint16]:
        values = np.empty((frame.pixels.rows, frame.pixels.columns), np.uint16)
        reader.read(frame, values)
        return values

    def same(one: Frame, other: Frame) -> bool:
        if one.rescale != other.rescale or one.pixels.bits_stored != other.pixels.bits_stored:
            return False
        return bool(np.array_equal(stored(one), stored(other)))

    return same
