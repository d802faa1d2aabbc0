"""From a volume or a label map on disk to one surface: the work of `commissure surface`.

Everything that looks into the files runs in a worker process; what comes back is a report, and
the surface as a blob that is verified like any other from outside.
"""

import dataclasses
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np

from imaging.progress import Progress
from imaging.worker import Limits, run_in_worker
from segmentation.errors import SegmentationError
from segmentation.surface.encoding import from_blob, to_blob
from segmentation.surface.mesh import Surface
from segmentation.surface.refinement import RefinedSurface
from workspace.errors import MisuseError

if TYPE_CHECKING:
    from imaging.volume import Volume
    from segmentation.labelmap import Labelmap

SURFACE_LIMITS: Final = Limits(memory_bytes=12 * 2**30, seconds=1800)
"""As for an import, and time for the largest scans on a slow machine."""

BLOB: Final = "surface.blob"
LABELMAP_ENGINE: Final = "labelmap"
"""What the report names as engine where the segment was made elsewhere."""


class SurfaceRequest(msgspec.Struct, frozen=True):
    """Which surface to make."""

    path: str
    folder: str = ""
    """Where the worker leaves the surface."""
    volume_id: str | None = None
    engine: str | None = None
    """None: the path is a label map."""
    settings: dict[str, str] = {}
    segment: int | None = None
    """Which label; None where there is only one."""
    max_error_mm: float | None = None
    """None: what suits the kind of source."""


class SurfaceReport(msgspec.Struct, frozen=True):
    """What is true of the surface."""

    name: str
    engine: str
    version: str
    parameters: dict[str, float]
    volume_ml: float
    area_cm2: float
    triangles: int
    parts: int
    watertight: bool
    error_p95_mm: float
    error_max_mm: float


def make_surface(
    request: SurfaceRequest, progress: Progress, *, limits: Limits = SURFACE_LIMITS
) -> tuple[Surface, SurfaceReport]:
    """Make the surface in a worker process.

    Raises
    ------
    ImagingError
        If there is no such volume, or the worker died or passed a limit.
    SegmentationError
        If nothing was found, or no closed surface came out.
    MisuseError
        If the arguments do not say which segment is meant.
    """
    with tempfile.TemporaryDirectory(prefix="commissure-") as folder:
        report: SurfaceReport = run_in_worker(
            make_surface_here,
            msgspec.structs.replace(request, folder=folder),
            limits=limits,
            on_progress=progress,
        )
        return from_blob((Path(folder) / BLOB).read_bytes()), report


def make_surface_here(request: SurfaceRequest, progress: Progress) -> SurfaceReport:
    """Make the surface, leave it in the request's folder and return what is true of it."""
    make = _from_labels if request.engine is None else _from_engine
    refined, report = make(request, progress)
    (Path(request.folder) / BLOB).write_bytes(to_blob(refined.surface))
    return report


def _from_engine(
    request: SurfaceRequest, progress: Progress
) -> tuple[RefinedSurface, SurfaceReport]:
    from segmentation.engines.table import run_engine
    from segmentation.surface.pipeline import surface_of

    assert request.engine is not None
    volume = _volume(request, progress)
    found = run_engine(volume, request.engine, request.settings, progress)
    refined = surface_of(found, request.max_error_mm, progress)
    parameters = dict(found.parameters)
    return refined, _report(refined, (found.name, found.engine, found.version), parameters)


def _from_labels(
    request: SurfaceRequest, progress: Progress
) -> tuple[RefinedSurface, SurfaceReport]:
    from segmentation.surface.label_surfaces import label_surface_of

    labelmap = _labelmap(Path(request.path))
    numbers = [segment.number for segment in labelmap.segments]
    number = _chosen(request.segment, numbers)
    name = next(segment.name for segment in labelmap.segments if segment.number == number)
    refined = label_surface_of(
        labelmap.mask(number), labelmap.geometry, request.max_error_mm, progress
    )
    return refined, _report(refined, (name, LABELMAP_ENGINE, "1"), {"segment": number})


def _chosen(asked: int | None, numbers: list[int]) -> int:
    """Return the label that is meant."""
    listed = ", ".join(map(str, numbers[:20])) or "none"
    if asked is None and len(numbers) != 1:
        raise MisuseError(f"the label map holds segments {listed}; choose one with --segment")
    if asked is not None and asked not in numbers:
        raise SegmentationError(f"there is no segment {asked}; the label map holds {listed}")
    return numbers[0] if asked is None else asked


def _volume(request: SurfaceRequest, progress: Progress) -> "Volume":
    """Read a DICOM volume, or an image whose values are then taken for HU."""
    from imaging.dicom.reading import read_volume
    from imaging.formats import read_image

    path = Path(request.path)
    if is_image(path):
        return dataclasses.replace(read_image(path), hu=True)
    return read_volume([path], request.volume_id, progress)


def is_image(path: Path) -> bool:
    """Say whether `path` is a file of an image format that states no unit."""
    from imaging.formats import is_image_file

    return is_image_file(path)


def _labelmap(path: Path) -> "Labelmap":
    """Read a DICOM SEG, or an image of whole numbers."""
    from imaging.formats import read_image
    from segmentation.dicom_seg import read_seg
    from segmentation.labelmap import LARGEST_LABEL, Labelmap, Segment

    if path.is_dir():
        raise MisuseError(f"{path.name} is a folder, not a label map; name an --engine for it")
    if not is_image(path):
        return read_seg(path)
    image = read_image(path)
    values = np.unique(image.voxels)
    if not (values == values.astype(np.int64)).all() or values[0] < 0 or values[-1] > LARGEST_LABEL:
        raise SegmentationError(
            f"{path.name} holds grey values, not labels; name an --engine to segment it"
        )
    numbers = [int(value) for value in values if value]
    segments = tuple(
        Segment(number, f"Segment {number}", "", (128, 128, 128)) for number in numbers
    )
    return Labelmap(image.voxels.astype(np.uint16), image.geometry, segments)


def _report(
    refined: RefinedSurface, made_by: tuple[str, str, str], parameters: dict[str, float]
) -> SurfaceReport:
    name, engine, version = made_by
    surface = refined.surface
    return SurfaceReport(
        name=name,
        engine=engine,
        version=version,
        parameters=parameters,
        volume_ml=surface.volume_ml,
        area_cm2=surface.area_cm2,
        triangles=len(surface.triangles),
        parts=surface.parts(),
        watertight=surface.is_watertight,
        error_p95_mm=refined.error_p95_mm,
        error_max_mm=refined.error_max_mm,
    )
