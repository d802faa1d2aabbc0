"""From the voxels of a label to a surface, where there are no grey values to contour."""

import numpy as np
from numpy.typing import NDArray

from imaging.progress import Progress, no_progress
from imaging.volume import VolumeGeometry
from segmentation.errors import EmptySegmentError, SurfaceError
from segmentation.surface.extraction import box_of_inside, contour, placed
from segmentation.surface.mesh import Surface
from segmentation.surface.refinement import Recipe, RefinedSurface, refine
from segmentation.surface.solid import solid_of

BOUND_IN_DIAGONALS = 0.75
"""Default bound, in diagonals of a voxel. The corners of a staircase lie up to half a diagonal off
the surface it stands for; the rest is for decimation."""

LABELS = Recipe(
    iterations=20,
    pass_band=0.05,
    smoothing_share=2 / 3,
    stiffness=0.2,
    attempts=((True, 0.1), (True, 0.05), (False, 0.1), (False, 0.02)),
)
"""The windowed sinc takes the staircase away and keeps the volume. The filter that SurfaceNets
brings along does not: it shrank a ball of radius 6 voxels by 12 % in its 8 iterations, and let two
voxels that touch in a corner vanish."""


def label_surface_of(
    mask: NDArray[np.bool_],
    geometry: VolumeGeometry,
    max_error_mm: float | None = None,
    progress: Progress = no_progress,
) -> RefinedSurface:
    """Return the closed surface of a label, without its staircase.

    Parameters
    ----------
    mask : (slices, rows, columns) bool array
        The voxels of one label.
    geometry : VolumeGeometry
        Where the grid sits.
    max_error_mm : float, optional
        How far the surface may depart from the voxels' own borders, mm; three quarters of a
        voxel's diagonal if left out.
    progress : Progress
        Told of each step.

    Raises
    ------
    EmptySegmentError
        If no voxel has the label.
    """
    progress("Contouring the label", 0, 1)
    if not mask.any():
        raise EmptySegmentError("no voxel has this label; choose another segment")
    blocks = voxel_borders(mask, geometry)
    progress("Contouring the label", 1, 1)
    bound_mm = BOUND_IN_DIAGONALS * _longest_diagonal_mm(geometry)
    return refine(blocks, max_error_mm or bound_mm, progress, LABELS)


def _longest_diagonal_mm(geometry: VolumeGeometry) -> float:
    """Return the longest diagonal of a voxel: on a sheared grid they differ."""
    ends = [(1, j, k) for j in (1, -1) for k in (1, -1)]
    steps = geometry.index_to_world(ends) - geometry.origin
    return float(np.linalg.norm(steps, axis=1).max())


def voxel_borders(mask: NDArray[np.bool_], geometry: VolumeGeometry) -> Surface:
    """Return the borders of the voxels, closed; where voxels touch in an edge, their contour.

    Such an edge belongs to four faces, which no closed surface allows; the contour halfway
    between voxel centres has no such edges.
    """
    corner, box = box_of_inside(mask)
    inside = np.pad(mask[box], 1)
    surface = placed(*_surface_nets(inside), corner, geometry)
    try:
        solid_of(surface)
    except SurfaceError:
        return contour(mask.astype(np.float32), 0.5, geometry)
    return surface


def _surface_nets(
    inside: NDArray[np.bool_],
) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """Return points, in voxels of `inside` as (i, j, k), and triangles of the voxels' borders."""
    from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
    from vtkmodules.vtkCommonDataModel import vtkImageData
    from vtkmodules.vtkFiltersCore import vtkSurfaceNets3D

    labels = inside.astype(np.uint8)
    image = vtkImageData()
    image.SetDimensions(*reversed(labels.shape))
    image.GetPointData().SetScalars(numpy_to_vtk(labels.ravel()))
    nets = vtkSurfaceNets3D()
    nets.SetInputData(image)
    nets.SetValue(0, 1)
    nets.SetBackgroundLabel(0)
    nets.SmoothingOff()
    nets.SetOutputMeshTypeToTriangles()
    nets.Update()
    output = nets.GetOutput()
    points = vtk_to_numpy(output.GetPoints().GetData()).copy()
    connectivity = vtk_to_numpy(output.GetPolys().GetConnectivityArray())
    return points, connectivity.reshape(-1, 3).astype(np.int32)
