"""A server that takes images in, and browsers that send them."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from aiohttp import ClientResponse, ClientSession, CookieJar
from yarl import URL

from sessions.lobby import Lobby
from workspace.blobs import BlobStore
from workspace.planning.pool import GeometryPool
from workspace.server.hosting import Hosting
from workspace.server.import_desk import ImportDesk
from workspace.server.serving import bound_socket, serving, url_of
from workspace.storage import blobs_in, make_data_folder, rooms_in, uploads_in
from workspace.uploading.limits import UploadLimits

SMALL: Final = UploadLimits(chunk_bytes=1000, reserve_bytes=0)
"""Chunks that a test can fill by hand."""

ANSWER_WITHIN_S: Final = 120.0
"""Far longer than anything takes; a test that waits for nothing ends."""


@dataclass
class ImportServer:
    """A server on a loopback port."""

    data: Path
    url: str
    hosting: Hosting
    desk: ImportDesk

    @property
    def blobs(self) -> BlobStore:
        return self.hosting.blobs

    @property
    def left(self) -> list[Path]:
        """What lies in the folder of uploads."""
        return sorted(uploads_in(self.data).iterdir())


@contextlib.asynccontextmanager
async def importing(
    data: Path, pool: GeometryPool, limits: UploadLimits = SMALL
) -> AsyncIterator[ImportServer]:
    """Serve a data folder to which images can be sent."""
    make_data_folder(data)
    hosting = Hosting(Lobby(rooms_in(data)), blobs_in(data), pool)
    desk = ImportDesk.of_folder(data, hosting, limits)
    assert desk is not None
    with bound_socket("127.0.0.1", 0) as listener:
        async with serving(hosting, listener, desk):
            yield ImportServer(data, url_of(listener), hosting, desk)


@dataclass
class Uploader:
    """A browser with cookies, on the page behind an import link."""

    http: ClientSession
    origin: str
    """Where the server is; it may come back somewhere else."""

    @classmethod
    @contextlib.asynccontextmanager
    async def stranger(cls, server: ImportServer) -> AsyncIterator[Self]:
        """Open a browser that has no cookies yet."""
        async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as http:
            yield cls(http, server.url)

    @classmethod
    @contextlib.asynccontextmanager
    async def visiting(cls, server: ImportServer) -> AsyncIterator[Self]:
        """Open a browser on the page."""
        async with cls.stranger(server) as uploader:
            assert (await uploader.visit(server.desk.new_link())).status == 200
            await uploader.ask("POST", "session")
            yield uploader

    async def visit(self, path: str) -> ClientResponse:
        """Open a page."""
        answer = await self.http.get(self.origin + path)
        await answer.read()
        return answer

    async def send(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> ClientResponse:
        """Ask for something as the page's script does; other headers replace its own."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        answer = await self.http.request(
            method,
            f"{self.origin}/import/api/{path}",
            data=None if body is None else content,
            headers={"Origin": self.origin, **(headers or {})},
        )
        await answer.read()
        return answer

    async def ask(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 (JSON)
        """Return the document of an answer that is no refusal."""
        answer = await self.send(method, path, body)
        text = await answer.text()
        assert answer.status < 300, (answer.status, text)
        return json.loads(text) if text else None

    async def refused(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """Return status and document of a refusal."""
        answer = await self.send(method, path, body)
        document = json.loads(await answer.text())
        assert document["message"]
        return answer.status, document

    async def begin(self, files: Mapping[str, bytes], fingerprint: str = "f") -> str:
        """Announce files, send their list, and return the upload's id."""
        total_bytes = sum(map(len, files.values()))
        announcement = {
            "fingerprint": fingerprint,
            "files": len(files),
            "total_bytes": total_bytes,
        }
        upload = (await self.ask("POST", "uploads", announcement))["id"]
        entries = [[path, len(content)] for path, content in files.items()]
        await self.ask("PUT", f"uploads/{upload}/list/0", entries)
        return str(upload)

    async def patch(self, upload: str, offset: int, content: bytes) -> ClientResponse:
        """Send a chunk."""
        return await self.send(
            "PATCH", f"uploads/{upload}", content, {"Upload-Offset": str(offset)}
        )

    async def offset(self, upload: str) -> int:
        """Return where the content stands."""
        answer = await self.send("HEAD", f"uploads/{upload}")
        assert answer.status == 200
        return int(answer.headers["Upload-Offset"])

    async def fill(self, upload: str, stream: bytes, chunk: int) -> None:
        """Send what is missing of the content."""
        offset = await self.offset(upload)
        while offset < len(stream):
            answer = await self.patch(upload, offset, stream[offset : offset + chunk])
            assert answer.status == 204, await answer.text()
            offset = int(answer.headers["Upload-Offset"])

    async def until(self, upload: str, *stages: str) -> Any:  # noqa: ANN401 (JSON)
        """Ask for the state of an upload until it has come to one of these stages."""
        async with asyncio.timeout(ANSWER_WITHIN_S):
            while True:
                state = await self.ask("GET", f"uploads/{upload}")
                if state["stage"] in stages:
                    return state
                await asyncio.sleep(0.05)  # between two questions, not for something to happen

    def raw_request(self, upload: str, offset: int, length: int) -> bytes:
        """Return the head of a chunk's request, for a line that is going to break."""
        cookies = self.http.cookie_jar.filter_cookies(URL(self.origin) / "import/api")
        cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in cookies.items())
        return (
            f"PATCH /import/api/uploads/{upload} HTTP/1.1\r\nHost: {self.origin[7:]}\r\n"
            f"Origin: {self.origin}\r\nCookie: {cookie}\r\nUpload-Offset: {offset}\r\n"
            f"Content-Length: {length}\r\n\r\n"
        ).encode()
