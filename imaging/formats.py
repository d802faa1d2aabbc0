"""Volumes in NIfTI, NRRD and MetaImage files, with their place in the patient.

SimpleITK speaks LPS itself and turns NIfTI's RAS at the door.
"""

import contextlib
import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from imaging.errors import RefusedFileError, SourceError
from imaging.format_headers import refuse_lies_and_links
from imaging.space import Vector
from imaging.volume import Volume, VolumeGeometry, VolumeId

SUFFIXES: Final = (".nii.gz", ".nii", ".nrrd", ".mha")
"""What can be written and read; the data stand in the same file."""

_EXTERNAL: Final = (".nhdr", ".mhd", ".hdr", ".img")
"""Headers whose data lie in another file, which a hostile header may choose."""

MAX_IMAGE_BYTES: Final = 4 * 2**30
"""As for a DICOM volume."""

_INT16: Final = np.iinfo(np.int16)


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
    if name.endswith(_EXTERNAL):
        raise SourceError(
            f"{path.name} keeps its values in another file; "
            f"use one file that holds both ({', '.join(SUFFIXES)})",
            "external_data",
        )
    raise SourceError(
        f"{path.name or 'a name without letters'} ends in none of {', '.join(SUFFIXES)}; "
        "choose one of them",
        "unknown_format",
    )


def require_writable(path: Path) -> None:
    """Raise what `write_volume` would raise for this path, before any work is done for it."""
    suffix_of(path)
    _require_utf8(path)
    require_place_for_file(path)


def require_place_for_file(path: Path) -> None:
    """Raise unless a file of this name can stand there, as far as can be told beforehand.

    Raises
    ------
    SourceError
        There is no such folder.
    OSError
        The path is a folder.
    """
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not path.parent.is_dir():
        raise SourceError(
            f"there is no folder {path.parent} to write {path.name} to; make it first",
            "no_such_path",
        )


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
    """Write an array [k, j, i] on a grid, as `write_volume` does; for label maps and masks."""
    import SimpleITK

    suffix = suffix_of(path)
    require_writable(path)
    image = SimpleITK.GetImageFromArray(voxels)
    image.SetSpacing(geometry.spacing)
    image.SetOrigin(geometry.origin)
    image.SetDirection(np.array(geometry.direction).T.ravel().tolist())
    _require_room(path, voxels.nbytes)
    with _replacing(path, suffix) as partial:
        try:
            SimpleITK.WriteImage(image, str(partial), True)  # noqa: FBT003 - SimpleITK: compressed
            again = SimpleITK.ReadImage(str(partial))
            written = np.array_equal(
                SimpleITK.GetArrayViewFromImage(again), voxels, equal_nan=voxels.dtype.kind == "f"
            )
        except RuntimeError:
            written = False
        if not written:  # zlib and ITK keep a full disk to themselves, so what was written is read
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))


def _require_utf8(path: Path) -> None:
    """Refuse a path that would make ITK abort the whole process."""
    try:
        os.path.abspath(path).encode()  # noqa: PTH100 - a text, links unresolved as ITK gets it
    except UnicodeEncodeError as error:
        raise SourceError(
            f"the path of {path.name} holds letters that are no UTF-8; "
            "rename the file or its folder, or choose another place",
            "bad_name",
        ) from error


def _require_room(path: Path, needed_bytes: int) -> None:
    """Refuse a full disk before ITK's writers meet it, for they mutter on stderr."""
    if shutil.disk_usage(path.parent).free < needed_bytes:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))


