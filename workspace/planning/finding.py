"""What the server finds out about a markup: runs in a geometry worker.

Whatever goes wrong becomes a sentence in the findings: members see it where they wait for a number.
"""

import functools
import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from imaging.space import RigidTransform, Vector
from sessions.plan.findings import Basis, Findings
from sessions.plan.marking import MAX_PATH_POINTS
from sessions.plan.records import MarkupKind

if TYPE_CHECKING:
    from workspace.imagery.regions import GreyValues
    from workspace.planning.closest import Corners
    from workspace.planning.geodesics import Terrain

NOT_HERE: Final = "The images of this case are not on this server."

SURFACES_KEPT: Final = 3
"""By each worker: a second way along a surface is found at once. A million triangles are 150 MB."""


@dataclass(frozen=True, slots=True)
class PlacedSurface:
    """A surface, and where it is now."""

    sha256: str
    transform: RigidTransform


@dataclass(frozen=True, slots=True)
class Order:
    """What to find out."""

    kind: MarkupKind
    basis: Basis
    blobs: str
    """Folder of the surfaces."""
    sides: tuple[tuple[PlacedSurface, ...], ...] = ()
    """Of a way, the one surface; of a gap, the pieces of both sides."""
    volume: str = ""
    """Folder of the room's own volume; empty where it is not here."""


def find_out(order: Order) -> Findings:
    """Return what an order asks for, or why that cannot be told."""
    from imaging.errors import ImagingError
    from segmentation.errors import SegmentationError
    from workspace.errors import WorkspaceError

    try:
        match order.kind:
            case "surface_path":
                return _way(order)
            case "gap":
                return _gap(order)
            case _:
                return _grey_values(order)
    except (ImagingError, SegmentationError, WorkspaceError) as error:
        return Findings(basis=order.basis, problem=sentence(str(error)))


def sentence(text: str) -> str:
    """Return an error's text as members read it."""
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def _way(order: Order) -> Findings:
    import numpy as np

    from workspace.planning.geodesics import length_mm, shortest_way, thinned

    ((solid,),) = order.sides
    terrain = _terrain(order.blobs, solid.sha256)
    back = solid.transform.inverse()
    points = [np.array(back.apply(point)) for point in order.basis.world_mm]
    legs = [shortest_way(terrain, one, other) for one, other in itertools.pairwise(points)]
    way = np.concatenate([legs[0], *(leg[1:] for leg in legs[1:])])
    shown = thinned(way, MAX_PATH_POINTS).tolist()
    return Findings(
        basis=order.basis,
        length_mm=sum(length_mm(leg) for leg in legs),
        path_mm=tuple(solid.transform.apply((x, y, z)) for x, y, z in shown),
    )


def _gap(order: Order) -> Findings:
    import numpy as np

    from workspace.planning.gaps import gap_between

    first, second = (
        np.concatenate([_corners(order.blobs, solid) for solid in side]) for side in order.sides
    )
    found = gap_between(first, second)
    path = (found.first, found.second)
    return Findings(basis=order.basis, length_mm=found.distance_mm, path_mm=path)


def _grey_values(order: Order) -> Findings:
    from imaging.volume_store.reading import open_volume

    if not order.volume:
        return Findings(basis=order.basis, problem=NOT_HERE)
    volume = open_volume(Path(order.volume))
    found = _in_region(order, volume)
    return Findings(
        basis=order.basis,
        mean=found.mean,
        sd=found.sd,
        minimum=found.minimum,
        maximum=found.maximum,
        voxels=found.voxels,
        unit="HU" if volume.description.hu else "",
    )


def _in_region(order: Order, volume: "object") -> "GreyValues":
    from imaging.volume_store.reading import OpenedVolume
    from workspace.imagery.regions import in_box, in_ellipse

    assert isinstance(volume, OpenedVolume)
    points: tuple[Vector, ...] = order.basis.world_mm
    if order.kind == "roi_box":
        corner, opposite = points
        return in_box(volume, corner, opposite)
    centre, first, second = points
    return in_ellipse(volume, centre, first, second)


@functools.lru_cache(maxsize=SURFACES_KEPT)
def _terrain(blobs: str, sha256: str) -> "Terrain":
    """Return a surface, prepared; by its content, so it is the same whenever it is asked for."""
    import numpy as np

    from segmentation.surface.encoding import from_blob
    from workspace.blobs import BlobStore
    from workspace.planning.geodesics import Terrain

    surface = from_blob(BlobStore(Path(blobs)).read(sha256))
    return Terrain.of(surface.vertices.astype(np.float64), surface.triangles.astype(np.int64))


def _corners(blobs: str, solid: PlacedSurface) -> "Corners":
    """Return the corners of a surface's triangles where they are now."""
    import numpy as np

    from segmentation.surface.encoding import from_blob
    from workspace.blobs import BlobStore

    surface = from_blob(BlobStore(Path(blobs)).read(solid.sha256))
    matrix = np.array(solid.transform.matrix())
    moved = surface.vertices.astype(np.float64) @ matrix[:3, :3].T + matrix[:3, 3]
    return np.asarray(moved[surface.triangles])
