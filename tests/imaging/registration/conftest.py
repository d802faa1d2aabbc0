"""Scans that several tests register; made once, never changed."""

import pytest

from imaging.volume import Volume
from tests.imaging.registration.scans import CT, MR, scanned


@pytest.fixture(scope="session")
def ct() -> Volume:
    """Return the phantom's CT."""
    return scanned(CT)


@pytest.fixture(scope="session")
def mr() -> Volume:
    """Return the phantom's MR, moved."""
    return scanned(MR)
