"""Volumes in NIfTI, NRRD and MetaImage files, with their place in the patient.

All is LPS here. A sheared grid stays what it is: each of the three formats can hold it.
"""

import dataclasses
import filecmp
import hashlib
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
from numpy.typing import NDArray

from imaging.errors import SourceError
from imaging.image_files.header import ImageHeader, require_held
from imaging.image_files.metaimage import metaimage_head, read_metaimage_header
from imaging.image_files.nifti import nifti_head, read_nifti_header
from imaging.image_files.nrrd import nrrd_head, read_nrrd_header
from imaging.image_files.packing import gzip_packed, zlib_packed
from imaging.image_files.replacing import replacing, require_place_for_file, require_room
from imaging.image_files.values import read_values
from imaging.progress import Progress, no_progress
from imaging.resampling import skew_deg
from imaging.volume import Volume, VolumeGeometry, VolumeId
from imaging.voxel_sink import PlainArray, VoxelSink

EXTERNAL: Final = (".nhdr", ".mhd", ".hdr", ".img")
"""Headers whose data lie in another file, which a hostile header may choose."""

PICKLED: Final = (".npy", ".npz", ".pkl", ".pickle")
"""What Python programs leave; reading such a file may run what is in it."""

SAMPLES: Final = 64
SAMPLE_BYTES: Final = 4096
"""Of a file's content that go into its id: any two scans differ there, and 0.3 MB are read."""


def _write_nifti(file: IO[bytes], voxels: NDArray[Any], geometry: VolumeGeometry) -> None:
    file.write(nifti_head(geometry, voxels.dtype))
    file.write(voxels.data)


def _write_nifti_gz(file: IO[bytes], voxels: NDArray[Any], geometry: VolumeGeometry) -> None:
    for piece in gzip_packed(nifti_head(geometry, voxels.dtype), voxels):
        file.write(piece)


def _write_nrrd(file: IO[bytes], voxels: NDArray[Any], geometry: VolumeGeometry) -> None:
    file.write(nrrd_head(geometry, voxels.dtype))
    for piece in gzip_packed(b"", voxels):
        file.write(piece)


def _write_metaimage(file: IO[bytes], voxels: NDArray[Any], geometry: VolumeGeometry) -> None:
    file.write(metaimage_head(geometry, voxels.dtype))
    size = sum(file.write(piece) for piece in zlib_packed(voxels))
    file.seek(0)
    file.write(metaimage_head(geometry, voxels.dtype, size))


@dataclass(frozen=True, slots=True)
class ImageFormat:
    """How one kind of file is read and written."""

    read_header: Callable[[Path], ImageHeader]
    write: Callable[[IO[bytes], NDArray[Any], VolumeGeometry], None]


FORMATS: Final[dict[str, ImageFormat]] = {
    ".nii.gz": ImageFormat(read_nifti_header, _write_nifti_gz),
    ".nii": ImageFormat(read_nifti_header, _write_nifti),
    ".nrrd": ImageFormat(read_nrrd_header, _write_nrrd),
    ".mha": ImageFormat(read_metaimage_header, _write_metaimage),
}
SUFFIXES: Final = tuple(FORMATS)
"""What can be written and read; the data stand in the same file."""


def is_image_file(path: Path) -> bool:
    """Say whether `path` is a file that `read_image` may read, by its suffix."""
    return path.name.lower().endswith(SUFFIXES) and path.is_file()


def suffix_of(path: Path) -> str:
    """Return which of `SUFFIXES` the file name ends in.

    Raises
    ------
    SourceError
        None of them; the message lists them.
    """
    name = path.name.lower()
    for suffix in SUFFIXES:
        if name.endswith(suffix):
            return suffix
    if name.endswith(EXTERNAL):
        raise SourceError(
            f"{path.name} keeps its values in another file; "
            f"use one file that holds both ({', '.join(SUFFIXES)})",
            "external_data",
        )
    if name.endswith(PICKLED):
        raise SourceError(
            f"{path.name} may hold a program instead of values, and says nothing of a place; "
            f"use one of {', '.join(SUFFIXES)}",
            "unknown_format",
        )
    raise SourceError(
        f"{path.name or 'a name without letters'} ends in none of {', '.join(SUFFIXES)}; "
        "choose one of them",
        "unknown_format",
    )


def require_writable(path: Path) -> None:
    """Raise what `write_volume` would raise for this path, before any work is done for it."""
    suffix_of(path)
    require_place_for_file(path)


