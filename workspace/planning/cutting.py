"""Cut a closed surface by a plane into two closed fragments."""

from pathlib import Path

from imaging.space import Plane, dot
from segmentation.errors import SurfaceError
from segmentation.surface.encoding import from_blob, to_blob
from segmentation.surface.mesh import Surface
from segmentation.surface.solid import solid_of, surface_of_solid
from sessions.plan.records import SurfaceRef
from workspace.blobs import BlobStore
from workspace.errors import PlanningError
from workspace.planning.measuring import surface_ref

LEAST_SHARE = 1e-6
"""Of the whole volume: a fragment smaller than this is a plane that grazes the surface."""

CONSERVATION = 1e-5
"""Relative change of the volume beyond which the geometry kernel has failed. Rounding the new
vertices to float32 changes a skull by 1e-9, and 2e-6 at most a piece of 5 mm at 0.7 m from the
origin."""


def cut_surface(surface: Surface, plane: Plane) -> tuple[Surface, Surface]:
    """Return the closed fragments on the positive and on the negative side of `plane`.

    Parameters
    ----------
    surface : Surface
        Closed.
    plane : Plane
        In the same frame as `surface`.

    Returns
    -------
    positive, negative : Surface
        Their volumes add up to the whole. Each may consist of several parts.

    Raises
    ------
    PlanningError
        If the plane leaves nothing on one side, or the surface is open.
    """
    try:
        solid = solid_of(surface)
    except SurfaceError as open_surface:
        raise PlanningError(f"this structure cannot be cut: {open_surface}") from open_surface
    whole = solid.volume()
    halves = solid.split_by_plane(plane.normal, dot(plane.origin, plane.normal))
    if min(half.volume() for half in halves) < LEAST_SHARE * whole:
        raise PlanningError(
            "the plane leaves nothing of the structure on one of its sides; move it into the "
            "structure and cut again"
        )
    positive, negative = (surface_of_solid(half) for half in halves)
    _require_whole(surface, positive, negative)
    return positive, negative


def cut_blob(blobs: Path, sha256: str, plane: Plane) -> tuple[SurfaceRef, SurfaceRef]:
    """Cut a surface that is kept as a blob, and keep both fragments.

    Made for a process of its own: arguments and results are small values.

    Parameters
    ----------
    blobs : Path
        Folder of a `BlobStore`; both fragments are on disk in it when this returns.
    sha256 : str
        Name of the surface's blob.
    plane : Plane
        In the surface's own frame.

    Returns
    -------
    positive, negative : SurfaceRef

    Raises
    ------
    PlanningError
        As `cut_surface`.
    BundleError, SurfaceError
        If the blob is missing or damaged, or holds no surface.
    """
    store = BlobStore(blobs)
    positive, negative = cut_surface(from_blob(store.read(sha256)), plane)
    return (
        surface_ref(positive, store.put(to_blob(positive))),
        surface_ref(negative, store.put(to_blob(negative))),
    )


def _require_whole(whole: Surface, positive: Surface, negative: Surface) -> None:
    """Refuse fragments that are open or do not add up: no plan may rest on them."""
    lost_ml = whole.volume_ml - positive.volume_ml - negative.volume_ml
    closed = positive.is_watertight and negative.is_watertight
    if not closed or abs(lost_ml) > CONSERVATION * whole.volume_ml:
        raise PlanningError(
            f"the cut did not come out closed and whole ({lost_ml:+.6f} mL); move the plane "
            "slightly and cut again"
        )
