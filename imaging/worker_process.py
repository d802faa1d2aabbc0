"""The child's side of `imaging.worker`: take limits, run one function, tell how it went."""

import errno
import os
import resource
import sys
import threading
import time
import traceback
import typing
from importlib import import_module
from typing import Any, Final

import msgspec

from imaging.messages import from_line, to_line

_QUIET_SECONDS: Final = 0.05
"""Progress is told no more often, so that a fast loop does not spend its time on telling."""

_OUT_OF_MEMORY: Final = ("bad_alloc", "can't start new thread", "Failed to allocate memory")
"""How C++ libraries, threads and ITK say that the memory limit was reached."""


class _Teller:
    """Writes messages to the pipe, one JSON document a line."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe
        self._lock = threading.Lock()
        self._told_at = 0.0
        self._label = ""

    def tell(self, message: dict[str, Any]) -> None:
        data = memoryview(to_line(message))
        with self._lock:
            while data:
                data = data[os.write(self._pipe, data) :]

    def progress(self, label: str, done: int, total: int) -> None:
        now = time.monotonic()
        fresh = label != self._label or done >= total
        if fresh or now - self._told_at >= _QUIET_SECONDS:
            self._told_at, self._label = now, label
            self.tell({"progress": [label, int(done), int(total)]})


def _die_with_parent() -> None:
    """Wait for the end of standard input, which the parent holds open as long as it lives."""
    while os.read(0, 4096):
        pass
    os._exit(1)


def _read_job() -> dict[str, Any]:
    line = bytearray()
    while not line.endswith(b"\n"):
        block = os.read(0, 2**20)
        if not block:
            os._exit(1)
        line += block
    return from_line(line)


def _limit_memory(memory_bytes: int) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = memory_bytes if hard == resource.RLIM_INFINITY else min(memory_bytes, hard)
    resource.setrlimit(resource.RLIMIT_AS, (wanted, wanted))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _run(job: dict[str, Any], teller: _Teller) -> dict[str, Any]:
    """Return the result message, or the error message."""
    try:
        module, _, name = str(job["function"]).partition(":")
        function = getattr(import_module(module), name)
        hints = [hint for key, hint in typing.get_type_hints(function).items() if key != "return"]
        request = msgspec.convert(job["request"], hints[0]) if hints else job["request"]
        return {"result": msgspec.to_builtins(function(request, teller.progress))}
    except BaseException as error:  # noqa: BLE001 - the outermost rim of this process
        return {"error": _told(error)}


def _told(error: BaseException) -> dict[str, Any]:
    full = isinstance(error, MemoryError) or getattr(error, "errno", None) == errno.ENOMEM
    if full or any(sign in str(error) for sign in _OUT_OF_MEMORY):
        return {"kind": "MemoryError"}
    if isinstance(error, OSError) and error.errno is not None:
        name = None if error.filename is None else str(error.filename)
        return {"kind": "OSError", "errno": error.errno, "message": error.strerror, "file": name}
    return {
        "kind": f"{type(error).__module__}:{type(error).__name__}",
        "message": str(error),
        "code": str(getattr(error, "code", "")),
        "traceback": "".join(traceback.format_exception(error)),
    }


def main() -> None:
    """Run the one job that stands on standard input and leave without a long goodbye."""
    teller = _Teller(int(sys.argv[1]))
    job = _read_job()
    _limit_memory(int(job["memory_bytes"]))
    threading.Thread(target=_die_with_parent, daemon=True).start()
    teller.tell(_run(job, teller))
    os._exit(0)  # VTK and SimpleITK take their time to unload, and there is nothing left to save


if __name__ == "__main__":
    main()
