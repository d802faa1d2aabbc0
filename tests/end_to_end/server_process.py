"""A `commissure` server as a process of its own, to be used, killed and started again."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

READY_WITHIN_S = 180


@dataclass
class ServerProcess:
    """Started by `open_case` or `empty`.

    `kill` is kill -9, `serve_again` the restart on the same port.
    """

    data: Path
    process: subprocess.Popen[str]
    ready: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def open_case(cls, data: Path, series: Path, *more: str) -> Self:
        """Run `commissure open` and wait for its JSON document."""
        command = ["open", str(series), "--data", str(data), "--port", "0", "--json", *more]
        process = _start(command)
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            process.wait()
            raise AssertionError(f"no room: {process.stderr.read() if process.stderr else ''}")
        return cls(data, process, json.loads(line))

    @classmethod
    def empty(cls, data: Path, *more: str) -> Self:
        """Run `commissure serve` on a folder without rooms, or with those that are there."""
        process = _start(["serve", "--data", str(data), "--port", "0", "--json", *more])
        assert process.stdout is not None
        return cls(data, process, json.loads(process.stdout.readline()))

    @property
    def room(self) -> str:
        """Id of the room."""
        return str(self.ready["room"])

    @property
    def url(self) -> str:
        """Address of the server."""
        return str(self.ready.get("url") or self.link("owner").partition("/join/")[0])

    @property
    def port(self) -> int:
        """Port of the server."""
        return int(self.url.rpartition(":")[2])

    def link(self, role: str) -> str:
        """Invitation link of a role."""
        return str(next(link["url"] for link in self.ready["links"] if link["role"] == role))

    def kill(self) -> None:
        """End it as a power failure of the process would."""
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self._close_pipes()

    def serve_again(self) -> None:
        """Serve the same data folder on the same port, as an operator would."""
        self.process = _start(["serve", "--data", str(self.data), "--port", str(self.port)])
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith("Ctrl+C"):
                return
        raise AssertionError(self.process.stderr.read() if self.process.stderr else "no server")

    def stop(self) -> int:
        """Ask it to end and return its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=20)
        self._close_pipes()
        return code

    def _close_pipes(self) -> None:
        for pipe in (self.process.stdout, self.process.stderr):
            if pipe is not None:
                pipe.close()


def _start(arguments: list[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "workspace.cli", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
