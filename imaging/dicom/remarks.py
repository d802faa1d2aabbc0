"""What a user should know of a volume besides its geometry."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from imaging.dicom.decoding import is_lossy
from imaging.dicom.frame import Frame
from imaging.dicom.grouping import Series
from imaging.dicom.splitting import Part

Remark = tuple[str, str]
"""(code, message)."""


def remarks_on(series: Series, part: Part, broken: Sequence[Path], *, hu: bool) -> list[Remark]:
    """Return the remarks on one volume of a series.

    Parameters
    ----------
    series : Series
        What the volume was found in.
    part : Part
        The volume.
    broken : sequence of Path
        Files of which nobody can tell what they were.
    hu : bool
        Whether the values are Hounsfield units.
    """
    frames = part.frames
    found = [(code, message) for code, message, applies in _REMARKS if any(map(applies, frames))]
    if series.left_out:
        found.append(("localizer_left_out", f"{series.left_out} localizers were left out"))
    if series.part_of > 1:
        found.append(
            (
                "split",
                (
                    f"the series holds {series.part_of} volumes, which differ in subject, frame of "
                    "reference, kind of image or matrix"
                ),
            )
        )
    if frames[0].modality == "CT" and not hu:
        found.append(("not_hu", "the values are not stated to be Hounsfield units"))
    return [*found, *_beside(frames, broken)]


def _beside(frames: Sequence[Frame], broken: Sequence[Path]) -> list[Remark]:
    if not broken:
        return []
    folders = {one.file.parent for one in frames}
    beside = [file for file in broken if file.parent in folders]
    if not beside:
        return []
    names = ", ".join(file.name for file in beside[:4])
    message = f"files beside the slices cannot be read ({names}): an end slice may be missing"
    return [("unreadable_beside", message)]


_REMARKS: Final[tuple[tuple[str, str, Callable[[Frame], bool]], ...]] = (
    (
        "no_frame_of_reference",
        "the series names no frame of reference: do not lay it over other series",
        lambda one: not one.frame_of_reference_uid,
    ),
    (
        "blank_uid",
        (
            "the series does not name its study, itself or its instances: what belongs together "
            "was told by its numbers and folder"
        ),
        lambda one: not (one.study_uid and one.series_uid and one.sop_instance_uid),
    ),
    (
        "inverted_display",
        "the images are meant to be shown inverted (MONOCHROME1); the values are as measured",
        lambda one: one.pixels.photometric_interpretation == "MONOCHROME1",
    ),
    (
        "lossy",
        "the images were compressed with loss: fine structures and values may have changed",
        lambda one: one.is_lossy or is_lossy(one),
    ),
    (
        "foreign_preamble",
        "files begin with something that is no part of DICOM, a program perhaps: never run them",
        lambda one: one.foreign_preamble,
    ),
)
