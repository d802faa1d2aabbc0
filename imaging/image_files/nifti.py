"""NIfTI-1 and NIfTI-2 headers in one file with their values: RAS there, LPS here."""

import gzip
import struct
import zlib
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from imaging.axes import turned_between_ras_and_lps
from imaging.errors import RefusedFileError
from imaging.image_files.header import (
    ImageHeader,
    checked_grid,
    checked_shape,
    external,
    no_geometry,
    not_a_volume,
    truncated,
    unreadable,
    unusual,
)
from imaging.volume import VolumeGeometry

NIFTI_1: Final = 348
NIFTI_2: Final = 540
"""Bytes of the two headers."""

ALONE: Final = {NIFTI_1: b"n+1", NIFTI_2: b"n+2"}
"""The word of a header whose values follow in the same file."""

SPLIT: Final = {NIFTI_1: b"ni1", NIFTI_2: b"ni2"}
"""The word of a header whose values lie in an .img file."""

LARGEST_OFFSET: Final = 64 * 2**20
"""Room for any header extension; a claim beyond is a mistake."""

NO_EXTENSION: Final = bytes(4)
"""What follows a header that nothing extends."""

LONGEST_NIFTI_1_AXIS: Final = 32_767
SCANNER: Final = 1
"""NIFTI_XFORM_SCANNER_ANAT: the place is the scanner's own."""

MM_PER_UNIT: Final = {0: 1.0, 1: 1000.0, 2: 1.0, 3: 0.001}
"""xyzt_units, its lower three bits: none, which means mm in practice; m; mm; micrometres."""

PLACES_APART_MM: Final = 0.5
"""Sform and qform of one grid, both in float32, agree far better."""


def read_nifti_header(path: Path) -> ImageHeader:
    """Read the header of a .nii or .nii.gz file.

    Raises
    ------
    RefusedFileError
        ``"external_data"``, ``"no_geometry"``, ``"bad_geometry"``, ``"not_a_volume"``,
        ``"too_large"``, ``"truncated_file"``, ``"bad_number"`` or ``"unreadable_file"``.
    """
    packed = path.name.lower().endswith(".gz")
    head = _head(path, packed=packed)
    header = _parsed(path, head)
    shape = checked_shape(path, _sizes(path, header))
    affine, warnings = _affine_ras(path, header)
    scale = MM_PER_UNIT.get(int(header["xyzt_units"]) & 7)
    if scale is None:
        raise unusual(path, "an unknown unit of length")
    affine[:3] *= scale
    slope, intercept = _scaling(path, header)
    return ImageHeader(
        geometry=checked_grid(path, turned_between_ras_and_lps(affine), shape),
        dtype=_dtype(path, header),
        offset=_offset(path, header),
        packing="gzip" if packed else "raw",
        packs_header=packed,
        slope=slope,
        intercept=intercept,
        warnings=warnings,
    )


def _head(path: Path, *, packed: bool) -> bytes:
    """Return the header's bytes without unpacking what follows."""
    try:
        with gzip.open(path, "rb") if packed else path.open("rb") as source:
            head = source.read(NIFTI_2)
    except EOFError as error:
        raise truncated(path) from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise unreadable(path) from error
    if len(head) < NIFTI_1:
        raise unreadable(path)
    return head


def _parsed(path: Path, head: bytes) -> Any:  # noqa: ANN401 - nibabel has no types
    """Return nibabel's header, its word and size checked first."""
    from nibabel.nifti1 import Nifti1Header
    from nibabel.nifti2 import Nifti2Header

    for order in ("<", ">"):
        (size,) = struct.unpack_from(f"{order}i", head)
        if size in ALONE and len(head) >= size:
            word = head[344:347] if size == NIFTI_1 else head[4:7]
            if word == SPLIT[size]:
                raise external(path)
            if word != ALONE[size]:
                raise unreadable(path)
            kind = Nifti1Header if size == NIFTI_1 else Nifti2Header
            return kind(head[:size], endianness=order, check=False)
    raise unreadable(path)


def _sizes(path: Path, header: Any) -> tuple[int, ...]:  # noqa: ANN401 - as above
    axes, *sizes = (int(size) for size in header["dim"])
    if not 1 <= axes <= len(sizes):
        raise unreadable(path)
    return tuple(sizes[:axes])


