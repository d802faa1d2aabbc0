"""Quantities of surfaces, alone and against each other."""

from segmentation.surface.mesh import MM3_PER_ML, Surface
from segmentation.surface.refinement import RefinedSurface
from segmentation.surface.solid import solid_of
from sessions.plan.records import SurfaceRef


def surface_ref(
    surface: Surface, sha256: str, error_p95_mm: float = 0.0, error_max_mm: float = 0.0
) -> SurfaceRef:
    """Return what the plan keeps of a surface whose blob is named `sha256`."""
    return SurfaceRef(
        sha256=sha256,
        volume_ml=surface.volume_ml,
        area_cm2=surface.area_cm2,
        triangles=len(surface.triangles),
        watertight=surface.is_watertight,
        parts=surface.parts(),
        bounds_mm=surface.bounds_mm,
        error_p95_mm=error_p95_mm,
        error_max_mm=error_max_mm,
    )


def refined_ref(refined: RefinedSurface, sha256: str) -> SurfaceRef:
    """Return what the plan keeps of a refined surface, its errors among it."""
    return surface_ref(
        refined.surface,
        sha256,
        error_p95_mm=refined.error_p95_mm,
        error_max_mm=refined.error_max_mm,
    )


def overlap_ml(first: Surface, second: Surface) -> float:
    """Return the volume that two closed surfaces share, mL: fragments pushed into each other.

    Raises
    ------
    SurfaceError
        If one of them is open.
    """
    return float((solid_of(first) ^ solid_of(second)).volume()) / MM3_PER_ML


def dice(first: Surface, second: Surface) -> float:
    """Return how well two closed surfaces agree: 1 where they are the same, 0 where they part.

    Raises
    ------
    SurfaceError
        If one of them is open.

    References
    ----------
    L. R. Dice, Ecology 26(3), 1945, doi:10.2307/1932409, with volumes for counts.
    """
    return 2 * overlap_ml(first, second) / (first.volume_ml + second.volume_ml)
