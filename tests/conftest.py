"""Fixtures that several packages share."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

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
