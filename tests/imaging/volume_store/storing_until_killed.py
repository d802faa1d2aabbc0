"""A process that stores a volume and dies in the middle, or runs out of room."""

import os
import resource
import signal
import sys
from pathlib import Path

from imaging.volume_store.originals import OriginalStore
from imaging.volume_store.store import VolumeStore
from tests.imaging.volume_store.stored_volumes import grid, noise, volume


def store_part_and_die(folder: Path) -> None:
    """Write two thirds of a volume, wait until some of it is on the disk, and be killed."""
    given = volume(noise((192, 64, 64)))
    writing = VolumeStore(folder).writing()
    writer = writing.__enter__()  # never left: the process is killed instead
    writer.expect(given.geometry, hu=given.hu)
    array = writer.begin(given.geometry.shape_kji, given.voxels.dtype)
    for k in range(128):
        array[k] = given.voxels[k]
        writer.filled(k)
    assert writer._writing is not None
    writer._writing.finish()
    os.kill(os.getpid(), signal.SIGKILL)


def run_out_of_room(folder: Path) -> None:
    """Be allowed files of 20 KB only, and print what is said of it."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
    try:
        VolumeStore(folder).put(volume(noise((64, 64, 64)), grid((64, 64, 64))))
    except OSError as error:
        sys.stdout.write(f"{error.errno} {error.filename}")


def keep_without_room(folder: Path) -> None:
    """Keep a file that is larger than files may be."""
    large = folder.parent / "large.dcm"
    large.write_bytes(bytes(50_000))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
    try:
        OriginalStore(folder).keep(large)
    except OSError as error:
        sys.stdout.write(f"{error.errno}")


ACTS = {"die": store_part_and_die, "full": run_out_of_room, "keep": keep_without_room}

if __name__ == "__main__":
    ACTS[sys.argv[1]](Path(sys.argv[2]))
