"""A segment or fragment as STL, where it is placed in the room."""

from pathlib import Path

from segmentation.surface.encoding import from_blob
from segmentation.surface.formats import write_surface
from sessions.plan.records import Fragment, Segment
from workspace.blobs import BlobStore


def write_stl(blobs: BlobStore, solid: Segment | Fragment, path: Path) -> None:
    """Write binary STL: mm, LPS; the header says so, for the format itself cannot."""
    surface = from_blob(blobs.read(solid.surface.sha256))
    transform = solid.transform if isinstance(solid, Fragment) else None
    write_surface(path, surface, transform=transform)