def _dtype(path: Path, header: Any) -> "np.dtype[Any]":  # noqa: ANN401 - as above
    from nibabel.spatialimages import HeaderDataError

    try:
        dtype: np.dtype[Any] = np.dtype(header.get_data_dtype())
    except (HeaderDataError, KeyError, TypeError) as error:
        raise unreadable(path) from error
    if dtype.kind not in "iuf" or dtype.itemsize > 8:  # noqa: PLR2004 - bytes
        raise not_a_volume(path, "colours, complex or other compound values")
    if int(header["bitpix"]) != 8 * dtype.itemsize:
        raise unreadable(path)
    return dtype


def _offset(path: Path, header: Any) -> int:  # noqa: ANN401 - as above
    offset = float(header["vox_offset"])
    if not int(header["sizeof_hdr"]) <= offset <= LARGEST_OFFSET:  # NaN fails too
        raise unreadable(path)
    return int(offset)


def _scaling(path: Path, header: Any) -> tuple[float, float]:  # noqa: ANN401 - as above
    """Return slope and intercept; by the standard a slope of 0 means that there is none."""
    slope, intercept = float(header["scl_slope"]), float(header["scl_inter"])
    if slope == 0 or np.isnan(slope):  # nibabel writes NaN for none
        return 1.0, 0.0
    if not (np.isfinite(slope) and np.isfinite(intercept)):
        raise RefusedFileError(
            f"{path.name} scales its values by what is no finite number; write it again",
            "bad_number",
        )
    return slope, intercept


def _affine_ras(
    path: Path,
    header: Any,  # noqa: ANN401 - as above
) -> tuple[NDArray[np.float64], tuple[tuple[str, str], ...]]:
    """Return the sform, which may hold a shear, else the qform; and what to say of the two."""
    from nibabel.spatialimages import HeaderDataError

    if max(int(header["sform_code"]), int(header["qform_code"])) <= 0:
        raise no_geometry(path)
    if int(header["sform_code"]) > 0:
        affine = np.array(header.get_sform(), dtype=np.float64)
        return affine, _disagreement(path, header, affine)
    steps = header["pixdim"][1:4]
    if not (np.isfinite(steps).all() and (steps > 0).all()):
        raise _bad(path)
    try:
        return np.array(header.get_qform(), dtype=np.float64), ()
    except (HeaderDataError, ValueError) as error:
        raise _bad(path) from error


def _disagreement(
    path: Path,
    header: Any,  # noqa: ANN401 - as above
    sform: NDArray[np.float64],
) -> tuple[tuple[str, str], ...]:
    """Return a warning if the qform puts a corner of the grid elsewhere than the sform."""
    from nibabel.spatialimages import HeaderDataError

    if int(header["qform_code"]) <= 0:
        return ()
    try:
        qform = header.get_qform()
    except (HeaderDataError, ValueError):
        return ()
    corners = np.array([(i, j, k, 1) for i in (0, 1) for j in (0, 1) for k in (0, 1)])
    steps = corners * (*header["dim"][1:4], 1)
    with np.errstate(invalid="ignore", over="ignore"):
        apart = np.abs(steps @ (sform - qform).T).max()
    if not apart > PLACES_APART_MM:
        return ()
    message = (
        f"{path.name} gives two places that lie {apart:.1f} mm apart (sform and qform); "
        "the sform was taken, so check which one is meant"
    )
    return (("two_places", message),)


def _bad(path: Path) -> RefusedFileError:
    return RefusedFileError(
        f"{path.name} lies on no grid: its spacing or rotation is no sound number; "
        "write it again with a sound affine",
        "bad_geometry",
    )


def nifti_head(geometry: VolumeGeometry, dtype: "np.dtype[Any]") -> bytes:
    """Return a header and the empty extension after it: all that stands before the values.

    The sform holds the affine, shear included. The qform, which can hold none, says the same or
    nothing.
    """
    from nibabel.nifti1 import Nifti1Header
    from nibabel.nifti2 import Nifti2Header

    long = max(geometry.shape_kji) > LONGEST_NIFTI_1_AXIS
    header = (Nifti2Header if long else Nifti1Header)(endianness="<")
    affine = turned_between_ras_and_lps(geometry.affine_lps)
    header.set_data_dtype(dtype)
    header.set_data_shape(geometry.shape_kji[::-1])
    header.set_zooms(geometry.spacing)
    header.set_xyzt_units("mm")
    header.set_sform(affine, SCANNER)
    if geometry.is_right_angled:
        header.set_qform(affine, SCANNER)
    header.set_slope_inter(1, 0)
    header["magic"] = ALONE[NIFTI_2] + b"\0\r\n\x1a\n" if long else ALONE[NIFTI_1]
    header["vox_offset"] = int(header["sizeof_hdr"]) + len(NO_EXTENSION)
    return bytes(header.binaryblock) + NO_EXTENSION
