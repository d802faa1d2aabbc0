"""Arrays between processes: plain .npy files, mapped instead of copied, never unpickled."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.format import open_memmap
from numpy.typing import NDArray

from imaging.errors import WorkerError


@dataclass(frozen=True, slots=True)
class ArrayFile:
    """An array in a .npy file: the name, and what must be found there."""

    name: str
    """File name inside the folder that both sides know."""
    dtype: str
    """For example ``"<i2"``."""
    shape: tuple[int, ...]


def create_array(
    folder: Path, name: str, shape: tuple[int, ...], dtype: np.dtype[Any]
) -> NDArray[Any]:
    """Return an array that lives in ``folder/name``, its room on the disk reserved.

    Raises
    ------
    OSError
        The disk is full: now, and not as a bus error at some later write.
    """
    path = folder / name
    array = open_memmap(path, mode="w+", dtype=dtype, shape=shape)
    descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    try:
        os.posix_fallocate(descriptor, 0, path.stat().st_size)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(folder)) from error
    finally:
        os.close(descriptor)
    return array


def write_array(folder: Path, name: str, array: NDArray[Any]) -> ArrayFile:
    """Write `array` to ``folder/name`` and return what to tell the other side."""
    np.save(folder / name, array, allow_pickle=False)
    return described(name, array)


def described(name: str, array: NDArray[Any]) -> ArrayFile:
    """Return what to tell the other side of an array that lies in the file `name`."""
    return ArrayFile(name, array.dtype.str, array.shape)


def read_array(folder: Path, file: ArrayFile) -> NDArray[Any]:
    """Return the array in ``folder/file.name``, mapped read-only.

    The mapping outlives the file, so that the folder may be removed at once.

    Raises
    ------
    WorkerError
        The file is not what was announced.
    """
    path = folder / Path(file.name).name
    try:
        mapped = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError) as error:
        raise WorkerError("the worker's array cannot be read; try again", "bad_result") from error
    if mapped.shape != file.shape or mapped.dtype.str != file.dtype:
        raise WorkerError("the worker's array is not what it announced; try again", "bad_result")
    return np.asarray(mapped)
