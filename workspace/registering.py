"""From two volumes on disk to a registration: the work of `commissure register`.

Both are read, and the work is done, in one worker process.
"""

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from imaging.importing import ImportedVolume, loaded, stored
from imaging.progress import Progress
from imaging.registration.landmarks import LandmarkPair
from imaging.registration.registration import RigidRegistration
from imaging.registration.starts import StartName
from imaging.worker import Limits, run_in_worker

if TYPE_CHECKING:
    from imaging.volume import Volume

REGISTER_LIMITS: Final = Limits(memory_bytes=20 * 2**30, seconds=1800)
"""Two volumes as large as may be, and one of them resampled."""

PICTURE: Final = "picture.png"


@dataclass(frozen=True, slots=True)
class RegisterRequest:
    """What to register, and what to make beside it."""

    fixed: str
    moving: str
    fixed_volume: str | None = None
    moving_volume: str | None = None
    start: StartName = "geometry"
    pairs: tuple[LandmarkPair, ...] = ()
    resampled: bool = False
    picture: bool = False
    folder: str = ""
    """Where the worker leaves them."""


@dataclass(frozen=True, slots=True)
class RegisterResult:
    """What comes back from the worker."""

    registration: RigidRegistration
    resampled: ImportedVolume | None
    shared_frame: bool
    """Whether both volumes state one frame of reference already."""


@dataclass(frozen=True, slots=True)
class Registered:
    """A registration and what was asked for beside it."""

    registration: RigidRegistration
    shared_frame: bool
    resampled: "Volume | None"
    """The moving volume on the fixed one's grid."""
    picture: bytes
    """PNG, or nothing."""


def register_paths(
    request: RegisterRequest, progress: Progress, *, limits: Limits = REGISTER_LIMITS
) -> Registered:
    """Register two volumes in a worker process.

    Raises
    ------
    ImagingError
        There are no such volumes, they do not belong together, or the worker passed a limit.
    """
    with tempfile.TemporaryDirectory(prefix="commissure-") as folder:
        result: RegisterResult = run_in_worker(
            register_here, replace(request, folder=folder), limits=limits, on_progress=progress
        )
        picture = Path(folder) / PICTURE
        return Registered(
            registration=result.registration,
            shared_frame=result.shared_frame,
            resampled=None if result.resampled is None else loaded(result.resampled, Path(folder)),
            picture=picture.read_bytes() if request.picture else b"",
        )


def register_here(request: RegisterRequest, progress: Progress) -> RegisterResult:
    """Read both volumes and register them; runs in the worker."""
    from imaging.reading import read_any
    from imaging.registration.picture import draw_registration, write_picture
    from imaging.registration.registering import Start, register

    fixed = read_any([Path(request.fixed)], request.fixed_volume, progress)
    moving = read_any([Path(request.moving)], request.moving_volume, progress)
    start = Start(request.start, pairs=request.pairs)
    registration = register(fixed, moving, start, progress)
    if request.picture:
        progress("Drawing", 0, 1)
        drawn = draw_registration(fixed, moving, registration.fixed_from_moving)
        write_picture(Path(request.folder) / PICTURE, drawn)
    frames = {fixed.frame_of_reference_uid, moving.frame_of_reference_uid}
    return RegisterResult(
        registration,
        _resampled(fixed, moving, registration, request) if request.resampled else None,
        shared_frame=len(frames) == 1 and "" not in frames,
    )


def _resampled(
    fixed: "Volume", moving: "Volume", registration: RigidRegistration, request: RegisterRequest
) -> ImportedVolume:
    from imaging.array_files import create_array, described
    from imaging.registration.resampling import resample_onto

    volume = resample_onto(moving, fixed.geometry, registration)
    name = f"resampled{volume.voxels.dtype.str[1:]}.npy"
    array = create_array(Path(request.folder), name, volume.geometry.shape_kji, volume.voxels.dtype)
    array[...] = volume.voxels
    return stored(volume, described(name, array))
