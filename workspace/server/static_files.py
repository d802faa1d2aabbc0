"""The files that every page loads, from several folders; text goes compressed over the line.

Their names stay the same from one version to the next. So a page asks for them below the digest of
all of them, where nothing ever changes and a browser need not ask again; without it browsers ask
each time, and mostly hear that nothing has changed.
"""

import asyncio
import gzip
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aiohttp import ETag, web

COMPRESSIBLE: Final = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
}
"""Suffix -> content type; fonts and pictures are compressed already."""

LEVEL: Final = 6

FOREVER: Final = "public, max-age=31536000, immutable"

DIGEST_LETTERS: Final = 20


@dataclass(frozen=True, slots=True)
class _Packed:
    body: bytes
    tag: str


class StaticFiles:
    """Sends files; each compressed once and kept.

    Parameters
    ----------
    folders : mapping of str to str
        First part of the path -> folder.
    root : str
        Folder for paths that begin with none of these.
    made : mapping of str to bytes
        Path -> script that is in no folder; its name tells its content, and more may be added.
    """

    def __init__(
        self, folders: Mapping[str, str], root: str, made: Mapping[str, bytes] | None = None
    ) -> None:
        self._folders = {name: Path(folder).resolve() for name, folder in folders.items()}
        self._root = Path(root).resolve()
        self._made = {} if made is None else made
        self._packed: dict[tuple[str, int], _Packed] = {}
        """Path and time of change -> what goes over the line."""
        self._digest = ""

    async def digest(self) -> str:
        """Return a digest of all files as they were when it was first asked for."""
        if not self._digest:
            self._digest = await asyncio.to_thread(self._read_digest)
        return self._digest

    async def send(self, request: web.Request) -> web.StreamResponse:
        """Answer a request for ``{path}``."""
        name = request.match_info["path"]
        below_digest = name.startswith(f"{self._digest}/") if self._digest else False
        name = name.partition("/")[2] if below_digest else name
        if name in self._made:
            response = await self._answer_made(request, name)
        elif path := self._find(name):
            response = await self._answer(request, path)
        else:
            raise web.HTTPNotFound
        if below_digest:
            response.headers["Cache-Control"] = FOREVER
        return response

    async def _answer(self, request: web.Request, path: Path) -> web.StreamResponse:
        content_type = COMPRESSIBLE.get(path.suffix)
        if content_type is None or not _unpacks(request):
            return web.FileResponse(path)
        changed = await asyncio.to_thread(path.stat)
        key = (str(path), changed.st_mtime_ns)
        return await self._send_packed(request, key, path.read_bytes, content_type)

    async def _answer_made(self, request: web.Request, name: str) -> web.StreamResponse:
        content_type = COMPRESSIBLE[".js"]
        if not _unpacks(request):
            return web.Response(body=self._made[name], content_type=content_type)
        return await self._send_packed(request, (name, 0), lambda: self._made[name], content_type)

    async def _send_packed(
        self,
        request: web.Request,
        key: tuple[str, int],
        read: Callable[[], bytes],
        content_type: str,
    ) -> web.StreamResponse:
        packed = self._packed.get(key)
        if packed is None:
            packed = self._packed[key] = await asyncio.to_thread(_pack, read)
        headers = {"Vary": "Accept-Encoding"}
        known = request.if_none_match or ()
        if any(tag.value == packed.tag for tag in known):
            response = web.Response(status=304, headers=headers)
        else:
            headers["Content-Encoding"] = "gzip"
            response = web.Response(body=packed.body, headers=headers, content_type=content_type)
        response.etag = ETag(packed.tag)
        return response

    def _find(self, name: str) -> Path | None:
        """Return the file of a path, or None; nothing outside the folders is ever found."""
        first, _, rest = name.partition("/")
        folder, below = (
            (self._folders[first], rest) if first in self._folders else (self._root, name)
        )
        try:
            path = (folder / below).resolve()
            return path if path.is_relative_to(folder) and path.is_file() else None
        except (OSError, ValueError):  # too long for a name, or not one at all
            return None

    def _read_digest(self) -> str:
        digest = hashlib.sha256()
        for folder in (*self._folders.values(), self._root):
            for path in sorted(it for it in folder.rglob("*") if it.is_file()):
                digest.update(f"{path.relative_to(folder)}\0{path.stat().st_size}\0".encode())
                digest.update(path.read_bytes())
        return digest.hexdigest()[:DIGEST_LETTERS]


def _unpacks(request: web.Request) -> bool:
    return "gzip" in request.headers.get("Accept-Encoding", "")


def _pack(read: Callable[[], bytes]) -> _Packed:
    content = read()
    body = gzip.compress(content, LEVEL, mtime=0)
    return _Packed(body, hashlib.sha256(content).hexdigest()[:32])


STATIC: Final = web.AppKey("static", StaticFiles)
