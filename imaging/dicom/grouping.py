"""Sort frames into series, and apart from what no volume can hold together."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from imaging.dicom.admitting import CT_CLASSES, is_image
from imaging.dicom.frame import Frame
from imaging.volume import VolumeId

Key = tuple[object, ...]
"""What is the same for all frames of a series."""

_LOCALIZER: Final = 4
"""Where in a key stands whether its frames are localizers."""


@dataclass(frozen=True, slots=True)
class Series:
    """Frames that may be a volume: one series, one class, one subject, one matrix, one frame."""

    volume_id: VolumeId
    frames: tuple[Frame, ...]
    left_out: int
    """Localizers of the same series that went to a group of their own."""
    part_of: int = 1
    """Into how many the series was split."""

    @property
    def series_uid(self) -> str:
        """SeriesInstanceUID, which may be empty."""
        return self.frames[0].series_uid


def group_series(frames: Sequence[Frame]) -> list[Series]:
    """Return the series among `frames`, in a fixed order.

    Scanners file localizers under the series that they plan, and screen captures under the series
    that they show; merged folders hold two patients, or two frames of reference, under one series
    identifier. Apart, each may still be a volume.
    """
    folders = _folders(frames)
    groups: dict[Key, list[Frame]] = defaultdict(list)
    for one in frames:
        groups[_key(one, folders)].append(one)
    localizers: Counter[Key] = Counter()
    parts: Counter[Key] = Counter()
    for key, group in groups.items():
        if key[_LOCALIZER]:
            localizers[_kind(key)] += len(group)
        elif is_image(group[0]):
            parts[_name(key)] += 1
    return [
        Series(
            volume_id=volume_id(key),
            frames=tuple(group),
            left_out=0 if key[_LOCALIZER] else localizers[_kind(key)],
            part_of=1 if key[_LOCALIZER] else parts[_name(key)],
        )
        for key, group in sorted(groups.items(), key=lambda item: repr(item[0]))
    ]


def _folders(frames: Sequence[Frame]) -> dict[Path, int]:
    """Return the folders of series without identifier, numbered.

    The number stands in their names instead of the folder, which may be another one each time that
    an archive is unpacked.
    """
    found = {one.file.parent for one in frames if not one.series_uid}
    return {folder: number for number, folder in enumerate(sorted(found))}


def _key(one: Frame, folders: Mapping[Path, int]) -> Key:
    patient = one.identity.patient
    return (
        one.study_uid,
        one.series_uid or _instead_of_uid(one, folders),
        one.sop_class_uid,
        (patient.issuer_of_patient_id, patient.patient_id),
        one.is_localizer,
        one.frame_of_reference_uid,
        (one.pixels.rows, one.pixels.columns),
    )


def _instead_of_uid(one: Frame, folders: Mapping[Path, int]) -> str:
    """Return what tells series apart whose identifier is missing."""
    identity = one.identity
    return f"{identity.modality}/{identity.series_number}/{folders[one.file.parent]}"


def _name(key: Key) -> Key:
    """Return study and series."""
    return key[:2]


def _kind(key: Key) -> Key:
    """Return study, series, class and subject."""
    return key[:_LOCALIZER]


def volume_id(key: Key) -> VolumeId:
    """Return a short name that stays the same wherever the files lie."""
    digest = hashlib.sha256("|".join(str(part) for part in key).encode()).hexdigest()
    return VolumeId(f"v{digest[:12]}")


def is_hounsfield(frames: Sequence[Frame]) -> bool:
    """Return whether the rescaled values are Hounsfield units.

    CT with RescaleType HU, or without one where the image is ORIGINAL: then the standard demands
    HU (DICOM PS3.3, C.8.2.1). A derived image without type may hold anything, perfusion included.
    """
    first = frames[0]
    if first.sop_class_uid not in CT_CLASSES or not first.rescale.present:
        return False
    if first.rescale.rescale_type:
        return first.rescale.rescale_type.upper() == "HU"
    return all(one.image_type[:1] == ("ORIGINAL",) for one in frames)
