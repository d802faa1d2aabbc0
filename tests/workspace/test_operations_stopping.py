"""A server process that is told to stop while its members work."""

import asyncio
import contextlib
import signal
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

import aiohttp
import msgspec
from aiohttp import WSMsgType

from sessions.plan.commands import PinNote
from sessions.plan.records import Anchor, Fragment, NoteId, OperationId, Segment, SolidId
from sessions.protocol import Acknowledged, Failure, ServerMessage, Submit
from sessions.sqlite_log import read_log
from tests.workspace.command import ready, running
from tests.workspace.served_room import ANSWER_WITHIN_S, ROOM, Guest, Line, Served, served
from workspace.blobs import BlobStore
from workspace.planning.pool import GeometryPool
from workspace.server.hosting import Hosting
from workspace.server.stopping import FAREWELL, take_leave
from workspace.storage import rooms_in

EACH = 60
_decoder = msgspec.json.Decoder(list[ServerMessage])


@contextlib.asynccontextmanager
async def process_with_room(
    data: Path, pool: GeometryPool
) -> AsyncIterator[tuple[subprocess.Popen[str], Served, str]]:
    """Run a server on a folder with a room; yield it with the link for its owner."""
    async with served(data, pool):
        pass
    with running("serve", "--data", data, "--port", 0, "--json") as process:
        document = await asyncio.to_thread(ready, process)
        (row,) = document["rooms"]
        yield process, Served(cast("Hosting", None), document["url"]), row["url"]


async def work(guest: Guest, line: Line, began: asyncio.Event) -> tuple[list[str], str]:
    """Send commands, then hear what became of them: those acknowledged, and the farewell."""
    for number in range(EACH):
        name = f"{guest.member_id}-{number}"
        anchor = Anchor(solid_id=SolidId("bone"), point_mm=(0.0, 0.0, 0.0))
        command = PinNote(note_id=NoteId(name), anchor=anchor, text="n")
        await line.say(Submit(operation_id=OperationId(name), command=command))
    acknowledged: list[str] = []
    farewell = ""
    async with asyncio.timeout(ANSWER_WITHIN_S):
        while True:
            frame = await line.socket.receive()
            if frame.type != WSMsgType.TEXT:
                return acknowledged, farewell
            for message in _decoder.decode(frame.data):
                if isinstance(message, Acknowledged):
                    acknowledged.append(message.operation_id)
                    began.set()
                elif isinstance(message, Failure):
                    farewell = message.reason


async def test_nothing_acknowledged_is_lost_and_nothing_is_done_twice(
    tmp_path: Path, pool: GeometryPool
) -> None:
    data = tmp_path / "data"
    began = asyncio.Event()
    async with process_with_room(data, pool) as (process, server, link):
        async with contextlib.AsyncExitStack() as stack:
            lines = []
            for name in ("Ana", "Ben", "Cleo"):
                guest = await stack.enter_async_context(Guest.arriving(server))
                await guest.join(link, name)
                lines.append((guest, await stack.enter_async_context(guest.in_room())))
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(work(*each, began)) for each in lines]
                await began.wait()
                process.send_signal(signal.SIGTERM)
        heard = [task.result() for task in tasks]
        _, err = await asyncio.to_thread(process.communicate, None, ANSWER_WITHIN_S)
        assert (process.returncode, err) == (0, "")
    assert not list(data.rglob("*-wal")), "the files were not checkpointed"
    recorded = [entry.operation_id for entry in read_log(rooms_in(data) / ROOM)]
    assert len(recorded) == len(set(recorded))
    for acknowledged, farewell in heard:
        assert set(acknowledged) <= set(recorded)
        assert farewell == FAREWELL


async def test_a_second_signal_ends_it_at_once(tmp_path: Path, pool: GeometryPool) -> None:
    async with process_with_room(tmp_path / "data", pool) as (process, server, link):
        async with Guest.arriving(server) as guest:
            url = urlsplit(link)
            _, writer = await asyncio.open_connection(url.hostname, url.port)
            head = f"POST {url.path} HTTP/1.1\r\nHost: {url.netloc}\r\nOrigin: {server.url}\r\n"
            kind = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\n"
            writer.write((head + kind).encode())  # and never says the rest: it is waited for
            await writer.drain()
            assert (await guest.http.get("/health/ready")).status == 200
            process.send_signal(signal.SIGTERM)
            with contextlib.suppress(aiohttp.ClientConnectionError):
                while (await guest.http.get("/health/ready")).status == 200:
                    pass
            assert process.poll() is None
            process.send_signal(signal.SIGTERM)
            await asyncio.to_thread(process.communicate, None, ANSWER_WITHIN_S)
            writer.close()
        assert process.returncode == -signal.SIGTERM


class HeldPool(GeometryPool):
    """Writes files only when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.began, self.may_end = asyncio.Event(), asyncio.Event()

    async def write_stl(self, blobs: BlobStore, solid: Segment | Fragment, path: Path) -> None:
        """Wait, then write."""
        self.began.set()
        await self.may_end.wait()
        await super().write_stl(blobs, solid, path)


async def test_an_export_that_is_under_way_is_finished(tmp_path: Path) -> None:
    pool = HeldPool()
    async with contextlib.AsyncExitStack() as stack:
        server = await stack.enter_async_context(served(tmp_path / "data", pool))
        ana = await stack.enter_async_context(Guest.joining(server))
        export = asyncio.create_task(ana.get("export/bone.stl"))
        await pool.began.wait()
        stopping = asyncio.create_task(take_leave(server.hosting))
        await asyncio.sleep(0)
        assert server.hosting.draining
        assert (await ana.get("bundle")).status == 503
        pool.may_end.set()
        await stopping
        answer = await export
        assert answer.status == 200
        assert len(await answer.read()) > 10_000
