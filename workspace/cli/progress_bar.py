"""A bar on stderr for work that takes over a second; stdout stays clean for what is asked for."""

import contextlib
import time
from collections.abc import Iterator
from typing import Final

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from imaging.progress import Progress as ProgressCall

QUIET_FOR_S: Final = 0.8
"""What is done sooner needs no bar."""


@contextlib.contextmanager
def progress_bar() -> Iterator[ProgressCall]:
    """Return a callback that draws what it is told."""
    console = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,  # a log file needs no bar
    )
    began = time.monotonic()
    tasks: dict[str, TaskID] = {}

    def tell(label: str, done: int, total: int) -> None:
        if not tasks and time.monotonic() - began < QUIET_FOR_S:
            return
        if not tasks:
            bar.start()
        if label not in tasks:
            for other in tasks.values():
                bar.update(other, visible=False)
            tasks[label] = bar.add_task(label, total=total)
        bar.update(tasks[label], completed=done, total=total)

    try:
        yield tell
    finally:
        if tasks:  # stopping a bar that never started would print an empty line
            bar.stop()
