"""A server as a process of its own that says in one line of JSON when it is ready."""

import json
import signal
import subprocess
import sys
import tempfile
from types import TracebackType
from typing import Any, Self

STOP_WITHIN_S = 20


class ServerProcess:
    """A Python module with arguments; stopped when the block ends.

    Parameters
    ----------
    arguments : str
        Module and its arguments.
    """

    def __init__(self, *arguments: str) -> None:
        self._arguments = arguments
        self.ready: dict[str, Any] = {}
        """The line of JSON."""

    def __enter__(self) -> Self:
        """Start it and wait for its line."""
        # a file, for nobody reads a pipe while the server works
        self._complaints = tempfile.TemporaryFile("w+")
        self._process = subprocess.Popen(
            [sys.executable, "-m", *self._arguments],
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            text=True,
        )
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line:
            self.stop()
            complaint = self._last_complaint()
            self._complaints.close()
            raise RuntimeError(f"{self._arguments[0]} did not start: {complaint}")
        self.ready = json.loads(line)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop it if it still runs."""
        self.stop()
        self._complaints.close()

    @property
    def pid(self) -> int:
        """Id of the process."""
        return self._process.pid

    def stop(self) -> None:
        """Ask it to end, and insist."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def _last_complaint(self) -> str:
        self._complaints.seek(0)
        lines = self._complaints.read().strip().splitlines()
        return lines[-1] if lines else "it said nothing"


def link_of(ready: dict[str, Any], role: str) -> str:
    """Return the invitation link of a role from what `commissure open --json` printed."""
    return next(str(link["url"]) for link in ready["links"] if link["role"] == role)
