"""A volume laid on the grid of another, by a registration."""

import dataclasses
from typing import Any, Final

import numpy as np

from imaging.errors import UnregisteredFramesError
from imaging.registration.itk_transforms import as_itk
from imaging.registration.registration import RigidRegistration
from imaging.space import RigidTransform
from imaging.volume import Volume, VolumeGeometry, VolumeId

CT_AIR_HU: Final = -1000.0


def resample_onto(
    moving: Volume,
    fixed_geometry: VolumeGeometry,
    registration: RigidRegistration,
    fill: float | None = None,
) -> Volume:
    """Return `moving` on the grid of a fixed volume, in the frame of reference of that volume.

    Parameters
    ----------
    moving : Volume
        Of the registration's moving frame.
    fixed_geometry : VolumeGeometry
        The grid; sheared, or as coarse as may be.
    registration : RigidRegistration
        How the one lies in the other.
    fill : float, optional
        What stands where `moving` has no voxels: air of a CT, else the lowest value.

    Returns
    -------
    Volume
        By linear interpolation, of the same kind of number; the warning ``resampled`` says so.

    Raises
    ------
    UnregisteredFramesError
        The registration is one of another frame than `moving`'s.
    """
    if moving.frame_of_reference_uid != registration.moving_frame_uid:
        raise UnregisteredFramesError(
            "the registration says nothing of the frame of reference that this volume lies in; "
            "register this volume first",
            "unregistered_frames",
        )
    image = image_of(moving)
    outside = background_of(moving) if fill is None else fill
    found = laid_on(image, fixed_geometry, registration.fixed_from_moving, outside)
    kind = moving.voxels.dtype
    values = np.rint(found) if kind.kind in "iu" else found
    message = (
        "laid on the grid of another volume by a registration, by linear interpolation; its error "
        f"is {registration.error.max_mm:.2f} mm at most where it was repeated"
    )
    return dataclasses.replace(
        moving,
        volume_id=VolumeId(f"{moving.volume_id}.registered"),
        voxels=values.astype(kind),
        geometry=fixed_geometry,
        frame_of_reference_uid=registration.fixed_frame_uid,
        warnings=(*moving.warnings, ("resampled", message)),
    )


def background_of(volume: Volume) -> float:
    """Return what a volume shows where nothing is."""
    return CT_AIR_HU if volume.hu else float(volume.voxels.min())


def image_of(volume: Volume) -> Any:  # noqa: ANN401 - SimpleITK has no types
    """Return a volume as a SimpleITK image."""
    import SimpleITK

    image = SimpleITK.GetImageFromArray(volume.voxels)
    image.SetSpacing(volume.geometry.spacing)
    image.SetOrigin(volume.geometry.origin)
    image.SetDirection(np.array(volume.geometry.direction).T.ravel().tolist())
    return image


def laid_on(
    image: Any,  # noqa: ANN401 - SimpleITK has no types
    geometry: VolumeGeometry,
    fixed_from_moving: RigidTransform,
    fill: float,
) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Return a moving image's values on a grid of the fixed volume, float32 [k, j, i]."""
    import SimpleITK

    resampler = SimpleITK.ResampleImageFilter()
    resampler.SetSize(geometry.shape_kji[::-1])
    resampler.SetOutputSpacing(geometry.spacing)
    resampler.SetOutputOrigin(geometry.origin)
    resampler.SetOutputDirection(np.array(geometry.direction).T.ravel().tolist())
    resampler.SetTransform(as_itk(fixed_from_moving.inverse()))
    resampler.SetInterpolator(SimpleITK.sitkLinear)
    resampler.SetDefaultPixelValue(fill)
    resampler.SetOutputPixelType(SimpleITK.sitkFloat32)
    found: np.ndarray[Any, np.dtype[np.float32]] = SimpleITK.GetArrayFromImage(
        resampler.Execute(image)
    )
    return found
