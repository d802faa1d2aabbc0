"""Surfaces as VTK's polygons."""

from typing import TYPE_CHECKING

import numpy as np

from segmentation.surface.mesh import Surface

if TYPE_CHECKING:
    from vtkmodules.vtkCommonDataModel import vtkPolyData


def polydata_of(surface: Surface) -> "vtkPolyData":
    """Return a copy of `surface` for VTK's filters."""
    from vtkmodules.util.numpy_support import numpy_to_vtk
    from vtkmodules.vtkCommonCore import vtkPoints
    from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData

    points = vtkPoints()
    points.SetData(numpy_to_vtk(surface.vertices, deep=1))
    offsets = np.arange(0, surface.triangles.size + 1, 3, dtype=np.int32)
    cells = vtkCellArray()
    cells.SetData(numpy_to_vtk(offsets, deep=1), numpy_to_vtk(surface.triangles.ravel(), deep=1))
    polydata = vtkPolyData()
    polydata.SetPoints(points)
    polydata.SetPolys(cells)
    return polydata
