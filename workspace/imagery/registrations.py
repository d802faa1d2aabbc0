"""Registrations that were kept for rooms: a file for each pair of frames of reference."""

import contextlib
import hashlib
from pathlib import Path
from typing import Final

from imaging.errors import ImagingError, RefusedFileError
from imaging.image_files.replacing import replacing
from imaging.registration.registration import RigidRegistration, from_json, to_json

FOLDER: Final = "registrations"

MOST: Final = 10_000
"""Of a data folder; each takes a kilobyte."""

LONGEST_BYTES: Final = 1 << 20


def keep_registration(data: Path, registration: RigidRegistration) -> Path:
    """Keep a registration; one of the same two frames that was there is replaced.

    Raises
    ------
    RefusedFileError
        It names no frames, so nobody could say what it is of.
    OSError
        It cannot be written.
    """
    frames = registration.fixed_frame_uid, registration.moving_frame_uid
    if not all(frames):
        raise RefusedFileError(
            "a volume states no frame of reference, so a room could not tell what was registered; "
            "use the resampled volume",
            "unregistered_frames",
        )
    folder = data / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    name = hashlib.sha256("\n".join(sorted(frames)).encode()).hexdigest()[:32]
    path = folder / f"{name}.json"
    with replacing(path) as file:
        file.write(to_json(registration))
    return path


def kept_registrations(data: Path) -> tuple[RigidRegistration, ...]:
    """Return what was kept; a file that is none is passed over."""
    found = []
    for path in sorted((data / FOLDER).glob("*.json"))[:MOST]:
        with contextlib.suppress(OSError, ImagingError), path.open("rb") as file:
            found.append(from_json(file.read(LONGEST_BYTES)))
    return tuple(found)
