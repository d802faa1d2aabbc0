"""The closed contour of a skull against scikit-image's marching cubes on the same array."""

import time

from benchmarks.effort import FULL, Effort
from benchmarks.table import Row, compare, figure
from sample_data.acquisition import Acquisition
from sample_data.craniopagus import craniopagus
from sample_data.series import scan
from segmentation.engines.engine import Segmentation
from segmentation.engines.table import run_engine
from segmentation.surface.extraction import contour_of
from segmentation.surface.pipeline import surface_of


def measure(effort: Effort = FULL) -> list[Row]:
    """Return the contour's time against the peer's, and what the whole way takes."""
    segmentation = _skull(effort.surface_spacing_mm)
    field, level = segmentation.field, segmentation.isovalue
    slices, rows, columns = field.shape

    def marching_cubes() -> object:
        from skimage.measure import marching_cubes

        return marching_cubes(field, level)

    contour = compare(
        f"closed contour of a skull, {slices} x {rows} x {columns} / scikit-image marching_cubes",
        lambda: contour_of(segmentation),
        marching_cubes,
        effort.runs,
    )
    closed = contour_of(segmentation)
    note = f"{len(closed.triangles):,} triangles, {'' if closed.is_watertight else 'not '}closed"
    return [contour.noted(note), _whole_way(segmentation, effort.runs)]


def _skull(spacing_mm: float) -> Segmentation:
    volume = scan(craniopagus(), Acquisition(spacing_mm=(spacing_mm, spacing_mm, spacing_mm)))
    return run_engine(volume, "bone", {})


def _whole_way(segmentation: Segmentation, runs: int) -> Row:
    """Return the time of contour, smoothing, decimation and the measured error, without a peer."""
    seconds = []
    for _ in range(runs):
        began = time.perf_counter()
        refined = surface_of(segmentation)
        seconds.append(time.perf_counter() - began)
    return figure("the same skull, contour to light surface", seconds, "s").noted(
        f"{len(refined.surface.triangles):,} triangles, measured error "
        f"p95 {refined.error_p95_mm:.3f} mm, max {refined.error_max_mm:.3f} mm"
    )
