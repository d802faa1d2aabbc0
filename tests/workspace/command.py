"""The command line as a process of its own."""

import contextlib
import json
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

WITHIN_S = 120


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def sentence(self) -> str:
        """The one line on stderr, without our name before it; a server's log is left out."""
        lines = [it for it in self.err.strip().splitlines() if not it.startswith("timestamp=")]
        assert len(lines) == 1, self.err
        assert lines[0].startswith("commissure: "), self.err
        return lines[0].removeprefix("commissure: ")


def commissure(*arguments: object, shell_before: str = "") -> Ended:
    """Run a command to its end.

    Parameters
    ----------
    shell_before : str
        What a shell does first, such as ``ulimit -f 100``.
    """
    command = _command(arguments, shell_before)
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=WITHIN_S, env=_environment(), check=False
    )
    return Ended(done.returncode, done.stdout, done.stderr)


@contextlib.contextmanager
def running(*arguments: object) -> Iterator[subprocess.Popen[str]]:
    """Run a command for the length of the block; it is killed if it still runs then."""
    process = subprocess.Popen(
        _command(arguments, ""),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=_environment(),
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def ready(process: subprocess.Popen[str]) -> dict[str, Any]:
    """Return the JSON document of a server that is ready."""
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise AssertionError(process.communicate()[1])
    document: dict[str, Any] = json.loads(line)
    return document


def line_with(process: subprocess.Popen[str], text: str) -> str:
    """Read what a command prints up to the line that holds `text`."""
    assert process.stdout is not None
    for line in process.stdout:
        if text in line:
            return line
    raise AssertionError(process.communicate()[1])


def told_to_stop(
    process: subprocess.Popen[str], number: int = signal.SIGTERM
) -> tuple[int, float, str]:
    """Send a signal; return the exit code, the seconds until the end, and stderr."""
    began = time.monotonic()
    process.send_signal(number)
    _, err = process.communicate(timeout=20)
    return process.returncode, time.monotonic() - began, err


def _command(arguments: tuple[object, ...], shell_before: str) -> list[str]:
    command = [sys.executable, "-m", "workspace.cli", *map(str, arguments)]
    return ["sh", "-c", f"{shell_before}; exec {shlex.join(command)}"] if shell_before else command


def _environment() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if key != "PYTHONWARNINGS"}
