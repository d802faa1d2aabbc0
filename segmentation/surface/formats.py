"""Surfaces as files for printers, viewers and other planning programs."""

import errno
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from imaging.space import RigidTransform
from segmentation.errors import SurfaceError
from segmentation.surface.file_readers import read_obj, read_ply, read_stl
from segmentation.surface.file_writers import glb_bytes, obj_bytes, ply_bytes, stl_bytes
from segmentation.surface.mesh import Surface

WRITERS: Mapping[str, Callable[[Surface], bytes]] = MappingProxyType(
    {".stl": stl_bytes, ".ply": ply_bytes, ".obj": obj_bytes, ".glb": glb_bytes}
)

READERS: Mapping[str, Callable[[bytes], Surface]] = MappingProxyType(
    {".stl": read_stl, ".ply": read_ply, ".obj": read_obj}
)

LARGEST_FILE_BYTES = 1_000_000_000
"""20 million triangles of STL: ten times the finest skull, a third of a worker's memory."""


def require_writable(path: Path) -> None:
    """Refuse a path that cannot become a surface file, before any work is done for it."""
    if path.suffix.lower() not in WRITERS:
        raise SurfaceError(
            f"{path.suffix or 'a name without an ending'} is no format of surfaces; "
            f"end the name in {', '.join(WRITERS)}"
        )
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not path.parent.is_dir():
        raise SurfaceError(f"there is no folder {path.parent} to write to; make it first")


def write_surface(path: Path, surface: Surface, *, transform: RigidTransform | None = None) -> None:
    """Write `surface` in the format that the name ends in.

    Parameters
    ----------
    path : Path
        Ends in .stl, .ply, .obj or .glb. Replaced whole or not at all.
    surface : Surface
        In patient LPS, mm.
    transform : RigidTransform, optional
        Applied first: where a moved fragment is now.

    Raises
    ------
    SurfaceError
        If the ending is none of these, or there is no such folder.
    """
    require_writable(path)
    placed = surface if transform is None else surface.transformed(transform)
    _replace(path, WRITERS[path.suffix.lower()](placed))


def read_surface(path: Path) -> Surface:
    """Read a surface; its numbers are taken as LPS, mm, since few files say what they are.

    Raises
    ------
    SurfaceError
        If the format is unknown, or the file is too large, broken or no triangle mesh.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise SurfaceError(
            f"{path.suffix or 'a name without an ending'} cannot be read as a surface; "
            f"give {', '.join(READERS)}"
        )
    size = path.stat().st_size
    if size > LARGEST_FILE_BYTES:
        raise SurfaceError(f"a surface of {size} bytes is too large; simplify it first")
    return reader(path.read_bytes())


def _replace(path: Path, content: bytes) -> None:
    """Write beside `path`, then rename: whoever reads it finds the old file or the new one."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