@contextlib.contextmanager
def _replacing(path: Path, suffix: str) -> Iterator[Path]:
    """Give a name beside `path`; put the file there in its place, or remove it on any error."""
    require_writable(path)
    try:
        folder = tempfile.mkdtemp(prefix=".commissure-", dir=path.parent)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error
    partial = Path(folder) / f"partial{suffix}"
    try:
        yield partial
        with partial.open("rb") as written:
            os.fsync(written.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
        Path(folder).rmdir()


def read_image(path: Path) -> Volume:
    """Read a grey image or a label map.

    Parameters
    ----------
    path : Path
        Ends in one of `SUFFIXES`.

    Returns
    -------
    Volume
        In LPS. int16 where the values are whole and fit, else float32; `hu` is false, for these
        formats state no unit, and the identifiers are empty.

    Raises
    ------
    SourceError
        There is no such file, or its suffix is unknown.
    RefusedFileError
        The file is damaged, refers to another file, does not say where it lies in the patient, or
        is no three-dimensional grey image.
    """
    import SimpleITK

    suffix = suffix_of(path)
    if not path.is_file():
        raise SourceError(f"there is no file {path}; check the path", "no_such_path")
    _require_utf8(path)
    refuse_lies_and_links(path, suffix)
    reader = SimpleITK.ImageFileReader()
    reader.SetFileName(str(path))
    try:
        reader.ReadImageInformation()
        _require_grey_volume(path, reader)
        image = reader.Execute()
    except RuntimeError as error:
        raise RefusedFileError(
            f"{path.name} cannot be read as {suffix}; write it again", "unreadable_file"
        ) from error
    return Volume(
        volume_id=VolumeId(path.name),
        voxels=_fitting(path, SimpleITK.GetArrayFromImage(image)),
        geometry=_geometry(path, image),
        modality="",
        hu=False,
        description="",
        study_uid="",
        series_uid="",
        frame_of_reference_uid="",
        slice_thickness_mm=None,
        acquired_on="",
    )


def _require_grey_volume(path: Path, reader: Any) -> None:  # noqa: ANN401 - SimpleITK has no types
    size = reader.GetSize()
    deep = len(size) == 3 or (len(size) == 4 and size[3] == 1)  # noqa: PLR2004 - axes
    if not deep or reader.GetNumberOfComponents() != 1:
        raise RefusedFileError(
            f"{path.name} is no single three-dimensional grey image; write one volume per file",
            "not_a_volume",
        )
    if 8 * int(np.prod(size, dtype=object)) > 4 * MAX_IMAGE_BYTES:
        raise RefusedFileError(
            f"{path.name} claims {' x '.join(str(n) for n in size)} voxels, more than a volume "
            "may have; crop it",
            "too_large",
        )


def _fitting(path: Path, values: NDArray[Any]) -> NDArray[Any]:
    """Return (slices, rows, columns) values as int16 where that loses nothing, else float32."""
    values = values.reshape(values.shape[-3:])
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        raise RefusedFileError(
            f"{path.name} holds values that are no finite numbers; write it again without them",
            "bad_number",
        )
    fits = values.min() >= _INT16.min and values.max() <= _INT16.max
    whole = values.dtype.kind in "iub" or bool((values == np.rint(values)).all())
    return values.astype(np.int16 if fits and whole else np.float32, copy=False)


def _geometry(path: Path, image: Any) -> VolumeGeometry:  # noqa: ANN401 - SimpleITK has no types
    dimension = image.GetDimension()
    direction = np.array(image.GetDirection()).reshape(dimension, dimension)[:3, :3].T
    size = image.GetSize()
    try:
        return VolumeGeometry(
            spacing=_vector(image.GetSpacing()),
            origin=_vector(image.GetOrigin()),
            direction=(_vector(direction[0]), _vector(direction[1]), _vector(direction[2])),
            shape_kji=(size[2], size[1], size[0]),
        )
    except ValueError as error:
        raise RefusedFileError(
            f"{path.name} lies on a grid without right angles or spacing; resample it",
            "bad_geometry",
        ) from error


def _vector(values: Any) -> Vector:  # noqa: ANN401 - SimpleITK and numpy sequences alike
    return (float(values[0]), float(values[1]), float(values[2]))
