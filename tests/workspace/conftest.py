"""A served room for each test; the geometry workers are shared, for they take a second to start."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

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
