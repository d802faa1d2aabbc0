"""Run a function on untrusted or heavy data in a process of its own, within limits.

What crosses over is JSON on a pipe: the request and its typed arguments, progress line by line,
one result or one error. Nothing is unpickled from the child, so a child that a hostile file has
taken over can lie to the parent but not run code in it.
"""

import contextlib
import os
import selectors
import signal
import subprocess
import sys
import time
import typing
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import msgspec

from imaging.errors import ImagingError, WorkerError
from imaging.messages import NoMessageError, from_line, to_line
from imaging.progress import Progress, no_progress

MAX_MESSAGE_BYTES: Final = 256 * 2**20
"""Longest line that a child may send; arrays belong into files."""

_POLL_SECONDS: Final = 0.1
"""How often a run looks at its deadline and at `cancelled`."""

_GOODBYE_SECONDS: Final = 5.0
"""How long a child that has closed its pipe may take to end."""

_ERRORS_LIVE_IN: Final = frozenset(
    f"{room}.errors" for room in ("imaging", "segmentation", "sessions", "sample_data", "workspace")
)
"""The only modules from which a child may name an error class."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a worker may use."""

    memory_bytes: int = 8 * 2**30
    """Address space, which counts libraries (0.5 GiB with VTK and SimpleITK) and mapped files."""
    seconds: float = 600.0
    """Wall time, start included."""


DEFAULT_LIMITS: Final = Limits()


def _never() -> bool:
    return False


def run_in_worker(
    function: str | Callable[..., Any],
    request: Any,  # noqa: ANN401 - whatever msgspec can encode
    *,
    limits: Limits = DEFAULT_LIMITS,
    on_progress: Progress = no_progress,
    cancelled: Callable[[], bool] = _never,
) -> Any:  # noqa: ANN401 - whatever the function returns
    """Call ``function(request, progress)`` in a new process and return its result.

    Parameters
    ----------
    function : str or callable
        ``"module:function"``, or a top-level function. Its first parameter's annotation says what
        the request is decoded to; its return annotation what the result is, if the callable itself
        was given; else the result is plain JSON values.
    request : object
        Anything that msgspec encodes as JSON: dataclasses, structs, numbers, texts, paths as str.
    limits : Limits, optional
        Memory and time.
    on_progress : Progress, optional
        Called in this thread; whatever it raises ends the worker and goes on to the caller.
    cancelled : callable, optional
        Asked ten times a second; the worker is killed once it returns true.

    Returns
    -------
    object
        What the function returned.

    Raises
    ------
    WorkerError
        The worker died (``"died"``), passed a limit (``"memory_limit"``, ``"time_limit"``), was
        cancelled (``"cancelled"``) or failed by a fault of our own (``"fault"``).
    Exception
        Expected errors of imaging, segmentation, sample data, sessions and workspace come back as
        the same class, message and code; `OSError` with its number and file name.
    """
    name = function if isinstance(function, str) else f"{function.__module__}:{function.__name__}"
    job = {"function": name, "request": request, "memory_bytes": limits.memory_bytes}
    returns = None if isinstance(function, str) else typing.get_type_hints(function).get("return")
    with _child(to_line(job)) as (process, pipe):
        answer = _answer(process, pipe, limits, on_progress, cancelled)
    if "error" in answer:
        raise _error_of(answer["error"], limits)
    result = answer["result"]
    return result if returns is None else msgspec.convert(result, returns)


@contextlib.contextmanager
def _child(job: bytes) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Start the worker process; kill it and all that it started, whatever happens."""
    reading, writing = os.pipe()
    try:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-m", "imaging.worker_process", str(writing)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(writing,),
            env=_environment(),
            start_new_session=True,
        )
    except BaseException:
        os.close(reading)
        raise
    finally:
        os.close(writing)
    try:
        assert process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(job)
            process.stdin.flush()  # left open: its end tells the child that the parent is gone
        yield process, reading
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close() if process.stdin else None
        os.close(reading)


def _environment() -> dict[str, str]:
    """Return the environment in which the child finds the same modules as this process."""
    here = str(Path(__file__).resolve().parents[1])
    paths = [here, *(path for path in sys.path if path and path != here)]
    return {
        **{key: value for key, value in os.environ.items() if key != "PYTHONWARNINGS"},
        "PYTHONPATH": os.pathsep.join(paths),
        "PYTHONSAFEPATH": "1",
    }


def _answer(
    process: subprocess.Popen[bytes],
    pipe: int,
    limits: Limits,
    on_progress: Progress,
    cancelled: Callable[[], bool],
) -> dict[str, Any]:
    """Return the child's last message, passing on progress meanwhile."""
    deadline = time.monotonic() + limits.seconds
    for line in _lines(pipe, deadline, limits, cancelled):
        message = _message(line)
        if "progress" not in message:
            return message
        label, done, total = msgspec.convert(message["progress"], tuple[str, int, int])
        on_progress(label, done, total)
    try:
        code = process.wait(timeout=_GOODBYE_SECONDS)
    except subprocess.TimeoutExpired:  # it closed the pipe and lives on
        code = 0
    cause = f"was killed by signal {-code}" if code < 0 else "ended"
    raise WorkerError(
        f"the worker process {cause} before it was done; "
        "the data may be damaged or too large for this machine",
        "died",
    )


def _message(line: bytes) -> dict[str, Any]:
    try:
        message = from_line(line)
    except NoMessageError as error:
        raise WorkerError("the worker sent no sense; try again", "bad_result") from error
    if not message.keys() & {"progress", "result", "error"}:
        raise WorkerError("the worker sent no sense; try again", "bad_result")
    return message


def _lines(
    pipe: int, deadline: float, limits: Limits, cancelled: Callable[[], bool]
) -> Iterator[bytes]:
    """Yield whole lines from the pipe until it ends."""
    pending = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while True:
            if cancelled():
                raise WorkerError("the work was cancelled", "cancelled")
            left = deadline - time.monotonic()
            if left <= 0:
                raise WorkerError(
                    f"the work took longer than {limits.seconds:g} seconds and was stopped; "
                    "the data may be damaged or too large for this machine",
                    "time_limit",
                )
            if not selector.select(min(left, _POLL_SECONDS)):
                continue
            block = os.read(pipe, 2**20)
            if not block:
                return
            pending += block
            if b"\n" in block:
                *lines, rest = bytes(pending).split(b"\n")
                yield from lines
                pending = bytearray(rest)
            if len(pending) > MAX_MESSAGE_BYTES:
                raise WorkerError("the worker sent too much; try again", "bad_result")


def _error_of(told: dict[str, Any], limits: Limits) -> Exception:
    """Return the exception that the child describes, from the few classes that it may name."""
    kind, message, code = (str(told.get(key, "")) for key in ("kind", "message", "code"))
    if kind == "OSError":
        number = told.get("errno")
        return OSError(number if isinstance(number, int) else 0, message, told.get("file"))
    if kind == "MemoryError":
        return WorkerError(
            f"the work needs more memory than its {limits.memory_bytes / 2**30:.1f} GiB; "
            "the data may be damaged or too large for this machine",
            "memory_limit",
        )
    module, _, name = kind.partition(":")
    error_class = getattr(import_module(module), name, None) if module in _ERRORS_LIVE_IN else None
    if isinstance(error_class, type) and issubclass(error_class, Exception):
        error = error_class(message)
        if isinstance(error, ImagingError):
            error.code = code
        return error
    fault = WorkerError(
        f"the work failed by a fault of our own ({kind.rpartition(':')[2]}); "
        "run again with --debug for details",
        "fault",
    )
    fault.add_note(str(told.get("traceback", "")))
    return fault
