"""Sort instances into the series that could be volumes."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from imaging.dicom.admitting import CT_IMAGE_STORAGE
from imaging.dicom.frame import Frame
from imaging.volume import VolumeId


@dataclass(frozen=True, slots=True)
class Series:
    """Instances that belong together: one series, one SOP class, localizers apart."""

    volume_id: VolumeId
    instances: tuple[Frame, ...]
    left_out: int
    """Localizers of the same series that went to a group of their own."""

    @property
    def series_uid(self) -> str:
        """SeriesInstanceUID, which may be empty."""
        return self.instances[0].series_uid


def group_series(instances: Sequence[Frame]) -> list[Series]:
    """Return the series among `instances`, in a fixed order.

    Scanners file localizers under the series that they plan, and screen captures under the series
    that they show; apart, the slices may still be a volume.
    """
    groups: dict[tuple[str, str, str, bool], list[Frame]] = defaultdict(list)
    for one in instances:
        groups[(one.study_uid, one.series_uid, one.sop_class_uid, one.is_localizer)].append(one)
    localizers = Counter({key[:3]: len(group) for key, group in groups.items() if key[3]})
    return [
        Series(_volume_id(key), tuple(group), 0 if key[3] else localizers[key[:3]])
        for key, group in sorted(groups.items())
    ]


def _volume_id(key: tuple[str, str, str, bool]) -> VolumeId:
    """Return a short name that stays the same wherever the files lie."""
    digest = hashlib.sha256("|".join(str(part) for part in key).encode()).hexdigest()
    return VolumeId(f"v{digest[:12]}")


def is_hounsfield(instances: Sequence[Frame]) -> bool:
    """Return whether the rescaled values are Hounsfield units.

    CT with RescaleType HU, or without one where the image is ORIGINAL: then the standard demands
    HU (DICOM PS3.3, C.8.2.1). A derived image without type may hold anything, perfusion included.
    """
    first = instances[0]
    if first.sop_class_uid != CT_IMAGE_STORAGE or not first.rescale.present:
        return False
    if first.rescale.rescale_type:
        return first.rescale.rescale_type.upper() == "HU"
    return all(one.image_type[:1] == ("ORIGINAL",) for one in instances)
