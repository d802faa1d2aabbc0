"""From a segment to the surface that members see, measure and cut."""

from imaging.progress import Progress, no_progress
from segmentation.engines.engine import Segmentation
from segmentation.surface.extraction import contour_of
from segmentation.surface.mesh import without_crumbs
from segmentation.surface.refinement import RefinedSurface, refine, refine_to_size

BOUND_IN_VOXELS = 0.25
"""Bound on the error where none is asked for, in the longest side of a voxel. Measured: 91,000
triangles and p95 0.09 mm on the skull phantom at 1 mm, 264,000 and 0.07 mm on a real skull of
0.45 x 0.45 x 1 mm."""

MOST_TRIANGLES = 300_000
"""What one segment may cost every member's browser: 0.6 MB, and a share of its drawing time."""

CRUMB_IN_VOXELS = 1.0
"""Shells that enclose less than a voxel are noise in the rim around a segment."""


def surface_of(
    segmentation: Segmentation,
    max_error_mm: float | None = None,
    progress: Progress = no_progress,
) -> RefinedSurface:
    """Return the closed, refined surface of a segment.

    Parameters
    ----------
    segmentation : Segmentation
        A field of grey values around one segment.
    max_error_mm : float, optional
        Bound on what smoothing and decimation may do, mm. Left out, it is a quarter of the
        longest side of a voxel, and gives way where noise or detail would make the surface too
        heavy for a browser. What was done is in the result.
    progress : Progress
        Told of each step.

    Raises
    ------
    EmptySegmentError
        If the segment has no voxel.
    SurfaceError
        If no closed surface came out.
    """
    progress("Contouring the segment", 0, 1)
    crumb_mm3 = CRUMB_IN_VOXELS * segmentation.geometry.voxel_volume_mm3
    contour = without_crumbs(contour_of(segmentation), crumb_mm3)
    progress("Contouring the segment", 1, 1)
    if max_error_mm is not None:
        return refine(contour, max_error_mm, progress)
    bound_mm = BOUND_IN_VOXELS * max(segmentation.geometry.spacing)
    return refine_to_size(contour, bound_mm, MOST_TRIANGLES, progress)
