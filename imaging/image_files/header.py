"""What a header of any of the three formats says, once it has been checked."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import ArrayLike

from imaging.axes import grid_of
from imaging.errors import RefusedFileError
from imaging.volume import VolumeGeometry

Packing = Literal["raw", "gzip", "zlib"]
"""How the values are packed; NIfTI packs its header with them."""

HEAD_BYTES: Final = 64 * 2**10
"""Longer than the text header of any NRRD or MetaImage file of one volume."""

MOST_VOXELS: Final = 2**31
"""As many as a DICOM volume of 4 GiB has."""

MOST_INFLATION: Final = 1032
"""The most that one byte of deflate data can become (RFC 1951)."""

AXES: Final = 3


@dataclass(frozen=True, slots=True)
class ImageHeader:
    """Where the values lie in the file, what they are, and where they lie in the patient."""

    geometry: VolumeGeometry
    dtype: np.dtype[Any]
    """Of the stored values, with their byte order."""
    offset: int
    """Bytes before the first value: in the file, or once unpacked where `packs_header` is set."""
    packing: Packing = "raw"
    packs_header: bool = False
    slope: float = 1.0
    intercept: float = 0.0
    """Value = slope x stored value + intercept."""
    warnings: tuple[tuple[str, str], ...] = ()

    @property
    def value_bytes(self) -> int:
        """Size of all values, unpacked."""
        return math.prod(self.geometry.shape_kji) * self.dtype.itemsize


def checked_grid(
    path: Path, affine_lps: ArrayLike, shape_kji: tuple[int, int, int]
) -> VolumeGeometry:
    """Return the grid, or refuse the file by name.

    Raises
    ------
    RefusedFileError
        ``"bad_geometry"``.
    """
    try:
        return grid_of(affine_lps, shape_kji)
    except ValueError as error:
        raise RefusedFileError(
            f"{path.name} lies on no grid: an axis without length, no finite number, or axes in "
            "one plane; write it again with a sound affine",
            "bad_geometry",
        ) from error


def checked_shape(path: Path, sizes_ijk: tuple[int, ...]) -> tuple[int, int, int]:
    """Return (slices, rows, columns) of an image with these sizes, or refuse it by name.

    Parameters
    ----------
    sizes_ijk : tuple of int
        Fastest axis first; further axes of one element are nothing.

    Raises
    ------
    RefusedFileError
        ``"not_a_volume"``, ``"too_large"`` or ``"unreadable_file"``.
    """
    if len(sizes_ijk) < AXES or any(size != 1 for size in sizes_ijk[AXES:]):
        raise not_a_volume(path, f"{len(sizes_ijk)} axes")
    i, j, k = sizes_ijk[:AXES]
    if min(i, j, k) < 1:
        raise unreadable(path)
    if i * j * k > MOST_VOXELS:
        raise RefusedFileError(
            f"{path.name} claims {i} x {j} x {k} voxels, more than a volume may have; crop it",
            "too_large",
        )
    return (k, j, i)


def require_held(path: Path, header: ImageHeader) -> None:
    """Refuse a header that claims more than its file can hold, before anything is allocated.

    Raises
    ------
    RefusedFileError
        ``"truncated_file"``.
    """
    packed = path.stat().st_size - (0 if header.packs_header else header.offset)
    wanted = header.value_bytes + (header.offset if header.packs_header else 0)
    if wanted > packed * (1 if header.packing == "raw" else MOST_INFLATION):
        raise truncated(path)


def truncated(path: Path) -> RefusedFileError:
    """Return the error for a file that ends too early."""
    return RefusedFileError(
        f"{path.name} is cut short: it holds fewer values than its header states; "
        "copy or write it again",
        "truncated_file",
    )


def unreadable(path: Path) -> RefusedFileError:
    """Return the error for a file that makes no sense."""
    return RefusedFileError(
        f"{path.name} is not what its suffix says, or damaged; write it again", "unreadable_file"
    )


def unusual(path: Path, found: str) -> RefusedFileError:
    """Return the error for a sound file of a kind that is not read."""
    return RefusedFileError(
        f"{path.name} is written in a way that is not read ({found}); "
        "write it raw or with gzip, binary and in mm",
        "unreadable_file",
    )


def external(path: Path) -> RefusedFileError:
    """Return the error for a header whose values lie elsewhere."""
    return RefusedFileError(
        f"{path.name} refers to another file for its values; write it as one file", "external_data"
    )


def no_geometry(path: Path) -> RefusedFileError:
    """Return the error for an image without a place."""
    return RefusedFileError(
        f"{path.name} does not say where it lies in the patient; write it with origin and spacing",
        "no_geometry",
    )


def not_a_volume(path: Path, found: str) -> RefusedFileError:
    """Return the error for an image that is flat, moving or coloured."""
    return RefusedFileError(
        f"{path.name} is no single three-dimensional grey image ({found}); "
        "write one volume per file",
        "not_a_volume",
    )
