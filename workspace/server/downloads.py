"""What the page fetches and what a member takes away: surfaces, STL, the whole room."""

import asyncio
import os
import re
import tempfile
from pathlib import Path
from typing import Final

from aiohttp import web

from sessions.plan.anatomy import solid_of
from sessions.plan.records import SolidId
from workspace.export.bundle import write_bundle
from workspace.server.access import require_member

FOREVER: Final = "private, max-age=31536000, immutable"
"""A surface is named by its content: under one name it never changes."""

BLOCK_BYTES: Final = 1 << 20


async def send_surface(request: web.Request) -> web.StreamResponse:
    """Send a surface of this room's plan, compressed for the browser."""
    hosted, _ = await require_member(request)
    sha256 = request.match_info["sha256"]
    if not hosted.names_surface(sha256):
        raise web.HTTPNotFound
    path = await hosted.draco(sha256)
    headers = {"Cache-Control": FOREVER, "Content-Type": "application/octet-stream"}
    return web.FileResponse(path, headers=headers)


async def send_stl(request: web.Request) -> web.StreamResponse:
    """Send a segment or fragment as STL: mm, LPS, where it is placed now."""
    hosted, _ = await require_member(request)
    solid = solid_of(hosted.room.plan, SolidId(request.match_info["solid"]))
    if solid is None:
        raise web.HTTPNotFound
    with tempfile.TemporaryDirectory(prefix="commissure-") as folder:
        path = Path(folder) / f"{_file_name(solid.name)}.stl"
        await hosted.write_stl(solid, path)
        return await _send(request, path, "model/stl")


async def send_bundle(request: web.Request) -> web.StreamResponse:
    """Send the whole room as one file that opens again elsewhere."""
    hosted, _ = await require_member(request)
    with tempfile.TemporaryDirectory(prefix="commissure-") as folder:
        path = Path(folder) / f"{hosted.room.room_id}.commissure"
        await asyncio.to_thread(write_bundle, path, hosted.room.entries, hosted.blobs)
        return await _send(request, path, "application/zip")


def _file_name(text: str) -> str:
    """Return `text` with nothing that a file system or header would trip over."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-.") or "surface"


async def _send(request: web.Request, path: Path, content_type: str) -> web.StreamResponse:
    """Send a file to be saved, whole before this returns: its folder is removed then."""
    response = web.StreamResponse(
        headers={
            "Content-Type": content_type,
            "Content-Length": str(await asyncio.to_thread(os.path.getsize, path)),
            "Content-Disposition": f'attachment; filename="{path.name}"',
        }
    )
    file = await asyncio.to_thread(path.open, "rb")
    with file:
        await response.prepare(request)
        while block := await asyncio.to_thread(file.read, BLOCK_BYTES):
            await response.write(block)
        await response.write_eof()
    return response
