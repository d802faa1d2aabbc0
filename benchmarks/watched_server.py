"""The server, with a note of when each presence was told and how long it lay in it.

The first argument is the file to write to at the end, the others are the command's.

The figure is taken inside, so that what the load's own process adds is not in it.
"""

import json
import sys
import time
from pathlib import Path

from workspace.cli.main import main
from workspace.server.metrics import Metrics


def note_waits(waits_s: list[tuple[float, float]]) -> None:
    """Note moments on the machine's steady clock and seconds, beside the server's own counting."""
    count = Metrics.presence_told

    def note(self: Metrics, seconds: float) -> None:
        waits_s.append((time.monotonic(), seconds))
        count(self, seconds)

    Metrics.presence_told = note  # type: ignore[method-assign]


if __name__ == "__main__":  # worker processes import this module under another name
    noted: list[tuple[float, float]] = []
    note_waits(noted)
    path = Path(sys.argv.pop(1))
    try:
        main()
    finally:
        path.write_text(json.dumps(noted))
