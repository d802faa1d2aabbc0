"""What the page fetches and what a member takes away: surfaces, STL, the whole room."""

import asyncio
import re
import tempfile
from pathlib import Path
from typing import Final

from aiohttp import web

from sessions.plan.records import Fragment, Segment
from workspace.export.bundle import write_bundle
from workspace.export.surfaces import write_stl
from workspace.server.access import require_member

FOREVER: Final = "private, max-age=31536000, immutable"
"""A surface is named by its content: under one name it never changes."""

SHA256: Final = re.compile(r"[0-9a-f]{64}")


async def send_surface(request: web.Request) -> web.StreamResponse:
    """Send a surface of this room's plan, compressed for the browser."""
    hosted, _ = await require_member(request)
    sha256 = request.match_info["sha256"]
    if not SHA256.fullmatch(sha256) or sha256 not in hosted.surfaces():
        raise web.HTTPNotFound
    path = await hosted.draco(sha256)
    headers = {"Cache-Control": FOREVER, "Content-Type": "application/octet-stream"}
    return web.FileResponse(path, headers=headers)


async def send_stl(request: web.Request) -> web.StreamResponse:
    """Send a segment or fragment as STL: mm, LPS, where it is placed now."""
    hosted, _ = await require_member(request)
    solid_id = request.match_info["solid"]
    plan = hosted.room.plan
    solid = {**plan.segments, **plan.fragments}.get(solid_id)  # type: ignore[dict-item, call-overload]
    if not isinstance(solid, Segment | Fragment):
        raise web.HTTPNotFound
    path = _temporary(".stl")
    await asyncio.to_thread(write_stl, hosted.blobs, solid, path)
    return await _send_and_forget(request, path, f"{_file_name(solid.name)}.stl", "model/stl")


async def send_bundle(request: web.Request) -> web.StreamResponse:
    """Send the whole room as one file that opens again elsewhere."""
    hosted, _ = await require_member(request)
    path = _temporary(".commissure")
    entries = hosted.room.entries
    await asyncio.to_thread(write_bundle, path, entries, hosted.blobs)
    return await _send_and_forget(
        request, path, f"{hosted.room.room_id}.commissure", "application/zip"
    )


def _temporary(suffix: str) -> Path:
    with tempfile.NamedTemporaryFile(suffix=suffix, delete=False) as file:
        return Path(file.name)


def _file_name(text: str) -> str:
    """Return `text` with nothing that a file system or header would trip over."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-.") or "surface"


async def _send_and_forget(
    request: web.Request, path: Path, name: str, content_type: str
) -> web.StreamResponse:
    response = web.StreamResponse(
        headers={
            "Content-Type": content_type,
            "Content-Length": str(path.stat().st_size),
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        }
    )
    try:
        await response.prepare(request)
        with path.open("rb") as file:
            while block := await asyncio.to_thread(file.read, 1 << 20):
                await response.write(block)
        await response.write_eof()
    finally:
        path.unlink(missing_ok=True)
    return response
