"""Two files that say they are the same instance: one of them lies, or nothing is wrong."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from imaging.dicom.decoding import read_stored
from imaging.dicom.frame import Frame
from imaging.errors import RefusedSeriesError


def require_no_conflict(frames: Sequence[Frame]) -> None:
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


def same_pixels(one: Frame, other: Frame) -> bool:
    """Return whether two frames hold the same stored values and rescale them alike.

    Raises
    ------
    RefusedFileError
        One of them cannot be decoded.
    """
    ours, theirs = one.pixels, other.pixels
    if (ours.rows, ours.columns, one.rescale) != (theirs.rows, theirs.columns, other.rescale):
        return False
    values = [np.empty((it.pixels.rows, it.pixels.columns), np.uint16) for it in (one, other)]
    for frame, into in zip((one, other), values, strict=True):
        read_stored(frame, into)
    return bool(np.array_equal(values[0], values[1]))