def write_volume(path: Path, volume: Volume) -> None:
    """Write `volume` so that `path` holds all of it or is not touched.

    Parameters
    ----------
    path : Path
        Ends in one of `SUFFIXES`; an existing file is replaced.
    volume : Volume
        Its name, description and identifiers are not written.

    Raises
    ------
    SourceError
        The suffix is unknown.
    OSError
        There is no such folder, no right to write there, or no room.
    """
    write_array_image(path, volume.voxels, volume.geometry)


def write_array_image(path: Path, voxels: NDArray[Any], geometry: VolumeGeometry) -> None:
    """Write an array [k, j, i] on a grid, as `write_volume` does; for label maps and masks.

    Parameters
    ----------
    voxels : (slices, rows, columns) array
        int16, float32, uint8, uint16 or int8, written as they are.
    """
    image_format = FORMATS[suffix_of(path)]
    require_writable(path)
    little = voxels.dtype.newbyteorder("<")
    plain = np.ascontiguousarray(voxels, dtype=little)
    require_room(path, plain.nbytes)
    with replacing(path) as file:
        image_format.write(file, plain, geometry)


def read_image_header(path: Path) -> ImageHeader:
    """Read the header of an image, and no values.

    Raises
    ------
    SourceError
        There is no such file, or its suffix is unknown.
    RefusedFileError
        The file is damaged, refers to another file, does not say where it lies in the patient, or
        is no three-dimensional grey image.
    """
    image_format = FORMATS[suffix_of(path)]
    if not path.is_file():
        raise SourceError(f"there is no file {path}; check the path", "no_such_path")
    header = image_format.read_header(path)
    require_held(path, header)
    return dataclasses.replace(header, warnings=(*header.warnings, *_shear_of(header.geometry)))


def _shear_of(geometry: VolumeGeometry) -> tuple[tuple[str, str], ...]:
    """Return the warning that an import of tilted slices carries too."""
    if geometry.is_right_angled:
        return ()
    message = (
        f"the grid is sheared by {skew_deg(geometry):.1f} degrees, as a tilted gantry leaves it: "
        "every voxel lies where the file says, on a grid that is not right-angled"
    )
    return (("gantry_tilt", message),)


def read_image(
    path: Path, sink: VoxelSink | None = None, progress: Progress = no_progress
) -> Volume:
    """Read a grey image or a label map.

    Parameters
    ----------
    path : Path
        Ends in one of `SUFFIXES`.
    sink : VoxelSink, optional
        Gives the array that is filled.
    progress : Progress, optional
        Told of the beginning and the end.

    Returns
    -------
    Volume
        In LPS. int16 where the values are whole and fit, else float32; `hu` is false, for these
        formats state no unit, and the identifiers are empty.

    Raises
    ------
    SourceError, RefusedFileError
        As `read_image_header`; also for values that are damaged or no finite numbers.
    """
    progress("Reading the image", 0, 1)
    header = read_image_header(path)
    voxels = read_values(path, header, sink or PlainArray())
    progress("Reading the image", 1, 1)
    return Volume(
        volume_id=image_id(path),
        voxels=voxels,
        geometry=header.geometry,
        modality="",
        hu=False,
        description="",
        study_uid="",
        series_uid="",
        frame_of_reference_uid="",
        slice_thickness_mm=None,
        acquired_on="",
        warnings=header.warnings,
    )


def image_id(path: Path) -> VolumeId:
    """Return a short name that stays the same wherever the file lies.

    It comes from the file's name, its size, and samples of its content.
    """
    size = path.stat().st_size
    digest = hashlib.sha256(f"{path.name}|{size}|".encode(errors="surrogateescape"))
    with path.open("rb") as source:
        for n in range(SAMPLES):
            source.seek(max(0, (size - SAMPLE_BYTES) * n // (SAMPLES - 1)))
            digest.update(source.read(SAMPLE_BYTES))
    return VolumeId(f"v{digest.hexdigest()[:12]}")


def without_image_copies(paths: Iterable[Path]) -> tuple[list[Path], list[Path]]:
    """Return the images that differ, and the byte-for-byte copies among them."""
    kept: list[Path] = []
    copies: list[Path] = []
    for path in paths:
        size = os.path.getsize(path)  # noqa: PTH202 - one call each
        same = (one for one in kept if os.path.getsize(one) == size)  # noqa: PTH202 - as above
        (copies if any(filecmp.cmp(path, one, shallow=False) for one in same) else kept).append(
            path
        )
    return kept, copies
