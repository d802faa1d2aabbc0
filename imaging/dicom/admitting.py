"""Which frames can be slices of a volume: a table of rules, each with a name for its refusal."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from imaging.dicom.decoding import can_decode
from imaging.dicom.frame import Frame
from imaging.dicom.mosaic import is_mosaic
from imaging.errors import RefusedFileError, RefusedSeriesError

CT_IMAGE_STORAGE: Final = "1.2.840.10008.5.1.4.1.1.2"
MR_IMAGE_STORAGE: Final = "1.2.840.10008.5.1.4.1.1.4"
CT_CLASSES: Final = frozenset(
    {
        CT_IMAGE_STORAGE,
        "1.2.840.10008.5.1.4.1.1.2.1",  # Enhanced CT
        "1.2.840.10008.5.1.4.1.1.2.2",  # Legacy Converted Enhanced CT
    }
)
MR_CLASSES: Final = frozenset(
    {
        MR_IMAGE_STORAGE,
        "1.2.840.10008.5.1.4.1.1.4.1",  # Enhanced MR
        "1.2.840.10008.5.1.4.1.1.4.4",  # Legacy Converted Enhanced MR
    }
)
_SINGLE_FRAME: Final = frozenset({CT_IMAGE_STORAGE, MR_IMAGE_STORAGE})
_SECONDARY_CAPTURE: Final = "1.2.840.10008.5.1.4.1.1.7"
GREY_SCALES: Final = frozenset({"MONOCHROME1", "MONOCHROME2"})
"""MONOCHROME1 is shown inverted; its values mean the same (PS3.3, C.7.6.3.1.2)."""
BITS_ALLOCATED: Final = frozenset({8, 12, 16})
"""12: two values packed into three bytes, as old archives have them."""
MAX_SIDE: Final = 16_384
"""Rows or columns; the largest clinical detectors have 4,096, and 16 bit could claim 65,535."""
FARTHEST_MM: Final = 1e5
"""From the origin of the frame of reference: tables move by metres, and this is a hundred."""
PIXEL_SIZES_MM: Final = (1e-4, 100.0)
"""Least and greatest PixelSpacing: below a cell, beyond a hand."""
_FLOAT_LIMITS: Final = (1e-30, 1e30)
"""Of slopes, and upwards of intercepts: what 16 bits are scaled to must be a 32 bit number."""
_ORIENTATION_TOLERANCE: Final = 2e-3
"""On length and right angle of direction cosines: what three decimals can do."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One reason why an frame cannot be a slice."""

    code: str
    applies: Callable[[Frame], bool]
    found: str
    """What was found, to follow "... files" in a sentence."""
    advice: str


def _kind(frame: Frame) -> str:
    return frame.sop_class_uid


def is_image(frame: Frame) -> bool:
    """Return whether this is of a CT or MR image by its SOP class."""
    return _kind(frame) in CT_CLASSES | MR_CLASSES


def _is_wrongly_multiframe(frame: Frame) -> bool:
    return _kind(frame) in _SINGLE_FRAME and frame.pixels.frames != 1


def _has_bad_orientation(frame: Frame) -> bool:
    axes = frame.orientation
    if axes is None or len(axes) != 6:  # noqa: PLR2004 - two directions of three cosines
        return True
    row, column = axes[:3], axes[3:]
    lengths = [math.hypot(*axis) for axis in (row, column)]
    across = sum(a * b for a, b in zip(row, column, strict=True))
    return max(*(abs(length - 1) for length in lengths), abs(across)) > _ORIENTATION_TOLERANCE


def _has_bad_position(frame: Frame) -> bool:
    return frame.position is not None and max(map(abs, frame.position)) > FARTHEST_MM


def _has_bad_spacing(frame: Frame) -> bool:
    spacing = frame.pixel_spacing
    if spacing is None or len(spacing) != 2:  # noqa: PLR2004 - between rows, between columns
        return True
    least, greatest = PIXEL_SIZES_MM
    return not least <= min(spacing) <= max(spacing) <= greatest


def _has_bad_rescale(frame: Frame) -> bool:
    least, greatest = _FLOAT_LIMITS
    rescale = frame.rescale
    return not least < abs(rescale.slope) < greatest or abs(rescale.intercept) > greatest


def _has_bad_size(frame: Frame) -> bool:
    pixels = frame.pixels
    return not (0 < pixels.rows <= MAX_SIDE and 0 < pixels.columns <= MAX_SIDE)


def _has_bad_bits(frame: Frame) -> bool:
    pixels = frame.pixels
    fits = 0 < pixels.bits_stored <= pixels.high_bit + 1 <= pixels.bits_allocated
    return pixels.bits_allocated not in BITS_ALLOCATED or not fits


