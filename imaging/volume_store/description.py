"""What a stored volume says of itself beside its bricks: the `commissure` attributes."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from imaging.grey_window import GreyWindow
from imaging.space import Vector
from imaging.volume import Volume, VolumeGeometry, VolumeId
from imaging.volume_store.originals import Original
from imaging.volume_store.pyramid import Level, Triple

FORMAT_VERSION: Final = 1

_OWN_ID: Final = re.compile(r"v[0-9a-f]{8,64}")

_DIGEST_LETTERS: Final = 16
"""64 bits of a SHA-256 in a key: two volumes of one series will not meet in them by chance."""


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning that stays with the volume."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class LevelEntry:
    """Where one resolution lies in the patient."""

    path: str
    factors_kji: Triple
    """Voxels of the finer level in one of this, along each axis."""
    affine_lps: tuple[tuple[float, ...], ...]
    """Maps (i, j, k, 1) of this level to (x, y, z, 1) in mm, LPS."""


@dataclass(frozen=True, slots=True)
class Description:
    """All that OME-Zarr has no place for. No patient's name or id."""

    format_version: int
    content_digest: str
    """SHA-256 over the voxels and what they mean; see `content_digest`."""
    volume_id: str
    spacing_mm: Vector
    """Along (i, j, k)."""
    origin_lps_mm: Vector
    direction_lps: tuple[Vector, Vector, Vector]
    """Unit vectors of i, j and k; sheared where the gantry was tilted."""
    affine_lps: tuple[tuple[float, ...], ...]
    levels: tuple[LevelEntry, ...]
    frame_of_reference_uid: str
    study_uid: str
    series_uid: str
    modality: str
    hu: bool
    description: str
    slice_thickness_mm: float | None
    acquired_on: str
    warnings: tuple[Warned, ...]
    originals: tuple[Original, ...]
    window: GreyWindow | None = None
    """How the series asks to be shown; not kept by the first versions of this program."""


def described(
    volume: Volume, levels: Sequence[Level], digest: str, originals: Sequence[Original]
) -> Description:
    """Return the description of a volume."""
    geometry = volume.geometry
    return Description(
        format_version=FORMAT_VERSION,
        content_digest=digest,
        volume_id=safe_id(volume.volume_id),
        spacing_mm=geometry.spacing,
        origin_lps_mm=geometry.origin,
        direction_lps=geometry.direction,
        affine_lps=_rows(geometry),
        levels=tuple(
            LevelEntry(str(number), level.factors, _rows(level.geometry))
            for number, level in enumerate(levels)
        ),
        frame_of_reference_uid=volume.frame_of_reference_uid,
        study_uid=volume.study_uid,
        series_uid=volume.series_uid,
        modality=volume.modality,
        hu=volume.hu,
        description=volume.description,
        slice_thickness_mm=volume.slice_thickness_mm,
        acquired_on=volume.acquired_on,
        warnings=tuple(Warned(code, message) for code, message in volume.warnings),
        originals=tuple(originals),
        window=volume.window,
    )


def volume_of(description: Description, voxels: NDArray[Any], geometry: VolumeGeometry) -> Volume:
    """Return the volume that was described."""
    return Volume(
        volume_id=VolumeId(description.volume_id),
        voxels=voxels,
        geometry=geometry,
        modality=description.modality,
        hu=description.hu,
        description=description.description,
        study_uid=description.study_uid,
        series_uid=description.series_uid,
        frame_of_reference_uid=description.frame_of_reference_uid,
        slice_thickness_mm=description.slice_thickness_mm,
        acquired_on=description.acquired_on,
        warnings=tuple((one.code, one.message) for one in description.warnings),
        window=description.window,
    )


def slice_digest(values: NDArray[Any]) -> bytes:
    """Return the SHA-256 of one slice's values, little-endian, row by row."""
    return hashlib.sha256(np.ascontiguousarray(values).data).digest()


def content_digest(volume: Volume, slice_digests: Sequence[bytes]) -> str:
    """Return a SHA-256 over the voxels, where they lie, and what they are.

    Whatever else the headers say does not count: a series that was sent again with another
    description is the same volume.
    """
    meaning = {
        "dtype": volume.voxels.dtype.str,
        "shape_kji": volume.geometry.shape_kji,
        "affine_lps": _rows(volume.geometry),
        "frame_of_reference_uid": volume.frame_of_reference_uid,
        "study_uid": volume.study_uid,
        "series_uid": volume.series_uid,
        "modality": volume.modality,
        "hu": volume.hu,
    }
    digest = hashlib.sha256(msgspec.json.encode(meaning, order="sorted"))
    for one in slice_digests:
        digest.update(one)
    return digest.hexdigest()


def key_of(volume_id: str, digest: str) -> str:
    """Return the name under which a volume is stored."""
    return f"{safe_id(volume_id)}-{digest[:_DIGEST_LETTERS]}"


def safe_id(volume_id: str) -> str:
    """Return an id of ours as it is, and a hash of others: a file name may name a patient."""
    if _OWN_ID.fullmatch(volume_id):
        return volume_id
    return "x" + hashlib.sha256(volume_id.encode("utf-8", "surrogateescape")).hexdigest()[:12]


def _rows(geometry: VolumeGeometry) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(row) for row in geometry.affine_lps.tolist())
