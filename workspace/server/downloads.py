"""What the page fetches and what a member takes away: surfaces, STL, the whole room."""

import asyncio
import os
import re
import tempfile
from pathlib import Path
from typing import Final

from aiohttp import web

from sessions.errors import RejectedCommandError
from sessions.members import may
from sessions.plan.anatomy import solid_of
from sessions.plan.records import MAIN, BranchId, SolidId
from workspace.export.bundle import write_bundle
from workspace.server.access import Visitor, caller_of, require_member, require_visitor

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
    visitor = await require_visitor(request)
    hosted = visitor.hosted
    require_may_export(request, visitor)
    branch_id = BranchId(request.query.get("branch", MAIN))
    try:
        plan = hosted.room.plan_of(branch_id)
    except RejectedCommandError as error:
        raise web.HTTPNotFound from error
    solid_id = SolidId(request.match_info["solid"])
    solid = solid_of(plan, solid_id)
    if solid is None:
        raise web.HTTPNotFound
    with tempfile.TemporaryDirectory(prefix="commissure-") as folder:
        path = Path(folder) / f"{_file_name(solid.name)}.stl"
        await hosted.write_stl(solid, path)
        await hosted.audit.exported(caller_of(request, visitor), "stl", solid_id)
        return await _send(request, path, "model/stl")


async def send_bundle(request: web.Request) -> web.StreamResponse:
    """Send the whole room as one file that opens again elsewhere."""
    visitor = await require_visitor(request)
    hosted = visitor.hosted
    require_may_export(request, visitor)
    entries = await hosted.room.entries()
    with tempfile.TemporaryDirectory(prefix="commissure-") as folder:
        path = Path(folder) / f"{hosted.room.room_id}.commissure"
        await asyncio.to_thread(write_bundle, path, entries, hosted.blobs)
        await hosted.audit.exported(caller_of(request, visitor), "bundle")
        return await _send(request, path, "application/zip")


def require_may_export(request: web.Request, visitor: Visitor) -> None:
    """Refuse whoever's role may not take the plan away.

    Raises
    ------
    aiohttp.web.HTTPForbidden
        The member's role does not have the faculty.
    """
    hosted, member_id = visitor.hosted, visitor.member.member_id
    if not may(hosted.room.plan.members[member_id].role, "export"):
        hosted.audit.refused(caller_of(request, visitor), "export", "forbidden_export")
        raise web.HTTPForbidden(text="your role may not take the plan away; ask the room's owner")


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
