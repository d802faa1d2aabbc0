"""Fixtures that several packages share."""

import logging
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import settings

from workspace.cli.logs import SILENT, configure_logs

# The gate draws the same examples every time, so that it says of a change what it says of it
# tomorrow; the soak draws new ones.
settings.register_profile("gate", derandomize=True)
settings.register_profile("soak", derandomize=False, print_blob=True)
settings.load_profile("soak" if os.environ.get("COMMISSURE_SOAK") else "gate")

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real images beside the repository, or skip, visibly."""
    folder = REPOSITORY.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"no real images beside the repository ({folder.name} is absent)")
    return folder


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    """Put back where the logs go, which a command that runs in this process sets for good."""
    root, hooks = logging.getLogger(), (threading.excepthook, sys.unraisablehook)
    levels = {name: logging.getLogger(name).level for name in SILENT}
    level = root.level
    yield
    structlog.reset_defaults()
    logging.captureWarnings(capture=False)
    root.handlers = [it for it in root.handlers if type(it).__module__ != configure_logs.__module__]
    root.setLevel(level)
    threading.excepthook, sys.unraisablehook = hooks
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
