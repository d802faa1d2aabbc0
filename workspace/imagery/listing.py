"""What a page is told of the volumes of its room."""

from collections.abc import Iterable
from typing import Literal

import msgspec

from imaging.registration.frames import Placement
from imaging.space import Vector
from workspace.imagery.shelf import ShownVolume

Matrix = tuple[tuple[float, ...], ...]
"""4 x 4, by rows."""


class ListedLevel(msgspec.Struct, frozen=True):
    """One resolution."""

    path: str
    """Below the volume's ``zarr``."""
    shape_kji: tuple[int, int, int]
    affine_lps: Matrix
    """(i, j, k, 1) of this level to LPS, mm."""


class ListedWindow(msgspec.Struct, frozen=True):
    """Where a page's grey values start."""

    center: float
    width: float


class ListedRegistration(msgspec.Struct, frozen=True):
    """How a volume lies in the primary one's world."""

    matrix: Matrix
    """This volume's LPS to the primary one's LPS, mm."""
    error_mm: float
    """How far that may be off at most; 0 where both were scanned in one frame of reference."""


class ListedVolume(msgspec.Struct, frozen=True):
    """A volume."""

    key: str
    volume_id: str
    modality: str
    description: str
    acquired_on: str
    hu: bool
    dtype: Literal["int16", "float32"]
    shape_kji: tuple[int, int, int]
    spacing_mm: Vector
    affine_lps: Matrix
    levels: tuple[ListedLevel, ...]
    window: ListedWindow
    range: tuple[float, float]
    """Of the coarsest level."""
    primary: bool
    registration: ListedRegistration | None
    """None of the primary one, and of one that must not be laid over it."""


class Listing(msgspec.Struct, frozen=True):
    """The volumes of a room, its own first."""

    volumes: tuple[ListedVolume, ...]
    problem: str = ""
    """Why there are none, in a sentence."""


def listed(volumes: Iterable[ShownVolume]) -> tuple[ListedVolume, ...]:
    """Return what is told of volumes."""
    return tuple(_listed(it) for it in volumes)


def _listed(volume: ShownVolume) -> ListedVolume:
    facts = volume.opened.description
    return ListedVolume(
        key=volume.key,
        volume_id=facts.volume_id,
        modality=facts.modality,
        description=facts.description,
        acquired_on=facts.acquired_on,
        hu=facts.hu,
        dtype="int16" if volume.opened.dtype.kind == "i" else "float32",
        shape_kji=volume.opened.levels[0].shape_kji,
        spacing_mm=facts.spacing_mm,
        affine_lps=facts.affine_lps,
        levels=tuple(
            ListedLevel(entry.path, level.shape_kji, entry.affine_lps)
            for entry, level in zip(facts.levels, volume.opened.levels, strict=True)
        ),
        window=ListedWindow(volume.window.center, volume.window.width),
        range=volume.range,
        primary=volume.is_primary,
        registration=None if volume.is_primary else _registration(volume.placement),
    )


def _registration(placement: Placement | None) -> ListedRegistration | None:
    if placement is None:
        return None
    return ListedRegistration(placement.transform.matrix(), placement.error_mm)