RULES: Final = (
    Rule(
        "multiframe",
        _is_wrongly_multiframe,
        "hold several frames, of which their class has no place for",
        "export the series as single-frame or as enhanced images",
    ),
    Rule(
        "secondary_capture",
        lambda one: _kind(one).startswith(_SECONDARY_CAPTURE),
        "are screen captures, not slices of the patient",
        "choose the series that they were taken from",
    ),
    Rule(
        "unsupported_sop_class",
        lambda one: not is_image(one),
        "are no CT or MR images",
        "choose a CT or MR series",
    ),
    Rule(
        "localizer",
        lambda one: one.is_localizer,
        "are localizers, which only plan the other series",
        "choose the series that was planned on them",
    ),
    Rule(
        "mosaic",
        lambda one: is_mosaic(one) and one.place.tile is None,
        "are mosaics of many small slices in one image, and do not say how these are stacked",
        "export the series without mosaic",
    ),
    Rule(
        "photometric",
        lambda one: (
            one.pixels.samples_per_pixel != 1
            or one.pixels.photometric_interpretation not in GREY_SCALES
        ),
        "are not grey images",
        "export the original series",
    ),
    Rule(
        "bits_allocated",
        _has_bad_bits,
        "do not keep their values in 8, 12 or 16 bits",
        "export the series with 16 bits allocated",
    ),
    Rule(
        "bad_matrix",
        _has_bad_size,
        "state no possible number of rows and columns",
        "export the series again",
    ),
    Rule(
        "no_position",
        lambda one: one.position is None or one.orientation is None,
        "do not say where they lie in the patient",
        "export the original series, with ImagePositionPatient and ImageOrientationPatient",
    ),
    Rule(
        "bad_position",
        _has_bad_position,
        f"state a place more than {FARTHEST_MM / 1000:.0f} m from the origin",
        "export the original series",
    ),
    Rule(
        "bad_orientation",
        _has_bad_orientation,
        "state an orientation that is no pair of directions at right angles",
        "export the original series",
    ),
    Rule(
        "no_spacing",
        _has_bad_spacing,
        "state no possible PixelSpacing",
        "export the original series",
    ),
    Rule(
        "modality_lut",
        lambda one: one.has_modality_lut,
        "map their values through a table, which cannot be imported yet",
        "export the series with a rescale slope",
    ),
    Rule(
        "bad_rescale",
        _has_bad_rescale,
        "state a rescale slope of zero, or one that makes no numbers",
        "export the series again",
    ),
    Rule(
        "unsupported_transfer_syntax",
        lambda one: not can_decode(one),
        "are compressed in a way that cannot be read",
        "export the series uncompressed",
    ),
)


def require_slices(frames: Sequence[Frame]) -> None:
    """Raise unless every frame can be a slice of a CT or MR volume.

    Raises
    ------
    RefusedSeriesError
        With the code of the first rule that applies to any of the frames.
    RefusedFileError
        A file ends before its pixel data do; code ``"truncated_file"``.
    """
    for frame in frames:
        if is_image(frame) and frame.is_cut_short:
            raise RefusedFileError(
                f"{frame.file.name} is cut short: its pixel data are not all there; "
                "copy or export the series again",
                "truncated_file",
            )
    for rule in RULES:
        refused = [frame for frame in frames if rule.applies(frame)]
        if refused:
            raise RefusedSeriesError(
                f"{_how_many(refused, frames)}{_kind_of(rule, refused)} "
                f"{rule.found}; {rule.advice}",
                rule.code,
            )


def refused_files(frames: Sequence[Frame], code: str) -> tuple[Frame, ...]:
    """Return those of `frames` that the rule named `code` refuses; all, if no rule is."""
    tests = {rule.code: rule.applies for rule in RULES}
    tests["truncated_file"] = lambda frame: frame.is_cut_short
    applies = tests.get(code)
    return tuple(one for one in frames if applies is None or applies(one))


def _how_many(refused: Sequence[Frame], frames: Sequence[Frame]) -> str:
    if len(refused) == len(frames):
        return "the files of this series"
    return f"{len(refused)} of the {len(frames)} files of this series"


def _kind_of(rule: Rule, refused: Sequence[Frame]) -> str:
    """Return the standard's name for the kind of object, where that is what is wrong."""
    if rule.code != "unsupported_sop_class":
        return ""
    from pydicom.config import IGNORE
    from pydicom.uid import UID

    uid = refused[0].sop_class_uid
    name = UID(uid, validation_mode=IGNORE).name
    if name == uid:  # none of the standard's, so it may be any text
        return ""
    return f" ({name})"
