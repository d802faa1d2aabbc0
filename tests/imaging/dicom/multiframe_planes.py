"""The planes of `planes` in files that hold several: enhanced images and Siemens mosaics."""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRLittleEndian

from tests.imaging.dicom.planes import INTERCEPT, Plane, apply, decimals, header_of, numbers_of
from tests.imaging.dicom.written_series import save

ENHANCED_CT = "1.2.840.10008.5.1.4.1.1.2.1"
CONVERTED_CT = "1.2.840.10008.5.1.4.1.1.2.2"
ENHANCED_MR = "1.2.840.10008.5.1.4.1.1.4.1"
CONVERTED_MR = "1.2.840.10008.5.1.4.1.1.4.4"

Groups = Mapping[str, Mapping[str, object]]
"""Keyword of a functional group's sequence -> attributes of its one item."""


@dataclass(frozen=True)
class Enhanced:
    """How a multi-frame image is written."""

    sop_class: str = ENHANCED_CT
    shared: frozenset[str] = frozenset(
        {"PixelMeasuresSequence", "PlaneOrientationSequence", "PixelValueTransformationSequence"}
    )
    """Groups that stand once for all frames; the others stand with each frame."""
    left_out: frozenset[str] = frozenset()
    """Groups that do not stand anywhere."""
    tags: Mapping[str, object] = field(default_factory=dict)
    syntax: str = ExplicitVRLittleEndian


def write_enhanced(
    path: Path,
    planes: Sequence[Plane],
    numbers: Sequence[int] | None = None,
    form: Enhanced = Enhanced(),
    groups: Sequence[Groups] = (),
) -> Path:
    """Write some of the planes as frames of one image.

    Parameters
    ----------
    path : Path
        Of the file.
    planes : sequence of Plane
        All that share the numbering of voxels.
    numbers : sequence of int, optional
        Which of them are in this file, in the order of its frames; all by default.
    form : Enhanced, optional
        Class, and where the groups stand.
    groups : sequence of Groups, optional
        More functional groups, one for each frame.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    held = list(range(len(planes)) if numbers is None else numbers)
    first = planes[held[0]]
    dataset = header_of(first, held[0])
    apply(dataset, dict.fromkeys(_OF_FRAMES))
    dataset.SOPClassUID = form.sop_class
    dataset.NumberOfFrames = len(held)
    more = list(groups) or [{}] * len(held)
    each = [
        {**_groups(planes[at], frame + 1), **own}
        for frame, (at, own) in enumerate(zip(held, more, strict=True))
    ]
    shared = Dataset()
    for name in form.shared - form.left_out:
        setattr(shared, name, [_item(each[0][name])])
    dataset.SharedFunctionalGroupsSequence = [shared]
    dataset.PerFrameFunctionalGroupsSequence = [
        _frame({name: it for name, it in one.items() if name not in form.shared | form.left_out})
        for one in each
    ]
    values = numbers_of(planes)
    dataset.PixelData = b"".join(values[at].astype("<u2").tobytes() for at in held)
    apply(dataset, form.tags)
    save(dataset, path, form.syntax)
    return path


_OF_FRAMES = (
    "ImagePositionPatient",
    "ImageOrientationPatient",
    "PixelSpacing",
    "RescaleSlope",
    "RescaleIntercept",
)


def _groups(plane: Plane, number: int) -> dict[str, Mapping[str, object]]:
    return {
        "PixelMeasuresSequence": {
            "PixelSpacing": decimals(plane.spacing),
            "SliceThickness": "9",
            "SpacingBetweenSlices": "-4",
        },
        "PlaneOrientationSequence": {
            "ImageOrientationPatient": decimals((*plane.row, *plane.column))
        },
        "PlanePositionSequence": {"ImagePositionPatient": decimals(plane.position)},
        "PixelValueTransformationSequence": {
            "RescaleSlope": "1",
            "RescaleIntercept": str(INTERCEPT),
            "RescaleType": "HU",
        },
        "FrameContentSequence": {"InStackPositionNumber": number},
    }


def _frame(groups: Groups) -> Dataset:
    frame = Dataset()
    for name, values in groups.items():
        setattr(frame, name, [_item(values)])
    return frame


def _item(values: Mapping[str, object]) -> Dataset:
    item = Dataset()
    apply(item, values)
    return item


@dataclass(frozen=True)
class Mosaic:
    """How a mosaic is written."""

    across: int
    """Tiles in a row of the mosaic."""
    normal: tuple[float, ...] | None = (0.0, 0.0, 1.0)
    """SliceNormalVector; None leaves Siemens' header out."""
    tags: Mapping[str, object] = field(default_factory=dict)
    file_number: int = 0


def write_mosaic(path: Path, planes: Sequence[Plane], numbers: Sequence[int], form: Mosaic) -> Path:
    """Write some of the planes as the tiles of one mosaic, from its upper left on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    first = planes[numbers[0]]
    rows, columns = first.shape
    across = form.across
    picture = np.zeros((rows * across, columns * across), np.uint16)
    values = numbers_of(planes)
    for tile, at in enumerate(numbers):
        top, left = tile // across * rows, tile % across * columns
        picture[top : top + rows, left : left + columns] = values[at]
    dataset = header_of(first, form.file_number)
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "M", "ND", "MOSAIC"]
    dataset.Rows, dataset.Columns = picture.shape
    dataset.ImagePositionPatient = decimals(_corner(first, picture.shape))
    step = np.subtract(planes[numbers[1]].position, first.position)
    dataset.SpacingBetweenSlices = f"{np.linalg.norm(step):.9g}"
    dataset.add_new(0x00190010, "LO", "SIEMENS MR HEADER")
    dataset.add_new(0x0019100A, "US", len(numbers))
    if form.normal is not None:
        dataset.add_new(0x00290010, "LO", "SIEMENS CSA HEADER")
        dataset.add_new(0x00291010, "OB", csa_header(form.normal))
    dataset.PixelData = picture.tobytes()
    apply(dataset, form.tags)
    save(dataset, path)
    return path


def _corner(first: Plane, shape: tuple[int, ...]) -> tuple[float, ...]:
    """Return where a slice of the mosaic's size would begin that shares the first one's centre."""
    beyond = np.subtract(shape, first.shape) / 2
    corner: NDArray[np.float64] = (
        np.array(first.position)
        - np.array(first.column) * first.spacing[0] * beyond[0]
        - np.array(first.row) * first.spacing[1] * beyond[1]
    )
    return tuple(corner.tolist())


def csa_header(normal: Sequence[float]) -> bytes:
    """Return Siemens' own header with a normal between other entries (format SV10)."""
    entries = [
        ("EchoLinePosition", [b"64"]),
        ("SliceNormalVector", [f"{value:.8f}".encode() for value in normal]),
        ("ImageNumber", [b"1"]),
    ]
    body = b"".join(_csa_entry(name, values) for name, values in entries)
    return b"SV10\4\3\2\1" + struct.pack("<2I", len(entries), 77) + body


def _csa_entry(name: str, values: Sequence[bytes]) -> bytes:
    """Return one entry: a name, and six items, of which the first are filled."""
    head = name.encode().ljust(64, b"\0") + struct.pack("<i4s3i", 3, b"FD", 3, 6, 77)
    items = b""
    for number in range(6):
        value = values[number] + b"\0" if number < len(values) else b""
        items += struct.pack("<4i", len(value), len(value), 77, len(value))
        items += value.ljust((len(value) + 3) // 4 * 4, b"\0")
    return head + items
