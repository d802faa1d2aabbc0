"""Two files that say they are the same instance: one of them lies, or nothing is wrong."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from imaging.dicom.decoding import PixelReader
from imaging.dicom.frame import Frame, Tile
from imaging.dicom.splitting import SamePixels
from imaging.errors import RefusedSeriesError


def require_no_conflict(frames: Sequence[Frame], same_pixels: SamePixels) -> None:
    """Raise where one SOPInstanceUID stands for two different images.

    Raises
    ------
    RefusedSeriesError
        Code ``"conflicting_instance"``.
    """
    known: dict[tuple[object, ...], Frame] = {}
    for one in frames:
        if not one.sop_instance_uid:
            continue
        other = known.setdefault((one.sop_instance_uid, one.place.frame, one.place.tile), one)
        if other is not one and (one.position != other.position or not same_pixels(one, other)):
            raise RefusedSeriesError(
                f"{one.file.name} and {other.file.name} state the same SOPInstanceUID and hold "
                "different images; remove the one that is wrong",
                "conflicting_instance",
            )


def pixel_comparison() -> SamePixels:
    """Return a function that tells whether two frames hold the same values, rescaled alike.

    Each frame is read once, however many others it is compared with. The function raises
    `RefusedFileError` where one of them cannot be decoded.
    """
    reader = PixelReader()
    digests: dict[tuple[Path, int, Tile | None], bytes] = {}

    def digest(frame: Frame) -> bytes:
        key = (frame.file, frame.place.frame, frame.place.tile)
        if key not in digests:
            values = np.empty((frame.pixels.rows, frame.pixels.columns), np.uint16)
            reader.read(frame, values)
            digests[key] = hashlib.sha256(values.data).digest()
        return digests[key]

    def same(one: Frame, other: Frame) -> bool:
        if one.rescale != other.rescale or _bits(one) != _bits(other):
            return False
        return digest(one) == digest(other)

    return same


def _bits(one: Frame) -> tuple[int, int, bool]:
    """Return what makes numbers of the stored bits."""
    return one.pixels.bits_stored, one.pixels.high_bit, one.pixels.signed
