"""Functions that a worker can be asked to run."""

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from imaging.array_files import ArrayFile, write_array
from imaging.errors import RefusedSeriesError
from imaging.progress import Progress


@dataclass(frozen=True)
class Sum:
    """Two numbers."""

    a: int
    b: int


@dataclass(frozen=True)
class Total:
    """Their sum."""

    value: int


def add(request: Sum, progress: Progress) -> Total:
    for done in range(4):
        progress("Adding", done, 3)
    return Total(request.a + request.b)


def echo(request: list[str], _progress: Progress) -> list[str]:
    return request


def squares(request: str, _progress: Progress) -> ArrayFile:
    return write_array(Path(request), "squares.npy", np.arange(10) ** 2)


def refuse(_request: None, _progress: Progress) -> None:
    raise RefusedSeriesError("a slice is missing; export again", "missing_slice")


def misplace(_request: None, _progress: Progress) -> None:
    raise FileNotFoundError(2, "No such file or directory", "/no/where")


def stumble(_request: None, _progress: Progress) -> None:
    raise KeyError("a fault of our own")


def sleep(seconds: float, progress: Progress) -> None:
    progress("Sleeping", 0, 1)
    time.sleep(seconds)


def hold_lock(_request: None, _progress: Progress) -> None:
    """Never let go of Python's lock, as a C library may."""
    while True:
        10 ** (10**7)


def take_memory(count: int, _progress: Progress) -> int:
    return int(np.ones(count, np.uint8)[-1])


def die(_request: None, _progress: Progress) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def leave(_request: None, _progress: Progress) -> None:
    os._exit(0)


def babble(_request: None, _progress: Progress) -> None:
    os.write(int(__import__("sys").argv[1]), b"no sense\n")


def name_a_class(_request: None, _progress: Progress) -> None:
    """Ask the parent for a class that it must not look up."""
    os.write(
        int(__import__("sys").argv[1]),
        b'{"error": {"kind": "subprocess:Popen", "message": "touch /tmp/owned"}}\n',
    )


def tell_pid(request: str, _progress: Progress) -> None:
    Path(request).write_text(str(os.getpid()))
    time.sleep(60)


def print_noise(_request: None, _progress: Progress) -> int:
    os.write(1, b"noise on stdout\n")
    os.write(2, b"noise on stderr\n")
    return 5
