"""The machine and the versions that figures belong to."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

PEERS: Final = ("SimpleITK", "scikit-image", "trame", "trame-vtk", "vtk", "aiohttp", "apsw")


def machine_line() -> str:
    """Return cores, processor, Python, the load, and the versions of the peers."""
    one_minute = os.getloadavg()[0]
    peers = ", ".join(f"{name} {_version_of(name)}" for name in PEERS)
    return (
        f"{os.cpu_count()} cores, {processor_name()}, Python {platform.python_version()}; "
        f"load {one_minute:.1f} at the start; {peers}"
    )


def processor_name() -> str:
    """Return the model of the processor as Linux tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def cpu_seconds(pid: int) -> float:
    """Return the processor time that a process has used so far, all its threads, s."""
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    user, system = int(after_name[11]), int(after_name[12])
    return (user + system) / os.sysconf("SC_CLK_TCK")


def peak_memory_mb() -> float:
    """Return the most memory that this process has had resident, MB.

    Not `getrusage`: there, a process starts with the peak of the one that started it.
    """
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise RuntimeError("the kernel does not tell the peak of resident memory")


def _version_of(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"
