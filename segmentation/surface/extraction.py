"""From a field of grey values to its contour: a closed surface in the patient."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from imaging.volume import VolumeGeometry
from segmentation.engines.engine import Segmentation
from segmentation.errors import EmptySegmentError, SurfaceError
from segmentation.surface.mesh import Surface

Field = NDArray[np.float32]
"""(slices, rows, columns) values, above the isovalue inside."""

CLEARANCE = 1e-3
"""Least distance of the air to the isovalue, as a part of the field's highest value above it:
a border voxel of just the isovalue must still be closed off."""


def contour_of(segmentation: Segmentation) -> Surface:
    """Return the closed contour of a segment, as exact as its grey values."""
    return contour(segmentation.field, segmentation.isovalue, segmentation.geometry)


def contour(field: NDArray[Any], isovalue: float, geometry: VolumeGeometry) -> Surface:
    """Return the closed contour of `field` at `isovalue`.

    Parameters
    ----------
    field : (slices, rows, columns) array
        Values, at or above `isovalue` inside.
    isovalue : float
        Best halfway between two integers if the field is integer: no zero-area triangles then.
    geometry : VolumeGeometry
        Where the grid sits; left-handed grids are fine.

    Returns
    -------
    Surface
        Outward, closed also where the material reaches the border of the volume: there it ends
        in a flat face half a voxel beyond the last voxel's centre, at that voxel's own border.

    Raises
    ------
    EmptySegmentError
        If no voxel reaches the isovalue.
    """
    corner, box = box_of_inside(field >= isovalue)
    values = np.asarray(field[box], dtype=np.float32)
    if not np.isfinite(values).all():
        raise SurfaceError("the segment's field holds values that are no finite numbers")
    points, triangles = _flying_edges(close_with_air(values, isovalue), isovalue)
    return placed(points, triangles, corner, geometry)


def placed(
    points: NDArray[np.float32],
    triangles: NDArray[np.int32],
    corner: tuple[int, int, int],
    geometry: VolumeGeometry,
) -> Surface:
    """Return the surface in the patient of a mesh in a padded box of voxels.

    Parameters
    ----------
    points : (n, 3) array
        (i, j, k) in the box, whose padding is one voxel.
    triangles : (m, 3) array
        Outward as seen in (i, j, k); turned here where i, j, k are left-handed.
    corner : tuple of int
        (i, j, k) of the box's first voxel that is no padding, in the volume.
    geometry : VolumeGeometry
        Where the volume sits.
    """
    index = points.astype(np.float64) + (np.array(corner) - 1)
    if geometry.handedness < 0:
        triangles = triangles[:, ::-1]
    vertices = geometry.index_to_world(index).astype(np.float32)
    return Surface(vertices, np.ascontiguousarray(triangles))


def close_with_air(values: Field, isovalue: float) -> Field:
    """Return `values` with one voxel more on every side, all of it outside.

    Beyond a voxel that is inside, its value is mirrored at the isovalue: linear interpolation
    then crosses halfway, at the border of that voxel. With a constant instead, the face would
    be as bumpy as the image is noisy, and would lie up to a voxel too far out.
    """
    clearance = max(float(values.max()) - isovalue, 1.0e-6) * CLEARANCE
    padded = np.pad(values, 1, mode="edge")
    for axis in range(3):
        for end in (0, -1):
            face = np.moveaxis(padded, axis, 0)[end]
            mirrored = np.float32(isovalue) - np.maximum(
                np.abs(face - np.float32(isovalue)), np.float32(clearance)
            )
            face[...] = np.where(face >= isovalue, mirrored, face)
    return padded


def box_of_inside(inside: NDArray[np.bool_]) -> tuple[tuple[int, int, int], tuple[slice, ...]]:
    """Return the first (i, j, k) and the [k, j, i] slices of what is inside, one voxel wider."""
    slices: list[slice] = []
    for axis in range(3):
        others = tuple(other for other in range(3) if other != axis)
        found = np.flatnonzero(inside.any(axis=others))
        if not len(found):
            raise EmptySegmentError(
                "no voxel reaches the value to contour; choose a lower one or another segment"
            )
        slices.append(slice(max(int(found[0]) - 1, 0), int(found[-1]) + 2))
    return (slices[2].start, slices[1].start, slices[0].start), tuple(slices)


def _flying_edges(values: Field, isovalue: float) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """Return points, in voxels of `values` as (i, j, k), and triangles of the contour."""
    from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
    from vtkmodules.vtkCommonDataModel import vtkImageData
    from vtkmodules.vtkFiltersCore import vtkFlyingEdges3D

    image = vtkImageData()
    image.SetDimensions(*reversed(values.shape))
    image.GetPointData().SetScalars(numpy_to_vtk(values.ravel()))
    edges = vtkFlyingEdges3D()
    edges.SetInputData(image)
    edges.SetValue(0, isovalue)
    edges.ComputeNormalsOff()
    edges.ComputeGradientsOff()
    edges.ComputeScalarsOff()
    edges.Update()
    output = edges.GetOutput()
    if not output.GetNumberOfPolys():
        raise EmptySegmentError("the contour is empty; choose a lower value or another segment")
    points = vtk_to_numpy(output.GetPoints().GetData()).copy()
    connectivity = vtk_to_numpy(output.GetPolys().GetConnectivityArray())
    return points, connectivity.reshape(-1, 3).astype(np.int32)
