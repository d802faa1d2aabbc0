"""A stock trame application to try attacks on, and a real room behind our own server."""

import asyncio
import io
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from sessions.lobby import Lobby
from tests.abuse.stock_trame import StockTrame
from tests.end_to_end.server_process import ServerProcess
from tests.workspace.conftest import SharedPool
from tests.workspace.served_room import ROOM, Served, furnish, served
from workspace.cli.logs import configure_logs
from workspace.planning.pool import GeometryPool
from workspace.server.hosting import Hosting
from workspace.storage import blobs_in, make_data_folder, rooms_in


@pytest.fixture(scope="session")
def stock() -> Iterator[StockTrame]:
    """Shared by attacks that leave it standing."""
    with StockTrame() as running:
        yield running


@pytest.fixture
def logged() -> io.StringIO:
    """Log as `commissure serve` does."""
    stream = io.StringIO()
    configure_logs(stream=stream)
    return stream


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
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """`commissure serve` on a room with two solids: for what is measured from outside."""
    data = tmp_path_factory.mktemp("abused")
    asyncio.run(_furnished(data))
    running = ServerProcess.empty(data)
    yield running
    running.stop()


async def _furnished(data: Path) -> None:
    make_data_folder(data)
    hosting = Hosting(Lobby(rooms_in(data)), blobs_in(data), GeometryPool())
    await furnish(await hosting.create(ROOM))
    await hosting.close()
