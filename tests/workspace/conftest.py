"""A served room for each test; the geometry workers are shared, for they take a second to start."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from sample_data.acquisition import Acquisition
from sample_data.craniopagus import craniopagus
from sample_data.series import write_series
from tests.workspace.served_room import Served, served
from workspace.planning.pool import GeometryPool


class SharedPool(GeometryPool):
    """Outlives the servers that use it."""

    def close(self) -> None:
        """Leave the workers to the next test."""


@pytest.fixture(scope="session")
def pool() -> Iterator[GeometryPool]:
    shared = SharedPool()
    yield shared
    GeometryPool.close(shared)


@pytest.fixture
async def server(tmp_path: Path, pool: GeometryPool) -> AsyncIterator[Served]:
    async with served(tmp_path / "data", pool) as running:
        yield running


@pytest.fixture(scope="session")
def coarse_series(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The craniopagus phantom at 4 mm: enough for a surface, and quick."""
    folder = tmp_path_factory.mktemp("phantom") / "series"
    write_series(craniopagus(), folder, Acquisition(spacing_mm=(4.0, 4.0, 4.0)))
    return folder
