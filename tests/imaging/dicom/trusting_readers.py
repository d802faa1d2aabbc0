"""Readers that trust files, held on a leash, and ours beside them.

An attack is first shown to bite one of the former, in a process with a limit on memory and time.
"""

import resource
import subprocess
import sys
from pathlib import Path

from imaging.dicom.inspecting import inspect
from imaging.errors import ImagingError
from imaging.importing import import_volume, inspect_paths
from imaging.worker import Limits

MB = 2**20
MOST_GROWN_BYTES = 40 * MB
"""What this process may grow by meanwhile: buffers of messages and of the interpreter, no more."""
INSPECTING = Limits(memory_bytes=512 * MB, seconds=60)
"""Of addresses, of which the interpreter, numpy and pydicom take half."""


def naive(code: str, *arguments: object, memory_mb: int = 2048, seconds: int = 30) -> str:
    """Run code that trusts files; return what it prints, or how it died."""
    limit = memory_mb * MB

    def bounded() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    try:
        run = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", code, *map(str, arguments)],
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
            preexec_fn=bounded,
        )
    except subprocess.TimeoutExpired:
        return "time is up"
    if run.returncode == 0:
        return run.stdout.strip()
    return run.stderr[-2000:].strip() or f"died with {run.returncode}"


def resident_bytes() -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) * 1024
    raise AssertionError


def refusal_codes(path: Path, importing: Limits = INSPECTING) -> set[str]:
    """Inspect and import in a worker; return the codes, after proving that nothing was felt."""
    before = resident_bytes()
    files = {one: one.stat().st_size for one in path.rglob("*")}
    try:
        codes = {refused.code for refused in inspect_paths([path], limits=INSPECTING).refused}
    except ImagingError as error:
        codes = {error.code}
    try:
        import_volume([path], limits=importing)
    except ImagingError as error:
        codes.add(error.code)
    assert resident_bytes() - before < MOST_GROWN_BYTES
    assert {one: one.stat().st_size for one in path.rglob("*")} == files
    return codes


def codes_here(path: Path) -> set[str]:
    """Return the codes of an inspection in this process."""
    try:
        return {refused.code for refused in inspect([path]).refused}
    except ImagingError as error:
        return {error.code}
